package server

import (
	"context"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/gen/iamserver"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const showDomainQuota = "showDomainQuota"

func iamService() service {
	return service{
		document: "iam",
		operations: []row{
			{id: showDomainQuota, causes: []spec.Probe{spec.OtherAccount, spec.UnknownResource}},
		},
		register: func(e *echo.Echo, ops operations) {
			iamserver.RegisterHandlers(e, iamserver.NewStrictHandler(iamHandler{ops}, nil))
		},
		errors: map[string]shape{
			"/error_code": func(code, message, requestID string) any {
				e := iam.DomainQuotaError{ErrorMsg: message, ErrorCode: code}
				if !strings.HasPrefix(strings.ToUpper(code), "IAM.") { // IAM's own errors come without it (schema DomainQuotaError)
					e.RequestID = &requestID
				}
				return e
			},
		},
	}
}

// quotaTypes returns the types that a caller may request by the document.
func (op *operation) quotaTypes() []string {
	types := []string{}
	for _, p := range op.Parameters {
		if p.In == "query" && p.Name == "type" && p.Schema != nil {
			for _, value := range p.Schema.Enum {
				types = append(types, value.Text)
			}
		}
	}
	return types
}

// iamHandler has a method for each operation of iam.yaml.
type iamHandler struct{ operations }

var _ iamserver.StrictServerInterface = iamHandler{}

var (
	// An account ID is 32 hexadecimal digits, in either case; IDs compare exactly, so the caller's own ID in the other case
	// is another account.
	accountID = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)
	// An ID that may be shown: short, printable, and without characters of placeholders or markup.
	showable = regexp.MustCompile(`^[0-9A-Za-z._~-]{1,64}$`)
)

// notFound is the error for an ID that cannot be one. It repeats the ID only if that can be shown.
func notFound(target, id string) error {
	if !showable.MatchString(id) {
		id = ""
	}
	return fail(spec.UnknownResource, "target", target, "target_id", id)
}

// ShowDomainQuota responds with the quotas of the caller's own account (showDomainQuota,
// https://support.huaweicloud.com/api-iam/iam_02_0114.html). It never looks up another account, so a caller cannot learn
// whether that exists. The account is checked before the action, because grants of one account do not count in another. A
// signed request may name the account in X-Domain-Id; another account there is refused like one in the path. X-Project-Id has
// no meaning here.
func (h iamHandler) ShowDomainQuota(
	ctx context.Context, request iamserver.ShowDomainQuotaRequestObject,
) (iamserver.ShowDomainQuotaResponseObject, error) {
	caller := callerOf(ctx)
	response := caller.account
	if t := request.Params.Type; t != nil {
		if response = caller.byType[string(*t)]; response == nil { // every account has quotas of all types
			return nil, fail(spec.InvalidParameter, "key", "type")
		}
	}
	if id := request.DomainID; id != caller.DomainID && !accountID.MatchString(id) {
		return nil, notFound("domain", id)
	}
	if request.DomainID != caller.DomainID || caller.namesOther("X-Domain-Id", caller.DomainID) {
		return nil, fail(spec.OtherAccount)
	}
	if err := caller.authorize(h.operations[showDomainQuota]); err != nil {
		return nil, err
	}
	return response, nil
}
