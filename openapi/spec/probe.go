package spec

import "slices"

// Probe names a kind of test request: a valid one, the same one twice, or one with a single error. The same names are the
// causes of error codes in a document (x-error-codes, when). The names are part of the extensions and do not change.
type Probe string

// The probes without an error.
const (
	ValidRequest Probe = "valid-request" // it must succeed
	Repeat       Probe = "repeat"        // the same request twice
)

// The probes with one error, which are also causes of error codes.
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

// The causes of error codes that no probe provokes.
const (
	WrongSignature   Probe = "wrong-signature"
	ExpiredSignature Probe = "expired-signature"
	LockedKey        Probe = "locked-key"
	TooLarge         Probe = "too-large"
	Throttled        Probe = "throttled"
	InternalError    Probe = "internal-error"
	Unavailable      Probe = "unavailable"
)

// The names of the causes that a probe provokes, and of the other causes.
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

// causeNames lists the valid names in "when".
func causeNames() []string { return slices.Concat(probed, unprobed) }

// probeNames lists the valid names in "probe".
func probeNames() []string { return slices.Concat(probed, names(Repeat)) }
