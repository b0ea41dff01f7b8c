package breaking

import (
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

const stations = `openapi: 3.0.3
info: {title: places, version: 1.0.0}
paths:
  /ids:
    put:
      operationId: put
      requestBody:
        content:
          application/json: {schema: {type: object, properties: {ids: {type: array, items: {$ref: '#/components/schemas/ID'}, maxItems: 0}}}}
      responses: {'200': {description: ok}}
  /a/{id}:
    parameters: [{name: id, in: path, required: true, schema: {$ref: '#/components/schemas/ID'}}]
    get:
      operationId: get
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {allOf: [{$ref: '#/components/schemas/Links'}, {$ref: '#/components/schemas/Station'}]}}}
        '404': {$ref: '#/components/responses/No'}
components:
  responses:
    No: {description: none}
  schemas:
    ID: {anyOf: [{type: integer}, {type: string, format: uuid}]}
    Links:
      type: object
      required: [self]
      properties: {self: {type: string}}
    Station:
      type: object
      properties:
        zone: {type: string}
        name: {type: string}
`

// TestPlacesInDocuments tests which lines of both documents a finding names.
func TestPlacesInDocuments(t *testing.T) {
	tests := []struct{ name, old, new, wantOld, wantNew string }{
		{
			name: "a status with a shared response is gone", old: "        '404': {$ref: '#/components/responses/No'}\n", new: "",
			wantOld: "/paths/~1a~1{id}/get/responses/404", wantNew: "/paths/~1a~1{id}/get/responses",
		},
		{
			name: "a member of a part is gone", old: "        zone: {type: string}\n", new: "",
			wantOld: "/components/schemas/Station/properties/zone", wantNew: "/components/schemas/Station",
		},
		{
			name: "a part requires a member", old: "    Station:\n", new: "    Station:\n      required: [name]\n",
			wantOld: "/components/schemas/Station", wantNew: "/components/schemas/Station/required",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			findings := compared(t, stations, strings.Replace(stations, test.old, test.new, 1))
			if len(findings) != 1 {
				t.Fatalf("got %d findings, want 1", len(findings))
			}
			at := func(n *spec.Node) string { return n.Pointer() }
			if f := findings[0]; at(f.Old) != test.wantOld || at(f.New) != test.wantNew {
				t.Errorf("got %s and %s, want %s and %s", at(f.Old), at(f.New), test.wantOld, test.wantNew)
			}
		})
	}
}

// TestOtherPlace tests that a change of a shared schema is shown where it can be: the first operation takes lists of none only.
func TestOtherPlace(t *testing.T) {
	findings := compared(t, stations, strings.Replace(stations, "{type: integer}, ", "", 1))
	if len(findings) != 1 {
		t.Fatalf("got %d findings, want 1", len(findings))
	}
	f := findings[0]
	want := "breaking alternative/removed: GET /a/1  | new: parameter/anyOf at /request/path/id"
	if got := line(f); got != want || f.Check != "get/request" || len(f.Also) != 1 || f.Also[0] != "put/request" {
		t.Errorf("got %s at %s, also %v; want %s at get/request, also [put/request]", got, f.Check, f.Also, want)
	}
}

// TestUnjudged tests the reason if a document cannot be judged: its rule needs a body that it does not describe any more.
func TestUnjudged(t *testing.T) {
	const document = `openapi: 3.0.3
info: {title: a, version: 1.0.0}
paths:
  /a:
    get:
      x-rules: [{id: r, says: It has x., grade: documented, source: m, rule: response.body.x == 1}]
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object}, example: {x: 1}}}}
`
	const why = "cannot be evaluated"
	without := strings.Replace(document, "application/json: {schema: {type: object}, example: {x: 1}}", "", 1)
	for _, f := range compared(t, document, without) {
		if f.ID != "media-type/removed" || f.Level != PossiblyBreaking || !strings.Contains(f.Why, why) {
			t.Errorf("got %s at %s, want media-type/removed because the rule %s", line(f), f.Check, why)
		}
	}
}
