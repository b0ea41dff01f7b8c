package spec

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// read reads one file alone.
func read(name, text string) (*Node, *Finding) {
	f := &file{name: name, path: name}
	f.parse([]byte(text))
	if f.root == nil {
		return nil, f.faults[0]
	}
	return f.root, nil
}

func mustRead(t *testing.T, name, text string) *Node {
	t.Helper()
	n, f := read(name, text)
	if f != nil {
		t.Fatal(f)
	}
	return n
}

// Each text, whether JSON or YAML, is the JSON value beside it.
func TestValues(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"JSON", "a.json", "{\"a\": [1, -2.50, 1e3, true, false, null, \"x\"]}", `{"a":[1,-2.50,1e3,true,false,null,"x"]}`},
		{"escapes of JSON", "a.json", `{"a\/b": "\u00e9\ud83d\ude00\n\ud800"}`, `{"a/b":"é😀\n` + "\ufffd" + `"}`},
		{"JSON with a byte order mark and CRLF", "a.json", "\ufeff{\r\n\"a\":\r\n1}\r\n", `{"a":1}`},
		{"numbers keep each digit", "a.json", `[12345678901234567890123, 0.1000]`, `[12345678901234567890123,0.1000]`},
		{"YAML in braces", "a.yaml", `{a: 1, b: [x, y]}`, `{"a":1,"b":["x","y"]}`},
		{"YAML with a byte order mark and CRLF", "a.yaml", "\ufeffa: 1\r\nb: x\r\n", `{"a":1,"b":"x"}`},
		{"numbers of YAML", "a.yaml", "[0x1F, +1, 1., .5, -.5e3, 1_000, 0o17, 12345678901234567890123]", `[31,1,1,0.5,-0.5e3,1000,15,12345678901234567890123]`},
		{"no numbers of JSON", "a.yaml", "[.inf, .nan]", `[".inf",".nan"]`},
		{"dates are texts", "a.yaml", "[2024-02-27, '2024-02-27']", `["2024-02-27","2024-02-27"]`},
		{"tags", "a.yaml", "[!!str 5, !!float 5, yes, True, ~]", `["5",5,"yes",true,null]`},
		{"names that are no texts", "a.yaml", "{404: a, true: b, null: c}", `{"404":"a","null":"c","true":"b"}`},
		{"aliases", "a.yaml", "a: &a [1]\nb: *a\n", `{"a":[1],"b":[1]}`},
		{"an alias of the key that it belongs to", "a.yaml", "&k foo: *k\n", `{"foo":"foo"}`},
		{"aliases of a key, further on", "a.yaml", "&k 404: {a: [*k]}\nb: {*k : *k}\n", `{"404":{"a":[404]},"b":{"404":404}}`},
		{"an alias of an anchor that a key had before", "a.yaml", "&k foo: &k bar\nb: *k\n", `{"b":"bar","foo":"bar"}`},
		{"an alias of a merge key", "a.yaml", "&k <<: {a: *k}\n", `{"a":"<<"}`},
		{"a merge key", "a.yaml", "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n", `{"a":{"x":1,"y":2},"b":{"x":1,"y":3}}`},
		{"a merge key of several", "a.yaml", "a: &a {x: 1}\nb: {<<: [*a, {x: 2, z: 3}]}\n", `{"a":{"x":1},"b":{"x":1,"z":3}}`},
		{"a quoted merge key", "a.yaml", "'<<': {x: 1}", `{"<<":{"x":1}}`},
	}
	for _, test := range tests {
		n, f := read(test.file, test.text)
		if f != nil {
			t.Errorf("%s: %v", test.name, f)
			continue
		}
		got := &strings.Builder{}
		e := json.NewEncoder(got)
		e.SetEscapeHTML(false)
		if err := e.Encode(n.Value()); err != nil {
			t.Fatal(err)
		}
		if strings.TrimSpace(got.String()) != test.want {
			t.Errorf("%s:\n got %swant %s", test.name, got, test.want)
		}
	}
}

