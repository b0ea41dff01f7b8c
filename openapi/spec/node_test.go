package spec

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// read reads one file.
func read(name, text string) (*Node, *Finding) {
	f := &file{name: name, path: name}
	f.parse([]byte(text))
	if f.root == nil {
		return nil, f.findings[0]
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

// TestValues checks the value of JSON and YAML texts.
func TestValues(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{
			name: "JSON", file: "a.json", text: "{\"a\": [1, -2.50, 1e3, true, false, null, \"x\"]}",
			want: `{"a":[1,-2.50,1e3,true,false,null,"x"]}`,
		},
		{
			name: "escapes of JSON", file: "a.json", text: `{"a\/b": "\u00e9\ud83d\ude00\n\ud800"}`,
			want: `{"a/b":"é😀\n` + "\ufffd" + `"}`,
		},
		{name: "JSON with a byte order mark and CRLF", file: "a.json", text: "\ufeff{\r\n\"a\":\r\n1}\r\n", want: `{"a":1}`},
		{
			name: "numbers keep each digit", file: "a.json", text: `[12345678901234567890123, 0.1000]`,
			want: `[12345678901234567890123,0.1000]`,
		},
		{name: "YAML in braces", file: "a.yaml", text: `{a: 1, b: [x, y]}`, want: `{"a":1,"b":["x","y"]}`},
		{
			name: "YAML with a byte order mark and CRLF", file: "a.yaml", text: "\ufeffa: 1\r\nb: x\r\n",
			want: `{"a":1,"b":"x"}`,
		},
		{
			name: "numbers of YAML", file: "a.yaml", text: "[0x1F, +1, 1., .5, -.5e3, 1_000, 0o17, 12345678901234567890123]",
			want: `[31,1,1,0.5,-0.5e3,1000,15,12345678901234567890123]`,
		},
		{name: "numbers that JSON lacks", file: "a.yaml", text: "[.inf, .nan]", want: `[".inf",".nan"]`},
		{name: "dates are strings", file: "a.yaml", text: "[2024-02-27, '2024-02-27']", want: `["2024-02-27","2024-02-27"]`},
		{name: "tags", file: "a.yaml", text: "[!!str 5, !!float 5, yes, True, ~]", want: `["5",5,"yes",true,null]`},
		{
			name: "keys that are not strings", file: "a.yaml", text: "{404: a, true: b, null: c}",
			want: `{"404":"a","null":"c","true":"b"}`,
		},
		{name: "aliases", file: "a.yaml", text: "a: &a [1]\nb: *a\n", want: `{"a":[1],"b":[1]}`},
		{name: "an alias of its own key", file: "a.yaml", text: "&k foo: *k\n", want: `{"foo":"foo"}`},
		{
			name: "aliases of a key, further on", file: "a.yaml", text: "&k 404: {a: [*k]}\nb: {*k : *k}\n",
			want: `{"404":{"a":[404]},"b":{"404":404}}`,
		},
		{
			name: "an alias of an anchor that a key had before", file: "a.yaml", text: "&k foo: &k bar\nb: *k\n",
			want: `{"b":"bar","foo":"bar"}`,
		},
		{name: "an alias of a merge key", file: "a.yaml", text: "&k <<: {a: *k}\n", want: `{"a":"<<"}`},
		{
			name: "a merge key", file: "a.yaml", text: "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n",
			want: `{"a":{"x":1,"y":2},"b":{"x":1,"y":3}}`,
		},
		{
			name: "a merge key of several", file: "a.yaml", text: "a: &a {x: 1}\nb: {<<: [*a, {x: 2, z: 3}]}\n",
			want: `{"a":{"x":1},"b":{"x":1,"z":3}}`,
		},
		{name: "a quoted merge key", file: "a.yaml", text: "'<<': {x: 1}", want: `{"<<":{"x":1}}`},
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

// TestMarshalJSON checks that a node as JSON keeps the order and the numbers of its file.
func TestMarshalJSON(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{name: "members in the order of the file", text: "{b: 1, a: {d: x, c: y}}", want: `{"b":1,"a":{"d":"x","c":"y"}}`},
		{
			name: "of a merge key", text: "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n",
			want: `{"a":{"x":1,"y":2},"b":{"y":3,"x":1}}`,
		},
		{
			name: "more members than are searched one by one", text: "{i: 1, h: 2, g: 3, f: 4, e: 5, d: 6, c: 7, b: 8, a: 9}",
			want: `{"i":1,"h":2,"g":3,"f":4,"e":5,"d":6,"c":7,"b":8,"a":9}`,
		},
		{
			name: "each kind", text: "[null, true, false, -2.50, 12345678901234567890123, x, [], {}]",
			want: `[null,true,false,-2.50,12345678901234567890123,"x",[],{}]`,
		},
		{name: "texts", text: `["\"\\", "a\nb", 'é<']`, want: `["\"\\","a\nb","é\u003c"]`},
		{name: "names", text: `{'a"b': 1}`, want: `{"a\"b":1}`},
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

// TestPlaces checks pointers, lines and columns.
func TestPlaces(t *testing.T) {
	const asYAML = "paths:\n  /a/b:\n    get:\n      tags:\n        - x\n        - y\n"
	const asJSON = "{\n  \"paths\": {\n    \"/a/b\": {\"get\":\n      {\"tags\": [\"x\",\n  \"y\"]}}}}"
	tests := []struct {
		file, text string
		want       []string // of the operation, its tags, and the last tag
	}{
		{file: "a.yaml", text: asYAML, want: []string{"a.yaml:3:5", "a.yaml:4:7", "a.yaml:6:11"}},
		{file: "a.json", text: asJSON, want: []string{"a.json:3:14", "a.json:4:8", "a.json:5:3"}},
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
		const tags = "/paths/~1a~1b/get/tags"
		for _, pointer := range []string{"paths", "/paths/x", tags + "/2", tags + "/01", tags + "/-1", tags + "/0/x"} {
			if n := root.At(pointer); n != nil {
				t.Errorf("%s: %s leads to %v", test.file, pointer, n)
			}
		}
	}
}

// TestPlacesInOneLine tests that places in a document of one line differ.
func TestPlacesInOneLine(t *testing.T) {
	root := mustRead(t, "a.json", `{"paths": {"/a": {"get": 1}}}`)
	for pointer, want := range map[string]string{"": "a.json:1", "/paths": "a.json:1:2", "/paths/~1a/get": "a.json:1:19"} {
		if got := root.At(pointer).Place().String(); got != want {
			t.Errorf("%q: got %s, want %s", pointer, got, want)
		}
	}
}

// TestPlacesOfMergedMembers checks that members of a merged anchor keep their place, and that members written below a merge key
// have the mapping as parent.
func TestPlacesOfMergedMembers(t *testing.T) {
	root := mustRead(t, "a.yaml", "x-a: &a\n  k: {v: 1}\nb:\n  <<: *a\nc:\n  <<: {k: {v: 1}}\n")
	for pointer, want := range map[string]string{"/b/k/v": "a.yaml:2 /x-a/k/v", "/c/k/v": "a.yaml:6 /c/k/v"} {
		n := root.At(pointer)
		if got := n.Place().String() + " " + n.Pointer(); got != want {
			t.Errorf("%s: got %s, want %s", pointer, got, want)
		}
	}
}

// TestPlacesOfAliasedKeys checks that an alias of a key has its own place, since a key has none.
func TestPlacesOfAliasedKeys(t *testing.T) {
	root := mustRead(t, "a.yaml", "&k foo: 1\nb:\n  - *k\n  - *k\n")
	for pointer, want := range map[string]string{"/b/0": "a.yaml:3 /b/0", "/b/1": "a.yaml:4 /b/1"} {
		n := root.At(pointer)
		if got := n.Place().String() + " " + n.Pointer(); got != want {
			t.Errorf("%s: got %s, want %s", pointer, got, want)
		}
	}
}

// TestSyntax checks the text and the line of syntax errors.
func TestSyntax(t *testing.T) {
	deep := strings.Repeat("[", 600) + strings.Repeat("]", 600)
	doubling := "a0: &a0 [x]\n"
	for i := 1; i < 30; i++ {
		doubling += fmt.Sprintf("a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	ladder := "a0: &a0 [x]\n"
	for i := 1; i < 60; i++ {
		ladder += fmt.Sprintf("a%d: &a%d [[[[[[[[[[*a%d]]]]]]]]]]\n", i, i, i-1)
	}
	tests := []struct{ name, file, text, want string }{
		{name: "nothing", file: "a.yaml", want: "a.yaml:1: the file is empty"},
		{
			name: "a bracket that is not closed", file: "a.json", text: "{\"a\": [1,\n2}",
			want: "a.json:2: invalid JSON: unexpected '}' in column 2",
		},
		{
			name: "a comma too many", file: "a.json", text: "{\"a\": 1,\n}",
			want: "a.json:2: invalid JSON: unexpected '}' in column 1",
		},
		{
			name: "the end within a text", file: "a.json", text: "{\"a\": \"b",
			want: "a.json:1: invalid JSON: unexpected end of file",
		},
		{
			name: "the end within an object", file: "a.json", text: "{\"a\": 1",
			want: "a.json:1: invalid JSON: unexpected end of file",
		},
		{name: "more after the end", file: "a.json", text: "{}\n{}", want: "a.json:2: invalid JSON: unexpected '{' in column 1"},
		{name: "no number", file: "a.json", text: "[01]", want: "a.json:1: invalid JSON: unexpected '1' in column 3"},
		{name: "no word", file: "a.json", text: "[nil]", want: "a.json:1: invalid JSON: unexpected 'i' in column 3"},
		{name: "an escape", file: "a.json", text: `["\x"]`, want: "a.json:1: invalid JSON: unexpected 'x' in column 4"},
		{
			name: "a line break in a text", file: "a.json", text: "[\"a\nb\"]",
			want: "a.json:1: invalid JSON: unexpected '\\n' in column 4",
		},
		{name: "no UTF-8 in JSON", file: "a.json", text: "[\"\xff\"]", want: "a.json:1: invalid UTF-8"},
		{
			name: "a key twice in JSON", file: "a.json", text: "{\"a\": 1,\n\"a\": 2}",
			want: "a.json:2: duplicate key \"a\"",
		},
		{
			name: "far too deep in JSON", file: "a.json", text: strings.Repeat("[", 20_000),
			want: "a.json:1: nested deeper than 500 levels",
		},
		{name: "too deep in JSON", file: "a.json", text: deep, want: "a.json:1: nested deeper than 500 levels"},
		{
			name: "too deep by members in JSON", file: "a.json",
			text: strings.Repeat("{\"a\":\n", 600) + "1" + strings.Repeat("}", 600),
			want: "a.json:502: nested deeper than 500 levels",
		},

		{name: "a key twice", file: "a.yaml", text: "a: 1\nb: 1\na: 2\n", want: "a.yaml:3: duplicate key \"a\""},
		{
			name: "a key twice in braces", file: "a.yaml", text: "a: {b: 1,\n c: 2, b: 3}\n",
			want: "a.yaml:2: duplicate key \"b\"",
		},
		{
			name: "a key as text and as number", file: "a.yaml", text: "'404': a\n404: b\n",
			want: "a.yaml:2: duplicate key \"404\"",
		},
		{
			name: "a key twice among many", file: "a.yaml",
			text: "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\ng: 1\nh: 1\ni: 1\nj: 1\ni: 2\n",
			want: "a.yaml:11: duplicate key \"i\"",
		},
		{name: "too deep", file: "a.yaml", text: "a: " + deep, want: "a.yaml:1: nested deeper than 500 levels"},
		{
			name: "a bracket", file: "a.yaml", text: "a: [1\nb: 2\n",
			want: "a.yaml:2: the indentation or a bracket does not match the lines above",
		},
		{
			name: "a colon", file: "a.yaml", text: "a: b: c\n",
			want: "a.yaml:1: a colon starts a mapping where none is allowed: quote the text",
		},
		{
			name: "a tab", file: "a.yaml", text: "a:\n\tb: 1\n",
			want: "a.yaml:2: a value starts with a tab, @, ` or another reserved character: quote the text",
		},
		{
			name: "an alias without an anchor", file: "a.yaml", text: "a: 1\nb: *c\n",
			want: "a.yaml:2: an alias without an anchor",
		},
		{
			name: "an alias that contains itself", file: "a.yaml", text: "a: &a\n  b: *a\n",
			want: "a.yaml:2: the alias *a contains itself",
		},
		{
			name: "aliases that expand too much", file: "a.yaml", text: doubling,
			want: "a.yaml:16: the aliases expand to more than 100000 nodes",
		},
		{name: "aliases that nest too deep", file: "a.yaml", text: ladder, want: "a.yaml:51: nested deeper than 500 levels"},
		{name: "a merge key of a text", file: "a.yaml", text: "a: {<<: b}\n", want: "a.yaml:1: a merge key needs a mapping"},
		{
			name: "a merge key of a list that contains itself", file: "a.yaml", text: "a: &a [*a]\nb: {<<: *a}\n",
			want: "a.yaml:1: the alias *a contains itself",
		},
		{
			name: "a key that is a list", file: "a.yaml", text: "? [a]\n: 1\n",
			want: "a.yaml:1: a key must be a scalar",
		},
		{name: "no UTF-8", file: "a.yaml", text: "a: b\nc: \xff\n", want: "a.yaml:2: invalid UTF-8"},
		{name: "a control character", file: "a.yaml", text: "a: b\nc: \x01\n", want: "a.yaml:2: a control character"},
	}
	for _, test := range tests {
		_, f := read(test.file, test.text)
		if f == nil || f.String() != test.want {
			t.Errorf("%s:\n got %v\nwant %s", test.name, f, test.want)
		}
	}
}

// TestLongKeysAreCheap checks that a key of 200 KB above thousands of values is not copied for each of them.
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
		"an extension in YAML":   "openapi: 3.0.3\nx-z:\n  ? \"" + key + "\"\n  : [" + many("%d") + "]\n",
		"an extension":           `{"openapi": "3.0.3", "x-z": {"` + key + `": [` + many("%d") + `]}}`,
		"a path":                 `{"openapi": "3.0.3", "paths": {"/` + key + `": {"get": {"parameters": [` + parameters + `]}}}}`,
		"a path of many methods": `{"openapi": "3.2.0", "paths": {"/` + key[:900] + `": {"additionalOperations": {` + many(`"M%d": {}`) + `}}}}`,
		"a component":            `{"openapi": "3.0.3", "components": {"responses": {"` + key + `": {"content": {` + media + `}}}}}`,
		"a parameter's name":     `{"openapi": "3.0.3", "paths": {"/a": {"get": {"parameters": [{"name": "` + key + `", "in": "path"}]}}}}`,
		"references to a long one": `{"openapi": "3.1.0", "components": ` +
			`{"schemas": {` + many(`"A%d": {"$ref": "#/components/schemas/B"}`) + `, "B": {"$ref": "#/` + key + `"}}}}`,
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
