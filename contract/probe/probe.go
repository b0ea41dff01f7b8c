// Package probe asks a live provider: requests derived from a document, good and bad, and what each must be answered.
//
// Nothing here is written for one endpoint. A request comes from the parameters, the enums, the security schemes and the
// extensions of the document; who asks is handed in, with a function that authenticates the request. What comes back goes
// to the judge as an exchange, byte for byte. The package judges nothing itself.
package probe

import (
	"net/http"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Role names a principal by what it is for.
type Role string

// The roles that probes ask for.
const (
	Anonymous Role = ""         // no credentials
	Reader    Role = "reader"   // may do everything that the documents describe
	Limited   Role = "limited"  // valid, without the actions that need a grant
	Stranger  Role = "stranger" // valid, of another account
	Expired   Role = "expired"  // an expired credential
	Impostor  Role = "impostor" // signs with a key that nobody holds: a real one could be locked
)

// Principal is somebody who asks.
type Principal struct {
	// Values fills parameters by their names, such as domain_id.
	Values map[string]string
	// Authenticate adds the credentials. It is called just before the request is sent.
	Authenticate func(*http.Request) error
	// Credential is put where the document's first scheme for a plain one expects it, if Authenticate is nil: a token, a
	// key, or user:password.
	Credential string
	// Curl is how the credentials are written on a command line without giving a secret away.
	Curl []string
}

// Principals are those that a run has.
type Principals map[Role]Principal

// Probe is one request and the name of what it tries.
type Probe struct {
	ID        string // operation and name: showDomainQuota/type=user
	Operation *spec.Operation
	Kind      spec.Probe
	Role      Role
	Request   contract.Request // without credentials
	// Skip says why the probe cannot be made; empty: it can.
	Skip string

	way spec.Requirement // to show a principal's credential; nil: the document has no scheme for a single plain one
}
