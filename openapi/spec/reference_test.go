package spec

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// readFiles reads a document of several files. The main file is openapi.yaml.
func readFiles(t *testing.T, files map[string]string) *Document {
	t.Helper()
	d, err := Read("api/openapi.yaml", []byte(files["openapi.yaml"]), func(name string) ([]byte, error) {
		if text, ok := files[name]; ok {
			return []byte(text), nil
		}
		return nil, &fs.PathError{Op: "open", Path: "/secret/" + name, Err: fs.ErrNotExist}
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// refused lists the causes of refused operations.
func refused(d *Document) string {
	lines := []string{}
	for _, op := range d.Operations {
		if op.Refused != nil {
			lines = append(lines, op.Refused.String())
		}
	}
	return strings.Join(lines, "\n")
}

func findings(d *Document) string {
	lines := []string{}
	for _, f := range d.Findings {
		lines = append(lines, f.ID+" "+f.String())
	}
	return strings.Join(lines, "\n")
}

const splitRoot = `openapi: 3.0.3
info: {title: Split, version: "1"}
paths:
  /a: {$ref: ./paths/a.yaml}
  /b/{id}: {$ref: 'paths/b%20b.json#/items/one'}
components:
  schemas:
    Name: {type: string, minLength: 1}
`

// TestSplitFiles checks that references are relative to their own file, and that each node has its own file and line.
func TestSplitFiles(t *testing.T) {
	d := readFiles(t, map[string]string{
		"openapi.yaml": splitRoot,
		"paths/a.yaml": "get:\n  operationId: getA\n  responses:\n    '200': {$ref: ../parts/ok.yaml}\n",
		"parts/ok.yaml": "description: ok\ncontent:\n  application/json:\n    schema:\n      type: object\n      properties:\n" +
			"        name: {$ref: '../openapi.yaml#/components/schemas/Name'}\n        next: {$ref: '#/content/application~1json/schema'}\n",
		"paths/b b.json": "{\"items\": {\"one\": {\n  \"parameters\": [{\"name\": \"id\", \"in\": \"path\", \"required\": true,\n" +
			"    \"schema\": {\"$ref\": \"../openapi.yaml#/components/schemas/Name\"}}],\n  \"delete\": {\"responses\": {\"204\": " +
			"{\"description\": \"gone\"}}}}}}",
	})
	if text := refused(d) + findings(d); text != "" {
		t.Fatal(text)
	}
	get, del := d.Operation("getA"), d.Operation("DELETE /b/{id}")
	if get == nil || del == nil {
		t.Fatalf("got the operations %v", d.Operations)
	}
	schema := get.Responses[0].Content[0].Schema
	for _, check := range []struct{ what, got, want string }{
		{what: "pointer of an operation", got: get.Pointer, want: "/paths/~1a/get"},
		{what: "place of an operation", got: get.Node.Place().String(), want: "api/paths/a.yaml:1"},
		{what: "place of a response", got: get.Responses[0].Node.ownPlace().String(), want: "api/parts/ok.yaml:1"},
		{what: "pointer of a schema", got: schema.Node.Pointer(), want: "/content/application~1json/schema"},
		{what: "place of a schema", got: schema.Properties[0].Schema.Node.Place().String(), want: "api/openapi.yaml:8"},
		{what: "place in JSON", got: del.Parameters[0].Node.Place().String(), want: "api/paths/b b.json:2"},
		{what: "pointer of the other", got: del.Pointer, want: "/paths/~1b~1{id}/delete"},
	} {
		if check.got != check.want {
			t.Errorf("%s: got %s, want %s", check.what, check.got, check.want)
		}
	}
	if schema.Properties[0].Schema != del.Parameters[0].Schema {
		t.Error("a schema that two files refer to has two views")
	}
	if schema.Properties[1].Schema != schema {
		t.Error("a schema that contains itself has two views")
	}
}

// TestBrokenReferences checks that a reference that cannot be resolved refuses its operation, and no other.
func TestBrokenReferences(t *testing.T) {
	tests := []struct{ name, ref, want string }{
		{
			name: "nowhere", ref: "#/components/schemas/None",
			want: `api/openapi.yaml:7: reference "#/components/schemas/None" leads nowhere`,
		},
		{name: "no such file", ref: "none.yaml", want: `api/openapi.yaml:7: reference "none.yaml": the file does not exist`},
		{
			name: "nowhere in a file", ref: "other.yaml#/none",
			want: `api/openapi.yaml:7: reference "other.yaml#/none" leads nowhere`,
		},
		{
			name: "an invalid file", ref: "wrong.yaml",
			want: `api/wrong.yaml:2: the indentation or a bracket does not match the lines above`,
		},
		{
			name: "above the folder", ref: "../other.yaml",
			want: `api/openapi.yaml:7: reference "../other.yaml" is outside the document's folder`,
		},
		{
			name: "above the folder by a detour", ref: "a/../../other.yaml",
			want: `api/openapi.yaml:7: reference "a/../../other.yaml" is outside the document's folder`,
		},
		{
			name: "from the root of the disk", ref: "/etc/hosts",
			want: `api/openapi.yaml:7: reference "/etc/hosts" is outside the document's folder`,
		},
		{
			name: "the network", ref: "https://example.com/a.yaml",
			want: `api/openapi.yaml:7: reference "https://example.com/a.yaml" is outside the document: nothing is fetched`,
		},
		{
			name: "the network without a scheme", ref: "//example.com/a.yaml",
			want: `api/openapi.yaml:7: reference "//example.com/a.yaml" is outside the document: nothing is fetched`,
		},
		{
			name: "a file by scheme", ref: "file:///etc/hosts",
			want: `api/openapi.yaml:7: reference "file:///etc/hosts" is outside the document: nothing is fetched`,
		},
		{
			name: "itself", ref: "#/paths/~1a/get/responses/200/content/text~1plain/schema",
			want: `api/openapi.yaml:7: reference "#/paths/~1a/get/responses/200/content/text~1plain/schema" leads back to itself`,
		},
		{name: "no address", ref: "a%zz.yaml", want: `api/openapi.yaml:7: reference "a%zz.yaml" is not a URI`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := readFiles(t, map[string]string{
				"openapi.yaml": "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    get:\n      responses: {'200': " +
					"{description: ok, content: {text/plain: {schema: {\n        $ref: '" + test.ref + "'}}}}}\n" +
					"  /b: {get: {responses: {'200': {description: ok}}}}\n",
				"other.yaml": "a: 1\n",
				"wrong.yaml": "a: [1\nb: 1\n",
			})
			if got := refused(d); got != test.want {
				t.Errorf("\n got %s\nwant %s", got, test.want)
			}
			if op := d.Operation("GET /b"); op == nil || op.Refused != nil {
				t.Errorf("the other operation is refused too: %v", op)
			}
		})
	}
}

// TestLoadStaysInTheFolder checks that a symbolic link out of the folder is not followed.
func TestLoadStaysInTheFolder(t *testing.T) {
	above := t.TempDir()
	folder := filepath.Join(above, "api")
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(above, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	const item = "get: {responses: {'200': {description: ok}}}\n"
	write("outside.yaml", item)
	write("api/inside.yaml", item)
	write("api/openapi.yaml", "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /in: {$ref: inside.yaml}\n  /link: "+
		"{$ref: link.yaml}\n  /folder: {$ref: .}\n")
	if err := os.Symlink("../outside.yaml", filepath.Join(folder, "link.yaml")); err != nil {
		t.Skip("no links here: ", err)
	}
	file := filepath.Join(folder, "openapi.yaml")
	d, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	want := "reference/unresolved " + file + ":5: reference \"link.yaml\": it cannot be read\n" +
		"reference/unresolved " + file + ":6: reference \".\": it is not a regular file"
	if got := findings(d); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if len(d.Operations) != 1 || d.Operations[0].Path != "/in" {
		t.Errorf("got the operations %v, want that of the file inside", d.Operations)
	}
}

// TestReferencesInData checks that $ref in an extension or an example is data.
func TestReferencesInData(t *testing.T) {
	d := readFiles(t, map[string]string{"openapi.yaml": "openapi: 3.0.3\ninfo: {title: t, version: '1'}\nx-topics: {content: " +
		"{$ref: ./docs/start.md}}\n" +
		"paths:\n  /a: {get: {x-code: {$ref: a.php}, responses: {'200': {description: ok, content: {text/plain: {example: {$ref: " +
		"none}, schema: {example: {$ref: none}}}}}}}}\n"})
	if text := refused(d) + findings(d); text != "" {
		t.Error(text)
	}
}

// TestPathItemWithSiblings checks a path item that has a reference and other members.
func TestPathItemWithSiblings(t *testing.T) {
	d := readFiles(t, map[string]string{
		"openapi.yaml": "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    $ref: a.yaml\n    get: {operationId: " +
			"mine, responses: {'200': {description: ok}}}\n" +
			"  /b: {$ref: a.yaml#/x-bare, parameters: [{name: r, in: query, schema: {}}], servers: [{url: /own}]}\n",
		"a.yaml": "parameters: [{name: q, in: query, schema: {}}]\nget: {operationId: theirs}\nput: {operationId: put, " +
			"responses: {'200': {description: ok}}}\nx-bare: {get: {operationId: bare}}\n",
	})
	if bare := d.Operation("bare"); bare == nil || len(bare.Parameters) != 1 || len(bare.Servers) != 1 {
		t.Errorf("parameters and servers next to the reference: got %v", bare)
	}
	if len(d.Operations) != 3 || d.Operation("mine") == nil || d.Operation("put") == nil || len(d.Operation("mine").Parameters) != 1 {
		t.Errorf("got %v", d.Operations)
	}
}

// TestReferenceWithSiblings checks that a reference replaces its siblings in 3.0, and that both count from 3.1 on.
func TestReferenceWithSiblings(t *testing.T) {
	for version, want := range map[string]bool{"3.0.3": false, "3.1.0": true, "3.2.0": true} {
		d := readFiles(t, map[string]string{"openapi.yaml": "openapi: " + version + "\ninfo: {title: t, version: '1'}\npaths: {}\n" +
			"components: {schemas: {A: {$ref: '#/components/schemas/B', minLength: 3}, B: {type: string}}}\n"})
		a, b := d.Schema(d.Root.At("/components/schemas/A")), d.Schema(d.Root.At("/components/schemas/B"))
		if got := a != b && a.Ref == b && a.MinLength != nil && *a.MinLength == 3; got != want {
			t.Errorf("%s: the reference and its siblings both count: %t, want %t", version, got, want)
		}
		if !want && a != b {
			t.Errorf("%s: the view is not that of the target", version)
		}
	}
}

// TestNamesOfFiles tests the name of a document, and the places in a file that it refers to and in itself, by that file.
func TestNamesOfFiles(t *testing.T) {
	const main = `openapi: 3.0.3
info: {title: a, version: "1"}
paths:
  /a:
    get:
      operationId: a
      responses: {'200': {description: b, content: {application/json: {schema: {$ref: 'other.yaml#/a'}}}}}
components:
  schemas: {b: {type: string}}
`
	const other = "a: {type: object, properties: {b: {$ref: 'api.yaml#/components/schemas/b'}}}\n"
	for _, test := range []struct{ name, file, own, other string }{
		{name: "alone", file: "api.yaml", own: "api.yaml", other: "other.yaml"},
		{name: "in a folder", file: "a/api.yaml", own: "a/api.yaml", other: "a/other.yaml"},
		{name: "of a revision", file: "main:api.yaml", own: "main:api.yaml", other: "main:other.yaml"},
		{name: "of a branch with a slash", file: "origin/main:api.yaml", own: "origin/main:api.yaml", other: "origin/main:other.yaml"},
		{name: "of a revision, in a folder", file: "main:a/api.yaml", own: "main:a/api.yaml", other: "main:a/other.yaml"},
		{
			name: "at a URL", file: "https://a.example:80/api.yaml",
			own: "https://a.example:80/api.yaml", other: "https://a.example:80/other.yaml",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := Read(test.file, []byte(main), func(name string) ([]byte, error) {
				if name != "other.yaml" {
					t.Errorf("%s is read", name)
				}
				return []byte(other), nil
			})
			if err != nil {
				t.Fatal(err)
			}
			schema := d.Operations[0].Responses[0].Content[0].Schema
			b := schema.Properties[0].Schema
			if d.Name != "api" || schema.Node.Place().File != test.other || b.Node.Place().File != test.own {
				t.Errorf("got %s, %s, %s", d.Name, schema.Node.Place(), b.Node.Place())
			}
		})
	}
}
