package spec

import "slices"

// Probe names a request that is made on purpose: with nothing wrong, twice, or with one fault. A document says with the same
// names which code belongs to which fault (x-error-codes, "when"). The names are part of the extensions and do not change.
type Probe string

// Probes with nothing wrong.
const (
	ValidRequest Probe = "valid-request" // it must succeed
	Repeat       Probe = "repeat"        // the same request twice
)

// Probes with a fault.
const (
	NoCredentials        Probe = "no-credentials"
	MalformedCredentials Probe = "malformed-credentials"
	UnknownCredentials   Probe = "unknown-credentials"
	ExpiredCredentials   Probe = "expired-credentials"
	UnknownKey           Probe = "unknown-key"
	NoPermission         Probe = "no-permission"
	OtherAccount         Probe = "other-account"
	OtherMethod          Probe = "other-method"
	UnknownPath          Probe = "unknown-path"
	InvalidParameter     Probe = "invalid-parameter"
	UnknownResource      Probe = "unknown-resource"
)

// Faults that have a code and that no request provokes on purpose.
const (
	WrongSignature   Probe = "wrong-signature"
	ExpiredSignature Probe = "expired-signature"
	LockedKey        Probe = "locked-key"
	TooLarge         Probe = "too-large"
	Throttled        Probe = "throttled"
	InternalError    Probe = "internal-error"
	Unavailable      Probe = "unavailable"
)

// probed and unprobed are the tables that readExtensions uses.
var (
	probed = names(
		NoCredentials, MalformedCredentials, UnknownCredentials, ExpiredCredentials, UnknownKey,
		NoPermission, OtherAccount, OtherMethod, UnknownPath, InvalidParameter, UnknownResource,
	)
	unprobed = names(WrongSignature, ExpiredSignature, LockedKey, TooLarge, Throttled, InternalError, Unavailable)
)

func names(probes ...Probe) []string {
	list := make([]string, len(probes))
	for i, p := range probes {
		list[i] = string(p)
	}
	return list
}

// faultNames lists what "when" may hold.
func faultNames() []string { return slices.Concat(probed, unprobed) }

// probeNames lists what "probe" may hold.
func probeNames() []string { return slices.Concat(probed, names(Repeat)) }
