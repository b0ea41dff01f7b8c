package contract_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestOccurrencesOfSchemaRules holds where a rule of a schema is evaluated: at each value of the schema, and at no other.
func TestOccurrencesOfSchemaRules(t *testing.T) {
	judge := newJudge(t, withRules("schema", cel("self.size > 0"), "maybe", cel("self.size > 0")))
	for _, test := range []struct {
		name, body string
		want       []string // ids and pointers of what deviates
		kept       []string
	}{
		{"elements", `{"items":[{"size":0},{"size":1},{"size":-1}]}`, []string{"small/schema-1 /response/body/items/0", "small/schema-1 /response/body/items/2"}, nil},
		{"no element", `{"items":[]}`, nil, nil},
		{"a part of allOf", `{"first":{"size":0}}`, []string{"small/schema-1 /response/body/first"}, nil},
		{"a part of allOf that holds", `{"first":{"size":1}}`, nil, []string{"small/schema-1"}},
		{"described twice, told once", `{"twice":{"it":{"size":0}}}`, []string{"small/schema-1 /response/body/twice/it"}, nil},
		{"further members", `{"named":{"a":{"size":1},"b/c":{"size":0}}}`, []string{"small/schema-1 /response/body/named/b~1c"}, nil},
		{"the schema of oneOf that it is", `{"either":{"size":0}}`, []string{"small/schema-1 /response/body/either"}, nil},
		{"the schema of oneOf that it is not", `{"either":{"length":0}}`, nil, nil},
		{"null where it may be", `{"maybe":null}`, nil, nil},
		{"not null where it may be", `{"maybe":{"size":0}}`, []string{"small/maybe-2 /response/body/maybe"}, nil},
		{"kept here, broken there", `{"first":{"size":1},"items":[{"size":0}]}`, []string{"small/schema-1 /response/body/items/0"}, nil},

		{"not where the schema fails", `{"items":[{"size":"0"},{"size":0}]}`, []string{"schema/type /response/body/items/0/size", "small/schema-1 /response/body/items/1"}, nil},
		{"not where it is missing", `{"items":[{}]}`, []string{"schema/required /response/body/items/0/size"}, nil},
		{"not where a member is twice", `{"items":[{"size":0,"size":0}]}`, []string{"body/duplicate-member /response/body/items/0/size"}, nil},
		{"where an integer has a point", `{"items":[{"size":0.0}]}`, []string{"small/schema-1 /response/body/items/0"}, nil},
		{"where a member is not known", `{"items":[{"size":0,"x":1}]}`, []string{"member/undocumented /response/body/items/0/x", "small/schema-1 /response/body/items/0"}, nil},
		{"not in what is no JSON", `{"items":[{"size":0}`, []string{"body/truncated /response/body"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := judge.Check(get(200, test.body))
			if diff := cmp.Diff(test.want, idsAndPointers(v.Findings)); diff != "" || len(v.Errors) > 0 {
				t.Errorf("ids and pointers (-want +got):\n%serrors %v", diff, v.Errors)
			}
			if diff := cmp.Diff(test.kept, contract.PassedIDs(v)); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEvidenceOfSchemas holds that a promise of a schema is no surer than the answer that it stands in, and no surer than
// the evidence of its own node.
func TestEvidenceOfSchemas(t *testing.T) {
	documented := spec.Evidence{Grade: spec.Documented, Source: []string{"us"}}
	guess := spec.Evidence{Grade: spec.Inferred, Source: []string{"guess"}}
	put := func(status int) contract.Exchange {
		ex := get(status, ``)
		ex.Request.Method, ex.Request.Body = "PUT", []byte(`{"size":0}`)
		ex.Request.Header.Set("Content-Type", "application/json")
		ex.Response.Header.Del("Content-Type")
		return ex
	}
	file := spec.Evidence{Grade: spec.Documented, Source: []string{"small.yaml"}}
	for _, test := range []struct {
		name string
		ex   contract.Exchange
		id   string
		want spec.Evidence
	}{
		{"a rule in a documented answer", get(200, `{"first":{"size":0}}`), "small/schema-1", documented},
		{"a rule in an inferred answer", get(403, `{"size":0,"code":"T.1"}`), "small/schema-1", guess},
		{"a keyword in a documented answer", get(200, `{"first":{}}`), "schema/required", file},
		{"a keyword in an inferred answer", get(403, `{"code":"T.1"}`), "schema/required", guess},
		{"a surer keyword in an inferred answer", get(403, `{"size":1,"code":7}`), "schema/type", guess},
		{"a keyword that is inferred itself", get(200, `{"key":7}`), "schema/type", spec.Evidence{Grade: spec.Inferred, Source: []string{"doubt"}}},
		{"a code in an inferred answer", get(403, `{"size":1,"code":"T.2"}`), "error-code/undocumented", guess},
		{"a rule in a request", put(200), "small/schema-1", documented},
		{"a rule in a request whose answer is inferred", put(403), "small/schema-1", documented},
		{"JSON itself in an inferred answer", get(403, `{`), "body/truncated", spec.Evidence{Grade: spec.Documented, Source: []string{"RFC 8259"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := withRules("schema", cel("self.size > 0"))
			text = strings.Replace(text, "        default: {description: Not put.}", "        '403': {description: Not put., x-evidence: {grade: inferred, source: guess}}", 1)
			v := newJudge(t, text).Check(test.ex)
			for _, d := range v.Findings {
				if d.ID == test.id {
					if diff := cmp.Diff(test.want, d.Evidence); diff != "" {
						t.Errorf("evidence (-want +got):\n%s", diff)
					}
					return
				}
			}
			t.Errorf("no %s:\n%s", test.id, lines(v))
		})
	}
}

// TestProbes holds what is said of the status of a probe where no rule says it.
func TestProbes(t *testing.T) {
	const no = `{"size":1,"code":"T.1"}`
	withDefault := strings.Replace(withRules(), "        '404': {description: None.}", "        default: {description: Any other.}", 1)
	for _, test := range []struct {
		name, document string
		ex             contract.Exchange
		want           []string
	}{
		{"a valid request", withRules(), as(spec.ValidRequest, get(200, `{}`)), nil},
		{"a valid request, refused", withRules(), as(spec.ValidRequest, get(403, no)), []string{"status/valid-request"}},
		{"a valid request, throttled", withRules(), as(spec.ValidRequest, get(429, ``)), []string{"status/valid-request"}},
		{"a valid request, asked again", withRules(), as("repeat", get(500, ``)), []string{"status/repeat"}},
		{"a fault with statuses", withRules(), as("no-permission", get(403, no)), nil},
		{"a fault with statuses, granted", withRules(), as("no-permission", get(200, `{}`)), []string{"status/no-permission"}},
		{"a fault with statuses, another", withRules(), as("no-permission", get(404, ``)), []string{"status/no-permission"}},
		{"a fault without statuses", withRules(), as("invalid-parameter", get(404, ``)), nil},
		{"a fault without statuses, granted", withRules(), as("invalid-parameter", get(200, `{}`)), []string{"status/invalid-parameter"}},
		{"a fault without statuses, throttled", withRules(), as("invalid-parameter", get(429, ``)), []string{"status/invalid-parameter"}},
		{"a fault without statuses, failed", withRules(), as("invalid-parameter", get(500, ``)), []string{"status/invalid-parameter"}},
		{"a fault of which only the default speaks", withDefault, as("invalid-parameter", get(400, ``)), nil},
		{"a fault of which only the default speaks, granted", withDefault, as("invalid-parameter", get(200, `{}`)), []string{"status/invalid-parameter"}},

		// A rule of the probe that says nothing of this answer does not make it right.
		{"a premise that does not hold", withRules("operation", "probe: no-permission, "+cel("response.status == 403 ? response.body.size == 1 : true")), as("no-permission", get(200, `{}`)), []string{"status/no-permission"}},
		{"a body that cannot be judged", withRules("operation", "probe: no-permission, "+cel("response.status == 403 && response.body.size == 1")), as("no-permission", get(200, `{"items":1}`)), []string{"schema/type", "status/no-permission"}},
		{"a rule that says it", withRules("operation", "probe: no-permission, "+cel("response.status == 403")), as("no-permission", get(200, `{}`)), []string{"listThings/operation-1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := newJudge(t, test.document).Check(test.ex)
			if diff := cmp.Diff(test.want, idsOfAll(v)); diff != "" || len(v.Errors) > 0 {
				t.Errorf("ids (-want +got):\n%serrors %v\n%s", diff, v.Errors, lines(v))
			}
			for _, d := range v.Findings {
				if strings.TrimSpace(d.Want) == "" {
					t.Errorf("%s does not say what it wants", d.ID)
				}
			}
		})
	}
}

// idsOfAll is nil where there are none.
func idsOfAll(v contract.Result) []string { return append([]string(nil), idsOf(v)...) }

// TestEvidenceOfTheRoot holds that what is no operation's takes the evidence of the document, and that a schema takes
// that of the answer in which it stands before it.
func TestEvidenceOfTheRoot(t *testing.T) {
	judge := newJudge(t, strings.Replace(withRules(), "paths:", "x-evidence: {grade: recorded, source: root}\npaths:", 1))
	other := get(405, ``)
	other.Request.Method = "PATCH"
	for _, test := range []struct {
		name string
		ex   contract.Exchange
		id   string
		want spec.Evidence
	}{
		{"a method that is not there", other, "method/undocumented", spec.Evidence{Grade: spec.Recorded, Source: []string{"root"}}},
		{"a schema in an answer without its own", get(200, `{"items":[{}]}`), "schema/required", spec.Evidence{Grade: spec.Recorded, Source: []string{"root"}}},
		{"a schema in an answer with its own", get(403, `{"code":"T.1"}`), "schema/required", spec.Evidence{Grade: spec.Inferred, Source: []string{"guess"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := judge.Check(test.ex)
			if i := slices.IndexFunc(v.Findings, func(d contract.Finding) bool { return d.ID == test.id }); i < 0 {
				t.Errorf("no %s: %s", test.id, lines(v))
			} else if diff := cmp.Diff(test.want, v.Findings[i].Evidence); diff != "" {
				t.Errorf("evidence (-want +got):\n%s", diff)
			}
		})
	}
}
