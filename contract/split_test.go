package contract_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestSplitDocuments checks that a document in five files judges as the same document in one: the results for each recording,
// case of the corpus and probe differ in nothing but places.
func TestSplitDocuments(t *testing.T) {
	for _, name := range openapi.Names() {
		t.Run(name, func(t *testing.T) {
			whole := judgeOf(t, name)
			split, err := contract.Load(writeSplit(t, whole.Document()))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range split.Document().Findings {
				t.Error(f)
			}
			if diff := cmp.Diff(ruleIDs(whole), ruleIDs(split)); diff != "" {
				t.Errorf("rules (-whole +split):\n%s", diff)
			}
			reader := probe.Principals{probe.Reader: {Credential: "secret", Values: map[string]string{"domain_id": "d1"}}}
			wholeProbes, splitProbes := probe.Derive(whole, reader), probe.Derive(split, reader)
			if diff := cmp.Diff(probesOf(wholeProbes), probesOf(splitProbes)); diff != "" {
				t.Errorf("probes (-whole +split):\n%s", diff)
			}
			exchanges := exchangesOf(t, whole, wholeProbes)
			for what, ex := range exchanges {
				if diff := cmp.Diff(textsOf(whole.Check(ex)), textsOf(split.Check(ex))); diff != "" {
					t.Errorf("%s (-whole +split):\n%s", what, diff)
				}
			}
			t.Logf("%d exchanges", len(exchanges))
		})
	}
}

// exchangesOf are all exchanges that there are for a document: recordings, the corpus, and each probe with each example.
func exchangesOf(t *testing.T, judge *contract.Judge, probes []probe.Probe) map[string]contract.Exchange {
	t.Helper()
	all := map[string]contract.Exchange{}
	for _, r := range recorded(t) {
		if judge.Document().Operation(r.Operation) != nil {
			all["recording "+r.Operation+"/"+r.Name()] = r.Exchange()
		}
	}
	for _, c := range allCases(t) {
		if c.Document == judge.Document().Name {
			all["case "+c.Name] = c.Exchange
		}
	}
	for _, p := range probes {
		for i, ex := range judge.Examples(p.Operation) {
			ex.Request, ex.Probe, ex.Unrecorded = p.Request, p.Kind, contract.UnrecordedResponseHeaders|contract.UnrecordedFraming
			all[fmt.Sprintf("probe %s with example %d", p.ID, i)] = ex
		}
	}
	return all
}

// textsOf lists everything in a result, without places.
func textsOf(r contract.Result) []string {
	list := []string{fmt.Sprint(r.Judged, r.Served, r.Operation, r.More, r.Errors)}
	for _, f := range r.Findings {
		list = append(list, fmt.Sprintf("%s at %s: want %s, got %s (%s)", f.ID, f.Pointer, f.Want, f.Got, f.Evidence.Grade))
	}
	return append(list, slices.Sorted(slices.Values(contract.PassedIDs(r)))...)
}

func ruleIDs(j *contract.Judge) []string {
	ids := []string{}
	for _, r := range j.Document().Rules {
		ids = append(ids, fmt.Sprint(r.ID, " ", r.Evidence))
	}
	slices.Sort(ids)
	return ids
}

func probesOf(list []probe.Probe) []string {
	texts := []string{}
	for _, p := range list {
		texts = append(texts, fmt.Sprint(p.ID, p.Kind, p.Role, p.Request, p.Skip))
	}
	return texts
}

// writeSplit writes a document as five files that refer to each other, and returns the name of the first.
func writeSplit(t *testing.T, doc *spec.Document) string {
	t.Helper()
	root, components := doc.Root, doc.Root.Member("components")
	paths, responses, parameters := object(), object(), object()
	for _, item := range root.Member("paths").Members {
		methods := object()
		for _, m := range item.Value.Members {
			if m.Value.Kind != spec.Object {
				add(methods, m.Name, m.Value)
				continue
			}
			ofMethod := object()
			for _, part := range m.Value.Members {
				switch part.Name {
				case "responses":
					moved := object()
					for _, r := range part.Value.Members {
						name := m.Name + " " + item.Name + " " + r.Name
						response := r.Value
						if ref := r.Value.Member("$ref"); ref != nil {
							response = root.At(strings.TrimPrefix(ref.Text, "#"))
						}
						add(responses, name, response)
						add(moved, r.Name, reference("responses.json", name))
					}
					add(ofMethod, part.Name, moved)
				case "parameters":
					moved := &spec.Node{Kind: spec.Array}
					for _, p := range part.Value.Items {
						name := m.Name + " " + p.Member("name").Text
						add(parameters, name, p)
						moved.Items = append(moved.Items, reference("parameters.json", name))
					}
					add(ofMethod, part.Name, moved)
				default:
					add(ofMethod, part.Name, part.Value)
				}
			}
			add(methods, m.Name, ofMethod)
		}
		add(paths, item.Name, methods)
	}
	for _, h := range components.Member("headers").Members {
		add(parameters, h.Name, h.Value)
	}
	top := object()
	for _, m := range root.Members {
		switch m.Name {
		case "paths":
			items := object()
			for _, item := range m.Value.Members {
				add(items, item.Name, reference("paths.json", item.Name))
			}
			add(top, m.Name, items)
		case "components":
			rest := object()
			add(rest, "securitySchemes", m.Value.Member("securitySchemes"))
			add(top, m.Name, rest)
		default:
			add(top, m.Name, m.Value)
		}
	}
	folder, first := t.TempDir(), doc.Name+".json"
	for name, n := range map[string]*spec.Node{
		first: top, "paths.json": paths, "responses.json": responses, "parameters.json": parameters, "schemas.json": components.Member("schemas"),
	} {
		if len(n.Members) == 0 {
			t.Fatalf("%s is empty", name)
		}
		data, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		data = bytes.ReplaceAll(data, []byte(`"#/components/schemas/`), []byte(`"schemas.json#/`))
		data = bytes.ReplaceAll(data, []byte(`"#/components/headers/`), []byte(`"parameters.json#/`))
		var lines bytes.Buffer
		if err := json.Indent(&lines, data, "", "  "); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), lines.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(folder, first)
}

func object() *spec.Node { return &spec.Node{Kind: spec.Object} }

func add(n *spec.Node, name string, value *spec.Node) {
	n.Members = append(n.Members, spec.Member{Name: name, Value: value})
}

// reference refers to a member at the top of a file.
func reference(file, name string) *spec.Node {
	pointer := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D", " ", "%20").Replace(name)
	n := object()
	add(n, "$ref", &spec.Node{Kind: spec.String, Text: file + "#/" + pointer})
	return n
}
