package breaking

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const shop = `openapi: 3.0.3
info: {title: Shop, version: 1.0.0}
servers: [{url: https://a.example.com/v1}]
security: [{Key: []}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: kind, in: query, required: true, schema: {type: string, enum: [cat, dog]}}
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}
        - {name: tags, in: query, schema: {type: array, items: {type: string, maxLength: 10}}}
        - {name: X-Trace, in: header, schema: {type: string}}
      responses:
        '200':
          description: ok
          headers:
            X-Total: {required: true, schema: {type: integer}}
            X-Page: {schema: {type: integer}}
          content:
            application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}
        '404': {description: none}
    post:
      operationId: addPet
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/NewPet'}}
          application/xml: {schema: {type: object, properties: {size: {type: integer}}}}
      responses: {'201': {description: ok}, 4XX: {description: no}}
  /shapes:
    get:
      operationId: listShapes
      security: []
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                oneOf: [{$ref: '#/components/schemas/Circle'}, {$ref: '#/components/schemas/Square'}]
                discriminator: {propertyName: type}
components:
  securitySchemes: {Key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Circle: {type: object, required: [type, r], properties: {type: {type: string}, r: {type: number, minimum: 0}}}
    Square: {type: object, required: [type, a], properties: {type: {type: string}, a: {type: number}}}
    Pet:
      type: object
      required: [id, kind]
      properties:
        id: {type: integer, minimum: 1}
        kind: {type: string, enum: [cat, dog]}
        owner: {type: object, required: [email], properties: {email: {type: string, format: email}}}
        note: {type: string}
        labels: {type: object, additionalProperties: {type: string, maxLength: 5}}
    NewPet:
      type: object
      required: [name]
      properties:
        name: {type: string, minLength: 1}
        age: {type: integer, minimum: 0}
`

