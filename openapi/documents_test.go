package openapi

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

func TestEmbedded(t *testing.T) {
	if diff := cmp.Diff([]string{"iam", "ims"}, Names()); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	for _, name := range Names() {
		data, err := YAML(name)
		if err != nil || !strings.HasPrefix(string(data), "# How to read this file") {
			t.Errorf("%s: got %.30q, %v", name, data, err)
		}
		d := embedded(t, name)
		if d.Name != name || d.File != "openapi/"+name+".yaml" || d != embedded(t, name) {
			t.Errorf("%s: got name %s, file %s, or it is read twice", name, d.Name, d.File)
		}
	}
	for _, name := range []string{"", "IAM", "iam.yaml", "../go.mod"} {
		_, err := Embedded(name)
		if want := fmt.Sprintf("unknown document %q: want iam or ims", name); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func embedded(t *testing.T, name string) *spec.Document {
	t.Helper()
	d, err := Embedded(name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// walk visits a node and all nodes below it.
func walk(n *spec.Node, visit func(*spec.Node)) {
	visit(n)
	for _, m := range n.Members {
		walk(m.Value, visit)
	}
	for _, item := range n.Items {
		walk(item, visit)
	}
}

// TestDescriptions checks that the documents have the descriptions, summaries, names and links that readers and generators
// need.
func TestDescriptions(t *testing.T) {
	for _, name := range Names() {
		d := embedded(t, name)
		want := func(there bool, n *spec.Node, what string) {
			if !there {
				t.Errorf("%s: no %s (%s)", n.Place(), what, n.Pointer())
			}
		}
		described := func(n *spec.Node) { want(strings.TrimSpace(text(n, "description")) != "", n, "description") }
		linked := func(n *spec.Node) {
			docs := n.Member("externalDocs")
			want(text(docs, "description") != "" && strings.HasPrefix(text(docs, "url"), "https://"), n, "externalDocs with description and url")
		}

		info, tags := d.Root.Member("info"), []string{}
		for _, heading := range []string{"## Scope", "## Limitations", "## Sources"} {
			want(strings.Contains(text(info, "description"), "\n"+heading+"\n"), info, heading)
		}
		want(d.Title != "", info, "title")
		want(text(info.Member("contact"), "url") != "", info, "contact with url")
		want(text(info.Member("license"), "url") != "", info, "license with url")
		linked(d.Root)
		for _, tag := range d.Root.Member("tags").Items {
			described(tag)
			linked(tag)
			tags = append(tags, text(tag, "name"))
		}
		for _, server := range d.Servers {
			described(server.Node)
			if variables := server.Node.Member("variables"); variables != nil {
				for _, v := range variables.Members {
					described(v.Value)
				}
			}
		}
		for _, scheme := range d.Schemes {
			described(scheme.Node)
		}
		for _, header := range d.Root.At("/components/headers").Members {
			described(header.Value)
		}
		for _, op := range d.Operations {
			described(op.Node)
			linked(op.Node)
			want(text(op.Node, "summary") != "", op.Node, "summary")
			want(text(op.Node, "operationId") != "", op.Node, "operationId")
			want(op.Authorization != nil, op.Node, "x-authorization")
			want(len(op.Tags) > 0, op.Node, "tag")
			for _, tag := range op.Tags {
				want(slices.Contains(tags, tag), op.Node, "declared tag "+tag)
			}
			for _, p := range op.Parameters {
				described(p.Node)
			}
			for _, r := range op.Responses {
				described(r.Node)
			}
		}
		for schema := range d.Schemas() {
			for _, p := range schema.Properties {
				if p.Schema.Node.Within(schema.Node) { // else it is a component
					described(p.Schema.Node)
				}
			}
			meanings := bullets(text(schema.Node, "description"))
			for _, value := range schema.Enum {
				want(meanings[value.Text] != "", schema.Node, "bullet for the value "+value.Text)
			}
			want(len(schema.Enum) == 0 || len(meanings) == len(schema.Enum), schema.Node, "value for one of the bullets")
		}
	}
}

// text returns the text of a member, or "" if there is none.
func text(n *spec.Node, member string) string {
	if n = n.Member(member); n == nil {
		return ""
	}
	return n.Text
}

// TestExamples checks that every status has named examples, and that an example of a parameter has the name of the example of
// the response, so that tools can pair them. TestValid checks the examples against their schemas.
func TestExamples(t *testing.T) {
	for _, name := range Names() {
		d := embedded(t, name)
		for _, op := range d.Operations {
			names, ofSuccess := map[string]bool{}, []string{}
			for _, r := range op.Responses {
				for _, media := range r.Content {
					if len(media.Examples) == 0 {
						t.Errorf("%s: %s has no named example", r.Node.Place(), r.Status)
					}
					for _, e := range media.Examples {
						if names[e.Name] {
							t.Errorf("%s: %s: two examples of the operation have this name", e.Node.Place(), e.Name)
						}
						names[e.Name] = true
						if r.Status == "200" {
							ofSuccess = append(ofSuccess, e.Name)
						}
						checkExample(t, e, media.Schema, r.Codes)
					}
				}
				if len(r.Content) == 0 {
					t.Errorf("%s: %s has no body", r.Node.Place(), r.Status)
				}
			}
			for _, p := range op.Parameters {
				own := []string{}
				for _, e := range p.Examples {
					own = append(own, e.Name)
					if !names[e.Name] {
						t.Errorf("%s: no response has an example %s", e.Node.Place(), e.Name)
					}
				}
				if p.Example != nil || len(p.Examples) == 0 {
					t.Errorf("%s: want named examples of %s", p.Node.Place(), p.Name)
				}
				for _, name := range ofSuccess {
					if p.Required && !slices.Contains(own, name) {
						t.Errorf("%s: no example %s, which the response 200 has", p.Node.Place(), name)
					}
				}
			}
		}
	}
}

func checkExample(t *testing.T, e spec.Example, schema *spec.Schema, codes *spec.ErrorCodes) {
	t.Helper()
	what := e.Node.Place().String() + ": " + e.Name
	if e.Summary == "" {
		t.Errorf("%s: no summary", what)
	}
	for _, member := range undeclared(e.Value, schema) {
		t.Errorf("%s: the schema has no member %s", what, member)
	}
	if strings.Contains(fmt.Sprint(e.Value.Value()), "%(") {
		t.Errorf("%s: the placeholder is not filled in", what)
	}
	if codes == nil {
		return
	}
	code := e.Value.At(codes.At)
	if code == nil || !slices.ContainsFunc(codes.Codes, func(c spec.ErrorCode) bool { return c.Code == code.Text }) {
		t.Errorf("%s: the code at %s is not in x-error-codes", what, codes.At)
	}
}

// undeclared lists the members of a value that are not properties of its schema.
func undeclared(value *spec.Node, schema *spec.Schema) []string {
	names := []string{}
	for _, m := range value.Members {
		at := slices.IndexFunc(schema.Properties, func(p spec.Property) bool { return p.Name == m.Name })
		if at < 0 {
			names = append(names, m.Name)
		} else {
			names = append(names, undeclared(m.Value, schema.Properties[at].Schema)...)
		}
	}
	for _, item := range value.Items {
		names = append(names, undeclared(item, schema.Items)...)
	}
	return names
}

// TestNamesDiffer checks that no two schemas or tags of both documents have the same name, or a name that languages reserve, so
// that clients of both can be generated into one package.
func TestNamesDiffer(t *testing.T) {
	owners := map[string]string{"Error": "many languages", "Type": "many languages"}
	for _, name := range Names() {
		d := embedded(t, name)
		names := []string{}
		for _, m := range d.Root.At("/components/schemas").Members {
			names = append(names, m.Name)
		}
		for _, tag := range d.Root.Member("tags").Items {
			names = append(names, "tag "+text(tag, "name"))
		}
		for _, taken := range names {
			if owner := owners[taken]; owner != "" {
				t.Errorf("%s: the name %s is taken by %s", d.File, taken, owner)
			}
			owners[taken] = d.File
		}
	}
}

// TestExtensionsAreOurs checks the names of extensions. Reading a document does not, since other documents have other
// extensions.
func TestExtensionsAreOurs(t *testing.T) {
	known := []string{
		"x-rules", "x-evidence", "x-sources", "x-authorization", "x-error-codes", "x-signing-headers", // docs/extensions.md
		"x-order", "x-omitempty", "x-go-name", "x-enum-varnames", // oapi-codegen's
	}
	for _, name := range Names() {
		walk(embedded(t, name).Root, func(n *spec.Node) {
			for _, m := range n.Members {
				if strings.HasPrefix(m.Name, "x-") && !slices.Contains(known, m.Name) {
					t.Errorf("%s: unknown extension %s", m.Value.Place(), m.Name)
				}
			}
		})
	}
}

// TestRuleSentences checks that each rule says one sentence with a full stop.
func TestRuleSentences(t *testing.T) {
	sentence := regexp.MustCompile("^[A-Z`][^\n]*[^.\n]\\.$")
	second := regexp.MustCompile("[.?!] +[A-Z`]")
	for _, name := range Names() {
		d := embedded(t, name)
		for _, r := range d.Rules {
			if !sentence.MatchString(r.Says) || second.MatchString(r.Says) {
				t.Errorf("%s: %s: want one sentence with a full stop: %s", r.Node.Place(), r.ID, r.Says)
			}
		}
	}
}
