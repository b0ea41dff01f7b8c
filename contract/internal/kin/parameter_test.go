package kin

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestParameter holds parameters of every kind against their schemas.
func TestParameter(t *testing.T) {
	for _, test := range []struct {
		name, version, parameter string
		path                     map[string]string
		query, header            string   // header: Name: value
		want                     []string // keyword, pointer, want and got
	}{
		{name: "in the path", parameter: `{name: id, in: path, required: true, schema: {type: integer, minimum: 1}}`, path: map[string]string{"id": "7"}},
		{name: "in the path, below the minimum", parameter: `{name: id, in: path, required: true, schema: {type: integer, minimum: 1}}`, path: map[string]string{"id": "0"}, want: []string{"minimum |  | at least 1 | 0"}},
		{name: "in the path, of another type", parameter: `{name: id, in: path, required: true, schema: {type: integer}}`, path: map[string]string{"id": "x"}, want: []string{`type |  | a value of the schema | string "x"`}},
		{name: "in the path, absent", parameter: `{name: id, in: path, required: true, schema: {type: integer}}`, want: []string{"required |  | the parameter | none"}},
		{name: "in the path, with a label", parameter: `{name: id, in: path, required: true, style: label, schema: {type: array, items: {type: integer}}}`, path: map[string]string{"id": ".1,2"}},

		{name: "in the query", parameter: `{name: a, in: query, schema: {type: string, enum: [one]}}`, query: "a=one"},
		{name: "in the query, not in the enumeration", parameter: `{name: a, in: query, schema: {type: string, enum: [one]}}`, query: "a=two", want: []string{`enum |  | one of one | "two"`}},
		{name: "in the query, optional", parameter: `{name: a, in: query, schema: {type: string}}`},
		{name: "in the query, required", parameter: `{name: a, in: query, required: true, schema: {type: string}}`, query: "b=1", want: []string{"required |  | the parameter | none"}},
		{name: "in the query, empty", parameter: `{name: a, in: query, schema: {type: integer}}`, query: "a=", want: []string{`empty |  | a value | ""`}},
		{name: "in the query, empty and allowed to be", parameter: `{name: a, in: query, allowEmptyValue: true, schema: {type: integer}}`, query: "a="},
		{name: "in the query, without a type", parameter: `{name: a, in: query, schema: {}}`, query: "a=1"},
		{name: "a list", parameter: `{name: a, in: query, schema: {type: array, items: {type: integer, minimum: 1}}}`, query: "a=1&a=0", want: []string{"minimum | /1 | at least 1 | 0"}},
		{name: "a list with commas", parameter: `{name: a, in: query, explode: false, schema: {type: array, maxItems: 1, items: {type: integer}}}`, query: "a=1,2", want: []string{"maxItems |  | at most 1 elements | [1,2]"}},
		{name: "a list of another type", parameter: `{name: a, in: query, schema: {type: array, items: {type: integer}}}`, query: "a=1&a=x", want: []string{`type |  | a value of the schema | string "1,x"`}},
		{name: "a deep object", parameter: `{name: a, in: query, style: deepObject, explode: true, schema: {type: object, required: [b], properties: {b: {type: integer}, c: {type: integer}}}}`, query: "a[c]=1", want: []string{"required | /b | the member | none"}},
		{name: "JSON", parameter: `{name: a, in: query, content: {application/json: {schema: {type: object, required: [b]}}}}`, query: "a=%7B%22b%22:1%7D"},
		{name: "JSON against its schema", parameter: `{name: a, in: query, content: {application/json: {schema: {type: object, required: [b]}}}}`, query: "a=%7B%7D", want: []string{"required | /b | the member | none"}},
		{name: "no JSON", parameter: `{name: a, in: query, content: {application/json: {schema: {type: object}}}}`, query: "a=%7B", want: []string{"value |  | a value of the schema | null"}},
		{name: "JSON, absent", parameter: `{name: a, in: query, required: true, content: {application/json: {schema: {type: object}}}}`, query: "b=1", want: []string{"required |  | the parameter | none"}},
		{name: "no number", parameter: `{name: a, in: query, schema: {type: number}}`, query: "a=NaN", want: []string{"value |  | a value of the schema | null"}},
		{name: "no alternative", parameter: `{name: a, in: query, required: true, schema: {anyOf: [{type: integer}, {type: boolean}]}}`, query: "a=x", want: []string{"value |  | a value of the schema | null"}},
		{name: "alternatives, absent", parameter: `{name: a, in: query, required: true, schema: {anyOf: [{type: integer}, {type: boolean}]}}`, query: "b=x", want: []string{"required |  | the parameter | none"}},

		{name: "in a header", parameter: `{name: a-b, in: header, schema: {type: array, items: {type: integer}}}`, header: "A-B: 1, 2"},
		{name: "in a header, of another format", parameter: `{name: a-b, in: header, schema: {type: string, format: uuid}}`, header: "A-B: x", want: []string{`format |  | format uuid | "x"`}},
		{name: "in a header, absent", parameter: `{name: a-b, in: header, required: true, schema: {type: string}}`, want: []string{"required |  | the parameter | none"}},
		{name: "in a cookie", parameter: `{name: a, in: cookie, schema: {type: string, minLength: 2}}`, header: "Cookie: b=1; a=12"},
		{name: "in a cookie, too short", parameter: `{name: a, in: cookie, schema: {type: string, minLength: 2}}`, header: "Cookie: b=1; a=1", want: []string{`minLength |  | at least 2 characters | "1"`}},

		{name: "no reader for a part that must not be", parameter: `{name: a, in: query, schema: {type: string, not: {enum: [b]}}}`, query: "a=c"},
		{name: "no reader for a list of anything", parameter: `{name: a, in: query, schema: {type: array}}`, query: "a=c"},
		{name: "no reader for this style", parameter: `{name: a, in: query, style: pipeDelimited, schema: {type: string}}`, query: "a=c"},
		{name: "no reader for alternatives in this style", parameter: `{name: a, in: query, required: true, style: pipeDelimited, schema: {anyOf: [{type: integer}, {type: boolean}]}}`, query: "a=1"},
		{name: "no reader for this media type", parameter: `{name: a, in: query, content: {text/plain: {schema: {type: string}}}}`, query: "a=c"},
		{name: "no reader for a whole query", version: "3.2.0", parameter: `{name: a, in: querystring, content: {application/json: {schema: {type: object}}}}`, query: "%7B%7D"},
		{name: "no judge by a schema that is refused", version: "3.1.0", parameter: `{name: a, in: query, required: true, schema: {$ref: '#/components/schemas/Endless'}}`, query: "b=c"},
		{name: "no schema", parameter: `{name: a, in: query}`, query: "a=c"},

		{name: "a reference", version: "3.1.0", parameter: `{name: a, in: query, schema: {$ref: '#/components/schemas/Count'}}`, query: "a=0", want: []string{"minimum |  | at least 1 | 0"}},
		{name: "null or a date", version: "3.1.0", parameter: `{name: a, in: query, schema: {anyOf: [{type: string, format: date}, {type: "null"}]}}`, query: "a=2024-02-29"},
		{name: "null or an integer", version: "3.1.0", parameter: `{name: a, in: query, schema: {type: [integer, "null"], maximum: 1}}`, query: "a=2", want: []string{"maximum |  | at most 1 | 2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.version == "" {
				test.version = "3.0.3"
			}
			doc, err := spec.Read("a.yaml", []byte(`{openapi: `+test.version+`, info: {title: a, version: b}, paths: {/a: {get: {parameters: [`+test.parameter+
				`], responses: {}}}}, components: {schemas: {Count: {type: integer, minimum: 1}, Endless: {$ref: '#/components/schemas/Endless'}}}}`), nil)
			if err != nil {
				t.Fatal(err)
			}
			raw := Raw{Path: test.path}
			if raw.Query, err = url.ParseQuery(test.query); err != nil {
				t.Fatal(err)
			}
			if name, value, there := strings.Cut(test.header, ": "); there {
				raw.Header = http.Header{name: {value}}
			}
			got := lines(New(doc).Parameter(doc.Operations[0].Parameters[0], raw))
			if diff := cmp.Diff(append([]string{}, test.want...), got); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}
