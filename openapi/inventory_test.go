package openapi

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestInventory compares the documents in short with testdata/inventory.txt, so that nothing changes unnoticed. What is required
// has an exclamation mark. With -update it writes the file.
func TestInventory(t *testing.T) {
	const file = "testdata/inventory.txt"
	lines := []string{}
	for _, name := range Names() {
		lines = append(lines, inventoryOf(embedded(t, name))...)
	}
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("go test ./openapi -run Inventory -update (-want +got):\n%s", diff)
	}
}

func inventoryOf(d *spec.Document) []string {
	lines := []string{}
	add := func(format string, args ...any) {
		lines = append(lines, strings.TrimRight(fmt.Sprintf(format, args...), " "))
	}
	for _, op := range d.Operations {
		add("%s  %s %s", op.ID, op.Method, op.Path)
		schemes := []string{}
		for _, alternative := range op.Security {
			names := []string{}
			for _, scheme := range alternative {
				names = append(names, scheme.Name)
			}
			schemes = append(schemes, strings.Join(names, "+"))
		}
		add("  security   %s", strings.Join(schemes, " or "))
		a := op.Authorization
		add("  action     %s, allowed by default: %t, by IAM project: %t, by enterprise project: %t",
			a.Action, a.DefaultAllow, a.IAMProject, a.EnterpriseProject)
		for _, p := range op.Parameters {
			add("  %-10s %s", p.In, member(p.Name, p.Required, p.Schema))
		}
		for _, r := range op.Responses {
			headers := []string{}
			for _, h := range r.Headers {
				headers = append(headers, member(h.Name, h.Required, nil))
			}
			slices.Sort(headers)
			for _, media := range r.Content {
				add("  %-10s %s%s, %s", r.Status, media.Name, typeOf(media.Schema), strings.Join(headers, ", "))
			}
		}
	}
	for _, s := range sortedByName(d.Schemes, func(s *spec.SecurityScheme) string { return s.Name }) {
		if s.Type == "http" {
			add("%s  http %s", s.Name, s.HTTPScheme)
		} else {
			add("%s  %s in %s %s", s.Name, s.Type, s.In, s.ParameterName)
		}
		for _, h := range s.SigningHeaders {
			pattern := ""
			if h.Pattern != nil {
				pattern = h.Pattern.String()
			}
			add("  signed     %s %s", h.Name, pattern)
		}
	}
	for _, m := range sortedByName(d.Root.At("/components/schemas").Members, func(m spec.Member) string { return m.Name }) {
		s := d.Schema(m.Value)
		add("%s %s", m.Name, wordsOf(s))
		for _, p := range sortedByName(s.Properties, func(p spec.Property) string { return p.Name }) {
			add("  %s", member(p.Name, slices.Contains(s.Required, p.Name), p.Schema))
		}
	}
	return lines
}

func sortedByName[T any](list []T, name func(T) string) []T {
	return slices.SortedFunc(slices.Values(list), func(a, b T) int { return strings.Compare(name(a), name(b)) })
}

func member(name string, required bool, schema *spec.Schema) string {
	if required {
		name += "!"
	}
	return name + typeOf(schema)
}

// typeOf names the component that a schema is, or describes it in a few words.
func typeOf(s *spec.Schema) string {
	if s == nil {
		return ""
	}
	if name, ok := strings.CutPrefix(s.Node.Pointer(), "/components/schemas/"); ok && !strings.Contains(name, "/") {
		return " " + name
	}
	return wordsOf(s)
}

func wordsOf(s *spec.Schema) string {
	words := " " + strings.Join(s.Types, " ")
	if s.Format != "" {
		words += " " + s.Format
	}
	if s.Pattern != nil {
		words += " " + s.Pattern.Text
	}
	if s.Nullable {
		words += " or null"
	}
	if s.MinLength != nil {
		words += fmt.Sprintf(" of %d and more", *s.MinLength)
	}
	if s.Minimum != nil {
		words += " from " + s.Minimum.Text
	}
	if s.Maximum != nil {
		words += " to " + s.Maximum.Text
	}
	if len(s.Enum) > 0 {
		values := []string{}
		for _, value := range s.Enum {
			values = append(values, value.Text)
		}
		words += fmt.Sprintf(" of %v", values)
	}
	if s.Items != nil {
		words += " of" + typeOf(s.Items)
	}
	return words
}
