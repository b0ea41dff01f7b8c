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

// bodies makes the mutants of the response's body, which is JSON.
func (c *corrupter) bodies() {
	body, faults, ok := strictjson.Parse(c.base.Response.Body)
	if !ok || len(faults) > 0 {
		return
	}
	c.root = tree(body)
	c.values(site{node: c.root})
	c.bytes()
}

func (c *corrupter) values(s site) {
	switch s.node.Kind {
	case spec.Object:
		c.object(s)
	case spec.Array:
		c.array(s)
	default:
		c.scalar(s)
	}
	for _, e := range s.entries() {
		c.retyped(e)
		c.values(e)
	}
}

func (c *corrupter) object(s site) {
	c.value("member added", s, s.pointer+"/further", "", func(n *spec.Node) { put(n, "further", raw("1")) }).unknown = true
	for _, e := range s.entries() {
		c.value("member dropped", s, e.pointer, "", func(n *spec.Node) { remove(n, e.key) })
		c.value("member renamed", s, e.pointer, e.key+"s", func(n *spec.Node) { rename(n, e.key, e.key+"s") }).unknown = true
		other := otherCase(e.key)
		c.value("member in other case", s, e.pointer, other, func(n *spec.Node) { rename(n, e.key, other) }).unknown = true
		again := spec.Member{Name: e.key, Value: e.node}
		c.value("member doubled", s, e.pointer, "", func(n *spec.Node) { n.Members = append(n.Members, again) })
	}
}

func (c *corrupter) array(s site) {
	all := s.entries()
	if len(all) > 0 {
		c.value("array emptied", s, s.pointer, "", func(n *spec.Node) { n.Items = nil })
	}
	for i, e := range all {
		c.value("element dropped", s, e.pointer, "", func(n *spec.Node) { remove(n, e.key) })
		c.value("element doubled", s, e.pointer, "", func(n *spec.Node) { n.Items = append(n.Items, e.node) })
		if i > 0 {
			c.value("elements swapped", s, e.pointer, "with the one before", func(n *spec.Node) {
				n.Items[i-1], n.Items[i] = n.Items[i], n.Items[i-1]
			})
		}
	}
}

// retyped gives a value another type.
func (c *corrupter) retyped(s site) {
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
		c.value("value nulled", s, s.pointer, "", func(n *spec.Node) { *n = *raw("null") })
	}
	for _, other := range others {
		c.value("value retyped", s, s.pointer, other, func(n *spec.Node) { *n = *raw(other) })
	}
}

func (c *corrupter) scalar(s site) {
	set := func(operator, text string) {
		c.value(operator, s, s.pointer, text, func(n *spec.Node) { *n = *raw(text) })
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

// bytes corrupts the body as bytes.
func (c *corrupter) bytes() {
	data := c.base.Response.Body
	text := string(bytes.TrimSpace(data))
	whole := func(operator, other string) {
		c.body(operator, "/response/body", "", func() []byte { return []byte(other) })
	}
	for eighth := 1; eighth < 8; eighth++ {
		cut := len(text) * eighth / 8
		c.body("body cut off", "/response/body", fmt.Sprintf("after %d bytes", cut), func() []byte { return []byte(text[:cut]) })
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

// foreign gives an exchange the bodies of the others, and its own body their statuses.
func (c *corrupter) foreign(all []held) {
	statuses := []int{}
	for _, other := range all {
		if !other.Seed || other.Operation == "" || other.Name == c.of.Name {
			continue
		}
		if r := other.Exchange.Response; r.Status != c.base.Response.Status && !bytes.Equal(r.Body, c.base.Response.Body) {
			c.body("body of another answer", "/response/body", other.Name, func() []byte { return r.Body })
			if !slices.Contains(statuses, r.Status) {
				statuses = append(statuses, r.Status)
			}
		}
	}
	slices.Sort(statuses)
	c.statuses(append(statuses, 201, 202, 204, 206, 300, 301, 302, 304, 307, 308, 405, 418, 451, 502, 504, 599))
}
