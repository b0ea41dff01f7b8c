package spec

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readText reads a document from one text.
func readText(t *testing.T, text string) *Document {
	t.Helper()
	d, err := Read("d.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestVersions checks which versions are read, and the error of any other.
func TestVersions(t *testing.T) {
	const want = "want an OpenAPI document of version 3.0, 3.1 or 3.2"
	tests := []struct{ name, text, err string }{
		{name: "3.0", text: "openapi: 3.0.3", err: ""},
		{name: "3.0 as a number", text: "openapi: 3.0", err: ""},
		{name: "3.1", text: "openapi: 3.1.1", err: ""},
		{name: "3.2", text: `{"openapi": "3.2.0"}`, err: ""},
		{name: "a candidate", text: "openapi: 3.1.0-rc1", err: ""},
		{
			name: "Swagger 2.0", text: "swagger: '2.0'",
			err: "d.yaml:1: " + want + ", got Swagger 2.0: convert it first, for example with swagger2openapi",
		},
		{name: "an unknown version", text: "info: {}\nopenapi: 4.0.0", err: "d.yaml:2: " + want + `, got "4.0.0"`},
		{name: "3.3", text: "openapi: 3.3.0", err: "d.yaml:1: " + want + `, got "3.3.0"`},
		{name: "no version", text: "info: {}", err: "d.yaml:1: " + want + ": the key openapi is missing"},
		{name: "a list", text: "[]", err: "d.yaml:1: " + want + ", got array"},
		{name: "a text", text: "a text", err: "d.yaml:1: " + want + ", got string"},
		{name: "nothing but a remark", text: "# A remark.\n", err: "d.yaml:1: the file is empty"},
		{name: "a version that is an object", text: "openapi: {}", err: "d.yaml:1: " + want + ", got object"},
	}
	for _, test := range tests {
		_, err := Read("d.yaml", []byte(test.text), nil)
		if got := strings.TrimPrefix(fmt.Sprint(err), "<nil>"); got != test.err {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.err)
		}
	}
}

// TestErrors checks that all errors of a document are listed at once.
func TestErrors(t *testing.T) {
	_, err := Read("d.yaml", []byte("openapi: 3.0.3\ninfo: {title: t, title: u, version: '1'}\npaths: {}\npaths: {}\n"), nil)
	want := "d.yaml:2: duplicate key \"title\"\nd.yaml:4: duplicate key \"paths\""
	if got := fmt.Sprint(err); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

const wholeDocument = `openapi: 3.2.0
info: {title: Whole, version: ''}
servers:
  - url: https://{region}.example.com/v1
    variables: {region: {default: a, enum: [a, b]}}
security: [{Key: []}, {}]
paths:
  /pets/{id}:
    servers: [{url: /path}]
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
      - {name: q, in: query, schema: {type: string}}
    get:
      operationId: getPet
      tags: [pets]
      deprecated: true
      security: [{OAuth: ['pets:read'], Key: []}]
      parameters:
        - {name: q, in: query, style: pipeDelimited, allowReserved: true, schema: {type: array, items: {type: string}}}
        - {name: c, in: cookie, content: {application/json: {schema: {type: object}}}}
        - {name: Authorization, in: header, schema: {type: string}}
        - {$ref: '#/components/parameters/Trace'}
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {type: object, properties: {file: {type: string}}}
            encoding: {file: {contentType: image/png, headers: {X-A: {schema: {type: string}}}}}
      responses:
        default: {$ref: '#/components/responses/Error'}
        '200':
          description: ok
          headers: {Content-Type: {schema: {type: string}}, X-Rate: {required: true, schema: {type: integer}}}
          links: {next: {operationId: getPet}}
          content:
            application/json:
              schema: {type: object}
              examples: {one: {summary: One, value: {}}, two: {externalValue: 'https://example.com/two'}}
            application/x-ndjson: {itemSchema: {type: object}}
      callbacks: {done: {'{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}}}
    query: {responses: {'200': {description: ok}}}
    additionalOperations: {COPY: {servers: [{url: /own}], responses: {2XX: {description: ok}}}}
  x-note: {get: {}}
webhooks:
  changed: {post: {responses: {'200': {description: ok}}}}
components:
  parameters: {Trace: {name: trace, in: header, schema: {type: string}, example: t}}
  responses: {Error: {description: wrong}}
  securitySchemes:
    Key: {type: apiKey, in: header, name: X-Key}
    OAuth: {type: oauth2, flows: {}}
`

// TestView reads a document that has nearly every object of OpenAPI.
func TestView(t *testing.T) {
	d := readText(t, wholeDocument)
	if text := refused(d) + findings(d); text != "" {
		t.Error(text)
	}
	get, copied := d.Operation("getPet"), d.Operation("COPY /pets/{id}")
	if get == nil || copied == nil || d.Operation("QUERY /pets/{id}") == nil || len(d.Operations) != 3 {
		t.Fatalf("got the operations %v", d.Operations)
	}
	got := []string{fmt.Sprintf("%s %s %q %v", d.Name, d.Title, d.InfoVersion, d.Version)}
	add := func(format string, args ...any) { got = append(got, fmt.Sprintf(format, args...)) }
	add("server %s %v", d.Servers[0].URL, d.Servers[0].Variables)
	add("operation %s %s %s %v %t", get.Method, get.Path, get.Pointer, get.Tags, get.Deprecated)
	for _, r := range get.Security[0] {
		add("security %s %v %s", r.Name, r.Scopes, r.Scheme.Type)
	}
	add("servers %s %s; security of its own %t %t", get.Servers[0].URL, copied.Servers[0].URL, get.OwnSecurity, copied.OwnSecurity)
	for _, p := range get.Parameters {
		add("parameter %s %s %s explode=%t required=%t reserved=%t schema=%t "+
			"content=%d %s", p.In, p.Name, p.Style, p.Explode, p.Required, p.AllowReserved, p.Schema != nil, len(p.Content), p.Node.Pointer())
	}
	encoding := get.Body.Content[0].Encoding[0]
	add("body %t %s %s %s %s", get.Body.Required, get.Body.Content[0].Name, encoding.Property, encoding.ContentType, encoding.Headers[0].Name)
	for _, r := range get.Responses {
		add("response %s %s %s", r.Status, r.Description, r.Node.Pointer())
		for _, h := range r.Headers {
			add("header %s %t", h.Name, h.Required)
		}
		for _, m := range r.Content {
			add("content %s schema=%t items=%t", m.Name, m.Schema != nil, m.ItemSchema != nil)
			for _, e := range m.Examples {
				add("example %s %s %v %s", e.Name, e.Summary, e.Value.Value(), e.External)
			}
		}
	}
	add("links %s callbacks %s", get.Responses[1].Links[0].Name, get.Callbacks[0].Name)
	add("webhook %s %s", d.Webhooks[0].Path, d.Webhooks[0].Operations[0].Pointer)
	const at = "/paths/~1pets~1{id}"
	want := []string{
		`d Whole "" {2 3.2.0}`,
		"server https://{region}.example.com/v1 [{region a [a b]}]",
		"operation GET /pets/{id} " + at + "/get [pets] true",
		"security OAuth [pets:read] oauth2",
		"security Key [] apiKey",
		"servers /path /own; security of its own true false",
		"parameter path id simple explode=false required=true reserved=false schema=true content=0 " + at + "/parameters/0",
		"parameter query q pipeDelimited explode=false required=false reserved=true schema=true content=0 " + at + "/get/parameters/0",
		"parameter cookie c form explode=true required=false reserved=false schema=false content=1 " + at + "/get/parameters/1",
		"parameter header trace simple explode=false required=false reserved=false schema=true content=0 /components/parameters/Trace",
		"body true multipart/form-data file image/png X-A",
		"response default wrong /components/responses/Error",
		"response 200 ok " + at + "/get/responses/200",
		"header X-Rate true",
		"content application/json schema=true items=false",
		"example one One map[] ",
		"example two  <nil> https://example.com/two",
		"content application/x-ndjson schema=false items=true",
		"links next callbacks done",
		"webhook changed /webhooks/changed/post",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for status, want := range map[int]string{200: "200", 201: "default"} {
		if got := get.Response(status).Status; got != want {
			t.Errorf("%d: got the response %s, want %s", status, got, want)
		}
	}
}

// TestMergeKeysInPaths checks that merge keys and aliases add operations and responses.
func TestMergeKeysInPaths(t *testing.T) {
	d := readText(t, `openapi: 3.0.3
info: {title: t, version: '1'}
x-common: &common
  '404': {description: absent}
x-item: &item
  get: {operationId: shared, responses: {'200': {description: ok}, <<: *common}}
paths:
  /a:
    <<: *item
    put: &put {operationId: put, responses: {<<: *common, '200': {description: ok}}}
  /b:
    <<: *item
    post: {<<: *put, operationId: post}
  /c: *item
`)
	got := []string{}
	for _, op := range d.Operations {
		statuses := []string{}
		for _, r := range op.Responses {
			statuses = append(statuses, r.Status)
		}
		got = append(got, op.ID+" "+op.Pointer+" "+strings.Join(statuses, ","))
	}
	want := []string{
		"put /paths/~1a/put 200,404", "shared /paths/~1a/get 200,404",
		"post /paths/~1b/post 200,404", "GET /b /paths/~1b/get 200,404", "GET /c /paths/~1c/get 200,404",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !strings.Contains(findings(d), `duplicate operationId "shared"`) {
		t.Errorf("no finding for the operationId: %s", findings(d))
	}
}

// TestFindings checks the findings of a document whose operations can be judged.
func TestFindings(t *testing.T) {
	d := readText(t, `openapi: 3.0.3
info: {title: t}
servers: [{description: none}]
security: [{None: []}]
paths:
  /a/{id}:
    get: {parameters: [{name: id, in: path, schema: {type: string}}], responses: {'200': {description: ok}}}
  /a/{name}:
    delete:
      responses: {'200': {}}
  b:
    get: {responses: {twohundred: {description: ok}}}
  /c:
    get: {operationId: 7, parameters: [{name: q, in: query}], responses: {'200': {description: ok, content: {text/plain: {schema:
      {type: text,
       minLength: x,
       maxLength: -1,
       required: true,
       const: 1,
       items: [],
       discriminator: {propertyName: p, mapping: {a: '#/none'}}}}}}}}
`)
	if text := refused(d); text != "" {
		t.Error(text)
	}
	want := []string{
		"document/info d.yaml:2: info: version is missing",
		"server/url d.yaml:3: server: url is missing; it is ignored",
		`security/unknown d.yaml:4: security scheme "None" is not defined`,
		`parameter/required d.yaml:7: parameter "id": a path parameter must have required: true`,
		"path/same-shape d.yaml:8: path /a/{name} has the same shape as /a/{id}",
		`path/parameter d.yaml:9: DELETE /a/{name}: path parameter "name" is not declared`,
		"response/description d.yaml:10: response: description is missing",
		`path/slash d.yaml:11: path "b" does not begin with a slash: it is read as "/b"`,
		`response/status d.yaml:12: response "twohundred": want a status such as 200, 4XX or default; it is ignored`,
		"operation/no-response d.yaml:12: GET /b has no response",
		"document/kind d.yaml:14: operationId: want string, got number; it is ignored",
		"parameter/schema d.yaml:14: neither schema nor content describes the value",
		`schema/type d.yaml:15: unknown type "text": it is ignored`,
		"schema/keyword d.yaml:16: minLength: want number, got string; it is ignored",
		"schema/keyword d.yaml:17: maxLength: want a non-negative integer, got -1; it is ignored",
		"document/kind d.yaml:18: required: want array, got boolean; it is ignored",
		"schema/keyword d.yaml:19: const is not a keyword of OpenAPI 3.0: it is ignored",
		"schema/keyword d.yaml:20: items: want a schema, got array; it is ignored",
		`reference/unresolved d.yaml:21: reference "#/none" leads nowhere`,
	}
	if diff := cmp.Diff(want, strings.Split(findings(d), "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
