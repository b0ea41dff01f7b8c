package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const animals = `
Mapped: {oneOf: [{$ref: Cat}, {$ref: Dog}], discriminator: {propertyName: kind, mapping: {tom: Cat, rex: '#/components/schemas/Dog'}}},
Named: {oneOf: [{$ref: Cat}, {$ref: Dog}], discriminator: {propertyName: kind}},
Any: {anyOf: [{$ref: Cat}, {$ref: Dog}], discriminator: {propertyName: kind}},
Inline: {oneOf: [{$ref: Cat}, {type: object, required: [x]}], discriminator: {propertyName: kind}},
Default: {anyOf: [{$ref: Cat}, {$ref: Dog}], discriminator: {propertyName: kind, defaultMapping: Dog}},
Unmapped: {oneOf: [{$ref: Low}, {$ref: High}], discriminator: {propertyName: kind}},
Low: {type: object, properties: {kind: {enum: [low]}, n: {type: integer}}},
High: {type: object, properties: {kind: {enum: [high]}, n: {type: string}}},
Half: {oneOf: [{$ref: Low}, {$ref: Dog}], discriminator: {propertyName: kind}},
Cat: {type: object, properties: {kind: {type: string}, n: {type: integer}}},
Dog: {type: object, properties: {kind: {type: string}, n: {type: string}}},
Pet: {type: object, required: [type], properties: {type: {type: string}}, discriminator: {propertyName: type, mapping: {b: Bird}}},
Bird: {allOf: [{$ref: Pet}, {required: [wings], properties: {wings: {type: integer}}}]},
Owl: {allOf: [{$ref: Bird}, {properties: {eyes: {type: integer}}}]}`

