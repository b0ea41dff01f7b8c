package breaking

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const forms = `openapi: 3.2.0
info: {title: forms, version: 1.0.0}
paths:
  /a:
    post:
      operationId: send
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [token]
              properties: {token: {type: string}, ids: {type: array, items: {type: integer, maximum: 9}}}
          application/x-ndjson: {schema: {type: object, properties: {x: {type: integer, maximum: 7}}}}
      responses:
        '200':
          description: ok
          content:
            application/jsonl: {itemSchema: {type: object, required: [k, x], properties: {k: {type: string}, x: {type: integer}}}}
            text/plain: {schema: {type: string, maxLength: 4}}
        '304': {description: the same, headers: {X-A: {required: true, schema: {type: string}}}}
        '405': {description: no, content: {application/json: {schema: {type: object, required: [code]}}}}
`

// TestWitnessOfBodies tests changes of bodies that are not JSON, and of responses that HTTP itself wants something of.
func TestWitnessOfBodies(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{
			name: "a number in a form", old: "maximum: 9", new: "maximum: 8",
			want: "breaking bound/lowered: POST /a ids=9&token=text | new: schema/maximum at /request/body/ids/0",
		},
		{
			name: "a member of a form", old: "              required: [token]\n", new: "",
			want: "compatible required/removed: POST /a ids=1 | old: schema/required at /request/body/token",
		},
		{
			name: "a JSON line", old: "maximum: 7", new: "maximum: 6",
			want: "breaking bound/lowered: POST /a {\"x\":7}\n | new: schema/maximum at /request/body/0/x",
		},
		{
			name: "an item of a response", old: "[k, x]", new: "[k]",
			want: "breaking required/removed: POST /a  → 200 {\"k\":\"text\"}\n | old: schema/required at /response/body/0/x",
		},
		{
			name: "a text", old: "maxLength: 4", new: "maxLength: 5",
			want: "breaking bound/raised: POST /a  → 200 xxxxx | old: schema/maxLength at /response/body",
		},
		{
			name: "a header of 304", old: "X-A: {required: true, ", new: "X-A: {",
			want: "breaking header/optional: POST /a  → 304  | old: header/missing at /response/headers/x-a",
		},
		{
			name: "the body of 405", old: "required: [code]", new: "properties: {}",
			want: "breaking required/removed: POST /a  → 405 {} | old: schema/required at /response/body/code",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found := compared(t, forms, strings.Replace(forms, test.old, test.new, 1))
			if len(found) != 1 || line(found[0]) != test.want {
				t.Errorf("got  %d findings\nwant %s", len(found), test.want)
				for _, f := range found {
					t.Log("got", line(f))
				}
			}
		})
	}
}

// TestEndless compares schemas that no value matches, since they require themselves: there is no witness, and a reason.
func TestEndless(t *testing.T) {
	const endless = `openapi: 3.0.3
info: {title: endless, version: 1.0.0}
paths:
  /a:
    get:
      operationId: a
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}
components:
  schemas:
    A:
      type: object
      required: [a, b, c, name]
      properties:
        a: {$ref: '#/components/schemas/A'}
        b: {$ref: '#/components/schemas/A'}
        c: {$ref: '#/components/schemas/A'}
        name: {type: string, maxLength: 5}
`
	found := compared(t, endless, strings.Replace(endless, "maxLength: 5", "maxLength: 6", 1))
	if len(found) != 1 || found[0].Witness != nil || found[0].Level != PossiblyBreaking || found[0].Why == "" {
		t.Errorf("got %v", found)
	}
	within := strings.Replace(endless, "required: [a, b, c, name]", "allOf: [{$ref: '#/components/schemas/A'}]", 1)
	compared(t, within, strings.Replace(within, "maxLength: 5", "maxLength: 6", 1)) // it ends
}

