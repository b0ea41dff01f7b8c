package breaking

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// If no base made from schemas shows a change, the examples of the documents and recorded bodies are bases too: the value at
// the place of the change is replaced in them.
//
//	example rex    [{"kind": "dog", "name": "rex"}]    →    [{"kind": "bird", "name": "rex"}]

// examples makes candidates from the examples of the media types.
func (s *search) examples() []candidate {
	p := s.ch.part
	if p.kind != ofBody {
		return nil
	}
	list := []candidate{}
	for _, one := range []struct {
		of *spec.MediaType
		p  part
	}{{p.new.media, p}, {p.old.media, p}} {
		if one.of == nil {
			continue
		}
		if sample.IsGiven(one.of.Example) {
			list = append(list, s.replacing("example", one.of.Example.Value())...)
		}
		for _, example := range one.of.Examples {
			if sample.IsGiven(example.Value) {
				list = append(list, s.replacing("example "+example.Name, example.Value.Value())...)
			}
		}
	}
	return list
}

// recorded makes candidates from recorded bodies.
func (s *search) recorded() []candidate {
	p := s.ch.part
	if p.kind != ofBody || p.old.op == nil {
		return nil
	}
	status := ""
	if p.isResponse {
		status = p.status
	}
	list := []candidate{}
	for _, seed := range s.seeds(p.old.op.ID, status) {
		data := seed.exchange.Request.Body
		if p.isResponse {
			data = seed.exchange.Response.Body
		}
		if value, ok := readJSON(data); ok {
			list = append(list, s.replacing(seed.name, value)...)
		}
	}
	return list
}

// replacing makes candidates from a value, the first of which is the value itself.
func (s *search) replacing(origin string, value any) []candidate {
	b := s.base(s.ch.part)
	list := []candidate{}
	add := func(value any) {
		for _, changed := range s.withBody(b, value) {
			list = append(list, candidate{changed.exchange(), origin})
		}
	}
	add(value)
	leaves := s.maker.leaves(s.ch)
	if object, ok := valueAt(value, s.ch.path).(map[string]any); ok {
		for _, name := range s.ch.names {
			lacking := maps.Clone(object)
			delete(lacking, name)
			leaves = append(leaves, lacking)
		}
	}
	for _, leaf := range leaves {
		if changed, ok := replaceAt(value, s.ch.path, leaf); ok {
			add(changed)
		}
	}
	return list
}

// valueAt is the value at a path, or nil.
func valueAt(value any, path []step) any {
	var found any
	_, _ = replaced(value, path, func(v any) any { found = v; return v })
	return found
}

// replaceAt copies a value with another leaf at a path; ok is false if the value has no such place.
func replaceAt(value any, path []step, leaf any) (changed any, ok bool) {
	return replaced(value, path, func(any) any { return leaf })
}

// replaced copies a value and replaces what is at a path.
func replaced(value any, path []step, leaf func(any) any) (changed any, ok bool) {
	if len(path) == 0 {
		return leaf(value), true
	}
	s := path[0]
	if s.kind == toBranch {
		return replaced(value, path[1:], leaf)
	}
	switch v := value.(type) {
	case map[string]any:
		if s.kind == toMember || s.kind == toAdditional {
			return replacedMember(v, path, leaf)
		}
	case []any:
		isElement := s.kind == toItem || s.kind == toPrefix
		if !isElement || s.index >= len(v) {
			return nil, false
		}
		below, ok := replaced(v[s.index], path[1:], leaf)
		made := slices.Clone(v)
		made[s.index] = below
		return made, ok
	}
	return nil, false
}

// replacedMember replaces a member, of additional members the last one. One that is not there is added, if it is the leaf.
func replacedMember(v map[string]any, path []step, leaf func(any) any) (any, bool) {
	name := path[0].name
	if path[0].kind == toAdditional {
		for _, key := range slices.Sorted(maps.Keys(v)) {
			name = key
		}
	}
	if _, has := v[name]; !has && len(path) > 1 {
		return nil, false
	}
	below, ok := replaced(v[name], path[1:], leaf)
	made := maps.Clone(v)
	if below == (absent{}) {
		delete(made, name)
	} else {
		made[name] = below
	}
	return made, ok
}

// readJSON reads a JSON body with its numbers as they are.
func readJSON(data []byte) (value any, ok bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return nil, false
	}
	return value, !d.More()
}
