package probe

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// spoiled is a JSON value that breaks one keyword in one place.
type spoiled struct {
	keyword, pointer string
	value            any
}

// spoiled makes a response wrong in one place for each keyword, and holds that a finding names the place, or a place above it
// where the schema is one of several.
func (run *publicRun) spoiled(t *testing.T, d publicDocument, op *spec.Operation, ex contract.Exchange) {
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
	for _, s := range spoil(content.Schema, value) {
		if done[s.keyword] {
			continue
		}
		done[s.keyword] = true
		run.spoilt[s.keyword]++
		ex.Response.Body, _ = json.Marshal(s.value)
		found := []string{}
		for _, f := range d.judge.Check(ex).Findings {
			place := strings.TrimPrefix(f.Pointer, "/response/body")
			if strings.HasPrefix(f.ID, "schema/") && (place == s.pointer || isChoice(f.ID) && strings.HasPrefix(s.pointer, place)) {
				found = nil
				break
			}
			found = append(found, f.String())
		}
		if found != nil { // none is the place
			t.Errorf("%s %d: %s at %q is wrong in %s, but the findings are %q", op.ID, ex.Response.Status, s.keyword, s.pointer, ex.Response.Body, found)
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

// spoil makes copies of a value that are wrong by a keyword of the schema itself, of its parts by allOf or $ref, or of a member
// or the first element. A schema with alternatives is left alone: another may take what one refuses.
func spoil(s *spec.Schema, value any) (list []spoiled) {
	for part := range allOf(s) {
		list = append(list, spoilByKeyword(part, value)...)
		switch v := value.(type) {
		case map[string]any:
			for _, p := range part.Properties {
				member, ok := v[p.Name]
				if !ok {
					continue
				}
				for _, inner := range spoil(p.Schema, member) {
					changed := maps.Clone(v)
					changed[p.Name] = inner.value
					list = append(list, spoiled{inner.keyword, pointer.Join("", p.Name) + inner.pointer, changed})
				}
			}
		case []any:
			if len(v) == 0 || part.Items == nil || len(part.PrefixItems) > 0 {
				continue
			}
			for _, inner := range spoil(part.Items, v[0]) {
				changed := slices.Clone(v)
				changed[0] = inner.value
				list = append(list, spoiled{inner.keyword, "/0" + inner.pointer, changed})
			}
		}
	}
	return list
}

// allOf yields a schema and those that hold for the same value by allOf and $ref.
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

// spoilByKeyword breaks each keyword of one schema that the value shows.
func spoilByKeyword(s *spec.Schema, value any) (list []spoiled) {
	add := func(keyword, at string, value any) { list = append(list, spoiled{keyword, at, value}) }
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
			if p := property(s.Properties, name); p == nil || p.WriteOnly || target(p).WriteOnly {
				continue // a response need not have it
			}
			changed := maps.Clone(v)
			delete(changed, name)
			add("required", pointer.Join("", name), changed)
			break
		}
	case string:
		if n := count(s.MinLength); n > 0 {
			add("minLength", "", strings.Repeat("x", int(n)-1))
		}
		if s.MaxLength != nil && *s.MaxLength < 10_000 {
			add("maxLength", "", strings.Repeat("x", int(*s.MaxLength)+1))
		}
	case float64:
		if low := lowest(s); low != nil {
			add("minimum", "", low.at-1)
		}
		if high := highest(s); high != nil {
			add("maximum", "", high.at+1)
		}
	}
	return list
}
