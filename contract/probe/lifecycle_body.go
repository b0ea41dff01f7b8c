package probe

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The bodies of a lifecycle are those of the plain requests. A change has another value of one member, so that the next read
// shows whether it was made. Few members are safe to alter: a text may name another thing, a choice may be a forbidden step.
//
//	{"name": "text", "ownerId": "a1", "state": "open"}    {"name": "text-changed", "ownerId": "a1", "state": "open"}

// tellingNames are names of members whose text is free, the best first.
var tellingNames = []string{"name", "title", "description", "label", "displayName", "display_name", "summary", "comment", "note"}

// alter changes one member of a JSON body, and sets the id of the thing where the body has it.
func (d *deriver) alter(r *contract.Request, t Thing) {
	d.edit(r, func(body map[string]any, properties []spec.Property, takes func() bool) {
		setID(body, t, takes)
		for _, p := range byTelling(properties) {
			old, has := body[p.Name]
			now, ok := old, has
			if !has {
				now, ok = d.sample(p.Schema, false)
			}
			if !ok || !isFree(p) || p.Name == t.Resource.id.Name {
				continue
			}
			if body[p.Name] = otherValue(now); takes() {
				return
			}
			if body[p.Name] = old; !has {
				delete(body, p.Name)
			}
		}
	})
}

// setID sets the id of a thing where a body has it already, as a text or a number.
func setID(body map[string]any, t Thing, takes func() bool) {
	for _, name := range []string{"id", t.Resource.id.Name} {
		old, has := body[name]
		for _, id := range []any{t.ID, json.Number(t.ID)} {
			if !has || !json.Valid([]byte(t.ID)) && id != t.ID {
				continue
			}
			if body[name] = id; takes() {
				break
			}
			body[name] = old
		}
	}
}

// tag makes each free text of a JSON body one that nothing else has, as far as the document allows it.
func (d *deriver) tag(r *contract.Request, tag string) {
	d.edit(r, func(body map[string]any, properties []spec.Property, takes func() bool) {
		for _, p := range properties {
			old, isText := body[p.Name].(string)
			if !isText || !mayBeTagged(p) {
				continue
			}
			for _, text := range taggedTexts(old, tag) {
				if body[p.Name] = text; takes() {
					break
				}
				body[p.Name] = old
			}
		}
	})
}

// mayBeTagged reports whether a text may have a tag: it is free, but for a pattern, or it is an address.
func mayBeTagged(p spec.Property) bool {
	if p.Schema == nil {
		return false
	}
	s := *sample.Resolve(p.Schema)
	s.Pattern = nil
	if slices.Contains([]string{"email", "idn-email", "uri", "iri", "hostname"}, s.Format) {
		s.Format = ""
	}
	return isFree(spec.Property{Name: p.Name, Schema: &s})
}

// taggedTexts are texts with a tag, the best first: for the end of a name, for the beginning of an address, for short names. A
// tag differs most at its end.
func taggedTexts(old, tag string) []string {
	list := []string{old + "-" + tag, old + tag, tag, tag[max(0, len(tag)-4):]}
	if user, host, isAddress := strings.Cut(old, "@"); isAddress {
		list = append([]string{user + "-" + tag + "@" + host}, list...)
	}
	return list
}

// edit changes the members of the JSON body of a request, if it is an object.
func (d *deriver) edit(r *contract.Request, change func(map[string]any, []spec.Property, func() bool)) {
	content := jsonOf(d.contents())
	isJSON := content != nil && content.Schema != nil && r.Header.Get("Content-Type") == sample.ContentType(content)
	if body, isObject := decode(r.Body).(map[string]any); isJSON && isObject {
		properties, _ := sample.Members(sample.Resolve(content.Schema))
		change(body, properties, func() bool { return d.isValid(content, maps.Clone(body)) })
		d.setBody(r, content, body)
	}
}

// byTelling sorts properties by how likely their text is free.
func byTelling(properties []spec.Property) []spec.Property {
	rank := func(p spec.Property) int {
		at := slices.Index(tellingNames, p.Name)
		if at < 0 {
			at = len(tellingNames)
		}
		if sample.TypeOf(sample.Resolve(p.Schema)) != "string" {
			at += len(tellingNames)
		}
		return at
	}
	list := slices.Clone(properties)
	slices.SortStableFunc(list, func(a, b spec.Property) int { return rank(a) - rank(b) })
	return list
}

// isFree reports whether a member may have any text or number, as far as one can see.
func isFree(p spec.Property) bool {
	if p.Schema == nil || sample.IsReadOnly(p.Schema) || strings.HasSuffix(strings.ToLower(p.Name), "id") {
		return false
	}
	s := sample.Resolve(p.Schema)
	isScalar := slices.Contains([]string{"string", "integer", "number"}, sample.TypeOf(s))
	return isScalar && len(sample.Choices(s)) == 0 && s.Pattern == nil && (s.Format == "" || sample.TypeOf(s) != "string")
}

// otherValue is a text or number other than the given one.
func otherValue(value any) any {
	switch v := value.(type) {
	case string:
		return v + "-changed"
	case json.Number:
		f, _ := v.Float64()
		return f + 1
	case float64:
		return v + 1
	}
	return value
}
