package forms

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// before and after are the lines around the schemas of the documents in these tests.
const before = `openapi: 3.0.3
info: {title: Shelves, version: '1'}
paths: {}
components:
  headers:
    x-room:
      x-owner: me
      schema: {type: string}
  schemas:
`

// TestSchemas tests how parts of schemas that our documents do not have are written in OpenAPI 3.1, and what is left without
// extensions. Lines of the document before the schemas are the same in all tests.
func TestSchemas(t *testing.T) {
	for _, test := range []struct {
		name, schemas string // lines below components/schemas
		plain         bool
		want          string
	}{
		{name: "null", schemas: "A:\n  nullable: true\n  type: string", want: "A:\n  type: [string, 'null']"},
		{name: "no null", schemas: "A:\n  type: string\n  nullable: false", want: "A:\n  type: string"},
		{name: "null without type", schemas: "A:\n  nullable: true\n  minLength: 1", want: "A:\n  minLength: 1"},
		{
			name:    "bounds",
			schemas: "A:\n  type: number\n  minimum: 0\n  exclusiveMinimum: true\n  maximum: 9.5\n  exclusiveMaximum: false",
			want:    "A:\n  type: number\n  exclusiveMinimum: 0\n  maximum: 9.5",
		},
		{name: "example", schemas: "A:\n  type: string\n  example: 'x, y'", want: "A:\n  type: string\n  examples: ['x, y']"},
		{name: "bytes", schemas: "A:\n  type: string\n  format: byte", want: "A:\n  type: string\n  contentEncoding: base64"},
		{
			name:    "braces",
			schemas: "A: {title: 'á, b}', type: string, nullable: true, minimum: 1, exclusiveMinimum: true, example: a b}",
			want:    "A: {title: 'á, b}', type: [string, 'null'], exclusiveMinimum: 1, examples: [a b]}",
		},
		{
			name: "braces within braces", plain: true,
			schemas: "A: {properties: {á: {type: string, x-a: [1, 2], x-b: {c: d}, title: x-e, x-c: 1}, x-d: {type: string, x-a: 2}}, x-e: 3}",
			want:    "A: {properties: {á: {type: string, title: x-e}, x-d: {type: string}}}",
		},
		{
			name: "file", schemas: "A:\n  type: string\n  format: binary",
			want: "A:\n  type: string\n  contentMediaType: application/octet-stream",
		},
		{
			name:    "names and data that look like keywords",
			schemas: "A:\n  type: object\n  properties:\n    nullable:\n      type: boolean\n    example:\n      enum: [a]\n      x-order: 1",
			want:    "A:\n  type: object\n  properties:\n    nullable:\n      type: boolean\n    example:\n      enum: [a]\n      x-order: 1",
		},
		{
			name:    "names that look like extensions",
			schemas: "A:\n  type: object\n  properties:\n    x-y: {type: string}\n  default:\n    x-y: z",
			plain:   true,
			want:    "A:\n  type: object\n  properties:\n    x-y: {type: string}\n  default:\n    x-y: z",
		},
		{
			name: "an extension of many lines, with its comment",
			schemas: "A:\n  type: object\n  # Why.\n  # And more.\n  x-note: |\n    # no comment\n\n    text\n" +
				"  # A comment of type B.\nB:\n  type: string",
			plain: true,
			want:  "A:\n  type: object\n  # A comment of type B.\nB:\n  type: string",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := convert("a.yaml", []byte(before+indented(test.schemas)), Form{OpenAPI: "3.1", Plain: test.plain})
			if err != nil {
				t.Fatal(err)
			}
			head := strings.Replace(before, "3.0.3", "3.1.0", 1)
			if test.plain {
				head = strings.Replace(head, "      x-owner: me\n", "", 1)
			}
			if diff := cmp.Diff(head+indented(test.want), string(got)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestNotByLines tests that what cannot be edited by lines is an error with its line, never a document that is half edited.
func TestNotByLines(t *testing.T) {
	for _, test := range []struct {
		name, schemas string
		plain         bool
		want          string
	}{
		{name: "first in braces", schemas: "A: {nullable: true, minLength: 1}", want: "a.yaml:10: nullable must begin a line"},
		{name: "a list in braces", schemas: "A: {type: string, example: [1]}", want: "a.yaml:10: example must begin a line"},
		{name: "a long example", schemas: "A:\n  example:\n    a: 1", want: "a.yaml:11: example must be one line to have another form"},
		{name: "a text as example", schemas: "A:\n  example: |\n    a", want: "a.yaml:11: example must be one line to have another form"},
		{name: "an extension of two lines", plain: true, schemas: "A: {type: string, x-a:\n  1}", want: "a.yaml:10: x-a must begin a line"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := convert("a.yaml", []byte(before+indented(test.schemas)), Form{OpenAPI: "3.1", Plain: test.plain})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
	if _, err := YAML("iam", Form{OpenAPI: "3.2"}); err == nil || err.Error() != `unknown version "3.2" of OpenAPI: want 3.0 or 3.1` {
		t.Errorf("got %v", err)
	}
	if _, err := YAML("ecs", Form{OpenAPI: "3.1"}); err == nil {
		t.Error("an unknown document has a form")
	}
}

// indented moves lines below components/schemas.
func indented(lines string) string {
	return "    " + strings.ReplaceAll(strings.ReplaceAll(lines, "\n", "\n    "), "    \n", "\n") + "\n"
}
