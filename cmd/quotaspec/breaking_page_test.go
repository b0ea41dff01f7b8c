package main

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// schemaChanges has an example of each kind of change of a schema. The page shows what it means in a response and in a request.
var schemaChanges = []struct{ id, old, new string }{
	{id: "type/changed", old: `{type: string}`, new: `{type: integer}`},
	{id: "type/added", old: `{type: string}`, new: `{type: [string, integer]}`},
	{id: "type/removed", old: `{type: [string, integer]}`, new: `{type: string}`},
	{id: "null/allowed", old: `{type: string}`, new: `{type: [string, 'null']}`},
	{id: "null/forbidden", old: `{type: [string, 'null']}`, new: `{type: string}`},
	{id: "enum/added", old: `{enum: [cat, dog]}`, new: `{enum: [cat, dog, bird]}`},
	{id: "enum/removed", old: `{enum: [cat, dog, bird]}`, new: `{enum: [cat, dog]}`},
	{id: "enum/changed", old: `{type: string}`, new: `{type: string, enum: [cat, dog]}`},
	{id: "required/added", old: `{type: object}`, new: `{type: object, required: [name]}`},
	{id: "required/removed", old: `{type: object, required: [name]}`, new: `{type: object}`},
	{id: "property/added", old: `{properties: {name: {}}}`, new: `{properties: {name: {}, age: {type: integer}}}`},
	{id: "property/removed", old: `{properties: {name: {}, age: {type: integer}}}`, new: `{properties: {name: {}}}`},
	{id: "bound/raised", old: `{type: integer, minimum: 1}`, new: `{type: integer, minimum: 5}`},
	{id: "bound/lowered", old: `{type: integer, minimum: 5}`, new: `{type: integer, minimum: 1}`},
	{id: "bound/added", old: `{type: string}`, new: `{type: string, maxLength: 20}`},
	{id: "bound/removed", old: `{type: string, maxLength: 20}`, new: `{type: string}`},
	{id: "format/changed", old: `{type: string, format: date}`, new: `{type: string, format: uuid}`},
	{id: "pattern/changed", old: `{type: string, pattern: '^[a-z]+$'}`, new: `{type: string, pattern: '^[a-z0-9]+$'}`},
	{id: "multiple-of/changed", old: `{type: integer, multipleOf: 2}`, new: `{type: integer, multipleOf: 3}`},
	{id: "unique/changed", old: `{type: array, uniqueItems: true}`, new: `{type: array}`},
	{id: "additional/opened", old: `{type: object, additionalProperties: false}`, new: `{type: object}`},
	{id: "additional/closed", old: `{type: object}`, new: `{type: object, additionalProperties: false}`},
	{
		id:  "additional/changed",
		old: `{type: object, patternProperties: {'^x-': {type: string}}}`, new: `{type: object, patternProperties: {'^y-': {type: string}}}`,
	},
	{
		id:  "alternative/added",
		old: `{oneOf: [{type: string, minLength: 5}]}`, new: `{oneOf: [{type: string, minLength: 5}, {type: string, maxLength: 2}]}`,
	},
	{
		id:  "alternative/removed",
		old: `{oneOf: [{type: string, minLength: 5}, {type: string, maxLength: 2}]}`, new: `{oneOf: [{type: string, minLength: 5}]}`,
	},
	{
		id:  "alternatives/changed",
		old: `{oneOf: [{minimum: 5}, {maximum: 9}]}`, new: `{anyOf: [{minimum: 5}, {maximum: 9}]}`,
	},
	{id: "condition/changed", old: `{type: string}`, new: `{type: string, not: {const: ''}}`},
	{
		id:  "read-only/changed",
		old: `{type: object, properties: {id: {type: string}}}`, new: `{type: object, properties: {id: {type: string, readOnly: true}}}`,
	},
	{
		id:  "write-only/changed",
		old: `{type: object, properties: {pin: {type: string}}}`, new: `{type: object, properties: {pin: {type: string, writeOnly: true}}}`,
	},
	{
		id:  "discriminator/changed",
		old: `{oneOf: [{type: object}], discriminator: {propertyName: kind}}`,
		new: `{oneOf: [{type: object}], discriminator: {propertyName: type}}`,
	},
	{id: "default/changed", old: `{type: integer, default: 10}`, new: `{type: integer, default: 20}`},
	{id: "schema/added", old: `{}`, new: `{type: string}`},
	{id: "schema/removed", old: `{type: string}`, new: `{}`},
}

