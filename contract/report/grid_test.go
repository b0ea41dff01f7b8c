package report_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestGrid checks the state of each cell: a promise at a status that was observed or not, or about which it says nothing.
func TestGrid(t *testing.T) {
	redirect := func(r *report.Report) contract.Finding {
		return parcelFinding(r.Documents[0], "parcels/no-redirect", spec.Recorded, "/response", "/x-rules/0", "", "")
	}
	loose := greenReport(t)
	loose.AddJudged(report.Check{ID: "GET /elsewhere", Suite: report.Traffic, HTTP: 302},
		contract.Result{Judged: true, Findings: []contract.Finding{
			redirect(loose),
		}})
	consumer := greenReport(t)
	consumer.AddJudged(report.Check{ID: "showParcel/GET 400", Suite: report.Traffic, HTTP: 400},
		contract.Result{Judged: true, Operation: "showParcel", Findings: []contract.Finding{
			{ID: "parameter/enum", Pointer: "/request/query/unit"},
		}})
	undeclared := greenReport(t)
	undeclared.AddJudged(report.Check{ID: "showParcel/GET 302", Suite: report.Traffic, HTTP: 302},
		contract.Result{Judged: true, Operation: "showParcel", Findings: []contract.Finding{
			redirect(undeclared),
		}})
	const notObserved = `DELETE /parcels: 204 default
  as declared: not-observed not-observed
  parcels/no-redirect: not-observed not-observed
`
	for _, test := range []struct {
		name string
		r    *report.Report
		want string
	}{
		{name: "empty", r: emptyReport(t)},
		{name: "green: the response to another method is in a column of its range", r: greenReport(t), want: `showParcel: 200 4XX
  as declared: kept kept
  showParcel/own-parcel: kept says-nothing
  showParcel/repeatable: not-observed says-nothing
  parcels/no-redirect: kept kept
  parcels/weight: kept says-nothing
` + notObserved},
		{name: "red: one broken exchange is enough", r: redReport(t), want: `showParcel: 200 4XX
  as declared: broken kept
  showParcel/own-parcel: broken says-nothing
  showParcel/repeatable: not-observed says-nothing
  parcels/no-redirect: kept kept
  parcels/weight: warned says-nothing
` + notObserved},
		{name: "an exchange of no operation", r: loose, want: `showParcel: 200 4XX
  as declared: kept kept
  showParcel/own-parcel: kept says-nothing
  showParcel/repeatable: not-observed says-nothing
  parcels/no-redirect: kept kept
  parcels/weight: kept says-nothing
` + notObserved + `of no operation: 302*
  parcels/no-redirect: broken
`},
		{name: "a status that the document does not list", r: undeclared, want: `showParcel: 200 4XX 302*
  as declared: kept kept says-nothing
  showParcel/own-parcel: kept says-nothing says-nothing
  showParcel/repeatable: not-observed says-nothing says-nothing
  parcels/no-redirect: kept kept broken
  parcels/weight: kept says-nothing says-nothing
` + notObserved},
		{name: "what the consumer did wrong", r: consumer, want: `showParcel: 200 4XX
  as declared: kept kept
  showParcel/own-parcel: kept says-nothing
  showParcel/repeatable: not-observed says-nothing
  parcels/no-redirect: kept kept
  parcels/weight: kept says-nothing
` + notObserved},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.r.GridText()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestGridOfTheOtherSide checks that the grid shows promises of the provider alike, whoever is judged: a wrong response is only
// warned, not broken, if the consumer is judged, and a wrong request changes no cell.
func TestGridOfTheOtherSide(t *testing.T) {
	gridFor := func(side contract.Side, findings ...contract.Finding) string {
		doc := parcels(t)
		r := &report.Report{Documents: []*spec.Document{doc}, Side: side, FailOn: spec.Recorded}
		for status, passed := range map[int]string{200: "parcels/no-redirect", 404: "parcels/weight"} {
			check := report.Check{ID: "showParcel/traffic", Suite: report.Traffic, HTTP: status}
			result := contract.Result{Judged: true, Operation: "showParcel"}
			if status == 200 {
				result.Findings = findings
			}
			judged(r, check, result, rules(doc, passed), nil)
		}
		return r.GridText()
	}
	response := contract.Finding{ID: "schema/type", Pointer: "/response/body"}
	request := contract.Finding{ID: "parameter/enum", Pointer: "/request/query/unit"}
	broken := gridFor(contract.Provider, response)
	if got, want := gridFor(contract.Consumer, response), strings.ReplaceAll(broken, "broken", "warned"); got != want {
		t.Errorf("a wrong response (-want +got):\n%s", cmp.Diff(want, got))
	}
	if got, want := gridFor(contract.Consumer, request), gridFor(contract.Consumer); got != want {
		t.Errorf("a wrong request (-want +got):\n%s", cmp.Diff(want, got))
	}
}

// TestGridRepeat checks that a promise about repeated requests is open at each declared success, ranges included, and
// silent at other statuses.
func TestGridRepeat(t *testing.T) {
	r := &report.Report{FailOn: spec.Recorded, Documents: []*spec.Document{document(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      x-rules:
        - {id: repeatable, says: Asking again changes nothing., grade: inferred, source: authors, probe: repeat}
      responses:
        '200': {description: Things.}
        '202': {description: Things will come.}
        2XX: {description: Things of another kind.}
        '301': {description: Elsewhere.}
        '404': {description: None.}
        default: {description: Anything else.}
`)}}
	want := `listThings: 200 202 2XX 301 404 default
  as declared: not-observed not-observed not-observed not-observed not-observed not-observed
  listThings/repeatable: not-observed not-observed not-observed says-nothing says-nothing says-nothing
`
	if diff := cmp.Diff(want, r.GridText()); diff != "" {
		t.Error(diff)
	}
}

// TestGridOfTheLongestName checks that a check without an operation is shown with the operation whose whole id begins its
// own. Another one may share the beginning.
func TestGridOfTheLongestName(t *testing.T) {
	const things = `
  /things:
    get: {responses: {'200': {description: Things.}}}`
	const thing = `
  /things/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: A thing.}}`
	for _, test := range []struct{ name, id, operation, want string }{
		{name: "the shorter", id: "GET /things/plain", want: "GET /things"},
		{name: "the longer", id: "GET /things/{id}/plain", want: "GET /things/{id}"},
		{name: "the name of none", id: "GET /things-to-do", want: "of no operation"},
		{name: "not at the beginning", id: "traffic/GET /things/plain", want: "of no operation"},
		{name: "what the check says goes before its name", id: "GET /things/{id}/plain", operation: "GET /things", want: "GET /things"},
		{name: "an operation of no document", id: "GET /elsewhere/plain", operation: "GET /elsewhere", want: "of no operation"},
	} {
		for order, paths := range map[string]string{"the shorter first": things + thing, "the longer first": thing + things} {
			t.Run(test.name+"/"+order, func(t *testing.T) {
				doc := document(t, "things.yaml", "openapi: 3.0.3\ninfo: {title: Things, version: '1'}\npaths:"+paths+"\n")
				r := &report.Report{FailOn: spec.Recorded, Documents: []*spec.Document{doc}}
				closed := finding("schema/type", spec.Documented, "type array", "none")
				r.AddJudged(report.Check{ID: test.id, Suite: report.Probes, HTTP: 200},
					contract.Result{Judged: true, Operation: test.operation, Findings: []contract.Finding{closed}})
				got := []string{}
				for _, grid := range regexp.MustCompile(`(?m)^(\S.*): 200\*?\n  as declared: broken$`).FindAllStringSubmatch(r.GridText(), -1) {
					got = append(got, grid[1])
				}
				if diff := cmp.Diff([]string{test.want}, got); diff != "" {
					t.Errorf("in the grids (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestGridSchemas checks that a promise of a schema has a row at each operation with the schema in a message. It is open
// only at statuses whose bodies contain the schema. If a request body contains it, it is open at all of them.
func TestGridSchemas(t *testing.T) {
	const components = `components:
  schemas:
    Thing: {type: object, x-rules: [{id: size, says: It has a size., grade: inferred, source: authors, rule: 'true'}]}
    List: {type: array, items: {$ref: '#/components/schemas/Thing'}}
    Map: {type: object, additionalProperties: {$ref: '#/components/schemas/Thing'}}
    Member: {type: object, properties: {other: {type: string}, thing: {$ref: '#/components/schemas/Thing'}}}
    All: {allOf: [{type: object}, {$ref: '#/components/schemas/Thing'}]}
    Any: {anyOf: [{type: string}, {$ref: '#/components/schemas/Thing'}]}
    One: {oneOf: [{type: string}, {$ref: '#/components/schemas/Thing'}]}
    Tree: {type: object, properties: {tree: {$ref: '#/components/schemas/Tree'}}}
    Plain: {type: string}
`
	const inResponse = "\n  things/size: not-observed says-nothing"
	for _, test := range []struct{ schema, want string }{
		{schema: "Thing", want: inResponse},
		{schema: "List", want: inResponse},
		{schema: "Map", want: inResponse},
		{schema: "Member", want: inResponse},
		{schema: "All", want: inResponse},
		{schema: "Any", want: inResponse},
		{schema: "One", want: inResponse},
		{schema: "Tree"},
		{schema: "Plain"},
	} {
		t.Run(test.schema, func(t *testing.T) {
			for _, place := range []struct{ name, operation, want string }{
				{name: "response", operation: `{operationId: setThing, responses: {'200': {description: It is., content: {application/json: ` +
					`{schema: {$ref: '#/components/schemas/` +
					test.schema + `'}}}}, '404': {description: None.}}}`, want: test.want},
				{name: "request", operation: `{operationId: setThing, requestBody: {content: {application/json: {schema: {$ref: ` +
					`'#/components/schemas/` +
					test.schema + `'}}}}, responses: {'200': {description: It is.}, '404': {description: None.}}}`,
					want: strings.ReplaceAll(test.want, "says-nothing", "not-observed")},
				{name: "last response beside a plain request",
					operation: `{operationId: setThing, requestBody: {content: {application/json: {schema: {type: string}}}}, responses: {'200': ` +
						`{description: It is.}, '404': {description: None., content: {application/json: {schema: {$ref: '#/components/schemas/` +
						test.schema + `'}}}}}}`, want: strings.Replace(test.want, "not-observed says-nothing", "says-nothing not-observed", 1)},
			} {
				t.Run(place.name, func(t *testing.T) {
					r := &report.Report{Documents: []*spec.Document{document(t, "things.yaml",
						"openapi: 3.0.3\ninfo: {title: Things, version: '1'}\npaths:\n  /thing:\n    put: "+place.operation+"\n"+components)}}
					want := "setThing: 200 404\n  as declared: not-observed not-observed" + place.want + "\n"
					if diff := cmp.Diff(want, r.GridText()); diff != "" {
						t.Error(diff)
					}
				})
			}
		})
	}
}

// TestGridSchemas31 checks the same for the keywords that only OpenAPI 3.1 has.
func TestGridSchemas31(t *testing.T) {
	const thing = "{$ref: '#/components/schemas/Thing'}"
	for _, schema := range []string{
		"{$ref: '#/components/schemas/Thing', description: A thing.}", "{if: {type: object}, then: " + thing + "}",
		"{prefixItems: [" + thing + "]}",
		"{contains: " + thing + "}", "{patternProperties: {x: " + thing + "}}", "{dependentSchemas: {x: " + thing + "}}",
		"{unevaluatedProperties: " + thing + "}",
	} {
		r := &report.Report{Documents: []*spec.Document{document(t, "things.yaml", `openapi: 3.1.0
info: {title: Things, version: '1'}
paths:
  /thing: {get: {operationId: showThing, responses: {'200': {description: It is., content: {application/json: {schema: `+schema+`}}}}}}
components:
  schemas:
    Thing: {type: object, x-rules: [{id: size, says: It has a size., grade: inferred, source: authors, rule: 'true'}]}
`)}}
		want := "showThing: 200\n  as declared: not-observed\n  things/size: not-observed\n"
		if diff := cmp.Diff(want, r.GridText()); diff != "" {
			t.Errorf("%s:\n%s", schema, diff)
		}
	}
}

// TestGridOpenOrSilent tests the cells of a promise that was kept at one status. At another status it says nothing if a
// response there was right, and stays open if all of them were wrong.
func TestGridOpenOrSilent(t *testing.T) {
	doc := document(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      x-rules: [{id: order, says: They have an order., grade: recorded, source: authors, rule: 'true'}]
      responses: {'200': {description: Things.}, '202': {description: Things will come.}}
`)
	unordered := contract.Finding{ID: "schema/type", Pointer: "/response/body"}
	for _, test := range []struct {
		name     string
		accepted [][]contract.Finding // what each answer with 202 broke
		want     string
	}{
		{name: "none", want: "kept not-observed"},
		{name: "one in good form", accepted: [][]contract.Finding{nil}, want: "kept says-nothing"},
		{name: "one broken", accepted: [][]contract.Finding{{unordered}}, want: "kept not-observed"},
		{name: "one of two broken", accepted: [][]contract.Finding{{unordered}, nil}, want: "kept says-nothing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{FailOn: spec.Recorded, Documents: []*spec.Document{doc}}
			judged(r, report.Check{ID: "listThings/plain", HTTP: 200}, contract.Result{Judged: true, Operation: "listThings"}, doc.Rules, nil)
			for _, findings := range test.accepted {
				r.AddJudged(report.Check{ID: "listThings/plain", HTTP: 202}, contract.Result{Judged: true, Operation: "listThings", Findings: findings})
			}
			if _, row, _ := strings.Cut(r.GridText(), "listThings/order: "); row != test.want+"\n" {
				t.Errorf("got %s, want %s", row, test.want)
			}
		})
	}
}

// TestGridProbes checks that a promise about a wrong request is open at the statuses whose error codes name the cause, or
// at each 4XX if none does.
func TestGridProbes(t *testing.T) {
	r := &report.Report{Documents: []*spec.Document{document(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: '1'}
x-rules: [{id: locked, says: A request without credentials is refused., grade: inferred, source: authors, probe: no-credentials}]
paths:
  /things:
    get:
      operationId: listThings
      responses:
        '200': {description: Things.}
        '400': {description: Wrong.}
        '401': {description: Nobody., x-error-codes: {at: /code, codes: [{code: T.1, message: Nobody., when: no-credentials}]}}
        '500': {description: It failed.}
    post:
      operationId: addThing
      responses:
        '204': {description: Added.}
        '304': {description: There already.}
        '400': {description: Wrong.}
        4XX: {description: Refused.}
        '500': {description: It failed.}
        default: {description: Anything else.}
`)}}
	want := `listThings: 200 400 401 500
  as declared: not-observed not-observed not-observed not-observed
  things/locked: says-nothing says-nothing not-observed says-nothing
addThing: 204 304 400 4XX 500 default
  as declared: not-observed not-observed not-observed not-observed not-observed not-observed
  things/locked: says-nothing says-nothing not-observed not-observed says-nothing says-nothing
`
	if diff := cmp.Diff(want, r.GridText()); diff != "" {
		t.Error(diff)
	}
}

// TestGridWithoutResponse checks that exchanges without a response have a column of their own, also if the document has a
// default for all statuses.
func TestGridWithoutResponse(t *testing.T) {
	r := &report.Report{FailOn: spec.Recorded, Documents: []*spec.Document{document(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      responses: {'200': {description: Things.}, default: {description: Anything else.}}
`)}}
	closed := finding("http/closed", spec.Documented, "a response", "none")
	r.AddJudged(report.Check{ID: "listThings/plain", Suite: report.Probes}, broken(closed))
	r.AddJudged(report.Check{ID: "listThings/other", Suite: report.Probes, HTTP: 500}, broken())
	const want = `listThings: 200 default none*
  as declared: not-observed kept broken
`
	if diff := cmp.Diff(want, r.GridText()); diff != "" {
		t.Error(diff)
	}
}

// TestGridOfNeighbours checks that only its own findings break a promise, not those of one whose name has the same
// beginning.
func TestGridOfNeighbours(t *testing.T) {
	doc := document(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: '1'}
x-rules:
  - {id: order, says: They have an order., grade: recorded, source: authors, rule: 'true'}
  - {id: order-of-kinds, says: So have their kinds., grade: recorded, source: authors, rule: 'true'}
paths:
  /things:
    get: {operationId: listThings, responses: {'200': {description: Things.}}}
`)
	r := &report.Report{FailOn: spec.Recorded, Documents: []*spec.Document{doc}}
	check, other := probed("a"), finding("things/order-of-kinds", spec.Documented, "So have their kinds.", "none")
	check.HTTP, other.Node = 200, doc.Root.At("/x-rules/1")
	judged(r, check, broken(other), rules(doc, "things/order"), nil)
	const want = `listThings: 200
  as declared: kept
  things/order: kept
  things/order-of-kinds: broken
`
	if diff := cmp.Diff(want, r.GridText()); diff != "" {
		t.Error(diff)
	}
}
