package contract_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// filters is a document whose parameters filter lists. TestFilters replaces the schema of the response.
const filters = `openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: status, in: query, schema: {type: string, enum: [new, sold, all]}}
        - {name: pet-kind, in: query, explode: false, schema: {type: array, items: {type: string, enum: [cat, dog, cow]}}}
        - {name: size, in: query, schema: {type: integer, enum: [1, 2]}}
        - {name: order, in: query, schema: {type: string, enum: [asc, desc]}}
        - {name: color, in: query, schema: {type: string}}
      responses:
        '200': {description: x, content: {application/json: {schema: SCHEMA}}}
        default: {description: x, content: {application/json: {schema: SCHEMA}}}
components:
  schemas:
    Pet:
      type: object
      properties:
        status: {type: string, nullable: true, enum: [new, sold, null]}
        petKind: {type: string, enum: [cat, dog, cow]}
        size: {type: integer, enum: [1, 2, 3]}
        order: {type: string}
        color: {type: string, enum: [red]}
    Pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}
`

// TestFilters judges lists that a parameter should have filtered.
func TestFilters(t *testing.T) {
	const (
		pets     = "{$ref: '#/components/schemas/Pets'}"
		page     = "{type: object, properties: {more: {type: boolean}, items: {$ref: '#/components/schemas/Pets'}}}"
		twoLists = "{type: object, properties: {items: {$ref: '#/components/schemas/Pets'}, others: {$ref: '#/components/schemas/Pets'}}}"
	)
	for _, test := range []struct {
		name, schema, query, body string
		status                    int // 0: 200
		want                      []string
	}{
		{name: "filtered", schema: pets, query: "status=sold", body: `[{"status":"sold"},{"status":"sold"}]`},
		{name: "no filter", schema: pets, body: `[{"status":"sold"},{"status":"new"}]`},
		{name: "nothing found", schema: pets, query: "status=sold", body: `[]`},
		{name: "members that are absent", schema: pets, query: "status=sold", body: `[{}]`},
		{
			name: "ignored", schema: pets, query: "status=sold", body: `[{"status":"new"},{"status":"sold"},{"status":null}]`,
			want: []string{
				`/response/body/0/status: want sold, as the parameter status asks, got "new"`,
				`/response/body/2/status: want sold, as the parameter status asks, got null`,
			},
		},
		{name: "a value that no member has", schema: pets, query: "status=all", body: `[{"status":"new"},{"status":"sold"}]`},
		{
			name: "a page", schema: page, query: "status=sold", body: `{"more":true,"items":[{"status":"new"}]}`,
			want: []string{`/response/body/items/0/status: want sold, as the parameter status asks, got "new"`},
		},
		{name: "two lists", schema: twoLists, query: "status=sold", body: `{"items":[{"status":"new"}],"others":[]}`},
		{name: "several values, filtered", schema: pets, query: "pet-kind=cat,dog", body: `[{"petKind":"cat"},{"petKind":"dog"}]`},
		{
			name: "several values, ignored", schema: pets, query: "pet-kind=cat,dog", body: `[{"petKind":"cow"}]`,
			want: []string{`/response/body/0/petKind: want cat or dog, as the parameter pet-kind asks, got "cow"`},
		},
		{
			name: "a number", schema: pets, query: "size=1", body: `[{"size":1},{"size":3}]`,
			want: []string{`/response/body/1/size: want 1, as the parameter size asks, got 3`},
		},
		{name: "a member without an enum", schema: pets, query: "order=asc", body: `[{"order":"desc"}]`},
		{name: "a parameter without an enum", schema: pets, query: "color=blue", body: `[{"color":"red"}]`},
		{name: "sent twice", schema: pets, query: "status=sold&status=sold", body: `[{"status":"new"}]`},
		{name: "a refusal", schema: pets, query: "status=sold", body: `[{"status":"new"}]`, status: 404},
		{name: "an object against its schema", schema: pets, query: "status=sold", body: `[{"status":"new","size":"x"}]`},
		{name: "no list", schema: page, query: "status=sold", body: `{"items":{"status":"new"}}`},
		{name: "one object", schema: "{$ref: '#/components/schemas/Pet'}", query: "status=sold", body: `{"status":"new"}`},
	} {
		if test.status == 0 {
			test.status = 200
		}
		v := newJudge(t, strings.ReplaceAll(filters, "SCHEMA", test.schema)).Check(contract.Exchange{
			Request: contract.Request{Method: "GET", Target: "/pets?" + test.query},
			Response: contract.Response{
				Status: test.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(test.body),
			},
		})
		var got []string
		for _, f := range v.Findings {
			if f.ID == "filter/ignored" {
				got = append(got, fmt.Sprintf("%s: want %s, got %s", f.Pointer, f.Want, f.Got))
				if f.Evidence.Grade.String() != "inferred" {
					t.Errorf("%s: %s", test.name, f.Evidence.Grade)
				}
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