// errorCodes begins a response with error codes.
const errorCodes = `responses: {'404': {description: No., content: {application/json: {schema: {type: object}}}, ` +
	`x-error-codes: {at: /code, codes: `

// otherChanges has an example of each other kind of change: one member of the document or of its operation.
var otherChanges = []struct {
	id, old, new string
	shown        string // the change on the page, if the members are long
}{
	{id: "operation/removed", old: `delete: {responses: {'204': {description: Gone.}}}`},
	{id: "operation/added", new: `delete: {responses: {'204': {description: Gone.}}}`},
	{id: "names/changed", old: `operationId: addPet`, new: `operationId: createPet`},
	{
		id:  "server/removed",
		old: `servers: [{url: 'https://a.example'}, {url: 'https://b.example'}]`,
		new: `servers: [{url: 'https://a.example'}]`,
	},
	{
		id:  "server/added",
		old: `servers: [{url: 'https://a.example'}]`,
		new: `servers: [{url: 'https://a.example'}, {url: 'https://b.example'}]`,
	},
	{id: "security/loosened", old: `security: [{key: []}]`, new: `security: []`},
	{id: "security/tightened", old: `security: []`, new: `security: [{key: []}]`},
	{id: "security/changed", old: `security: [{key: []}]`, new: `security: [{token: []}]`},
	{id: "parameter/removed", old: `parameters: [{name: q, in: query, schema: {type: string}}]`, new: `parameters: []`},
	{id: "parameter/added", old: `parameters: []`, new: `parameters: [{name: q, in: query, schema: {type: string}}]`},
	{
		id:  "parameter/required",
		old: `parameters: [{name: q, in: query, schema: {type: string}}]`,
		new: `parameters: [{name: q, in: query, required: true, schema: {type: string}}]`,
	},
	{
		id:  "parameter/optional",
		old: `parameters: [{name: q, in: query, required: true, schema: {type: string}}]`,
		new: `parameters: [{name: q, in: query, schema: {type: string}}]`,
	},
	{
		id:  "parameter/encoding",
		old: `parameters: [{name: q, in: query, schema: {type: array, items: {type: integer}}}]`,
		new: `parameters: [{name: q, in: query, explode: false, schema: {type: array, items: {type: integer}}}]`,
	},
	{id: "request/removed", old: `requestBody: {content: {application/json: {}}}`},
	{id: "request/added", new: `requestBody: {content: {application/json: {}}}`},
	{
		id:  "request/required",
		old: `requestBody: {content: {application/json: {}}}`, new: `requestBody: {required: true, content: {application/json: {}}}`,
	},
	{
		id:  "request/optional",
		old: `requestBody: {required: true, content: {application/json: {}}}`, new: `requestBody: {content: {application/json: {}}}`,
	},
	{
		id:  "media-type/removed",
		old: `requestBody: {content: {application/json: {}, text/plain: {}}}`, new: `requestBody: {content: {application/json: {}}}`,
	},
	{
		id:  "media-type/added",
		old: `requestBody: {content: {application/json: {}}}`, new: `requestBody: {content: {application/json: {}, text/plain: {}}}`,
	},
	{
		id:  "status/removed",
		old: `responses: {'200': {description: Yes.}, '404': {description: No.}}`, new: `responses: {'200': {description: Yes.}}`,
	},
	{
		id:  "status/added",
		old: `responses: {'200': {description: Yes.}}`, new: `responses: {'200': {description: Yes.}, '202': {description: Later.}}`,
	},
	{
		id:  "header/removed",
		old: `responses: {'200': {description: Yes., headers: {ETag: {required: true, schema: {type: string}}}}}`,
		new: `responses: {'200': {description: Yes.}}`,
	},
	{
		id:  "header/added",
		old: `responses: {'200': {description: Yes.}}`,
		new: `responses: {'200': {description: Yes., headers: {ETag: {schema: {type: string}}}}}`,
	},
	{
		id:  "header/required",
		old: `responses: {'200': {description: Yes., headers: {ETag: {schema: {type: string}}}}}`,
		new: `responses: {'200': {description: Yes., headers: {ETag: {required: true, schema: {type: string}}}}}`,
	},
	{
		id:  "header/optional",
		old: `responses: {'200': {description: Yes., headers: {ETag: {required: true, schema: {type: string}}}}}`,
		new: `responses: {'200': {description: Yes., headers: {ETag: {schema: {type: string}}}}}`,
	},
	{
		id:  "encoding/changed",
		old: `requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: array}}}}}}`,
		new: `requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: array}}}, ` +
			`encoding: {a: {contentType: text/csv}}}}}`,
	},
	{
		id: "rule/added", shown: "– → `rule: response.status < 400`",
		new: `x-rules: [{id: ok, says: It is right., grade: documented, source: page, rule: response.status < 400}]`,
	},
	{
		id: "rule/removed", shown: "`rule: response.status < 400` → –",
		old: `x-rules: [{id: ok, says: It is right., grade: documented, source: page, rule: response.status < 400}]`,
	},
	{
		id: "rule/changed", shown: "`rule: response.status < 400` → `rule: response.status < 500`",
		old: `x-rules: [{id: ok, says: It is right., grade: documented, source: page, rule: response.status < 400}]`,
		new: `x-rules: [{id: ok, says: It is right., grade: documented, source: page, rule: response.status < 500}]`,
	},
	{
		id: "rule/grade", shown: "`grade: documented` → `grade: inferred`",
		old: `x-rules: [{id: ok, says: It is right., grade: documented, source: page, rule: response.status < 400}]`,
		new: `x-rules: [{id: ok, says: It is right., grade: inferred, source: page, rule: response.status < 400}]`,
	},
	{
		id: "error-codes/added", shown: "`codes: [{code: A}]` → `codes: [{code: A}, {code: B}]`",
		old: errorCodes + `[{code: A, message: No.}]}}}`,
		new: errorCodes + `[{code: A, message: No.}, {code: B, message: No.}]}}}`,
	},
	{
		id: "error-codes/removed", shown: "`codes: [{code: A}, {code: B}]` → `codes: [{code: A}]`",
		old: errorCodes + `[{code: A, message: No.}, {code: B, message: No.}]}}}`,
		new: errorCodes + `[{code: A, message: No.}]}}}`,
	},
	{
		id:  "callback/changed",
		new: `callbacks: {done: {'{$request.query.q}': {post: {responses: {'204': {description: Thanks.}}}}}}`,
	},
	{id: "webhook/changed", new: `webhooks: {done: {post: {responses: {'204': {description: Thanks.}}}}}`},
	{id: "prose/changed", old: `description: Adds a pet.`, new: `description: Adds one pet.`},
}

