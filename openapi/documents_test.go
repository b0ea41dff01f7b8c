package openapi

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// What a reader and a generator need is there: each description, summary, name and link.
func TestDescriptions(t *testing.T) {
	for _, name := range Names() {
		d := embedded(t, name)
		want := func(there bool, pointer, what string) {
			if !there {
				t.Errorf("%s: no %s (%s)", d.Place(pointer), what, pointer)
			}
		}
		described := func(text, pointer string) { want(strings.TrimSpace(text) != "", pointer, "description") }
		linked := func(docs *openapi3.ExternalDocs, pointer string) {
			want(docs != nil && docs.Description != "" && strings.HasPrefix(docs.URL, "https://"), pointer, "externalDocs with description and url")
		}

		info, tags := d.T.Info, []string{}
		for _, heading := range []string{"## Scope", "## Limitations", "## Sources"} {
			want(strings.Contains(info.Description, "\n"+heading+"\n"), "/info/description", heading)
		}
		want(info.Title != "" && info.Contact != nil && info.Contact.URL != "" && info.License != nil && info.License.URL != "", "/info", "title, contact or licence")
		linked(d.T.ExternalDocs, "/externalDocs")
		for i, tag := range d.T.Tags {
			described(tag.Description, fmt.Sprintf("/tags/%d", i))
			linked(tag.ExternalDocs, fmt.Sprintf("/tags/%d", i))
			tags = append(tags, tag.Name)
		}
		for i, server := range d.T.Servers {
			described(server.Description, fmt.Sprintf("/servers/%d", i))
			for variable, v := range server.Variables {
				described(v.Description, fmt.Sprintf("/servers/%d/variables/%s", i, variable))
			}
		}
		for scheme, ref := range d.T.Components.SecuritySchemes {
			described(ref.Value.Description, "/components/securitySchemes/"+scheme)
		}
		for header, ref := range d.T.Components.Headers {
			described(ref.Value.Description, "/components/headers/"+header)
		}
		for _, op := range d.Operations {
			described(op.Spec.Description, op.Pointer)
			linked(op.Spec.ExternalDocs, op.Pointer)
			want(op.Spec.Summary != "", op.Pointer, "summary")
			want(op.Spec.OperationID != "", op.Pointer, "operationId")
			want(op.Authorization != nil, op.Pointer, "x-authorization")
			want(len(op.Spec.Tags) > 0, op.Pointer, "tag")
			for _, tag := range op.Spec.Tags {
				want(slices.Contains(tags, tag), op.Pointer+"/tags", "declared tag "+tag)
			}
			for _, p := range op.Parameters {
				described(p.Description, p.Pointer)
			}
			for _, r := range op.Responses {
				described(*r.Spec.Description, r.Pointer)
			}
		}
		for schema, pointer := range d.schemas {
			for property, p := range schema.Properties {
				if p.Ref == "" {
					described(p.Value.Description, pointer+"/properties/"+property)
				}
			}
			said := bullets(schema.Description)
			for _, value := range schema.Enum {
				want(said[fmt.Sprint(value)] != "", pointer, fmt.Sprintf("bullet for the value %v", value))
			}
			want(len(schema.Enum) == 0 || len(said) == len(schema.Enum), pointer, "value for one of the bullets")
		}
	}
}

// Every status has an example with a name, and each example is one that the document itself would accept. Examples of
// parameters have the name of the response that they lead to, so that tools can pair them.
func TestExamples(t *testing.T) {
	for _, name := range Names() {
		d := embedded(t, name)
		for _, op := range d.Operations {
			seen := map[string]bool{}
			for _, r := range op.Responses {
				for kind, media := range r.Spec.Content {
					pointer := r.Pointer + "/content/" + escape(kind) + "/examples"
					if len(media.Examples) == 0 {
						t.Errorf("%s: %s has no named example", d.Place(r.Pointer), r.Status)
					}
					for example, ref := range media.Examples {
						place := d.Place(pointer + "/" + example)
						if seen[example] {
							t.Errorf("%s: %s: two examples of the operation have this name", place, example)
						}
						seen[example] = true
						checkExample(t, place+": "+example, ref.Value, media.Schema.Value, r.Codes)
					}
				}
				if len(r.Spec.Content) == 0 {
					t.Errorf("%s: %s has no body", d.Place(r.Pointer), r.Status)
				}
			}
			for _, p := range op.Parameters {
				for example, ref := range p.Examples {
					place := d.Place(p.Pointer + "/examples/" + example)
					if !seen[example] {
						t.Errorf("%s: no response has an example %s", place, example)
					}
					if err := p.Schema.Value.VisitJSON(ref.Value.Value); err != nil {
						t.Errorf("%s: %v", place, err)
					}
				}
				if p.Example != nil || len(p.Examples) == 0 {
					t.Errorf("%s: want named examples of %s", d.Place(p.Pointer), p.Name)
				}
			}
			for example := range op.Response(200).Spec.Content.Get("application/json").Examples {
				for _, p := range op.Parameters {
					if p.Required && p.Examples[example] == nil {
						t.Errorf("%s: no example %s, which the response 200 has", d.Place(p.Pointer), example)
					}
				}
			}
		}
	}
}

