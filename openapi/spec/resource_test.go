package spec

import "testing"

const withResources = `openapi: 3.1.0
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Tree:
      $id: https://example.com/tree
      $dynamicAnchor: node
      type: object
      properties:
        children: {type: array, items: {$dynamicRef: '#node'}}
        name: {$ref: '#/$defs/Name'}
        other: {$ref: name}
      $defs:
        Name: {type: string}
        Other: {$id: name, $anchor: here, type: string}
    Strict:
      $id: https://example.com/strict
      $dynamicAnchor: node
      $ref: tree
      unevaluatedProperties: false
    ByAnchor: {$ref: 'https://example.com/name#here'}
    Plain: {$dynamicRef: '#/components/schemas/Local'}
    Local: {$anchor: local, type: string}
    ByLocal: {$ref: '#local'}
    Data: {const: {$id: https://example.com/data, $anchor: data}}
    File: {$ref: 'more.yaml#there'}
`

// TestResources checks the targets of references between resources.
func TestResources(t *testing.T) {
	d := readFiles(t, map[string]string{"openapi.yaml": withResources, "more.yaml": "x: {}\ny: {$anchor: there, type: string}\n"})
	if text := findings(d); text != "" {
		t.Error(text)
	}
	schema := func(pointer string) *Schema {
		t.Helper()
		s := d.Schema(d.Root.At("/components/schemas/" + pointer))
		if s == nil {
			t.Fatalf("no schema at %s", pointer)
		}
		return s
	}
	tree, strict := schema("Tree"), schema("Strict")
	for _, test := range []struct {
		name      string
		got, want *Schema
	}{
		{name: "a pointer within a resource", got: schema("Tree/properties/name").Ref, want: schema("Tree/$defs/Name")},
		{
			name: "an address relative to that of the resource", got: schema("Tree/properties/other").Ref,
			want: schema("Tree/$defs/Other"),
		},
		{name: "a relative address", got: strict.Ref, want: tree},
		{name: "an anchor of a resource", got: schema("ByAnchor").Ref, want: schema("Tree/$defs/Other")},
		{name: "an anchor of the file", got: schema("ByLocal").Ref, want: schema("Local")},
		{name: "a dynamic reference without a scope", got: schema("Tree/properties/children/items").DynamicRef, want: tree},
		{name: "a dynamic anchor of the resource", got: tree.Dynamic("node"), want: tree},
		{name: "a dynamic anchor, from a schema within", got: schema("Tree/properties/name").Dynamic("node"), want: tree},
		{name: "a dynamic anchor of another resource", got: strict.Dynamic("node"), want: strict},
		{name: "no such dynamic anchor", got: tree.Dynamic("other"), want: nil},
		{name: "a dynamic reference by pointer", got: schema("Plain").DynamicRef, want: schema("Local")},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, test.got, test.want)
		}
	}
	if got := schema("Tree/properties/children/items").DynamicName + schema("Plain").DynamicName; got != "node" {
		t.Errorf("the dynamic names: got %q, want node of the first alone", got)
	}
	if there := schema("File").Ref; there == nil || there.Node.Place().String() != "api/more.yaml:2" {
		t.Errorf("an anchor of another file leads to %v", there)
	}
	if d.byAddress["https://example.com/data"] != nil {
		t.Error("an address in data counts")
	}
}

const schemaFile = `{
  "$id": "https://example.com/schemas/pet.json",
  "properties": {"tag": {"$ref": "https://example.com/schemas/pet.json#/$defs/Tag"},
    "name": {"$ref": "name.json"}, "more": {"$ref": "more.json"}},
  "$defs": {"Tag": {"type": "string"}, "Name": {"$id": "name.json", "type": "string"}}
}`

// TestSchemaFile checks references to a file that is a schema with $id.
func TestSchemaFile(t *testing.T) {
	d := readFiles(t, map[string]string{
		"openapi.yaml": "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents: {schemas: {Pet: {$ref: " +
			"schemas/pet.json}, Again: {$ref: schemas/pet.json}}}\n",
		"schemas/pet.json": schemaFile, "schemas/more.json": "{}",
	})
	if text := findings(d); text != "" {
		t.Error(text)
	}
	pet := d.Schema(d.Root.At("/components/schemas/Pet")).Ref
	if pet == nil || d.Schema(d.Root.At("/components/schemas/Again")).Ref != pet {
		t.Fatal("both references lead to the schema of the file")
	}
	for i, pointer := range []string{"/$defs/Tag", "/$defs/Name", ""} {
		target := pet.Properties[i].Schema.Ref
		if target == nil || target.Node.Pointer() != pointer {
			t.Errorf("%s leads to %v, want %q", pet.Properties[i].Name, target, pointer)
		}
	}
}

const withVocabulary = `openapi: 3.1.0
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Meta:
      $id: https://example.com/meta
      $vocabulary: {https://json-schema.org/draft/2020-12/vocab/core: true, https://json-schema.org/draft/2020-12/vocab/applicator: true}
    Loose:
      $id: https://example.com/loose
      $schema: meta
      minimum: 1
      exclusiveMaximum: 2
      properties:
        inner: {minimum: 1}
        resource: {$id: inner, minimum: 1}
        strict: {$id: strict, $schema: 'https://json-schema.org/draft/2020-12/schema', minimum: 1}
    Strict: {minimum: 1}
`

// TestVocabulary checks that keywords of vocabularies that a metaschema does not list are ignored.
func TestVocabulary(t *testing.T) {
	d := readFiles(t, map[string]string{"openapi.yaml": withVocabulary})
	if text := findings(d); text != "" {
		t.Error(text)
	}
	for pointer, want := range map[string]bool{
		"Loose": false, "Loose/properties/inner": false, "Loose/properties/resource": false, "Loose/properties/strict": true, "Strict": true,
	} {
		s := d.Schema(d.Root.At("/components/schemas/" + pointer))
		if got := s.Minimum != nil; got != want {
			t.Errorf("%s: minimum counts: %t, want %t", pointer, got, want)
		}
		if s.ExclusiveMaximum != nil {
			t.Errorf("%s: exclusiveMaximum counts", pointer)
		}
	}
	if loose := d.Schema(d.Root.At("/components/schemas/Loose")); len(loose.Properties) != 3 {
		t.Errorf("got %d properties, want 3", len(loose.Properties))
	}
}
