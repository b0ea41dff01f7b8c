package spec

// Fault names what can be wrong with a request, or with the provider at that moment. A document says with it which code
// belongs to which fault (x-error-codes, "when"); the names are part of the extensions and do not change.
type Fault string

// The faults that a probe can provoke.
const (
	NoCredentials        Fault = "no-credentials"
	MalformedCredentials Fault = "malformed-credentials"
	UnknownCredentials   Fault = "unknown-credentials"
	ExpiredCredentials   Fault = "expired-credentials"
	UnknownKey           Fault = "unknown-key"
	NoPermission         Fault = "no-permission"
	OtherAccount         Fault = "other-account"
	OtherMethod          Fault = "other-method"
	UnknownPath          Fault = "unknown-path"
	InvalidParameter     Fault = "invalid-parameter"
	UnknownResource      Fault = "unknown-resource"
)

// The faults that no probe provokes on purpose.
const (
	WrongSignature   Fault = "wrong-signature"
	ExpiredSignature Fault = "expired-signature"
	LockedKey        Fault = "locked-key"
	TooLarge         Fault = "too-large"
	Throttled        Fault = "throttled"
	InternalError    Fault = "internal-error"
	Unavailable      Fault = "unavailable"
)

// Repeat is the probe that sends the same request twice; it is no fault.
const Repeat = "repeat"

// probed and unprobed are the tables that readExtensions uses.
var (
	probed = []Fault{
		NoCredentials, MalformedCredentials, UnknownCredentials, ExpiredCredentials, UnknownKey,
		NoPermission, OtherAccount, OtherMethod, UnknownPath, InvalidParameter, UnknownResource,
	}
	unprobed = []Fault{
		WrongSignature, ExpiredSignature, LockedKey,
		TooLarge, Throttled, InternalError, Unavailable,
	}
)

// faultNames lists what "when" may hold.
func faultNames() []string {
	names := []string{}
	for _, f := range append(append([]Fault{}, probed...), unprobed...) {
		names = append(names, string(f))
	}
	return names
}

// probeNames lists what "probe" may hold.
func probeNames() []string {
	names := []string{}
	for _, f := range probed {
		names = append(names, string(f))
	}
	return append(names, Repeat)
}