func checkExample(t *testing.T, what string, example *openapi3.Example, schema *openapi3.Schema, codes *ErrorCodes) {
	t.Helper()
	if example.Summary == "" {
		t.Errorf("%s: no summary", what)
	}
	if err := schema.VisitJSON(example.Value, openapi3.MultiErrors()); err != nil {
		t.Errorf("%s: %v", what, err)
	}
	for _, member := range undeclared(example.Value, schema) {
		t.Errorf("%s: the schema does not know the member %s", what, member)
	}
	if strings.Contains(fmt.Sprint(example.Value), "%(") {
		t.Errorf("%s: a placeholder is left", what)
	}
	if codes == nil {
		return
	}
	code := example.Value
	for _, token := range strings.Split(codes.At, "/")[1:] {
		object, _ := code.(map[string]any)
		code = object[token]
	}
	if !slices.ContainsFunc(codes.Codes, func(c ErrorCode) bool { return c.Code == code }) {
		t.Errorf("%s: the code %v at %s is not in x-error-codes", what, code, codes.At)
	}
}

// undeclared lists the members of a value that its schema has no property for.
func undeclared(value any, schema *openapi3.Schema) []string {
	names := []string{}
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if property := schema.Properties[name]; property == nil {
				names = append(names, name)
			} else {
				names = append(names, undeclared(v[name], property.Value)...)
			}
		}
	case []any:
		for _, element := range v {
			names = append(names, undeclared(element, schema.Items.Value)...)
		}
	}
	return names
}

// Clients of both documents can be generated into one package: no schema and no tag of one has a name of the other, or one that
// languages have taken.
func TestNamesStayApart(t *testing.T) {
	holders := map[string]string{"Error": "many languages", "Type": "many languages"}
	for _, name := range Names() {
		d := embedded(t, name)
		names := slices.Sorted(maps.Keys(d.T.Components.Schemas))
		for _, tag := range d.T.Tags {
			names = append(names, "tag "+tag.Name)
		}
		for _, taken := range names {
			if holder := holders[taken]; holder != "" {
				t.Errorf("%s: the name %s is taken by %s", d.File, taken, holder)
			}
			holders[taken] = d.File
		}
	}
}

// A misspelt extension would be no error at load, since other documents may carry extensions of others.
func TestExtensionsAreOurs(t *testing.T) {
	known := []string{
		"x-rules", "x-evidence", "x-sources", "x-authorization", "x-error-codes", "x-signing-headers", // docs/extensions.md
		"x-order", "x-omitempty", "x-go-name", "x-enum-varnames", // oapi-codegen's
	}
	for _, name := range Names() {
		data, err := Source(name)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := parseTree("openapi/"+name+".yaml", data)
		if err != nil {
			t.Fatal(err)
		}
		for _, pointer := range tree.order {
			key := pointer[strings.LastIndexByte(pointer, '/')+1:]
			if strings.HasPrefix(key, "x-") && !slices.Contains(known, key) {
				t.Errorf("%s:%d: unknown extension %s", tree.file, tree.lines[pointer], key)
			}
		}
	}
}

func TestEachRuleIsASentence(t *testing.T) {
	sentence := regexp.MustCompile("^[A-Z`][^\n]*[^.\n]\\.$")
	second := regexp.MustCompile("[.?!] +[A-Z`]")
	for _, name := range Names() {
		d := embedded(t, name)
		for _, r := range d.Rules {
			if !sentence.MatchString(r.Says) || second.MatchString(r.Says) {
				t.Errorf("%s: %s: want one sentence with a full stop: %s", d.Place(r.Pointer), r.ID, r.Says)
			}
		}
	}
}
