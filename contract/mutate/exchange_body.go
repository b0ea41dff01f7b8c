package mutate

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// responseBody mutates a JSON body twice: as a tree, value by value, and as raw bytes. The tree can hold what is not JSON,
// such as a number with a leading zero, so that everything else in the body stays as it was:
//
//	exchange things-200: number with a leading zero at /response/body/items/0/count (07)
//	exchange things-200: body cut off at /response/body (after 30 bytes)
//
// The numbers are those at the limits of int32 and int64. A mutant that any document may allow, such as a further member, is
// marked as undocumented: a finding at that grade kills it too.
func (m *exchangeMutator) responseBody() {
	body, syntaxErrors, ok := strictjson.Parse(m.seed.Exchange.Response.Body)
	if !ok || len(syntaxErrors) > 0 {
		return
	}
	m.root = tree(body)
	m.values(site{node: m.root})
	m.rawBody()
}

// values mutates a value and everything below it.
func (m *exchangeMutator) values(s site) {
	switch s.node.Kind {
	case spec.Object:
		m.object(s)
	case spec.Array:
		m.array(s)
	default:
		m.scalar(s)
	}
	for _, e := range s.entries() {
		m.retyped(e)
		m.values(e)
	}
}

// object adds, drops, renames and doubles members.
func (m *exchangeMutator) object(s site) {
	m.value("member added", s, s.pointer+"/further", "", func(n *spec.Node) { put(n, "further", raw("1")) }).undocumented = true
	for _, e := range s.entries() {
		m.value("member dropped", s, e.pointer, "", func(n *spec.Node) { remove(n, e.key) })
		m.value("member renamed", s, e.pointer, e.key+"s", func(n *spec.Node) { rename(n, e.key, e.key+"s") }).undocumented = true
		other := otherCase(e.key)
		m.value("member in other case", s, e.pointer, other, func(n *spec.Node) { rename(n, e.key, other) }).undocumented = true
		again := spec.Member{Name: e.key, Value: e.node}
		m.value("member doubled", s, e.pointer, "", func(n *spec.Node) { n.Members = append(n.Members, again) })
	}
}

// array drops, doubles and swaps elements.
func (m *exchangeMutator) array(s site) {
	all := s.entries()
	if len(all) > 0 {
		m.value("array emptied", s, s.pointer, "", func(n *spec.Node) { n.Items = nil })
	}
	for i, e := range all {
		m.value("element dropped", s, e.pointer, "", func(n *spec.Node) { remove(n, e.key) })
		m.value("element doubled", s, e.pointer, "", func(n *spec.Node) { n.Items = append(n.Items, e.node) })
		if i > 0 {
			m.value("elements swapped", s, e.pointer, "with the one before", func(n *spec.Node) {
				n.Items[i-1], n.Items[i] = n.Items[i], n.Items[i-1]
			})
		}
	}
}

// retyped replaces a value by values of other types.
func (m *exchangeMutator) retyped(s site) {
	text := s.node.Text
	others := map[spec.Kind][]string{
		spec.Object: {"[]", `"text"`},
		spec.Array:  {"{}", `"text"`},
		spec.String: {"7", "true", "[" + string(write(s.node)) + "]"},
		spec.Number: {`"` + text + `"`, "true", "[" + text + "]", "{}"},
		spec.Null:   {"7", `""`, "false"},
		spec.Bool:   {`"` + text + `"`, "1"},
	}[s.node.Kind]
	if s.node.Kind != spec.Null {
		m.value("value nulled", s, s.pointer, "", func(n *spec.Node) { *n = *raw("null") })
	}
	for _, other := range others {
		m.value("value retyped", s, s.pointer, other, func(n *spec.Node) { *n = *raw(other) })
	}
}

// scalar writes numbers and texts at their limits, and as what JSON does not allow.
func (m *exchangeMutator) scalar(s site) {
	set := func(operator, text string) {
		m.value(operator, s, s.pointer, text, func(n *spec.Node) { *n = *raw(text) })
	}
	text := s.node.Text
	switch s.node.Kind {
	case spec.Number:
		set("number with a point", text+".0")
		set("number with an exponent", text+"e0")
		set("number with a fraction", text+".5")
		set("number with a leading zero", "0"+text)
		set("number with a plus", "+"+text)
		set("number below zero", "-1")
		set("number at the lowest", "-2147483648")
		set("number at the highest", "2147483647")
		set("number beyond 32 bits", "2147483648")
		set("number beyond 32 bits", "-2147483649")
		set("number beyond 64 bits", "9223372036854775808")
		set("number that is none", "NaN")
	case spec.String:
		quoted := string(write(s.node))
		inner := quoted[1 : len(quoted)-1]
		set("text misspelt", string(write(scalar(misspelt(text)))))
		set("text emptied", `""`)
		if changed := otherCase(text); changed != text {
			set("text in other case", string(write(scalar(changed))))
		}
		set("text with a placeholder", `"`+inner+`%s"`)
		set("lone surrogate", `"`+inner+`\ud800"`)
		set("invalid UTF-8", `"`+inner+"\xff\"")
		set("control character in a text", `"`+inner+"\x01\"")
		set("unknown escape", `"`+inner+`\x"`)
	}
}

// rawBody cuts the body off, replaces it, and surrounds it by other bytes.
func (m *exchangeMutator) rawBody() {
	data := m.seed.Exchange.Response.Body
	text := string(bytes.TrimSpace(data))
	whole := func(operator, other string) {
		m.body(operator, "/response/body", "", func() []byte { return []byte(other) })
	}
	for eighth := 1; eighth < 8; eighth++ {
		cut := len(text) * eighth / 8
		m.body("body cut off", "/response/body", fmt.Sprintf("after %d bytes", cut), func() []byte { return []byte(text[:cut]) })
	}
	whole("body emptied", "")
	whole("body of white space", " \n")
	whole("body replaced", "null")
	whole("body replaced", "[]")
	whole("body replaced", "{}")
	whole("body replaced", `"text"`)
	whole("body replaced", "<html></html>")
	whole("body wrapped", "["+text+"]")
	whole("bytes after the body", text+"x")
	whole("bytes after the body", text+"\x00")
	whole("body twice", text+text)
	whole("byte order mark", "\ufeff"+text)
	whole("comment in the body", "/**/"+text)
	whole("comma too many", strings.TrimSuffix(text, "}")+",}")
	whole("single quotes", strings.ReplaceAll(text, `"`, "'"))
	wide, _ := binary.Append(nil, binary.BigEndian, utf16.Encode([]rune(text)))
	whole("UTF-16", string(wide))
	whole("nested too deep", strings.Repeat("[", 600)+strings.Repeat("]", 600))
}

// otherBodies combines the status of an exchange with the bodies of the other seeds, and its body with their statuses.
func (m *exchangeMutator) otherBodies(entries []entry) {
	statuses := []int{}
	for _, other := range entries {
		isOtherRecording := other.Seed && other.Operation != "" && other.Name != m.seed.Name
		if !isOtherRecording {
			continue
		}
		r, own := other.Exchange.Response, m.seed.Exchange.Response
		if r.Status != own.Status && !bytes.Equal(r.Body, own.Body) {
			m.body("body of another response", "/response/body", other.Name, func() []byte { return r.Body })
			if !slices.Contains(statuses, r.Status) {
				statuses = append(statuses, r.Status)
			}
		}
	}
	slices.Sort(statuses)
	m.statuses(append(statuses, 201, 202, 204, 206, 300, 301, 302, 304, 307, 308, 405, 418, 451, 502, 504, 599))
}