// TestMarshalJSON holds that a node as JSON keeps the order and the numbers of its file.
func TestMarshalJSON(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"members in the order of the file", "{b: 1, a: {d: x, c: y}}", `{"b":1,"a":{"d":"x","c":"y"}}`},
		{"of a merge key", "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n", `{"a":{"x":1,"y":2},"b":{"y":3,"x":1}}`},
		{"more members than are searched one by one", "{i: 1, h: 2, g: 3, f: 4, e: 5, d: 6, c: 7, b: 8, a: 9}", `{"i":1,"h":2,"g":3,"f":4,"e":5,"d":6,"c":7,"b":8,"a":9}`},
		{"each kind", "[null, true, false, -2.50, 12345678901234567890123, x, [], {}]", `[null,true,false,-2.50,12345678901234567890123,"x",[],{}]`},
		{"texts", `["\"\\", "a\nb", 'é<']`, `["\"\\","a\nb","é\u003c"]`},
		{"names", `{'a"b': 1}`, `{"a\"b":1}`},
	} {
		got, err := json.Marshal(mustRead(t, "a.yaml", test.text))
		if err != nil || string(got) != test.want {
			t.Errorf("%s:\n got %s, %v\nwant %s", test.name, got, err, test.want)
		}
	}
	var none *Node
	if got, err := json.Marshal(none); err != nil || string(got) != "null" {
		t.Errorf("no node: got %s, %v", got, err)
	}
}

func TestPlaces(t *testing.T) {
	const asYAML = "paths:\n  /a/b:\n    get:\n      tags:\n        - x\n        - y\n"
	const asJSON = "{\n  \"paths\": {\n    \"/a/b\": {\"get\":\n      {\"tags\": [\"x\",\n  \"y\"]}}}}"
	tests := []struct {
		file, text string
		want       []string // of the get, its tags, and the last of them
	}{
		{"a.yaml", asYAML, []string{"a.yaml:3:5", "a.yaml:4:7", "a.yaml:6:11"}},
		{"a.json", asJSON, []string{"a.json:3:14", "a.json:4:8", "a.json:5:3"}},
	}
	for _, test := range tests {
		root := mustRead(t, test.file, test.text)
		got := []string{}
		for _, pointer := range []string{"/paths/~1a~1b/get", "/paths/~1a~1b/get/tags", "/paths/~1a~1b/get/tags/1"} {
			n := root.At(pointer)
			if n == nil || n.Pointer() != pointer {
				t.Fatalf("%s: %s leads to %v", test.file, pointer, n)
			}
			got = append(got, fmt.Sprintf("%s:%d", n.Place(), n.Place().Column))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.file, diff)
		}
		for _, pointer := range []string{"paths", "/paths/x", "/paths/~1a~1b/get/tags/2", "/paths/~1a~1b/get/tags/01", "/paths/~1a~1b/get/tags/-1", "/paths/~1a~1b/get/tags/0/x"} {
			if n := root.At(pointer); n != nil {
				t.Errorf("%s: %s leads to %v", test.file, pointer, n)
			}
		}
	}
}

// What a merge key brings keeps its place; what stands below the merge key has the mapping as its parent.
func TestPlacesOfMergedMembers(t *testing.T) {
	root := mustRead(t, "a.yaml", "x-a: &a\n  k: {v: 1}\nb:\n  <<: *a\nc:\n  <<: {k: {v: 1}}\n")
	for pointer, want := range map[string]string{"/b/k/v": "a.yaml:2 /x-a/k/v", "/c/k/v": "a.yaml:6 /c/k/v"} {
		n := root.At(pointer)
		if got := n.Place().String() + " " + n.Pointer(); got != want {
			t.Errorf("%s: got %s, want %s", pointer, got, want)
		}
	}
}

