package probe

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// breakage is a JSON value that breaks one keyword in one place.
type breakage struct {
	keyword, pointer string
	value            any
}

// breakResponse breaks each keyword of a response once, and checks that a finding names the place; or a place above it, where
// the schema is one of several alternatives.
func (run *publicRun) breakResponse(t *testing.T, d publicDocument, op *spec.Operation, ex contract.Exchange) {
	t.Helper()
	r := op.Response(ex.Response.Status)
	if r == nil {
		return
	}
	var value any
	content := contentNamed(r.Content, ex.Response.Header.Get("Content-Type"))
	if content == nil || content.Schema == nil || json.Unmarshal(ex.Response.Body, &value) != nil {
		return
	}
	done := map[string]bool{}
	for _, s := range breakages(content.Schema, value) {
		if done[s.keyword] {
			continue
		}
		done[s.keyword] = true
		run.broken[s.keyword]++
		ex.Response.Body, _ = json.Marshal(s.value)
		found := []string{}
		for _, f := range d.judge.Check(ex).Findings {
			place := strings.TrimPrefix(f.Pointer, "/response/body")
			isAround := isChoice(f.ID) && strings.HasPrefix(s.pointer, place)
			if isThere := isAround || place == s.pointer; isThere && strings.HasPrefix(f.ID, "schema/") {
				found = nil
				break
			}
			found = append(found, f.String())
		}
		if found != nil { // none is the place
			t.Errorf("%s %d: %s is broken at %q in %s, got findings %q",
				op.ID, ex.Response.Status, s.keyword, s.pointer, ex.Response.Body, found)
		}
	}
}

func isChoice(id string) bool { return id == "schema/oneOf" || id == "schema/anyOf" }

// contentNamed is the JSON content of a media type, or nil.
func contentNamed(known []*spec.MediaType, name string) *spec.MediaType {
	for _, content := range known {
		if content.Name == name {
			return jsonOf([]*spec.MediaType{content})
		}
	}
	return nil
}

// breakages makes copies of a value that break one keyword each: of the schema, of its parts by allOf or $ref, of a member, or of
// the first element. Schemas with alternatives are left alone, since one may take what another refuses.
func breakages(s *spec.Schema, value any) (list []breakage) {
	for part := range allOf(s) {
		list = append(list, breakagesOf(part, value)...)
		switch v := value.(type) {
		case map[string]any:
			for _, p := range part.Properties {
				member, ok := v[p.Name]
				if !ok {
					continue
				}
				for _, inner := range breakages(p.Schema, member) {
					changed := maps.Clone(v)
					changed[p.Name] = inner.value
					list = append(list, breakage{inner.keyword, pointer.Join("", p.Name) + inner.pointer, changed})
				}
			}
		case []any:
			if len(v) == 0 || part.Items == nil || len(part.PrefixItems) > 0 {
				continue
			}
			for _, inner := range breakages(part.Items, v[0]) {
				changed := slices.Clone(v)
				changed[0] = inner.value
				list = append(list, breakage{inner.keyword, "/0" + inner.pointer, changed})
			}
		}
	}
	return list
}

// allOf yields a schema and those that apply to the same value by allOf and $ref.
func allOf(s *spec.Schema) func(yield func(*spec.Schema) bool) {
	return func(yield func(*spec.Schema) bool) {
		all := []*spec.Schema{s}
		for i := 0; i < len(all); i++ {
			if !yield(all[i]) {
				return
			}
			for _, part := range append(slices.Clone(all[i].AllOf), all[i].Ref) {
				if part != nil && !slices.Contains(all, part) {
					all = append(all, part)
				}
			}
		}
	}
}

// breakagesOf breaks each keyword of one schema that applies to the value.
func breakagesOf(s *spec.Schema, value any) (list []breakage) {
	add := func(keyword, at string, value any) { list = append(list, breakage{keyword, at, value}) }
	if len(s.Types) > 0 {
		if _, isText := value.(string); !isText && !slices.Contains(s.Types, "string") {
			add("type", "", "text")
		} else if !slices.Contains(s.Types, "boolean") {
			add("type", "", true)
		}
	}
	if s.Enum != nil {
		add("enum", "", "~ in no enum ~")
	}
	switch v := value.(type) {
	case map[string]any:
		for _, name := range s.Required {
			if p := sample.Property(s.Properties, name); p == nil || p.WriteOnly || sample.Resolve(p).WriteOnly {
				continue // a response need not have it
			}
			changed := maps.Clone(v)
			delete(changed, name)
			add("required", pointer.Join("", name), changed)
			break
		}
	case string:
		if n := sample.Count(s.MinLength); n > 0 {
			add("minLength", "", strings.Repeat("x", int(n)-1))
		}
		if s.MaxLength != nil && *s.MaxLength < 10_000 {
			add("maxLength", "", strings.Repeat("x", int(*s.MaxLength)+1))
		}
	case float64:
		if low := sample.Lowest(s); low != nil {
			add("minimum", "", low.At-1)
		}
		if high := sample.Highest(s); high != nil {
			add("maximum", "", high.At+1)
		}
	}
	return list
}
