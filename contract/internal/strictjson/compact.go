package strictjson

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// maxCompact is the number of bytes after which Compact adds no further members and elements.
const maxCompact = 4096

// Compact returns the value as one line of JSON, with members in the order of their names. A value of more than about 4
// KiB is shortened: "…" stands for the members and elements that are left out. No string is ever cut, because redaction
// only recognizes a whole secret.
func (v Value) Compact() string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	compact(v, &b, e)
	return b.String()
}

func compact(v Value, b *bytes.Buffer, e *json.Encoder) {
	switch v.Kind() {
	case Array:
		b.WriteByte('[')
		for i, element := range v.Elements() {
			if i > 0 {
				b.WriteByte(',')
			}
			if b.Len() > maxCompact {
				b.WriteString(`"…"`)
				break
			}
			compact(element, b, e)
		}
		b.WriteByte(']')
	case Object:
		members := maps.Collect(v.Members())
		b.WriteByte('{')
		for i, name := range slices.Sorted(maps.Keys(members)) {
			if i > 0 {
				b.WriteByte(',')
			}
			if b.Len() > maxCompact {
				b.WriteString(`"…":"…"`)
				break
			}
			quote(name, b, e)
			b.WriteByte(':')
			compact(members[name], b, e)
		}
		b.WriteByte('}')
	case String:
		quote(v.Text(), b, e)
	case Null:
		b.WriteString("null")
	default:
		b.WriteString(v.Text())
	}
}

func quote(text string, b *bytes.Buffer, e *json.Encoder) {
	if e.Encode(text) == nil {
		b.Truncate(b.Len() - 1) // the line feed that Encode adds
	}
}