// A key has no place of its own: its text stands where the alias does.
func TestPlacesOfAliasedKeys(t *testing.T) {
	root := mustRead(t, "a.yaml", "&k foo: 1\nb:\n  - *k\n  - *k\n")
	for pointer, want := range map[string]string{"/b/0": "a.yaml:3 /b/0", "/b/1": "a.yaml:4 /b/1"} {
		n := root.At(pointer)
		if got := n.Place().String() + " " + n.Pointer(); got != want {
			t.Errorf("%s: got %s, want %s", pointer, got, want)
		}
	}
}

func TestSyntax(t *testing.T) {
	deep := strings.Repeat("[", 600) + strings.Repeat("]", 600)
	bomb := "a0: &a0 [x]\n"
	for i := 1; i < 30; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	ladder := "a0: &a0 [x]\n"
	for i := 1; i < 60; i++ {
		ladder += fmt.Sprintf("a%d: &a%d [[[[[[[[[[*a%d]]]]]]]]]]\n", i, i, i-1)
	}
	tests := []struct{ name, file, text, want string }{
		{"nothing", "a.yaml", "", "a.yaml:1: the file is empty"},
		{"a bracket that is not closed", "a.json", "{\"a\": [1,\n2}", "a.json:2: no JSON: unexpected '}' in column 2"},
		{"a comma too many", "a.json", "{\"a\": 1,\n}", "a.json:2: no JSON: unexpected '}' in column 1"},
		{"the end within a text", "a.json", "{\"a\": \"b", "a.json:1: no JSON: the file ends too early"},
		{"the end within an object", "a.json", "{\"a\": 1", "a.json:1: no JSON: the file ends too early"},
		{"more after the end", "a.json", "{}\n{}", "a.json:2: no JSON: unexpected '{' in column 1"},
		{"no number", "a.json", "[01]", "a.json:1: no JSON: unexpected '1' in column 3"},
		{"no word", "a.json", "[nil]", "a.json:1: no JSON: unexpected 'i' in column 3"},
		{"an escape", "a.json", `["\x"]`, "a.json:1: no JSON: unexpected 'x' in column 4"},
		{"a line break in a text", "a.json", "[\"a\nb\"]", "a.json:1: no JSON: unexpected '\\n' in column 4"},
		{"no UTF-8 in JSON", "a.json", "[\"\xff\"]", "a.json:1: bytes that are no UTF-8"},
		{"a key twice in JSON", "a.json", "{\"a\": 1,\n\"a\": 2}", "a.json:2: the key \"a\" stands here twice"},
		{"far too deep in JSON", "a.json", strings.Repeat("[", 20_000), "a.json:1: nested deeper than 500 levels"},
		{"too deep in JSON", "a.json", deep, "a.json:1: nested deeper than 500 levels"},
		{"too deep by members in JSON", "a.json", strings.Repeat("{\"a\":\n", 600) + "1" + strings.Repeat("}", 600), "a.json:502: nested deeper than 500 levels"},

		{"a key twice", "a.yaml", "a: 1\nb: 1\na: 2\n", "a.yaml:3: the key \"a\" stands here twice"},
		{"a key twice in braces", "a.yaml", "a: {b: 1,\n c: 2, b: 3}\n", "a.yaml:2: the key \"b\" stands here twice"},
		{"a key as text and as number", "a.yaml", "'404': a\n404: b\n", "a.yaml:2: the key \"404\" stands here twice"},
		{"a key twice among many", "a.yaml", "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\ng: 1\nh: 1\ni: 1\nj: 1\ni: 2\n", "a.yaml:11: the key \"i\" stands here twice"},
		{"too deep", "a.yaml", "a: " + deep, "a.yaml:1: nested deeper than 500 levels"},
		{"a bracket", "a.yaml", "a: [1\nb: 2\n", "a.yaml:2: the indentation or a bracket does not fit what stands above"},
		{"a colon", "a.yaml", "a: b: c\n", "a.yaml:1: a colon that begins a mapping where none may begin: quote the text"},
		{"a tab", "a.yaml", "a:\n\tb: 1\n", "a.yaml:2: a character that no value begins with, such as a tab, @ or `: quote the text"},
		{"an alias without its anchor", "a.yaml", "a: 1\nb: *c\n", "a.yaml:2: an alias without its anchor"},
		{"an alias that holds itself", "a.yaml", "a: &a\n  b: *a\n", "a.yaml:2: the alias *a holds itself"},
		{"aliases that stand for too much", "a.yaml", bomb, "a.yaml:16: aliases make more of this document than the file holds"},
		{"aliases that nest too deep", "a.yaml", ladder, "a.yaml:51: nested deeper than 500 levels"},
		{"a merge key of a text", "a.yaml", "a: {<<: b}\n", "a.yaml:1: a merge key takes mappings"},
		{"a merge key of a list that holds itself", "a.yaml", "a: &a [*a]\nb: {<<: *a}\n", "a.yaml:1: the alias *a holds itself"},
		{"a key that is a list", "a.yaml", "? [a]\n: 1\n", "a.yaml:1: the name of a member is no text"},
		{"no UTF-8", "a.yaml", "a: b\nc: \xff\n", "a.yaml:2: bytes that are no UTF-8"},
		{"a control character", "a.yaml", "a: b\nc: \x01\n", "a.yaml:2: a control character"},
	}
	for _, test := range tests {
		_, f := read(test.file, test.text)
		if f == nil || f.String() != test.want {
			t.Errorf("%s:\n got %v\nwant %s", test.name, f, test.want)
		}
	}
}

