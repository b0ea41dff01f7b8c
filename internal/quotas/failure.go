package quotas

import (
	"errors"
	"time"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/internal/text"
)

// Failure says why a request failed.
type Failure struct {
	Message   string `json:"message"` // one line, without secrets
	Status    int    `json:"status,omitempty"`
	Code      string `json:"code,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	Needs     string `json:"needs,omitempty"` // the permission that the documents require

	RetryAfter time.Duration `json:"-"` // how long the service asked to wait; 0: it did not
}

// WhereIDs says where a user finds the ids of an account and of its projects.
const WhereIDs = "the console shows the account ID and the project IDs under My Credentials"

// foreignAccount is the code of a 403 for the account of somebody else (openapi/iam.yaml).
const foreignAccount = "IAM.0002"

// newFailure describes a failed request. For an error response of the service it adds status, code and request id, and for a 403
// the permission that the documents require.
func newFailure(operation string, err error) *Failure {
	f := &Failure{Message: traffic.HideSecrets(text.OneLine(err.Error()))}
	if refused, ok := errors.AsType[*client.Error](err); ok {
		f.Status, f.Code, f.RequestID = refused.Status, refused.Code, refused.RequestID
		f.RetryAfter = refused.RetryAfter
	}
	if client.IsForbidden(err) {
		f.Needs = permission(operation)
	}
	isAccount := operation == Place{Scope: ScopeAccount}.Operation()
	if isAccount && (client.IsNotFound(err) || f.Code == foreignAccount) {
		f.Message += "; " + WhereIDs
	}
	return f
}
