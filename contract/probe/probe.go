// Package probe tests a live provider with requests derived from its document. Some requests are valid, others have one thing
// wrong and must be refused.
//
// Derive lists the probes of each operation: the plain request, each enum value and bound, each constraint of a parameter or
// body broken once, missing and wrong credentials, other accounts, other methods and neighbouring paths.
//
//	listPets/kind=cat: GET /pets?kind=cat        (valid-request)
//	listPets/kind-unknown: GET /pets?kind=cats   (invalid-parameter)
//
// Target.Run sends a probe on a connection of its own, with the credentials of a principal that the caller supplies, and
// returns the raw exchange. The kind of the probe travels with it, so that the judge knows which statuses are correct. The
// package knows no endpoint and judges nothing itself.
package probe

import (
	"context"
	"net/http"
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Role is what a principal may do. Each probe has one.
type Role string

// The roles of probes.
const (
	Anonymous Role = ""         // no credentials
	Reader    Role = "reader"   // may use every operation of the documents
	Limited   Role = "limited"  // valid, but lacks the permissions that must be granted
	Stranger  Role = "stranger" // valid, of another account
	Expired   Role = "expired"  // an expired credential
	Impostor  Role = "impostor" // signs with an unknown key; failures could lock out a real one
)

// IsMeant reports whether the role has a meaning of its own, as those above have. A principal with any other name sends the
// plain request of each operation.
func (r Role) IsMeant() bool {
	return slices.Contains([]Role{Anonymous, Reader, Limited, Stranger, Expired, Impostor}, r)
}

// Principal is a caller of the provider.
type Principal struct {
	// Values of parameters, such as that of domain_id.
	Values Values
	// Authenticate adds the credentials to a request just before it is sent.
	Authenticate func(*http.Request) error
	// Credential is a token, a key, or user:password. If Authenticate is nil, it is sent as the document's first security
	// scheme with a plain credential describes.
	Credential string
	// Token, if there is one, returns the current Credential. It renews the credential before it expires, and if it is refused:
	// that is what a 401 was the response to, or "". Several goroutines call it.
	Token func(ctx context.Context, refused string) (string, error)
	// Fields are further headers and cookies of its requests.
	Fields []Field
	// Name is that of the principal in messages; "" if it is the role.
	Name string
	// Doubt is what to ask if the provider refuses all its requests, such as "is QS_READER still valid?"; "" if that shows a
	// mistake of the provider.
	Doubt string
	// Curl are the arguments that make curl send the credentials, without the secret itself: a variable of the shell.
	Curl []string
	// CredentialEnv is the environment variable that Credential comes from, for the commands of Curl; "": of none.
	CredentialEnv string
}

// Values are values of parameters: of the parameter with this name in any operation, or in one of them.
//
//	{"petId": "7", "getOrder.orderId": "abc"}
type Values map[string]string

// Principals are the callers of a run by role.
type Principals map[Role]Principal

// Probe is one request with a name for what it tests.
type Probe struct {
	ID        string // operation and name: showDomainQuota/type=user
	Operation *spec.Operation
	Kind      spec.Probe
	Role      Role
	Request   contract.Request // without credentials
	// About is what the probe tests, if that is a part of the document smaller than the operation, such as the parameter that
	// is wrong on purpose; nil: the operation.
	About *spec.Node
	// Skip is the reason why the probe cannot be sent; "" if it can.
	Skip string
	// Missing is what the config lacks for the probe: each the keys from the outside in, as YAML, and a value to replace, such as
	// values, getPet.petId, … or principals, limited, token_env, QS_LIMITED. Explain sets it.
	Missing [][]string

	lacks     []*spec.Parameter // the parameters without a value, for which it is skipped
	lacksRole bool              // it is skipped because there is no principal for Role
	onlyFound bool              // a value of lacks was found on the provider, and the probe might change the resource
	ownValues Role              // the principal that lacks the values, if other principals have some; "": none does

	invented bool // a value of the valid request was made from a schema: see isInvented

	scheme spec.Requirement // for the principal's Credential; nil: no scheme of the document takes a single plain one
}
