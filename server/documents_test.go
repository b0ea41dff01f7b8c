package server

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The server repeats nothing that the documents say: it serves a changed document as it was changed.
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
			name:    "the action of IMS, not granted",
			doc:     "ims",
			replace: []string{"action: ims:quotas:get", "action: ims:quotas:inspect"},
			line:    "GET " + imsPath,
			header:  reader,
			status:  403,
			want:    noRole,
		},
		{
			name:    "the action of IMS, granted",
			doc:     "ims",
			replace: []string{"action: ims:quotas:get", "action: ims:quotas:inspect"},
			line:    "GET " + imsPath,
			header:  limited,
			status:  200,
			want:    resources(imageQuota),
		},
		{
			name:    "a grant that no longer counts",
			doc:     "ims",
			replace: []string{"action: ims:quotas:get", "action: ims:quotas:inspect", "enterprise-project: true", "enterprise-project: false"},
			line:    "GET " + imsPath,
			header:  limited,
			status:  403,
			want:    noRole,
		},
		{
			name:    "nobody needs the action of IMS",
			doc:     "ims",
			replace: []string{"default: deny", "default: allow"},
			line:    "GET " + imsPath,
			header:  limited,
			status:  200,
			want:    resources(imageQuota),
		},
		{
			name:    "the action of IAM is needed",
			doc:     "iam",
			replace: []string{"default: allow", "default: deny", "action: iam:quotas:listQuotas", "action: iam:quotas:inspect"},
			line:    "GET " + iamPath,
			header:  reader,
			status:  403,
			want:    `{"error_msg":"Policy doesn't allow iam:quotas:inspect to be performed.","error_code":"IAM.0003"}`,
		},
		{
			name:    "the action of IAM is needed and granted",
			doc:     "iam",
			replace: []string{"default: allow", "default: deny", "action: iam:quotas:listQuotas", "action: iam:quotas:inspect"},
			line:    "GET " + iamPath,
			header:  limited,
			status:  200,
			want:    resources(seed003...),
		},
		{
			name:    "the code of a parameter",
			doc:     "iam",
			replace: []string{"IAM.0007", "IAM.9007"},
			line:    "GET " + iamPath + "?type=",
			header:  reader,
			status:  400,
			want:    strings.Replace(badType, "0007", "9007", 1),
		},
		{
			name:    "a service's code becomes the gateway's",
			doc:     "iam",
			replace: []string{"IAM.0002", "APIGW.0306"},
			line:    "GET /v3.0/OS-QUOTA/domains/" + StrangerDomainID,
			header:  reader,
			status:  403,
			want:    strings.TrimSuffix(strings.Replace(notYours, "IAM.0002", "APIGW.0306", 1), "}") + `,"request_id":"ID"}`,
		},
		{
			name:    "the message",
			doc:     "iam",
			replace: []string{"Request parameter %(key)s is invalid.", "No %(key)s and no %s."},
			line:    "GET " + iamPath + "?type=",
			header:  reader,
			status:  400,
			want:    `{"error_msg":"No type and no.","error_code":"IAM.0007"}`,
		},
		{
			name:    "the code of the gateway for IMS",
			doc:     "ims",
			replace: []string{"APIGW.0301", "APIGW.9301"},
			line:    "GET " + imsPath,
			header:  "X-Other: none",
			status:  401,
			want:    strings.Replace(noToken, "0301", "9301", 1),
		},
		{
			name:    "the message for a signature",
			doc:     "ims",
			replace: []string{"calc ak sk signature fail:signature expired", "too late"},
			line:    "GET " + imsPath,
			header:  stale,
			status:  401,
			want:    strings.Replace(expiredSignature, "calc ak sk signature fail:signature expired", "too late", 1),
		},
		{
			name:    "the other document is not touched",
			doc:     "ims",
			replace: []string{"APIGW.0301", "APIGW.9301"},
			line:    "GET " + iamPath,
			header:  "X-Other: none",
			status:  401,
			want:    noToken,
		},
		{
			name:    "the document that knows most of a path speaks for it",
			doc:     "ims",
			replace: []string{"APIGW.0101", "APIGW.9101"},
			line:    "GET /v1/cloudimages/nothing",
			header:  reader,
			status:  404,
			want:    strings.Replace(noSuchPath, "0101", "9101", 1),
		},
		{
			name:    "and the first for one that nobody knows",
			doc:     "ims",
			replace: []string{"APIGW.0101", "APIGW.9101"},
			line:    "GET /v2",
			header:  reader,
			status:  404,
			want:    noSuchPath,
		},
		{
			name: "the status of a method",
			doc:  "ims",
			replace: []string{
				"when: [unknown-path, other-method]}", "when: unknown-path}",
				"'429':\n          description: Too many requests. The response comes from the gateway.",
				"'405':\n          description: No such method.",
				"when: throttled}", "when: other-method}",
			},
			line:   "OPTIONS " + imsPath,
			header: reader,
			status: 405,
			want:   `{"error_msg":"The throttling threshold has been reached.","error_code":"APIGW.0308","request_id":"ID"}`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := Options{Data: &granted, Documents: map[string]*spec.Document{test.doc: document(t, test.doc, test.replace...)}}
			wantAnswer(t, ask(t, listen(t, newServer(t, o)), test.line, test.header), test.status, test.want)
		})
	}
}

func TestDocumentThatCannotBeObeyed(t *testing.T) {
	tests := []struct {
		name    string
		replace []string
		want    string
	}{
		{
			name:    "another path",
			replace: []string{"  /v1/cloudimages/quota:", "  /v2/cloudimages/quota:"},
			want:    "the generated code does not serve showImageQuota (GET /v2/cloudimages/quota): run make generate",
		},
		{
			name:    "another operation",
			replace: []string{"operationId: showImageQuota", "operationId: listImageQuota"},
			want:    "no operation showImageQuota",
		},
		{
			name:    "no code for a cause",
			replace: []string{", when: internal-error", ""},
			want:    "no x-error-codes say how internal-error is reported",
		},
		{
			name:    "another shape",
			replace: []string{"at: /error/code", "at: /errors/0/code"},
			want:    "no generated model has a code at /errors/0/code",
		},
		{
			name:    "a range of statuses",
			replace: []string{"'403':", "'4XX':"},
			want:    "the status 4XX cannot report no-permission",
		},
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
	_, err := New(Options{Documents: map[string]*spec.Document{"ims": d}})
	if err == nil || !strings.HasSuffix(err.Error(), "has no x-authorization") {
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