// compared compares two documents that are given as texts.
func compared(t *testing.T, before, after string) []Finding {
	t.Helper()
	read := func(name, text string) *spec.Document {
		doc, err := spec.Read(name, []byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	c, err := New(read("old.yaml", before), read("new.yaml", after))
	if err != nil {
		t.Fatal(err)
	}
	return findingsOf(t, c)
}

// line writes a finding with its witness: level, id, the message that is judged, and which document refuses it for what.
func line(f Finding) string {
	text := fmt.Sprintf("%s %s", f.Level, f.ID)
	if w := f.Witness; w != nil {
		r := w.Exchange.Request
		text += fmt.Sprintf(": %s %s %s", r.Method, r.Target, r.Body)
		if f.Side == contract.Consumer {
			text += fmt.Sprintf(" → %d %s", w.Exchange.Response.Status, w.Exchange.Response.Body)
		}
		for _, one := range []struct {
			name     string
			findings []contract.Finding
		}{{"old", w.Old}, {"new", w.New}} {
			for _, found := range one.findings {
				text += fmt.Sprintf(" | %s: %s at %s", one.name, found.ID, found.Pointer)
			}
		}
	}
	if f.Why != "" {
		text += " (" + f.Why + ")"
	}
	return text
}

// TestWitness makes one change of the document at a time, and compares the level and the witness.
func TestWitness(t *testing.T) {
	tests := []struct {
		name     string
		old, new string // the text that changes
		want     []string
	}{
		{
			name: "an enum value of a parameter is gone",
			old:  "enum: [cat, dog]}}\n        - {name: limit", new: "enum: [cat]}}\n        - {name: limit",
			want: []string{"breaking enum/removed: GET /pets?kind=dog  | new: parameter/enum at /request/query/kind"},
		},
		{
			name: "a bound of a parameter is lower",
			old:  "maximum: 100", new: "maximum: 50",
			want: []string{"breaking bound/lowered: GET /pets?kind=cat&limit=51  | new: parameter/maximum at /request/query/limit"},
		},
		{
			name: "a bound of a parameter is higher",
			old:  "maximum: 100", new: "maximum: 200",
			want: []string{"compatible bound/raised: GET /pets?kind=cat&limit=200  | old: parameter/maximum at /request/query/limit"},
		},
		{
			name: "a bound within a list",
			old:  "maxLength: 10", new: "maxLength: 9",
			want: []string{"breaking bound/lowered: GET /pets?kind=cat&tags=xxxxxxxxxx  | new: parameter/maxLength at /request/query/tags/0"},
		},
		{
			name: "a list is written in another way",
			old:  "{name: tags, in: query,", new: "{name: tags, in: query, explode: false,",
			want: []string{"breaking parameter/encoding: GET /pets?kind=cat&tags=text&tags=text2  | new: parameter/doubled at /request/query/tags"},
		},
		{
			name: "a parameter is required",
			old:  "{name: limit, in: query,", new: "{name: limit, in: query, required: true,",
			want: []string{"breaking parameter/required: GET /pets?kind=cat  | new: parameter/required at /request/query/limit"},
		},
		{
			name: "a parameter of the query is gone",
			old:  "        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}\n", new: "",
			want: []string{"breaking parameter/removed: GET /pets?kind=cat&limit=1  | new: parameter/undocumented at /request/query/limit"},
		},
		{
			name: "a header of the request is gone",
			old:  "        - {name: X-Trace, in: header, schema: {type: string}}\n", new: "",
			want: []string{"possibly breaking parameter/removed (no exchange shows it: " +
				"a header that the document does not describe may be for somebody else)"},
		},
		{
			name: "a header of the response may be missing",
			old:  "X-Total: {required: true,", new: "X-Total: {",
			want: []string{"breaking header/optional: GET /pets?kind=cat  → 200 [] | old: header/missing at /response/headers/x-total"},
		},
		{
			name: "a header of the response is gone",
			old:  "            X-Page: {schema: {type: integer}}\n", new: "",
			want: []string{"possibly breaking header/removed: GET /pets?kind=cat  → 200 [] | old: header/type at /response/headers/x-page " +
				"(" + whyHeader + ")"},
		},
		{
			name: "a status is gone",
			old:  "        '404': {description: none}\n", new: "",
			want: []string{"breaking status/removed: GET /pets?kind=cat  → 404  | new: status/undocumented at /response/status"},
		},
		{
			name: "a success is new",
			old:  "        '404': {description: none}\n", new: "        '404': {description: none}\n        '202': {description: later}\n",
			want: []string{"breaking status/added: GET /pets?kind=cat  → 202  | old: status/undocumented at /response/status"},
		},
		{
			name: "an error is new",
			old:  "        '404': {description: none}\n", new: "        '404': {description: none}\n        '503': {description: busy}\n",
			want: []string{"possibly breaking status/added: GET /pets?kind=cat  → 503  | old: status/undocumented at /response/status " +
				"(" + whyClass + ")"},
		},
		{
			name: "a media type of the response is new",
			old:  "            application/json: {schema: {type: array",
			new:  "            text/csv: {schema: {type: string}}\n            application/json: {schema: {type: array",
			want: []string{"possibly breaking media-type/added: GET /pets?kind=cat  → 200 text | " +
				"old: media-type/undocumented at /response/headers/content-type (" + whyMedia + ")"},
		},
		{
			name: "a media type of the request is gone",
			old:  "          application/xml: {schema: {type: object, properties: {size: {type: integer}}}}\n", new: "",
			want: []string{"breaking media-type/removed: POST /pets text | new: media-type/undocumented at /request/headers/content-type"},
		},
		{
			name: "a body that no judge reads",
			old:  "size: {type: integer}", new: "size: {type: string}",
			want: []string{"possibly breaking type/changed (no exchange shows it: bodies in application/xml are not judged)"},
		},
		{
			name: "the body is required",
			old:  "requestBody:\n", new: "requestBody:\n        required: true\n",
			want: []string{"breaking request/required: POST /pets  | new: body/empty at /request/body"},
		},
		{
			name: "a member of the response may be missing",
			old:  "required: [id, kind]", new: "required: [id]",
			want: []string{`breaking required/removed: GET /pets?kind=cat  → 200 [{"id":1}] | old: schema/required at /response/body/0/kind`},
		},
		{
			name: "an enum value of the response is new",
			old:  "        kind: {type: string, enum: [cat, dog]}", new: "        kind: {type: string, enum: [cat, dog, bird]}",
			want: []string{`breaking enum/added: GET /pets?kind=cat  → 200 [{"id":1,"kind":"bird"}] | old: schema/enum at /response/body/0/kind`},
		},
		{
			name: "a deep format is gone",
			old:  "format: email", new: "x-format: email",
			want: []string{`breaking format/changed: GET /pets?kind=cat  → 200 [{"id":1,"kind":"cat","owner":{"email":"text"}}] | ` +
				`old: schema/format at /response/body/0/owner/email`},
		},
		{
			name: "a bound of members of any name",
			old:  "maxLength: 5", new: "maxLength: 7",
			want: []string{`breaking bound/raised: GET /pets?kind=cat  → 200 [{"id":1,"kind":"cat","labels":{"x":"xxxxxxx"}}] | ` +
				`old: schema/maxLength at /response/body/0/labels/x`},
		},
		{
			name: "a member of an open response is gone",
			old:  "        note: {type: string}\n", new: "",
			want: []string{`possibly breaking property/removed: GET /pets?kind=cat  → 200 [{"id":1,"kind":"cat","note":null}] | ` +
				`old: schema/nullable at /response/body/0/note (` + whyOpen + `)`},
		},
		{
			name: "a member of the request is required",
			old:  "required: [name]", new: "required: [name, age]",
			want: []string{`breaking required/added: POST /pets {"name":"text"} | new: schema/required at /request/body/age`},
		},
		{
			name: "a member of an open request is gone",
			old:  "        age: {type: integer, minimum: 0}\n", new: "",
			want: []string{`possibly breaking property/removed: POST /pets {"age":1,"name":"text"} | ` +
				`new: member/undocumented at /request/body/age (` + whySent + `)`},
		},
		{
			name: "a bound in an alternative with a discriminator",
			old:  "r: {type: number, minimum: 0}", new: "r: {type: number, minimum: -1}",
			want: []string{`breaking bound/lowered: GET /shapes  → 200 {"r":-1,"type":"Circle"} | old: schema/oneOf at /response/body`},
		},
		{
			name: "another type of a member of the request",
			old:  "age: {type: integer, minimum: 0}", new: "age: {type: string}",
			want: []string{`breaking type/changed: POST /pets {"age":7,"name":"text"} | new: schema/type at /request/body/age`},
		},
		{
			name: "a required member of the response is gone",
			old:  "owner: {type: object, required: [email], properties: {email: {type: string, format: email}}}", new: "owner: {type: object}",
			want: []string{`breaking property/removed: GET /pets?kind=cat  → 200 [{"id":1,"kind":"cat","owner":{}}] | ` +
				`old: schema/required at /response/body/0/owner/email`},
		},
		{
			name: "a path is gone",
			old:  "/shapes:", new: "/forms:",
			want: []string{
				"breaking operation/removed: GET /shapes  | new: path/undocumented at /request/path",
				"compatible operation/added: GET /forms  | old: path/undocumented at /request/path",
			},
		},
		{
			name: "another server",
			old:  "https://a.example.com/v1", new: "https://b.example.com/v1",
			want: []string{
				"compatible server/added: GET /v1/pets?kind=cat  | old: server/undocumented at /request/path",
				"possibly breaking server/removed: GET /v1/pets?kind=cat  | new: server/undocumented at /request/path (" + whyServer + ")",
			},
		},
		{
			name: "two changes of one operation: each has its own witness",
			old:  "        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}\n",
			new: "        - {name: need, in: query, required: true, schema: {type: string}}\n" +
				"        - {name: limit, in: query, schema: {type: integer, minimum: 0, maximum: 50}}\n",
			want: []string{
				"breaking bound/lowered: GET /pets?kind=cat&limit=51  | new: parameter/maximum at /request/query/limit | " +
					"new: parameter/required at /request/query/need",
				"breaking parameter/added: GET /pets?kind=cat  | new: parameter/required at /request/query/need",
				"compatible bound/lowered: GET /pets?kind=cat&need=text&limit=0  | old: parameter/minimum at /request/query/limit | " +
					"old: parameter/undocumented at /request/query/need",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if strings.Count(shop, test.old) != 1 {
				t.Fatalf("%q is %d times in the document", test.old, strings.Count(shop, test.old))
			}
			got := []string{}
			for _, f := range compared(t, shop, strings.Replace(shop, test.old, test.new, 1)) {
				if f.Level != Editorial {
					got = append(got, line(f))
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestWitnesses tests what holds for each witness, with all mutants of a document: one document accepts it, the other one
// refuses it, for the place of the change, and a second comparison finds the same.
func TestWitnesses(t *testing.T) {
	mutants, err := mutate.Documents(mutate.Contract{File: "shop.yaml", Document: []byte(shop)})
	if err != nil {
		t.Fatal(err)
	}
	changes, witnesses := 0, 0
	for i, m := range mutants {
		old, new := shop, string(m.JSON())
		if _, err := spec.Read("new.yaml", m.JSON(), nil); err != nil {
			continue
		}
		if i%2 == 1 {
			old, new = new, old
		}
		findings := compared(t, old, new)
		if i%5 == 0 {
			for j, f := range compared(t, old, new) {
				if line(f) != line(findings[j]) {
					t.Errorf("%s: not deterministic:\n%s\n%s", m, line(f), line(findings[j]))
				}
			}
		}
		for _, f := range findings {
			if f.Level == Editorial || f.Side == "" {
				continue
			}
			changes++
			w := f.Witness
			switch {
			case w == nil && f.Why == "" && f.Probe == "":
				t.Errorf("%s: neither a witness nor a reason: %s", m, line(f))
			case w == nil:
			case (len(w.Old) == 0) == (len(w.New) == 0):
				t.Errorf("%s: not refused by exactly one document: %s", m, line(f))
			default:
				witnesses++
			}
		}
	}
	if changes < 400 || witnesses*100 < 80*changes {
		t.Errorf("%d of %d changes have a witness: want 80 %%", witnesses, changes)
	}
	t.Logf("%d of %d changes have a witness", witnesses, changes)
}
