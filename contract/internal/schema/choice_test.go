package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const animals = `
Mapped: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind, mapping: {tom: Cat, rex: '#/components/schemas/Dog'}}},
Named: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}},
Any: {anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}},
Inline: {oneOf: [{$ref: '#/components/schemas/Cat'}, {type: object, required: [x]}], discriminator: {propertyName: kind}},
Default: {anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind, defaultMapping: Dog}},
Cat: {type: object, properties: {kind: {type: string}, n: {type: integer}}},
Dog: {type: object, properties: {kind: {type: string}, n: {type: string}}},
Pet: {type: object, required: [type], properties: {type: {type: string}}, discriminator: {propertyName: type, mapping: {b: Bird}}},
Bird: {allOf: [{$ref: '#/components/schemas/Pet'}, {required: [wings], properties: {wings: {type: integer}}}]},
Owl: {allOf: [{$ref: '#/components/schemas/Bird'}, {properties: {eyes: {type: integer}}}]}`

// TestDiscriminator checks what a discriminator chooses. In 3.0 the value is judged by that alone.
func TestDiscriminator(t *testing.T) {
	const named = "discriminator | /kind | /discriminator | what discriminator says | "
	for _, test := range []struct {
		name, version, schema, value string
		want                         []string
	}{
		{"by mapping", v30, "Mapped", `{"kind": "tom", "n": 1}`, nil},
		{"by mapping, wrong", v30, "Mapped", `{"kind": "rex", "n": 1}`, []string{`oneOf |  | /oneOf | what oneOf says | {"kind":"rex","n":1}`}},
		{"by name beside a mapping", v30, "Mapped", `{"kind": "Dog", "n": ""}`, nil},
		{"no such value", v30, "Mapped", `{"kind": "cow"}`, []string{named + `"cow"`}},
		{"no text", v30, "Mapped", `{"kind": 1}`, []string{named + `1`}},
		{"absent", v30, "Mapped", `{"n": 1}`, []string{named + `none`}},
		{"no object", v30, "Mapped", `1`, []string{`oneOf |  | /oneOf | what oneOf says | 1`}},
		{"by name", v30, "Named", `{"kind": "Cat", "n": 1}`, nil},
		{"by name, no such value", v30, "Named", `{"kind": "cow"}`, []string{named + `"cow"`}},
		{"both take it, one is chosen", v30, "Named", `{"kind": "Cat"}`, nil},
		{"of anyOf", v30, "Any", `{"kind": "Cat", "n": ""}`, []string{`anyOf |  | /anyOf | what anyOf says | {"kind":"Cat","n":""}`}},
		{"an alternative without a name", v30, "Inline", `{"kind": "cow", "x": 1, "n": ""}`, nil},

		{"3.1 changes nothing", v31, "Named", `{"kind": "Cat"}`, []string{`oneOf |  | /oneOf | what oneOf says | {"kind":"Cat"}`}},
		{"3.1, no such value", v31, "Named", `{"kind": "cow", "n": 1}`, []string{named + `"cow"`}},
		{"3.1, absent", v31, "Named", `{"n": 1}`, nil},
		{"3.2, default", "3.2.0", "Default", `{"kind": "cow", "n": 1}`, nil},
		{"3.2, default for an absent one", "3.2.0", "Default", `{"n": 1}`, nil},

		{"subtype", v30, "Pet", `{"type": "Bird", "wings": 2}`, nil},
		{"subtype by mapping, wrong", v30, "Pet", `{"type": "b"}`, []string{`required | /wings | /components/schemas/Bird/allOf/1/required | the member | none`}},
		{"subtype of a subtype", v30, "Pet", `{"type": "Owl", "wings": 2, "eyes": ""}`, []string{`type | /eyes | /components/schemas/Owl/allOf/1/properties/eyes/type | type integer | string ""`}},
		{"the type itself", v30, "Pet", `{"type": "Pet"}`, nil},
		{"no subtype", v30, "Pet", `{"type": "Cat"}`, []string{`discriminator | /type | /discriminator | what discriminator says | "Cat"`}},
		{"absent where it is required", v30, "Pet", `{}`, []string{`required | /type | /required | the member | none`}},
		{"from the subtype", v30, "Bird", `{"type": "Bird"}`, []string{`required | /wings | /allOf/1/required | the member | none`}},
		{"from the subtype to another", v30, "Bird", `{"type": "Owl", "wings": 1, "eyes": ""}`, []string{`type | /eyes | /components/schemas/Owl/allOf/1/properties/eyes/type | type integer | string ""`}},
		{"subtype in 3.1", v31, "Pet", `{"type": "Bird"}`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := document(t, test.version, animals)
			s := component(t, doc, test.schema)
			got := check(t, New(doc).Checker(s), value(t, test.value), Options{})
			for i := range got {
				got[i] = shorterBy(got[i], s.Node.Pointer())
			}
			if diff := cmp.Diff(append([]string{}, test.want...), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestDiscriminatorIsKnown checks that the members of the schema that a discriminator names are described.
func TestDiscriminatorIsKnown(t *testing.T) {
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
