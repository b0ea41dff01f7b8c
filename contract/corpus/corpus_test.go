package corpus

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/quotaspec/quotaspec/openapi/spec"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/quotaspec/quotaspec/openapi"
)

// TestIndexSchema validates the index against its published schema, and checks that the schema refuses invalid indexes.
func TestIndexSchema(t *testing.T) {
	schema := jsonschema.NewCompiler().MustCompile("index.schema.json")
	validate := func(text string) error {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(value)
	}
	text, err := os.ReadFile("index.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := validate(string(text)); err != nil {
		t.Error(err)
	}
	for _, change := range [][2]string{
		{`"format_version": 1`, `"format_version": 2`},
		{`"document": "ims"`, `"document": "ecs"`},
		{`"want": []`, `"want": null`},
		{`"grade": "inferred"`, `"grade": "likely"`},
		{`"probe": "repeat"`, `"probe": "no-credentials"`},
		{`"request": "requests/`, `"request": "../requests/`},
		{`"pointer": "/response/status"`, `"pointer": "/status"`},
		{`"says": "`, `"says": "A line.\n`},
		{`"operation"`, `"operations"`},
	} {
		if broken := strings.Replace(string(text), change[0], change[1], 1); broken == string(text) || validate(broken) == nil {
			t.Errorf("%s instead of %s is valid", change[1], change[0])
		}
	}
}

// TestFiles checks that names are unique, that each case has an operation of its document, and that each file belongs to a case.
func TestFiles(t *testing.T) {
	cases, err := Cases()
	if err != nil {
		t.Fatal(err)
	}
	names, files := map[string]bool{}, map[string]bool{"index.json": true}
	documents := map[string]*spec.Document{}
	for _, name := range openapi.Names() {
		if documents[name], err = openapi.Embedded(name); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range cases {
		if names[c.Name] {
			t.Errorf("duplicate name %s", c.Name)
		}
		names[c.Name] = true
		for _, file := range []string{c.Request, c.Response, c.Previous} {
			files[file] = true
		}
		doc := documents[c.Document]
		hasOperation := doc != nil && (c.Operation == "" || doc.Operation(c.Operation) != nil)
		if !hasOperation {
			t.Errorf("%s: no document %s with the operation %q", c.Name, c.Document, c.Operation)
		}
	}
	err = fs.WalkDir(embedded, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !files[path] {
			t.Errorf("%s belongs to no case", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestCasesPassAndFail checks that both documents have enough cases that must pass and that must fail, so that neither a judge
// that accepts everything nor one that refuses everything scores well.
func TestCasesPassAndFail(t *testing.T) {
	cases, err := Cases()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, c := range cases {
		kind := c.Document + " must pass"
		if len(c.Want) > 0 {
			kind = c.Document + " must fail"
		}
		kinds[kind]++
	}
	for _, kind := range []string{"iam must pass", "iam must fail", "ims must pass", "ims must fail"} {
		if kinds[kind] < 30 {
			t.Errorf("%s: got %d cases, want 30 or more", kind, kinds[kind])
		}
	}
}

// TestLoadErrors checks that errors name the case and the file.
func TestLoadErrors(t *testing.T) {
	const index = `{"cases":[{"name":"a","request":"requests/a.http","response":"responses/a.http","previous":"responses/b.http"}]}`
	const request, response = "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"
	files := map[string]string{
		"index.json": index, "requests/a.http": request, "responses/a.http": response, "responses/b.http": response,
	}
	for _, test := range []struct{ name, file, text, want string }{
		{name: "no index", file: "index.json", want: "read the corpus: open index.json: file does not exist"},
		{
			name: "a list as index", file: "index.json", text: "[]",
			want: "read the corpus: index.json: want an object with a list of cases",
		},
		{name: "no request", file: "requests/a.http", want: "read the corpus: a: open requests/a.http: file does not exist"},
		{name: "no response", file: "responses/a.http", want: "read the corpus: a: open responses/a.http: file does not exist"},
		{name: "no previous response", file: "responses/b.http", want: "read the corpus: a: open responses/b.http: file does not exist"},
		{
			name: "a malformed request", file: "requests/a.http", text: "GET",
			want: "read the corpus: a: read the request: not an HTTP/1 message",
		},
		{
			name: "a malformed response", file: "responses/a.http", text: "200",
			want: "read the corpus: a: read the response: not an HTTP/1 message",
		},
		{
			name: "a malformed previous response", file: "responses/b.http", text: "200",
			want: "read the corpus: a: read the response: not an HTTP/1 message",
		},
	} {
		folder := fstest.MapFS{}
		for name, text := range files {
			if name == test.file {
				text = test.text
			}
			if text != "" {
				folder[name] = &fstest.MapFile{Data: []byte(text)}
			}
		}
		_, err := load(folder)
		if err == nil {
			t.Errorf("%s: no error", test.name)
		} else if diff := cmp.Diff(test.want, err.Error()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