// TestDiscriminator checks which schema a discriminator chooses. In OpenAPI 3.0 that schema decides alone.
func TestDiscriminator(t *testing.T) {
	const named = "discriminator | /kind | /discriminator | a value that names a schema | "
	for _, test := range []struct {
		name, version, schema, value string
		want                         []string
	}{
		{name: "by mapping", version: v30, schema: "Mapped", value: `{"kind": "tom", "n": 1}`},
		{
			name: "by mapping, wrong", version: v30, schema: "Mapped", value: `{"kind": "rex", "n": 1}`,
			want: []string{`oneOf |  | /oneOf | a match of exactly one schema of oneOf | {"kind":"rex","n":1}`},
		},
		{name: "by name beside a mapping", version: v30, schema: "Mapped", value: `{"kind": "Dog", "n": ""}`},
		{name: "no such value", version: v30, schema: "Mapped", value: `{"kind": "cow"}`, want: []string{named + `"cow"`}},
		{name: "no text", version: v30, schema: "Mapped", value: `{"kind": 1}`, want: []string{named + `1`}},
		{name: "absent", version: v30, schema: "Mapped", value: `{"n": 1}`, want: []string{named + `none`}},
		{name: "no object", version: v30, schema: "Mapped",
			value: `1`, want: []string{`oneOf |  | /oneOf | a match of exactly one schema of oneOf | 1`}},
		{name: "by name", version: v30, schema: "Named", value: `{"kind": "Cat", "n": 1}`},
		{name: "by name, no such value", version: v30, schema: "Named", value: `{"kind": "cow"}`, want: []string{named + `"cow"`}},
		{name: "both take it, one is chosen", version: v30, schema: "Named", value: `{"kind": "Cat"}`},
		{
			name: "of anyOf", version: v30, schema: "Any", value: `{"kind": "Cat", "n": ""}`,
			want: []string{`anyOf |  | /anyOf | a match of at least one schema of anyOf | {"kind":"Cat","n":""}`},
		},
		{name: "an alternative without a name", version: v30, schema: "Inline", value: `{"kind": "cow", "x": 1, "n": ""}`},
		{name: "the mapping is missing", version: v30, schema: "Unmapped", value: `{"kind": "low", "n": 1}`},
		{name: "the mapping is missing in 3.1", version: v31, schema: "Unmapped", value: `{"kind": "high", "n": ""}`},
		{
			name: "the mapping is missing, wrong", version: v30, schema: "Unmapped", value: `{"kind": "low", "n": ""}`,
			want: []string{`oneOf |  | /oneOf | a match of exactly one schema of oneOf | {"kind":"low","n":""}`},
		},
		{name: "one name is usable", version: v30, schema: "Half", value: `{"kind": "low"}`, want: []string{named + `"low"`}},

		{
			name: "3.1 changes nothing", version: v31, schema: "Named", value: `{"kind": "Cat"}`,
			want: []string{`oneOf |  | /oneOf | a match of exactly one schema of oneOf | {"kind":"Cat"}`},
		},
		{name: "3.1, no such value", version: v31, schema: "Named", value: `{"kind": "cow", "n": 1}`, want: []string{named + `"cow"`}},
		{name: "3.1, absent", version: v31, schema: "Named", value: `{"n": 1}`},
		{name: "3.2, default", version: "3.2.0", schema: "Default", value: `{"kind": "cow", "n": 1}`},
		{name: "3.2, default for an absent one", version: "3.2.0", schema: "Default", value: `{"n": 1}`},

		{name: "subtype", version: v30, schema: "Pet", value: `{"type": "Bird", "wings": 2}`},
		{
			name: "subtype by mapping, wrong", version: v30, schema: "Pet", value: `{"type": "b"}`,
			want: []string{`required | /wings | /components/schemas/Bird/allOf/1/required | the member | none`},
		},
		{
			name: "subtype of a subtype", version: v30, schema: "Pet", value: `{"type": "Owl", "wings": 2, "eyes": ""}`,
			want: []string{`type | /eyes | /components/schemas/Owl/allOf/1/properties/eyes/type | type integer | string ""`},
		},
		{name: "the type itself", version: v30, schema: "Pet", value: `{"type": "Pet"}`},
		{
			name: "no subtype", version: v30, schema: "Pet", value: `{"type": "Cat"}`,
			want: []string{`discriminator | /type | /discriminator | a value that names a schema | "Cat"`},
		},
		{
			name: "absent where it is required", version: v30, schema: "Pet", value: `{}`,
			want: []string{`required | /type | /required | the member | none`},
		},
		{
			name: "from the subtype", version: v30, schema: "Bird", value: `{"type": "Bird"}`,
			want: []string{`required | /wings | /allOf/1/required | the member | none`},
		},
		{
			name: "from the subtype to another", version: v30, schema: "Bird", value: `{"type": "Owl", "wings": 1, "eyes": ""}`,
			want: []string{`type | /eyes | /components/schemas/Owl/allOf/1/properties/eyes/type | type integer | string ""`},
		},
		{name: "subtype in 3.1", version: v31, schema: "Pet", value: `{"type": "Bird"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := document(t, test.version, animals)
			s := component(t, doc, test.schema)
			got := check(t, New(doc).Checker(s), value(t, test.value), Options{})
			for i := range got {
				got[i] = withoutPrefix(got[i], s.Node.Pointer())
			}
			if diff := cmp.Diff(append([]string{}, test.want...), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestDiscriminatorDescribesMembers checks that the schema named by a discriminator describes members.
func TestDiscriminatorDescribesMembers(t *testing.T) {
	for _, version := range []string{v30, v31} {
		doc := document(t, version, animals)
		got := []string{}
		observer := Observer{Undocumented: func(pointer func() string, _ *spec.Schema, _ strictjson.Value) { got = append(got, pointer()) }}
		New(doc).Checker(component(t, doc, "Pet")).Observe(value(t, `{"type": "Owl", "wings": 2, "eyes": 1, "legs": 2}`), Options{}, observer)
		if diff := cmp.Diff([]string{"/legs"}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", version, diff)
		}
	}
}
