package quotas

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/client"
)

// TestFailure tests that a failure has the status, code and request id of the service, and for a 403 the missing permission.
func TestFailure(t *testing.T) {
	refused := func(status int) error {
		return fmt.Errorf("request: %w", &client.Error{Operation: "op", Status: status, Code: "IMG.0026", Message: "no",
			RequestID: "the-request"})
	}
	for _, test := range []struct {
		name, operation string
		err             error
		want            Failure
	}{
		{name: "no answer", operation: "showImageQuota", err: errors.New("no\n  answer"), want: Failure{Message: "no answer"}},
		{
			name: "unknown", operation: "showImageQuota", err: refused(404),
			want: Failure{Status: 404, Code: "IMG.0026", RequestID: "the-request"},
		},
		{
			name: "denied", operation: "showImageQuota", err: refused(403),
			want: Failure{Status: 403, Code: "IMG.0026", RequestID: "the-request",
				Needs: "a grant of ims:quotas:get, through the IAM project or the enterprise project"},
		},
		{
			name: "denied the account", operation: "showDomainQuota", err: refused(403),
			want: Failure{Status: 403, Code: "IMG.0026", RequestID: "the-request",
				Needs: "a user of that account to whom no policy denies iam:quotas:listQuotas"},
		},
		{
			name: "denied what no document has", operation: "other", err: refused(403),
			want: Failure{Status: 403, Code: "IMG.0026", RequestID: "the-request"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := *newFailure(test.operation, test.err)
			if test.want.Message == "" { // the client's tests compare its messages
				test.want.Message = got.Message
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
