package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// TestValid checks that another library accepts the documents with their examples, and reads the same as package spec.
func TestValid(t *testing.T) {
	for _, name := range Names() {
		data, err := YAML(name)
		if err != nil {
			t.Fatal(err)
		}
		other, err := openapi3.NewLoader().LoadFromData(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := other.Validate(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		d := embedded(t, name)
		for _, f := range d.Findings {
			t.Error(f)
		}
		got, want := []string{}, []string{}
		for _, op := range d.Operations {
			if op.Refused != nil {
				t.Error(op.Refused)
			}
			for _, p := range op.Parameters {
				got = append(got, fmt.Sprint(op.Method, " ", op.Path, " ", p.In, " ", p.Name, " ", p.Required))
			}
			for _, r := range op.Responses {
				headers := []string{}
				for _, h := range r.Headers {
					headers = append(headers, h.Name)
				}
				for _, media := range r.Content {
					got = append(got, fmt.Sprint(op.ID, " ", r.Status, " ", media.Name, " ", media.Schema.Node.Pointer(), " ",
						len(media.Examples), " ", slices.Sorted(slices.Values(headers))))
				}
			}
		}
		for path, item := range other.Paths.Map() {
			for method, op := range item.Operations() {
				for _, p := range slices.Concat(item.Parameters, op.Parameters) {
					want = append(want, fmt.Sprint(method, " ", path, " ", p.Value.In, " ", p.Value.Name, " ", p.Value.Required))
				}
				for status, r := range op.Responses.Map() {
					for kind, media := range r.Value.Content {
						schema := strings.TrimPrefix(media.Schema.Ref, "#")
						want = append(want, fmt.Sprint(op.OperationID, " ", status, " ", kind, " ", schema, " ",
							len(media.Examples), " ", slices.Sorted(maps.Keys(r.Value.Headers))))
					}
				}
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" || len(want) < 8 {
			t.Errorf("%s (-the other library +package spec):\n%s", name, diff)
		}
	}
}

// TestPlainYAML checks that package spec and a YAML library read the same values.
func TestPlainYAML(t *testing.T) {
	for _, name := range Names() {
		data, err := YAML(name)
		if err != nil {
			t.Fatal(err)
		}
		var plain any
		if err := yaml.Unmarshal(data, &plain); err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(plain)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(embedded(t, name).Root.Value())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-YAML library +package spec):\n%s", name, diff)
		}
	}
}
