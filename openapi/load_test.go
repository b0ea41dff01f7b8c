package openapi

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// fault is one fault put into the small document. It stands where the text that replaces old begins, or where that text
// has the mark @@, which is taken out.
type fault struct{ name, old, new, want string }

const mark = "@@"

func (f fault) put(t *testing.T) (text string, line int) {
	t.Helper()
	text, line = replace(t, small, f.old, f.new), lineOf(t, small, f.old)
	if before, _, found := strings.Cut(text, mark); found {
		line = 1 + strings.Count(before, "\n")
	}
	return strings.Replace(text, mark, "", 1), line
}

// checkFaults loads a document for each fault: the error must be one line, with the place.
func checkFaults(t *testing.T, faults []fault) {
	t.Helper()
	for _, f := range faults {
		text, line := f.put(t)
		_, err := Load("small.yaml", []byte(text))
		want := fmt.Sprintf("small.yaml:%d: %s", line, f.want)
		if got := fmt.Sprint(err); got != want {
			t.Errorf("%s:\n got %s\nwant %s", f.name, got, want)
		}
	}
}

func TestFaultsOfYAML(t *testing.T) {
	tests := []fault{
		{"a brace that is not closed", "info: {title: Things, version: 1.0.0}", "info: {title: Things, version: 1.0.0", "did not find expected ',' or '}'"},
		{"a colon in a plain text", "description: The thing.", "description: The thing: it.", "mapping values are not allowed in this context"},
		{"a tab", "  /things:\n", "\t/things:\n", "found character that cannot start any token"},
		{"an anchor that is not there", "description: A thing.", "description: *thing", "unknown anchor 'thing' referenced"},
		{"a control character", "A thing.", "A \x01 thing.", "control characters are not allowed"},
		{"no UTF-8", "A thing.", "A \xff thing.", "invalid leading UTF-8 octet"},
		{"a key twice", "description: A thing.", "description: A thing.\n      @@description: Again.", `the key "description" stands here twice`},
		{"a key twice in braces", "{type: integer}", "{type: integer, type: string}", `the key "type" stands here twice`},
		{"a status as text and as number", "        '404':", "        '404': {description: Gone.}\n        @@404:", `the key "404" stands here twice`},
		{"too deep", "security:\n", "x-deep: " + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "\nsecurity:\n", "nested deeper than 200 levels"},
		{"an alias that holds itself", "security:\n", "x-loop: &loop\n  @@- *loop\nsecurity:\n", "nested deeper than 200 levels"},

		{"a reference that leads nowhere", "$ref: '#/components/responses/Missing'", "$ref: '#/components/responses/None'", `reference "#/components/responses/None" leads nowhere`},
		{"a reference to a file", "$ref: '#/components/responses/Missing'", "$ref: 'others.yaml#/Missing'", `reference "others.yaml#/Missing" leaves the document: it must be complete by itself`},
		{"a reference to a page", "$ref: '#/components/responses/Missing'", "$ref: 'https://example.com/others.yaml'", `reference "https://example.com/others.yaml" leaves the document: it must be complete by itself`},
		{"another version", "openapi: 3.0.3", "openapi: 3.1.0", "want an OpenAPI 3.0 document"},
		{"a version that is a number", "openapi: 3.0.3", "openapi: 3.0", "want an OpenAPI 3.0 document"},
		{"no version", "openapi: 3.0.3\n", "", "want an OpenAPI 3.0 document"},
	}
	checkFaults(t, tests)
}