// TestDirections tests that a request has no readOnly member, and a response no writeOnly one.
func TestDirections(t *testing.T) {
	const users = `openapi: 3.0.3
info: {title: users, version: 1.0.0}
paths:
  /users:
    post:
      operationId: addUser
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
      responses: {'201': {description: done, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
components:
  schemas:
    User:
      type: object
      required: [id, secret, name]
      properties: {id: {type: integer, readOnly: true}, secret: {type: string, writeOnly: true}, name: {type: string}}
`
	got := []string{}
	for _, f := range compared(t, users, strings.Replace(users, "secret, name]", "secret]", 1)) {
		got = append(got, line(f))
	}
	want := []string{
		`breaking required/removed: POST /users {"name":"text","secret":"text"} → 201 {"id":1} | old: schema/required at /response/body/name`,
		`compatible required/removed: POST /users {"secret":"text"} | old: schema/required at /request/body/name`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// alternatives is a request and a response whose alternatives have no discriminator, so that a wrong member is a failure of oneOf.
const alternatives = `openapi: 3.1.0
info: {title: alternatives, version: 1.0.0}
paths:
  /a:
    post:
      operationId: pay
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Source'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Source'}}}}}
components:
  schemas:
    Source:
      unevaluatedProperties: false
      oneOf:
        - {type: object, required: [card, code], properties: {card: {type: integer, maximum: 9}, more: {type: string},
           code: {type: string, minLength: 3, writeOnly: true}}}
        - {type: object, required: [bank], properties: {bank: {type: string}}}
`

// TestAlternatives tests changes in an alternative: what an alternative lacks by another change is no witness of this one.
func TestAlternatives(t *testing.T) {
	replaced := strings.NewReplacer("required: [card, code]", "required: [card, code, more]", "maximum: 9", "maximum: 10")
	for _, test := range []struct {
		name, new string
		want      []string // the beginnings of findings
	}{
		{
			name: "a higher bound, and a further required member",
			new:  replaced.Replace(alternatives),
			want: []string{
				`breaking bound/raised: POST /a {"card":1,"code":"text","more":"text"} → 200 {"card":10,"more":"text"} |`,
				`breaking required/added: POST /a {"card":1,"code":"text"} |`,
				`compatible bound/raised: POST /a {"card":10,"code":"text","more":"text"} |`,
				`compatible required/added: POST /a {"card":1,"code":"text","more":"text"} → 200 {"card":1} |`,
			},
		},
		{
			name: "no member of an alternative is required",
			new:  strings.Replace(alternatives, "required: [card, code], ", "", 1),
			want: []string{
				`breaking required/removed: POST /a {"card":1,"code":"text"} → 200 {} |`,
				`compatible required/removed: POST /a {} |`,
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := []string{}
			for _, f := range compared(t, alternatives, test.new) {
				got = append(got, line(f))
			}
			slices.Sort(got)
			isIt := len(got) == len(test.want)
			for i := 0; isIt && i < len(got); i++ {
				isIt = strings.HasPrefix(got[i], test.want[i])
			}
			if !isIt {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// TestUnderRules tests changes of a document whose rules want more of an exchange than its schemas, such as a header Host.
func TestUnderRules(t *testing.T) {
	data, err := os.ReadFile("../../openapi/iam.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(data)
	for _, test := range []struct {
		name, old, new, id string
	}{
		{
			name: "a path",
			old:  "OS-QUOTA/domains/{domain_id}:", new: "OS-QUOTAS/domains/{domain_id}:",
			id: "operation/removed",
		},
		{
			name: "a status",
			old:  "        '200':\n", new: "        '203':\n",
			id: "status/removed",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if strings.Count(doc, test.old) != 1 {
				t.Fatalf("%q is %d times in the document", test.old, strings.Count(doc, test.old))
			}
			found := compared(t, doc, strings.Replace(doc, test.old, test.new, 1))
			i := slices.IndexFunc(found, func(f Finding) bool { return f.ID == test.id })
			if i < 0 {
				t.Fatalf("no finding %s", test.id)
			}
			f := found[i]
			if f.Level != Breaking || f.Witness == nil {
				t.Errorf("got %s", line(f))
			}
		})
	}
}
