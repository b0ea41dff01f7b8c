package spec

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	showThing = "/paths/~1things~1{thing_id}/get"
	thing     = "/components/schemas/Thing"
)

// TestEvidence checks which x-evidence applies to a node.
func TestEvidence(t *testing.T) {
	d := readSmall(t)
	inherited := Evidence{Inferred, []string{"above"}}
	tests := []struct {
		name, pointer string
		want          Evidence
	}{
		{name: "its own", pointer: showThing, want: Evidence{Documented, []string{"manual/title", "manual/uri"}}},
		{
			name: "of the node above", pointer: showThing + "/operationId",
			want: Evidence{Documented, []string{"manual/title", "manual/uri"}},
		},
		{
			name: "of the nearest of two above", pointer: showThing + "/responses/403/description",
			want: Evidence{Recorded, []string{"wild"}},
		},
		{
			name: "of a response without its own", pointer: showThing + "/responses/200/content",
			want: Evidence{Documented, []string{"manual/title", "manual/uri"}},
		},
		{
			name: "a component, below one that has it", pointer: "/components/schemas/Part/properties/of",
			want: Evidence{Inferred, []string{"us"}},
		},
		{name: "none above", pointer: thing + "/properties/size", want: inherited},
		{name: "not of the neighbour", pointer: "/paths/~1things/get", want: inherited},
		{name: "the document", pointer: "", want: inherited},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, d.Evidence(d.Root.At(test.pointer), inherited)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestOperations(t *testing.T) {
	d := readSmall(t)
	type operation struct {
		ID, Method, Path, Pointer string
		Parameters, Responses     []string
		Evidence                  string
	}
	got := []operation{}
	for _, op := range d.Operations {
		o := operation{op.ID, op.Method, op.Path, op.Pointer, []string{}, []string{}, fmt.Sprint(op.Evidence)}
		for _, p := range op.Parameters {
			o.Parameters = append(o.Parameters, fmt.Sprint(p.In, " ", p.Name, " ", p.Schema.Types, " ", p.Node.Pointer()))
		}
		for _, r := range op.Responses {
			o.Responses = append(o.Responses, fmt.Sprint(r.Status, " ", r.Evidence, " ", r.Node.Pointer()))
		}
		got = append(got, o)
	}
	want := []operation{
		{
			ID: "showThing", Method: "GET", Path: "/things/{thing_id}", Pointer: showThing,
			Parameters: []string{
				"path thing_id [string] /paths/~1things~1{thing_id}/parameters/0",
				"query trace [boolean] " + showThing + "/parameters/0", // it replaces the string parameter of the path
				"header X-Language [string] /components/parameters/Language",
			},
			Responses: []string{
				"200 {documented [manual/title manual/uri]} " + showThing + "/responses/200",
				"403 {recorded [wild]} " + showThing + "/responses/403",
				"404 {inferred [us]} /components/responses/Missing",
				"5XX {documented [manual/title manual/uri]} " + showThing + "/responses/5XX",
				"default {documented [manual/title manual/uri]} " + showThing + "/responses/default",
			},
			Evidence: "{documented [manual/title manual/uri]}",
		},
		{
			ID: "listThings", Method: "GET", Path: "/things", Pointer: "/paths/~1things/get",
			Parameters: []string{}, Responses: []string{"200 {documented [small.yaml]} " +
				"/paths/~1things/get/responses/200"}, Evidence: "{documented [small.yaml]}",
		},
		{
			ID: "POST /things", Method: "POST", Path: "/things", Pointer: "/paths/~1things/post",
			Parameters: []string{}, Responses: []string{"201 {documented [small.yaml]} " +
				"/paths/~1things/post/responses/201"}, Evidence: "{documented [small.yaml]}",
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

// TestEvidenceOfTheRoot checks that nodes without evidence inherit that of the root, and that a component first inherits from
// the node that refers to it.
func TestEvidenceOfTheRoot(t *testing.T) {
	d := readText(t, `openapi: 3.0.3
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
		{name: "the document", want: root, got: d.Evidence(d.Root, Evidence{})},
		{name: "an operation without its own", want: root, got: d.Operation("listThings").Evidence},
		{name: "a component that it refers to", want: root, got: d.Operation("listThings").Responses[0].Evidence},
		{name: "an operation with its own", want: page, got: d.Operation("putThing").Evidence},
		{name: "a component that this one refers to", want: page, got: d.Operation("putThing").Responses[0].Evidence},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestResponse(t *testing.T) {
	d := readSmall(t)
	tests := []struct {
		operation string
		status    int
		want      string
	}{
		{operation: "showThing", status: 200, want: "200"}, {operation: "showThing", status: 404, want: "404"},
		{operation: "showThing", status: 500, want: "5XX"}, {operation: "showThing", status: 599, want: "5XX"},
		{operation: "showThing", status: 201, want: "default"}, {operation: "showThing", status: 418, want: "default"},
		{operation: "listThings", status: 200, want: "200"}, {operation: "listThings", status: 201, want: "none"},
		{operation: "listThings", status: 500, want: "none"},
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

// TestResponsePrecedence checks that the exact status precedes its range, and the range the default, in any order and case.
func TestResponsePrecedence(t *testing.T) {
	op := Operation{Responses: []*Response{{Status: "default"}, {Status: "4xx"}, {Status: "404"}}}
	for status, want := range map[int]string{404: "404", 403: "4xx", 500: "default"} {
		if got := op.Response(status).Status; got != want {
			t.Errorf("%d: got %s, want %s", status, got, want)
		}
	}
}

func TestCodes(t *testing.T) {
	d := readSmall(t)
	op := d.Operation("showThing")
	tests := []struct {
		cause    Probe
		statuses []string
		code     string
	}{
		{cause: NoPermission, statuses: []string{"403"}, code: "403 T.1 Not allowed."}, // a cause of two codes with one status
		{cause: OtherAccount, statuses: []string{"403", "404"}, code: "403 T.2 Not yours: %(thing)s."},
		{cause: Throttled, statuses: []string{}, code: "none"},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.statuses, op.Statuses(test.cause)); diff != "" {
			t.Errorf("statuses of %s (-want +got):\n%s", test.cause, diff)
		}
		got := "none"
		if status, code, ok := op.Code(test.cause); ok {
			got = fmt.Sprint(status, " ", code.Code, " ", code.Message)
		}
		if got != test.code {
			t.Errorf("code of %s: got %s, want %s", test.cause, got, test.code)
		}
	}
	codes := op.Response(403).Codes
	want := &ErrorCodes{
		At: "/code", Node: d.Root.At(showThing + "/responses/403/x-error-codes"),
		Codes: []ErrorCode{
			{Code: "T.1", Message: "Not allowed.", When: []Probe{NoPermission}},
			{Code: "T.2", Message: "Not yours: %(thing)s.", When: []Probe{OtherAccount, NoPermission}},
		},
	}
	if diff := cmp.Diff(want, codes, sameNode); diff != "" {
		t.Errorf("codes of 403 (-want +got):\n%s", diff)
	}
	if codes := op.Response(404).Codes; codes == nil || codes.Codes[0].Code != "T.3" {
		t.Errorf("codes of a response in components: got %v", codes)
	}
	if codes := op.Response(200).Codes; codes != nil {
		t.Errorf("codes of 200: got %v, want none", codes)
	}
}

func TestAuthorization(t *testing.T) {
	d := readSmall(t)
	want := &Authorization{
		Action: "things:get", DefaultAllow: false, IAMProject: true, EnterpriseProject: false,
		Evidence: Evidence{Recorded, []string{"manual/actions"}},
	}
	if diff := cmp.Diff(want, d.Operation("showThing").Authorization, sameNode); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if a := d.Operation("listThings").Authorization; a != nil {
		t.Errorf("listThings: got %v, want none", a)
	}
}

func TestRules(t *testing.T) {
	d := readSmall(t)
	want := []*Rule{
		{
			ID: "small/only-200-succeeds", Says: "Only 200 is a success.", Evidence: Evidence{Documented, []string{"manual/status"}},
			Expr: "response.status == 200 || response.status >= 400", Scope: ScopeDocument,
			Holder: d.Root, Node: d.Root.At("/x-rules/0"),
		},
		{
			ID: "showThing/no-permission", Says: "A caller without the permission gets 403.",
			Evidence: Evidence{Inferred, []string{"manual/actions", "us"}},
			Probe:    "no-permission", Scope: ScopeOperation,
			Holder: d.Root.At(showThing), Node: d.Root.At(showThing + "/x-rules/0"),
		},
		{
			ID: "small/positive", Says: "The size is positive.", Evidence: Evidence{Documented, []string{"manual/size"}},
			Expr: "self.size > 0", Scope: ScopeSchema,
			Holder: d.Root.At(thing), Node: d.Root.At(thing + "/x-rules/0"),
		},
	}
	if diff := cmp.Diff(want, d.Rules, sameNode); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	for _, r := range want {
		if r.Node == nil || r.Holder == nil {
			t.Fatalf("%s: no such node", r.ID)
		}
	}
	for _, test := range []struct {
		holder    string
		got, want []*Rule
	}{
		{holder: "showThing", got: d.Operation("showThing").Rules, want: d.Rules[1:2]},
		{holder: "listThings", got: d.Operation("listThings").Rules, want: nil},
		{holder: "Thing", got: d.Schema(d.Root.At(thing)).Rules, want: d.Rules[2:]},
	} {
		if !slices.Equal(test.got, test.want) {
			t.Errorf("rules of %s: got %v, want %v", test.holder, test.got, test.want)
		}
	}
}

// sameNode compares nodes by identity.
var sameNode = cmp.Comparer(func(a, b *Node) bool { return a == b })

// TestSchemaIdentity checks that all references to a component give the same Schema.
func TestSchemaIdentity(t *testing.T) {
	d := readSmall(t)
	body := func(operation string) *Schema { return d.Operation(operation).Response(200).Content[0].Schema }
	component := func(name string) *Schema { return d.Schema(d.Root.At("/components/schemas/" + name)) }
	property := func(s *Schema, name string) *Schema {
		at := slices.IndexFunc(s.Properties, func(p Property) bool { return p.Name == name })
		return s.Properties[at].Schema
	}
	for _, test := range []struct {
		name   string
		schema *Schema
		want   string
	}{
		{name: "the component", schema: component("Thing"), want: thing},
		{name: "a component that is a reference", schema: component("Another"), want: thing},
		{name: "by a response", schema: body("showThing"), want: thing},
		{name: "by the items of a list", schema: body("listThings").Items, want: thing},
		{name: "by a property, in a circle", schema: property(component("Part"), "of"), want: thing},
		{name: "a property", schema: property(component("Thing"), "size"), want: thing + "/properties/size"},
		{name: "items of a property", schema: property(component("Thing"), "parts").Items, want: "/components/schemas/Part"},
		{
			name: "inline", schema: body("listThings"),
			want: "/paths/~1things/get/responses/200/content/application~1json/schema",
		},
		{
			name: "of a parameter", schema: d.Operation("showThing").Parameters[1].Schema,
			want: showThing + "/parameters/0/schema",
		},
		{
			name: "of a parameter in components", schema: d.Operation("showThing").Parameters[2].Schema,
			want: "/components/parameters/Language/schema",
		},
	} {
		if test.schema != d.Schema(d.Root.At(test.want)) || test.schema.Node != d.Root.At(test.want) {
			t.Errorf("%s: got the schema of %q, want that of %q", test.name, test.schema.Node.Pointer(), test.want)
		}
	}
	if s := d.Schema(d.Root.At("/info")); s != nil {
		t.Errorf("a node that is not a schema: got the schema of %q", s.Node.Pointer())
	}
}

// TestLoad checks the name of a document from disk, and the error of a missing file.
func TestLoad(t *testing.T) {
	file := filepath.Join(t.TempDir(), "things.yaml")
	if _, err := Load(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
	if err := os.WriteFile(file, []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if d.Name != "things" || d.File != file || d.Rules[0].ID != "things/only-200-succeeds" {
		t.Errorf("got name %s, file %s, first rule %s", d.Name, d.File, d.Rules[0].ID)
	}
}

// TestWithoutExtensions reads a document without our extensions.
func TestWithoutExtensions(t *testing.T) {
	const plain = "openapi: 3.0.0\ninfo: {title: Plain, version: '1'}\npaths:\n  /a:\n    get:\n      responses: {'200': " +
		"{description: Good.}}\n"
	d := readText(t, plain)
	if len(d.Rules)+len(d.Sources) != 0 {
		t.Errorf("got the rules %v and the sources %v, want none", d.Rules, d.Sources)
	}
	if len(d.Operations) != 1 {
		t.Fatalf("operations: got %d, want 1", len(d.Operations))
	}
	op := d.Operations[0]
	if op.Authorization != nil || op.Responses[0].Codes != nil || len(op.Parameters) != 0 {
		t.Errorf("got authorization %v, codes %v, parameters %#v", op.Authorization, op.Responses[0].Codes, op.Parameters)
	}
	if diff := cmp.Diff(Evidence{Documented, []string{"d.yaml"}}, op.Responses[0].Evidence); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	d = readText(t, strings.Split(plain, "paths:")[0]+"paths: {}\n")
	if len(d.Operations) != 0 {
		t.Errorf("operations of a document without paths: got %v", d.Operations)
	}
}

func TestGrades(t *testing.T) {
	names := []string{"documented", "recorded", "inferred", "undocumented"}
	for i, name := range names {
		g, err := ParseGrade(name)
		if err != nil || int(g) != i || g.String() != name {
			t.Errorf("%s: got %d, %v, printed %s", name, g, err, g)
		}
	}
	for _, name := range []string{"", "Documented", "documented ", "sure", "0"} {
		_, err := ParseGrade(name)
		want := fmt.Sprintf("unknown grade %q: it is one of %s", name, strings.Join(names, ", "))
		if err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", name, err, want)
		}
	}
}

func TestWeaker(t *testing.T) {
	documented, recorded, inferred := Evidence{Documented, []string{"d"}}, Evidence{Recorded, []string{"r"}}, Evidence{Inferred, []string{"i"}}
	tests := []struct{ a, b, want Evidence }{
		{a: documented, b: inferred, want: inferred}, {a: inferred, b: documented, want: inferred},
		{a: recorded, b: inferred, want: inferred}, {a: recorded, b: documented, want: recorded},
		{a: documented, b: Evidence{Documented, []string{"other"}}, want: documented}, // of the same grade: the first
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, Weaker(test.a, test.b)); diff != "" {
			t.Errorf("Weaker(%v, %v) (-want +got):\n%s", test.a, test.b, diff)
		}
	}
}