// The words are kin-openapi's and may change with it: the place and one telling piece of them must be there.
func TestFaultsOfOpenAPI(t *testing.T) {
	tests := []fault{
		{"an example of the wrong type", "seven: {value: {size: 7}}", "seven: {value: {size: seven}}", "value must be an integer"},
		{"an example of a parameter", "example: t1", "example: 1", "value must be a string"},
		{"an unknown type", "{type: integer}", "{type: integre}", `"integre"`},
		{"an unknown format", "{type: integer}", "{type: integer, format: int33}", `"int33"`},
		{"a path parameter that is not declared", "  /things/{thing_id}:\n", "  /things/{thing_id}/{part_id}:\n", "part_id"},
		{"a path parameter that is not in the path", "  /things/{thing_id}:\n", "  /things/{other_id}:\n", "other_id"},
		{"no description of a response", "'201': {description: Made.}", "'201': {}", "description"},
		{"no responses", "    post:\n      responses:\n        '201': {description: Made.}\n", "    post: {}\n", "responses"},
		{"no title", "info: {title: Things, version: 1.0.0}", "info: {version: 1.0.0}", "title"},
		{"a key that OpenAPI does not know", "    Part:\n      type: object\n      description:", "    Part:\n      type: object\n      describtion:", "describtion"},
		{"a pattern that is none", "name: X-Language, in: header, schema: {type: string}", "name: X-Language, in: header, schema: {type: string, pattern: '('}", "missing closing )"},
		{"a scheme that is not there", "  - Token: []\n", "  - Tokn: []\n", `"Tokn"`},
		{"an operationId twice", "    get:\n      operationId: showThing\n", "    get:\n      operationId: listThings\n", `"listThings"`},
		{"a reference to another kind of thing", "items: {$ref: '#/components/schemas/Part'}", "items: {$ref: '#/components/securitySchemes/Token'}", "#/components/securitySchemes/Token"},
		{"a reference to itself", "    Another: {$ref: '#/components/schemas/Thing'}", "    Another: {$ref: '#/components/schemas/Another'}", "Another"},

		{"a list instead of a text", "description: A thing.", "description: [A thing.]", "description"},
		{"a text instead of a mapping", "info: {title: Things, version: 1.0.0}", "info: Things", "Info"},
		{"a list instead of a mapping", "'201': {description: Made.}", "'201': [Made.]", ""},
		{"an empty operation", "  /things:\n", "  /things:\n    @@put:\n", "put"},
		{"an empty response", "'201': {description: Made.}", "'201':", ""},
		{"an empty schema", "{type: integer}", "", ""},
	}
	for _, test := range tests {
		text, line := test.put(t)
		got := errorText("small.yaml", text)
		place := fmt.Sprintf("small.yaml:%d: ", line)
		if !strings.HasPrefix(got, place) || !strings.Contains(got, test.want) || strings.Contains(got, "\n") {
			t.Errorf("%s:\n got %q\nwant %q… %q in one line", test.name, got, place, test.want)
		}
	}
}

// errorText returns what Load says of a document, be it in panic.
func errorText(file, text string) (says string) {
	defer func() {
		if r := recover(); r != nil {
			says = fmt.Sprint("panic: ", r)
		}
	}()
	_, err := Load(file, []byte(text))
	return fmt.Sprint(err)
}

func TestNoDocument(t *testing.T) {
	for _, text := range []string{"", "\n", "# Nothing but a remark.\n", "- a\n- list\n", "a text\n", "null\n", "[]"} {
		if got, want := errorText("small.yaml", text), "small.yaml:1: not an OpenAPI document"; got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// Aliases that hold aliases can make a giant of a small file. Loading ends soon all the same, and says why.
func TestAliasesThatMultiply(t *testing.T) {
	bomb := "x-0: &x0 [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
	for i := 1; i < 6; i++ {
		bomb += fmt.Sprintf("x-%d: &x%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*x%d, ", i-1), 10), ", "))
	}
	start := time.Now()
	got := errorText("small.yaml", small+bomb)
	first := 1 + strings.Count(small, "\n")
	for line := first; line < first+6; line++ {
		if strings.HasPrefix(got, fmt.Sprintf("small.yaml:%d: ", line)) && strings.Contains(got, "alias") {
			return
		}
	}
	t.Errorf("got %s after %v, want one of the lines from %d on and a word about aliases", got, time.Since(start), first)
}

func TestWhatLoads(t *testing.T) {
	tests := []struct{ name, text string }{
		{"with a byte order mark", "\ufeff" + small},
		{"with line ends of DOS", strings.ReplaceAll(small, "\n", "\r\n")},
		{"with an alias", replace(t, small, "description: A thing.", "title: &words A thing.\n      description: *words")},
		{"with an example that stands elsewhere", replace(t, small, "seven: {value: {size: 7}}", "seven: {externalValue: 'https://example.com/seven.json'}")},
		{"with extensions of others", replace(t, small, "description: A thing.", "description: A thing.\n      x-order: 1")},
	}
	for _, test := range tests {
		d, err := Load("small.yaml", []byte(test.text))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		} else if got := d.Rules[2].Line; got < lineOf(t, small, "- id: positive") {
			t.Errorf("%s: the last rule stands in line %d", test.name, got)
		}
	}
}

func TestLoadFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "things.yaml")
	if _, err := LoadFile(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want one that says that there is no such file", err)
	}
	if err := os.WriteFile(file, []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := LoadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d.Name != "things" || d.File != file || d.Rules[0].ID != "things/only-200-succeeds" {
		t.Errorf("got name %s, file %s, first rule %s", d.Name, d.File, d.Rules[0].ID)
	}
}