// A key of 200 KB over thousands of values must not be repeated for each of them, whatever it is the key of.
func TestLongKeysAreCheap(t *testing.T) {
	key := strings.Repeat("k", 200_000)
	many := func(format string) string {
		var list strings.Builder
		for i := range 5000 {
			fmt.Fprintf(&list, format+",", i)
		}
		return strings.TrimSuffix(list.String(), ",")
	}
	parameters, media := many(`{"name": "q%d", "in": "query"}`), many(`"text/x%d": {"schema": {"type": 7}}`)
	for name, text := range map[string]string{
		"an extension in YAML":     "openapi: 3.0.3\nx-z:\n  ? \"" + key + "\"\n  : [" + many("%d") + "]\n",
		"an extension":             `{"openapi": "3.0.3", "x-z": {"` + key + `": [` + many("%d") + `]}}`,
		"a path":                   `{"openapi": "3.0.3", "paths": {"/` + key + `": {"get": {"parameters": [` + parameters + `]}}}}`,
		"a path of many methods":   `{"openapi": "3.2.0", "paths": {"/` + key[:900] + `": {"additionalOperations": {` + many(`"M%d": {}`) + `}}}}`,
		"a component":              `{"openapi": "3.0.3", "components": {"responses": {"` + key + `": {"content": {` + media + `}}}}}`,
		"a parameter's name":       `{"openapi": "3.0.3", "paths": {"/a": {"get": {"parameters": [{"name": "` + key + `", "in": "path"}]}}}}`,
		"references to a long one": `{"openapi": "3.1.0", "components": {"schemas": {` + many(`"A%d": {"$ref": "#/components/schemas/B"}`) + `, "B": {"$ref": "#/` + key + `"}}}}`,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := Read("d.json", []byte(text), nil); err != nil && name != "an extension in YAML" {
			t.Errorf("%s: %.200s", name, err.Error())
		} else if _, err := Read("d.yaml", []byte(text), nil); err != nil {
			t.Errorf("%s: %.200s", name, err.Error())
		}
		runtime.ReadMemStats(&after)
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 100 {
			t.Errorf("%s: reading takes %d MB", name, mb)
		}
	}
}
