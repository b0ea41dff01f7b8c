package openapi

import (
	"fmt"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

const (
	showThing = "/paths/~1things~1{thing_id}/get"
	thing     = "/components/schemas/Thing"
)

func TestPlace(t *testing.T) {
	d := load(t, "apis/small.yaml", small)
	tests := []struct{ name, pointer, text string }{
		{"the document", "", "openapi: 3.0.3"},
		{"a key", "/info", "info: {title"},
		{"a key in a flow mapping", "/info/version", "info: {title"},
		{"an operation", showThing, "    get:\n      operationId: showThing"},
		{"an element of a list", showThing + "/parameters/1", "- {$ref: '#/components/parameters/Language'}"},
		{"a rule", thing + "/x-rules/0", "- id: positive"},
		{"a key that is not there", thing + "/maximum", "    Thing:\n"},
		{"far below one that is there", showThing + "/responses/403/content/application~1json/schema", "        '403':"},
		{"a path that is not there", "/paths/~1none/get", "paths:\n"},
		{"nothing of it is there", "/servers/0/url", "openapi: 3.0.3"},
	}
	for _, test := range tests {
		want := fmt.Sprintf("apis/small.yaml:%d", lineOf(t, small, test.text))
		if got := d.Place(test.pointer); got != want {
			t.Errorf("%s: got %s, want %s", test.name, got, want)
		}
	}
}

func TestEvidence(t *testing.T) {
	d := load(t, "small.yaml", small)
	inherited := Evidence{Inferred, []string{"above"}}
	tests := []struct {
		name, pointer string
		want          Evidence
	}{
		{"its own", showThing, Evidence{Documented, []string{"manual/title", "manual/uri"}}},
		{"of the node above", showThing + "/summary", Evidence{Documented, []string{"manual/title", "manual/uri"}}},
		{"of the nearest of two above", showThing + "/responses/403/description", Evidence{Recorded, []string{"wild"}}},
		{"of a response without its own", showThing + "/responses/200/content", Evidence{Documented, []string{"manual/title", "manual/uri"}}},
		{"not there, below one that has it", "/components/schemas/Part/properties/none", Evidence{Inferred, []string{"us"}}},
		{"none above", thing + "/properties/size", inherited},
		{"not of the neighbour", "/paths/~1things/get", inherited},
		{"the document", "", inherited},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, d.Evidence(test.pointer, inherited)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestOperations(t *testing.T) {
	d := load(t, "small.yaml", small)
	type operation struct {
		ID, Method, Path, Pointer string
		Parameters, Responses     []string
		Evidence                  string
	}
	got := []operation{}
	for _, op := range d.Operations {
		o := operation{op.ID, op.Method, op.Path, op.Pointer, []string{}, []string{}, fmt.Sprint(op.Evidence)}
		for _, p := range op.Parameters {
			o.Parameters = append(o.Parameters, fmt.Sprint(p.In, " ", p.Name, " ", p.Schema.Value.Type.Slice(), " ", p.Pointer))
		}
		for _, r := range op.Responses {
			o.Responses = append(o.Responses, fmt.Sprint(r.Status, " ", r.Evidence, " ", r.Pointer))
		}
		got = append(got, o)
	}
	want := []operation{
		{
			"showThing", "GET", "/things/{thing_id}", showThing,
			[]string{
				"path thing_id [string] /paths/~1things~1{thing_id}/parameters/0",
				"query trace [boolean] " + showThing + "/parameters/0", // not the string of the path
				"header X-Language [string] /components/parameters/Language",
			},
			[]string{
				"200 {documented [manual/title manual/uri]} " + showThing + "/responses/200",
				"403 {recorded [wild]} " + showThing + "/responses/403",
				"404 {inferred [us]} /components/responses/Missing",
				"5XX {documented [manual/title manual/uri]} " + showThing + "/responses/5XX",
				"default {documented [manual/title manual/uri]} " + showThing + "/responses/default",
			},
			"{documented [manual/title manual/uri]}",
		},
		{
			"listThings", "GET", "/things", "/paths/~1things/get",
			[]string{}, []string{"200 {documented [small.yaml]} /paths/~1things/get/responses/200"}, "{documented [small.yaml]}",
		},
		{
			"POST /things", "POST", "/things", "/paths/~1things/post",
			[]string{}, []string{"201 {documented [small.yaml]} /paths/~1things/post/responses/201"}, "{documented [small.yaml]}",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
	if op := d.Operation("listThings"); op != d.Operations[1] {
		t.Errorf("Operation finds %v", op)
	}
	if op := d.Operation("showthing"); op != nil {
		t.Errorf("Operation finds %v", op)
	}
}

// TestEvidenceOfTheRoot holds that the root's evidence reaches what has none of its own, and that a component takes
// that of the node that refers to it first.
func TestEvidenceOfTheRoot(t *testing.T) {
	d := load(t, "root.yaml", `openapi: 3.0.3
info: {title: Root, version: '1'}
x-evidence: {grade: inferred, source: root}
paths:
  /things:
    get:
      operationId: listThings
      responses: {'200': {$ref: '#/components/responses/Done'}}
    put:
      operationId: putThing
      x-evidence: {grade: documented, source: page}
      responses: {'200': {$ref: '#/components/responses/Done'}}
components:
  responses:
    Done: {description: Done.}
`)
	root, page := Evidence{Inferred, []string{"root"}}, Evidence{Documented, []string{"page"}}
	for _, test := range []struct {
		name      string
		want, got Evidence
	}{
		{"the document", root, d.Evidence("", Evidence{})},
		{"an operation without its own", root, d.Operation("listThings").Evidence},
		{"a component that it refers to", root, d.Operation("listThings").Responses[0].Evidence},
		{"an operation with its own", page, d.Operation("putThing").Evidence},
		{"a component that this one refers to", page, d.Operation("putThing").Responses[0].Evidence},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestResponse(t *testing.T) {
	d := load(t, "small.yaml", small)
	tests := []struct {
		operation string
		status    int
		want      string
	}{
		{"showThing", 200, "200"}, {"showThing", 404, "404"},
		{"showThing", 500, "5XX"}, {"showThing", 599, "5XX"},
		{"showThing", 201, "default"}, {"showThing", 418, "default"},
		{"listThings", 200, "200"}, {"listThings", 201, "none"}, {"listThings", 500, "none"},
	}
	for _, test := range tests {
		got := "none"
		if r := d.Operation(test.operation).Response(test.status); r != nil {
			got = r.Status
		}
		if got != test.want {
			t.Errorf("%s %d: got %s, want %s", test.operation, test.status, got, test.want)
		}
	}
}

// TestResponsePrecedence holds that the exact status wins over its range, and the range over the default, in whatever
// order and case they are written.
func TestResponsePrecedence(t *testing.T) {
	op := Operation{Responses: []*Response{{Status: "default"}, {Status: "4xx"}, {Status: "404"}}}
	for status, want := range map[int]string{404: "404", 403: "4xx", 500: "default"} {
		if got := op.Response(status).Status; got != want {
			t.Errorf("%d: got %s, want %s", status, got, want)
		}
	}
}

func TestCodes(t *testing.T) {
	op := load(t, "small.yaml", small).Operation("showThing")
	tests := []struct {
		fault    Fault
		statuses []string
		code     string
	}{
		{NoPermission, []string{"403"}, "403 T.1 Not allowed."}, // named by two codes of one status
		{OtherAccount, []string{"403", "404"}, "403 T.2 Not yours: %(thing)s."},
		{Throttled, []string{}, "none"},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.statuses, op.Statuses(test.fault)); diff != "" {
			t.Errorf("statuses of %s (-want +got):\n%s", test.fault, diff)
		}
		got := "none"
		if status, code, ok := op.Code(test.fault); ok {
			got = fmt.Sprint(status, " ", code.Code, " ", code.Message)
		}
		if got != test.code {
			t.Errorf("code of %s: got %s, want %s", test.fault, got, test.code)
		}
	}
	want := &ErrorCodes{
		At: "/code", Line: lineOf(t, small, "          x-error-codes:\n            at: /code"),
		Codes: []ErrorCode{
			{"T.1", "Not allowed.", []Fault{NoPermission}},
			{"T.2", "Not yours: %(thing)s.", []Fault{OtherAccount, NoPermission}},
		},
	}
	if diff := cmp.Diff(want, op.Response(403).Codes); diff != "" {
		t.Errorf("codes of 403 (-want +got):\n%s", diff)
	}
	if codes := op.Response(404).Codes; codes == nil || codes.Codes[0].Code != "T.3" {
		t.Errorf("codes of a response that stands in components: got %v", codes)
	}
	if codes := op.Response(200).Codes; codes != nil {
		t.Errorf("codes of 200: got %v, want none", codes)
	}
}

func TestAuthorization(t *testing.T) {
	d := load(t, "small.yaml", small)
	want := &Authorization{
		Action: "things:get", DefaultAllow: false, IAMProject: true, EnterpriseProject: false,
		Evidence: Evidence{Recorded, []string{"manual/actions"}}, Line: lineOf(t, small, "x-authorization:"),
	}
	if diff := cmp.Diff(want, d.Operation("showThing").Authorization); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if a := d.Operation("listThings").Authorization; a != nil {
		t.Errorf("listThings: got %v, want none", a)
	}
}

func TestRules(t *testing.T) {
	d := load(t, "apis/small.yaml", small)
	want := []*Rule{
		{
			ID: "small/only-200-succeeds", Says: "Only 200 is a success.", Evidence: Evidence{Documented, []string{"manual/status"}},
			Expr: "response.status == 200 || response.status >= 400", Scope: ScopeDocument,
			Holder: "", Pointer: "/x-rules/0", Line: lineOf(t, small, "- id: only-200-succeeds"),
		},
		{
			ID: "showThing/no-permission", Says: "Who lacks the action is answered 403.", Evidence: Evidence{Inferred, []string{"manual/actions", "us"}},
			Probe: "no-permission", Scope: ScopeOperation,
			Holder: showThing, Pointer: showThing + "/x-rules/0", Line: lineOf(t, small, "- id: no-permission"),
		},
		{
			ID: "small/positive", Says: "The size is positive.", Evidence: Evidence{Documented, []string{"manual/size"}},
			Expr: "self.size > 0", Scope: ScopeSchema,
			Holder: thing, Pointer: thing + "/x-rules/0", Line: lineOf(t, small, "- id: positive"),
		},
	}
	if diff := cmp.Diff(want, d.Rules); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	for _, r := range want {
		if diff := cmp.Diff([]*Rule{r}, d.RulesOf(r.Holder)); diff != "" {
			t.Errorf("rules of %q (-want +got):\n%s", r.Holder, diff)
		}
	}
	if diff := cmp.Diff([]*Rule{}, d.RulesOf("/paths")); diff != "" {
		t.Errorf("rules of a node without (-want +got):\n%s", diff)
	}
}

// However a component is reached, it is one schema with one pointer.
func TestSchemaPointer(t *testing.T) {
	d := load(t, "small.yaml", small)
	body := func(operation string) *openapi3.Schema {
		return d.Operation(operation).Response(200).Spec.Content["application/json"].Schema.Value
	}
	components := d.T.Components.Schemas
	tests := []struct {
		name   string
		schema *openapi3.Schema
		want   string
	}{
		{"the component", components["Thing"].Value, thing},
		{"a component that is a reference", components["Another"].Value, thing},
		{"by a response", body("showThing"), thing},
		{"by the items of a list", body("listThings").Items.Value, thing},
		{"by a property, in a circle", components["Part"].Value.Properties["of"].Value, thing},
		{"a property", components["Thing"].Value.Properties["size"].Value, thing + "/properties/size"},
		{"a property of the reference", components["Another"].Value.Properties["size"].Value, thing + "/properties/size"},
		{"items of a property", components["Thing"].Value.Properties["parts"].Value.Items.Value, "/components/schemas/Part"},
		{"inline", body("listThings"), "/paths/~1things/get/responses/200/content/application~1json/schema"},
		{"of a parameter", d.Operation("showThing").Parameters[1].Schema.Value, showThing + "/parameters/0/schema"},
		{"of a parameter in components", d.Operation("showThing").Parameters[2].Schema.Value, "/components/parameters/Language/schema"},
		{"of nobody", &openapi3.Schema{}, ""},
	}
	for _, test := range tests {
		if got := d.SchemaPointer(test.schema); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// A document that never heard of our extensions is as good as ours.
func TestWithoutExtensions(t *testing.T) {
	const plain = "openapi: 3.0.0\ninfo: {title: Plain, version: '1'}\npaths:\n  /a:\n    get:\n      responses: {'200': {description: Good.}}\n"
	d := load(t, "plain.yaml", plain)
	if d.Rules == nil || len(d.Rules) != 0 {
		t.Errorf("rules: got %#v, want an empty list", d.Rules)
	}
	if len(d.Operations) != 1 {
		t.Fatalf("operations: got %d, want 1", len(d.Operations))
	}
	op := d.Operations[0]
	if op.Authorization != nil || op.Responses[0].Codes != nil || op.Parameters == nil {
		t.Errorf("got authorization %v, codes %v, parameters %#v", op.Authorization, op.Responses[0].Codes, op.Parameters)
	}
	if diff := cmp.Diff(Evidence{Documented, []string{"plain.yaml"}}, op.Responses[0].Evidence); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	d = load(t, "plain.yaml", strings.Split(plain, "paths:")[0]+"paths: {}\n")
	if d.Operations == nil || len(d.Operations) != 0 {
		t.Errorf("operations of a document without paths: got %#v, want an empty list", d.Operations)
	}
}

func TestGrades(t *testing.T) {
	ladder := []string{"documented", "recorded", "inferred", "undocumented"}
	for i, name := range ladder {
		g, err := ParseGrade(name)
		if err != nil || int(g) != i || g.String() != name {
			t.Errorf("%s: got %d, %v, printed %s", name, g, err, g)
		}
	}
	for _, name := range []string{"", "Documented", "documented ", "sure", "0"} {
		_, err := ParseGrade(name)
		want := fmt.Sprintf("unknown grade %q: it is one of %s", name, strings.Join(ladder, ", "))
		if err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", name, err, want)
		}
	}
}

func TestWeaker(t *testing.T) {
	documented, recorded, inferred := Evidence{Documented, []string{"d"}}, Evidence{Recorded, []string{"r"}}, Evidence{Inferred, []string{"i"}}
	tests := []struct{ a, b, want Evidence }{
		{documented, inferred, inferred}, {inferred, documented, inferred},
		{recorded, inferred, inferred}, {recorded, documented, recorded},
		{documented, Evidence{Documented, []string{"other"}}, documented}, // as sure: the first
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, Weaker(test.a, test.b)); diff != "" {
			t.Errorf("Weaker(%v, %v) (-want +got):\n%s", test.a, test.b, diff)
		}
	}
}

func TestSource(t *testing.T) {
	if diff := cmp.Diff([]string{"iam", "ims"}, Names()); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	for _, name := range Names() {
		data, err := Source(name)
		if err != nil || !strings.HasPrefix(string(data), "# How to read this file") {
			t.Errorf("%s: got %.30q, %v", name, data, err)
		}
		if d := embedded(t, name); d.Name != name || d.File != "openapi/"+name+".yaml" {
			t.Errorf("%s: got name %s, file %s", name, d.Name, d.File)
		}
	}
	for _, name := range []string{"", "IAM", "iam.yaml", "../go.mod"} {
		_, err := Embedded(name)
		if want := fmt.Sprintf("no document %q: there are iam and ims", name); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
