package openapi_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"github.com/google/go-cmp/cmp"
)

// resourceSchemas names the schema of a resource in each document. Its type is an open string.
var resourceSchemas = map[string]string{"iam": "DomainQuota", "ims": "ImageQuota"}

// knownTypes reads the types of a document from the description of the property, where people read them.
func knownTypes(t *testing.T, document string) []string {
	t.Helper()
	says := textAt(plain(t, document), "components", "schemas", resourceSchemas[document], "properties", "type", "description")
	names := []string{}
	for _, match := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(says, -1) {
		names = append(names, match[1])
	}
	if len(names) == 0 {
		t.Fatalf("%s: the description names no type: %s", document, says)
	}
	return names
}

// typeRule compiles a rule of the resource schema. The function reports whether a type passes it.
func typeRule(t *testing.T, document, id string) func(name string) bool {
	t.Helper()
	rule := named(listAt(plain(t, document), "components", "schemas", resourceSchemas[document], "x-rules"), "id", id)
	env, err := cel.NewEnv(cel.Variable("self", cel.DynType))
	if err != nil {
		t.Fatal(err)
	}
	expr, _ := rule["rule"].(string)
	ast, issues := env.Compile(expr)
	if issues.Err() != nil {
		t.Fatalf("%s: %s: %v", document, id, issues.Err())
	}
	program, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		t.Fatal(err)
	}
	return func(name string) bool {
		value, _, err := program.Eval(map[string]any{"self": map[string]any{"type": name}})
		if err != nil {
			t.Fatalf("%s: %s: %q: %v", document, id, name, err)
		}
		return value.Value() == true
	}
}

// TestTypeIsOpen checks that the schema accepts types that the vendor adds, and that the lists of known types in the
// description, the enum of the query and the rules are the same.
func TestTypeIsOpen(t *testing.T) {
	lists := regexp.MustCompile(`\[(["'][a-z_]+["'],\s*)+["'][a-z_]+["']\]`) // of two or more
	kinds := regexp.MustCompile(`[a-z_]+`)
	for document, schema := range resourceSchemas {
		doc, known := plain(t, document), knownTypes(t, document)
		property := objectAt(doc, "components", "schemas", schema, "properties", "type")
		if property["type"] != "string" || property["enum"] != nil || property["pattern"] != nil {
			t.Errorf("%s: the type is not an open string: %v", document, property)
		}
		found := 0
		for _, holder := range [][]string{{"components", "schemas", schema}, operation(t, doc)} {
			for _, rule := range listAt(doc, slices.Concat(holder, []string{"x-rules"})...) {
				expr, _ := rule["rule"].(string)
				for _, list := range lists.FindAllString(expr, -1) {
					found++
					want := known
					if rule["id"] == "used-by-type" { // the rule has mapping before the list
						want = slices.DeleteFunc(slices.Clone(known), func(name string) bool { return name == "mapping" })
					}
					if diff := cmp.Diff(want, kinds.FindAllString(list, -1)); diff != "" {
						t.Errorf("%s: %s (-known +rule):\n%s", document, rule["id"], diff)
					}
				}
			}
		}
		if want := map[string]int{"iam": 4, "ims": 2}[document]; found != want {
			t.Errorf("%s: the rules have %d lists of types, want %d", document, found, want)
		}
	}
	if diff := cmp.Diff(knownTypes(t, "iam"), textsOf(at(plain(t, "iam"), "components", "schemas", "QuotaType", "enum"))); diff != "" {
		t.Errorf("the enum of the query (-known +enum):\n%s", diff)
	}
}

// TestResponsesAreOpen checks that no schema of a body forbids additions of the vendor. Limits that the page does not promise
// are rules with a lower grade.
func TestResponsesAreOpen(t *testing.T) {
	for document := range resourceSchemas {
		schemas := objectAt(plain(t, document), "components", "schemas")
		delete(schemas, "QuotaType") // of the query, where the page lists what may be sent
		var walk func(where string, value any)
		walk = func(where string, value any) {
			object, _ := value.(map[string]any)
			for _, key := range []string{"enum", "minimum", "maximum", "pattern", "maxLength", "minItems", "maxItems", "additionalProperties"} {
				if object[key] != nil {
					t.Errorf("%s: %s has %s", document, where, key)
				}
			}
			for name, child := range object {
				walk(where+"/"+name, child)
			}
		}
		for name, schema := range schemas {
			walk(name, schema)
		}
	}
}

// TestTypeRules checks that type-spelling finds every single edit and every change of case of the known types, and accepts the
// known types and new ones such as trust_agency. known-type must accept the known types only.
func TestTypeRules(t *testing.T) {
	for document := range resourceSchemas {
		spelling, isKnown := typeRule(t, document, "type-spelling"), typeRule(t, document, "known-type")
		known := knownTypes(t, document)
		for _, name := range known {
			if !spelling(name) || !isKnown(name) {
				t.Errorf("%s: the known type %s breaks a rule", document, name)
			}
			for _, near := range nearMisses(name) {
				if slices.Contains(known, near) {
					continue
				}
				if spelling(near) {
					t.Errorf("%s: %q passes as a new type, like %s", document, near, name)
				}
				if isKnown(near) {
					t.Errorf("%s: %q is known", document, near)
				}
			}
		}
		for _, name := range []string{
			"trust_agency", "access_key", "mfa_device", "usergroup", "policies", "image_copy", "image_export", "member", "shared",
			"assigment_trust_mp", "assignment", "assignment_user", "group_mp", "", "镜像",
		} {
			if !spelling(name) {
				t.Errorf("%s: the new type %q is taken for a misspelt one", document, name)
			}
			if isKnown(name) {
				t.Errorf("%s: the new type %q is known", document, name)
			}
		}
	}
}

// nearMisses lists a name with one character deleted, replaced or inserted, and in other cases. The list may contain the name.
func nearMisses(name string) []string {
	near := []string{strings.ToUpper(name), strings.ToUpper(name[:1]) + name[1:], name[:len(name)-1] + strings.ToUpper(name[len(name)-1:])}
	const characters = "abcdefghijklmnopqrstuvwxyz_-0 é"
	for i := range len(name) + 1 {
		if i < len(name) {
			near = append(near, name[:i]+name[i+1:], strings.ToUpper(name[:i]+name[i+1:]))
		}
		for _, c := range characters {
			near = append(near, name[:i]+string(c)+name[i:])
			if i < len(name) {
				near = append(near, name[:i]+string(c)+name[i+1:])
			}
		}
	}
	return near
}
