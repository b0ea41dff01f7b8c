package contract_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestWhereSchemaRulesApply checks where a rule of a schema is evaluated: at each value of the schema, and at no other.
func TestWhereSchemaRulesApply(t *testing.T) {
	judge := newJudge(t, withRules("schema", cel("self.size > 0"), "maybe", cel("self.size > 0")))
	for _, test := range []struct {
		name, body string
		want       []string // ids and pointers of the findings
		passed     []string
	}{
		{
			name: "elements", body: `{"items":[{"size":0},{"size":1},{"size":-1}]}`,
			want: []string{"small/schema-1 /response/body/items/0", "small/schema-1 /response/body/items/2"},
		},
		{name: "no element", body: `{"items":[]}`},
		{name: "a part of allOf", body: `{"first":{"size":0}}`, want: []string{"small/schema-1 /response/body/first"}},
		{name: "a part of allOf that holds", body: `{"first":{"size":1}}`, passed: []string{"small/schema-1"}},
		{
			name: "described twice, reported once", body: `{"twice":{"it":{"size":0}}}`,
			want: []string{"small/schema-1 /response/body/twice/it"},
		},
		{
			name: "further members", body: `{"named":{"a":{"size":1},"b/c":{"size":0}}}`,
			want: []string{"small/schema-1 /response/body/named/b~1c"},
		},
		{name: "the schema of oneOf that it is", body: `{"either":{"size":0}}`, want: []string{"small/schema-1 /response/body/either"}},
		{name: "the schema of oneOf that it is not", body: `{"either":{"length":0}}`},
		{name: "null where it may be", body: `{"maybe":null}`},
		{name: "not null where it may be", body: `{"maybe":{"size":0}}`, want: []string{"small/maybe-2 /response/body/maybe"}},
		{
			name: "passed here, broken there", body: `{"first":{"size":1},"items":[{"size":0}]}`,
			want: []string{"small/schema-1 /response/body/items/0"},
		},

		{
			name: "not where the schema fails", body: `{"items":[{"size":"0"},{"size":0}]}`,
			want: []string{"schema/type /response/body/items/0/size", "small/schema-1 /response/body/items/1"},
		},
		{name: "not where it is missing", body: `{"items":[{}]}`, want: []string{"schema/required /response/body/items/0/size"}},
		{
			name: "not where a member is twice", body: `{"items":[{"size":0,"size":0}]}`,
			want: []string{"body/duplicate-member /response/body/items/0/size"},
		},
		{name: "where an integer has a point", body: `{"items":[{"size":0.0}]}`, want: []string{"small/schema-1 /response/body/items/0"}},
		{
			name: "where a member is not known", body: `{"items":[{"size":0,"x":1}]}`,
			want: []string{"member/undocumented /response/body/items/0/x", "small/schema-1 /response/body/items/0"},
		},
		{name: "not in what is no JSON", body: `{"items":[{"size":0}`, want: []string{"body/truncated /response/body"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := judge.Check(get(200, test.body))
			if diff := cmp.Diff(test.want, idsAndPointers(v.Findings)); diff != "" || len(v.Errors) > 0 {
				t.Errorf("ids and pointers (-want +got):\n%serrors %v", diff, v.Errors)
			}
			if diff := cmp.Diff(test.passed, contract.PassedIDs(v)); diff != "" {
				t.Errorf("passed (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEvidenceOfSchemas checks that a promise of a schema has no stronger evidence than its response, and none stronger than
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
		{name: "a rule in a documented answer", ex: get(200, `{"first":{"size":0}}`), id: "small/schema-1", want: documented},
		{name: "a rule in an inferred answer", ex: get(403, `{"size":0,"code":"T.1"}`), id: "small/schema-1", want: guess},
		{name: "a keyword in a documented answer", ex: get(200, `{"first":{}}`), id: "schema/required", want: file},
		{name: "a keyword in an inferred answer", ex: get(403, `{"code":"T.1"}`), id: "schema/required", want: guess},
		{name: "a stronger keyword in an inferred response", ex: get(403, `{"size":1,"code":7}`), id: "schema/type", want: guess},
		{
			name: "a keyword that is inferred itself", ex: get(200, `{"key":7}`), id: "schema/type",
			want: spec.Evidence{Grade: spec.Inferred, Source: []string{"doubt"}},
		},
		{name: "a code in an inferred answer", ex: get(403, `{"size":1,"code":"T.2"}`), id: "error-code/undocumented", want: guess},
		{name: "a rule in a request", ex: put(200), id: "small/schema-1", want: documented},
		{name: "a rule in a request whose answer is inferred", ex: put(403), id: "small/schema-1", want: documented},
		{
			name: "JSON itself in an inferred answer", ex: get(403, `{`), id: "body/truncated",
			want: spec.Evidence{Grade: spec.Documented, Source: []string{"RFC 8259"}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := withRules("schema", cel("self.size > 0"))
			text = strings.Replace(text, "        default: {description: Not put.}",
				"        '403': {description: Not put., x-evidence: {grade: inferred, source: guess}}", 1)
			v := newJudge(t, text).Check(test.ex)
			for _, f := range v.Findings {
				if f.ID == test.id {
					if diff := cmp.Diff(test.want, f.Evidence); diff != "" {
						t.Errorf("evidence (-want +got):\n%s", diff)
					}
					return
				}
			}
			t.Errorf("no %s:\n%s", test.id, lines(v))
		})
	}
}

// TestEvidenceOfDocument checks that what is no operation's takes the evidence of the document, and that a schema takes
// that of the response in which it stands before it.
func TestEvidenceOfDocument(t *testing.T) {
	judge := newJudge(t, strings.Replace(withRules(), "paths:", "x-evidence: {grade: recorded, source: root}\npaths:", 1))
	other := get(405, ``)
	other.Request.Method = "PATCH"
	for _, test := range []struct {
		name string
		ex   contract.Exchange
		id   string
		want spec.Evidence
	}{
		{
			name: "a method that is not there", ex: other, id: "method/undocumented",
			want: spec.Evidence{Grade: spec.Recorded, Source: []string{"root"}},
		},
		{
			name: "a schema in an answer without its own", ex: get(200, `{"items":[{}]}`), id: "schema/required",
			want: spec.Evidence{Grade: spec.Recorded, Source: []string{"root"}},
		},
		{
			name: "a schema in an answer with its own", ex: get(403, `{"code":"T.1"}`), id: "schema/required",
			want: spec.Evidence{Grade: spec.Inferred, Source: []string{"guess"}},
		},
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
