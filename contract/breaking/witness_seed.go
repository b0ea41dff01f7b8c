package breaking

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// If no base made from schemas shows a change, the examples of the documents and recorded bodies are bases too: the value at the
// place of the change is replaced in them.
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
			list = append(list, s.replaced("example", one.of.Example.Value())...)
		}
		for _, example := range one.of.Examples {
			if sample.IsGiven(example.Value) {
				list = append(list, s.replaced("example "+example.Name, example.Value.Value())...)
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
			list = append(list, s.replaced(seed.name, value)...)
		}
	}
	return list
}

// replaced makes candidates from a value, the first of which is the value itself.
func (s *search) replaced(origin string, value any) []candidate {
	b := s.base(s.ch.part)
	list := []candidate{}
	add := func(value any) {
		for _, changed := range s.withBody(b, value) {
			list = append(list, candidate{changed.exchange(), origin})
		}
	}
	add(value)
	for _, leaf := range s.maker.leaves(s.ch) {
		if changed, ok := replaceAt(value, s.ch.path, leaf); ok {
			add(changed)
		}
	}
	return list
}

// replaceAt copies a value with another leaf at a path; ok is false if the value has no such place.
func replaceAt(value any, path []step, leaf any) (changed any, ok bool) {
	if len(path) == 0 {
		return leaf, true
	}
	s := path[0]
	switch v := value.(type) {
	case map[string]any:
		if s.kind == toBranch {
			return replaceAt(value, path[1:], leaf)
		}
		name := s.name
		if s.kind == toAdditional {
			for _, key := range slices.Sorted(maps.Keys(v)) {
				name = key
			}
		}
		_, has := v[name]
		isMissing := !has && len(path) > 1
		if isMissing || s.kind != toMember && s.kind != toAdditional {
			return nil, false
		}
		below, ok := replaceAt(v[name], path[1:], leaf)
		made := maps.Clone(v)
		if below == (absent{}) {
			delete(made, name)
		} else {
			made[name] = below
		}
		return made, ok
	case []any:
		if s.kind == toBranch {
			return replaceAt(value, path[1:], leaf)
		}
		if s.kind != toItem && s.kind != toPrefix || s.index >= len(v) {
			return nil, false
		}
		below, ok := replaceAt(v[s.index], path[1:], leaf)
		made := slices.Clone(v)
		made[s.index] = below
		return made, ok
	}
	if s.kind == toBranch {
		return replaceAt(value, path[1:], leaf)
	}
	return nil, false
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
