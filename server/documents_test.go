package server

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The server has no copy of what the documents say: what is changed in a copy of one is demanded and answered.
func TestDocumentIsObeyed(t *testing.T) {
	granted := Sample()
	granted.Principals[1].Grants = []Grant{
		{Action: "ims:quotas:inspect", Effect: Allow, Scope: EnterpriseProject},
		{Action: "iam:quotas:inspect", Effect: Allow, Scope: AllResources},
	}
	limited := "X-Auth-Token: " + LimitedToken
	stale := strings.Join(sign(t, imsPath, "", readerKey, signedAt, nil), "\r\n")
	tests := []struct {
		name    string
		doc     string
		replace []string
		line    string
		header  string
		status  int
		want    string
	}{
		{
			"the action of IMS, not granted", "ims", []string{"action: ims:quotas:get", "action: ims:quotas:inspect"},
			"GET " + imsPath, reader, 403, noRole,
		},
		{
			"the action of IMS, granted", "ims", []string{"action: ims:quotas:get", "action: ims:quotas:inspect"},
			"GET " + imsPath, limited, 200, resources(imageQuota),
		},
		{
			"a grant that no longer counts", "ims", []string{"action: ims:quotas:get", "action: ims:quotas:inspect", "enterprise-project: true", "enterprise-project: false"},
			"GET " + imsPath, limited, 403, noRole,
		},
		{
			"nobody needs the action of IMS", "ims", []string{"default: deny", "default: allow"},
			"GET " + imsPath, limited, 200, resources(imageQuota),
		},
		{
			"the action of IAM is needed", "iam", []string{"default: allow", "default: deny", "action: iam:quotas:listQuotas", "action: iam:quotas:inspect"},
			"GET " + iamPath, reader, 403, `{"error_msg":"Policy doesn't allow iam:quotas:inspect to be performed.","error_code":"IAM.0003"}`,
		},
		{
			"the action of IAM is needed and granted", "iam", []string{"default: allow", "default: deny", "action: iam:quotas:listQuotas", "action: iam:quotas:inspect"},
			"GET " + iamPath, limited, 200, resources(seed003...),
		},
		{
			"the code of a parameter", "iam", []string{"IAM.0007", "IAM.9007"},
			"GET " + iamPath + "?type=", reader, 400, strings.Replace(badType, "0007", "9007", 1),
		},
		{
			"a service's code becomes the gateway's", "iam", []string{"IAM.0002", "APIGW.0306"},
			"GET /v3.0/OS-QUOTA/domains/" + StrangerDomainID, reader, 403,
			strings.TrimSuffix(strings.Replace(notYours, "IAM.0002", "APIGW.0306", 1), "}") + `,"request_id":"ID"}`,
		},
		{
			"the message", "iam", []string{"Request parameter %(key)s is invalid.", "No %(key)s and no %s."},
			"GET " + iamPath + "?type=", reader, 400, `{"error_msg":"No type and no.","error_code":"IAM.0007"}`,
		},
		{
			"the code of the gateway for IMS", "ims", []string{"APIGW.0301", "APIGW.9301"},
			"GET " + imsPath, "X-Other: none", 401, strings.Replace(noToken, "0301", "9301", 1),
		},
		{
			"the message for a signature", "ims", []string{"calc ak sk signature fail:signature expired", "too late"},
			"GET " + imsPath, stale, 401, strings.Replace(expiredSignature, "calc ak sk signature fail:signature expired", "too late", 1),
		},
		{
			"the other document is not touched", "ims", []string{"APIGW.0301", "APIGW.9301"},
			"GET " + iamPath, "X-Other: none", 401, noToken,
		},
		{
			"the document that knows most of a path speaks for it", "ims", []string{"APIGW.0101", "APIGW.9101"},
			"GET /v1/cloudimages/nothing", reader, 404, strings.Replace(noSuchPath, "0101", "9101", 1),
		},
		{
			"and the first for one that nobody knows", "ims", []string{"APIGW.0101", "APIGW.9101"},
			"GET /v2", reader, 404, noSuchPath,
		},
		{
			"the status of a method", "ims", []string{
				"when: [unknown-path, other-method]}", "when: unknown-path}",
				"'429':\n          description: Too many requests. The response comes from the gateway.", "'405':\n          description: No such method.",
				"when: throttled}", "when: other-method}",
			},
			"OPTIONS " + imsPath, reader, 405, `{"error_msg":"The throttling threshold has been reached.","error_code":"APIGW.0308","request_id":"ID"}`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := Options{Data: &granted, Documents: map[string]*spec.Document{test.doc: document(t, test.doc, test.replace...)}}
			wantAnswer(t, ask(t, start(t, o), test.line, test.header), test.status, test.want)
		})
	}
}

func TestDocumentThatCannotBeObeyed(t *testing.T) {
	tests := []struct {
		name    string
		replace []string
		want    string
	}{
		{"another path", []string{"  /v1/cloudimages/quota:", "  /v2/cloudimages/quota:"}, "the generated code does not serve showImageQuota (GET /v2/cloudimages/quota): run make generate"},
		{"another operation", []string{"operationId: showImageQuota", "operationId: listImageQuota"}, "no operation showImageQuota"},
		{"no code for a cause", []string{", when: internal-error", ""}, "no x-error-codes say how internal-error is reported"},
		{"another shape", []string{"at: /error/code", "at: /errors/0/code"}, "no generated model has a code at /errors/0/code"},
		{"a range of statuses", []string{"'403':", "'4XX':"}, "the status 4XX cannot report no-permission"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := New(Options{Documents: map[string]*spec.Document{"ims": document(t, "ims", test.replace...)}})
			if err == nil || !strings.HasPrefix(err.Error(), "ims.yaml:") || !strings.HasSuffix(err.Error(), test.want) {
				t.Errorf("got %v, want ims.yaml with its line and: %s", err, test.want)
			}
		})
	}
	d := document(t, "ims")
	d.Operations[0].Authorization = nil
	if _, err := New(Options{Documents: map[string]*spec.Document{"ims": d}}); err == nil || !strings.HasSuffix(err.Error(), "has no x-authorization") {
		t.Errorf("got %v", err)
	}
}

// TestRefusalsAreDocumented tests that each refusal has a status that the document has for its cause.
func TestRefusalsAreDocumented(t *testing.T) {
	s := newServer(t, Options{})
	for _, op := range s.operations {
		for cause, refusal := range op.refusals {
			if statuses := op.Statuses(cause); !slices.Contains(statuses, strconv.Itoa(refusal.status)) {
				t.Errorf("%s: %s: got %d, the document gives %v", op.ID, cause, refusal.status, statuses)
			}
		}
	}
	if _, ok := s.operation(showImageQuota).refusals[spec.OtherAccount]; ok {
		t.Error("showImageQuota knows no other account")
	}
}