// petsWith returns a document with one operation, which has a member, or the document itself: "security: []"
func petsWith(t *testing.T, member string) *spec.Document {
	t.Helper()
	members := map[string]string{
		"openapi": "3.1.0", "info": "{title: Pets, version: '1'}",
		"components": "{securitySchemes: {key: {type: apiKey, in: header, name: X-Key}, token: {type: http, scheme: bearer}}}",
	}
	operation := map[string]string{"operationId": "addPet", "responses": "{'200': {description: Yes.}, '404': {description: No.}}"}
	others := ""
	switch key, value, _ := strings.Cut(member, ": "); key {
	case "":
	case "servers", "webhooks":
		members[key] = value
	case "delete":
		others = "\n    delete: " + value
	default:
		operation[key] = value
	}
	text := ""
	for _, key := range slices.Sorted(maps.Keys(members)) {
		text += key + ": " + members[key] + "\n"
	}
	text += "paths:\n  /pets:\n    post:\n"
	for _, key := range slices.Sorted(maps.Keys(operation)) {
		text += "      " + key + ": " + operation[key] + "\n"
	}
	doc, err := spec.Read("pets.yaml", []byte(text+others), nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return doc
}

// meaningOf compares two documents, and returns the levels of the findings with an id: "breaking", or "possibly breaking".
func meaningOf(t *testing.T, id string, before, after *spec.Document) string {
	t.Helper()
	comparer, err := breaking.New(before, after)
	if err != nil {
		t.Fatal(err)
	}
	compared, err := comparer.Compare(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := compared.Findings
	for _, f := range all {
		if f.ID != id {
			continue
		}
		who := map[contract.Side]string{contract.Consumer: " for consumers", contract.Provider: " for providers"}[f.Side]
		if f.Level <= breaking.Compatible {
			who = ""
		}
		return f.Level.String() + who
	}
	t.Errorf("%s: got %v", id, all)
	return ""
}

// TestBreakingPage compares the output in docs/breaking.md with that of the command, and its tables with the ids of the code and
// with what each example is found to mean. With -update it writes them.
func TestBreakingPage(t *testing.T) {
	file, err := filepath.Abs("../../docs/breaking.md")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	means := map[string]string{}
	for _, kind := range breaking.Kinds() {
		means[kind.ID] = kind.Means
	}
	seen := []string{}
	schemas := "| id | means | example | in a response | in a request |\n|---|---|---|---|---|\n"
	for _, c := range schemaChanges {
		seen = append(seen, c.id)
		inResponse := func(schema string) *spec.Document {
			return petsWith(t, "responses: {'200': {description: Yes., content: {application/json: {schema: "+schema+"}}}}")
		}
		inRequest := func(schema string) *spec.Document {
			return petsWith(t, "requestBody: {content: {application/json: {schema: "+schema+"}}}")
		}
		levels := []string{}
		for _, in := range []func(string) *spec.Document{inResponse, inRequest} {
			level, _, _ := strings.Cut(meaningOf(t, c.id, in(c.old), in(c.new)), " for ")
			levels = append(levels, level)
		}
		schemas += fmt.Sprintf("| `%s` | %s | %s | %s |\n", c.id, means[c.id], example(c.old, c.new), strings.Join(levels, " | "))
	}
	others := "| id | means | example | which is |\n|---|---|---|---|\n"
	for _, c := range otherChanges {
		seen = append(seen, c.id)
		others += fmt.Sprintf("| `%s` | %s | %s | %s |\n",
			c.id, means[c.id], cmp.Or(c.shown, example(c.old, c.new)), meaningOf(t, c.id, petsWith(t, c.old), petsWith(t, c.new)))
	}
	for _, kind := range breaking.Kinds() {
		if !slices.Contains(seen, kind.ID) {
			t.Errorf("%s has no example", kind.ID)
		}
	}
	for _, id := range seen {
		if means[id] == "" {
			t.Errorf("%s is no id", id)
		}
	}
	got := string(page)
	for name, table := range map[string]string{"schemas": schemas, "others": others} {
		block := regexp.MustCompile(`(<!-- table: ` + name + ` -->\n)(?:\|.*\n)*`)
		if !block.MatchString(got) {
			t.Fatalf("the page has no table of %s", name)
		}
		got = block.ReplaceAllString(got, "${1}"+strings.ReplaceAll(table, "$", "$$"))
	}
	t.Chdir("testdata/breaking")
	const command = "$ quotaspec breaking old.yaml new.yaml\n"
	_, out, _ := quotaspec(t, strings.Fields(command)[2:]...)
	head, rest, found := strings.Cut(got, command)
	_, tail, closed := strings.Cut(rest, "```\n")
	if !found || !closed {
		t.Fatalf("the page does not show %s", command)
	}
	got = head + command + out + "```\n" + tail
	if *update && !t.Failed() {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != string(page) {
		t.Errorf("docs/breaking.md shows other ids (go test ./cmd/quotaspec -run BreakingPage -update):\n%s", got)
	}
}

// example shows a change in a cell of a table.
func example(before, after string) string {
	code := func(text string) string {
		if text == "" {
			return "–"
		}
		return "`" + strings.ReplaceAll(text, "|", `\|`) + "`"
	}
	return code(before) + " → " + code(after)
}
