package breaking

import (
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/coding"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// shape is which members and elements bodies have, without their values. Elements are folded, and so are members that no schema
// of the documents names, such as the keys of a map:
//
//	{"pets": [{"kind": "cat"}, {"age": 3}], "4711": true}    /pets  /pets/*  /pets/*/kind  /pets/*/age  /*
//
// So its size depends on the documents, not on the traffic.
type shape struct {
	parts map[string]*shape
}

// Bounds of a shape. What lies deeper, or beyond, counts as its nearest part.
const (
	maxShapeDepth = 24
	maxShapeParts = 1000 // of one object
	anyPart       = "*"
)

// maxBody is how many bytes of a decoded body are read.
const maxBody = 16 << 20

// observe adds the body of a response to what its status shows.
func (c *Comparer) observe(s *statusUse, ex contract.Exchange) {
	body := ex.Response.Body
	if ex.Unrecorded&contract.UnrecordedResponseBody != 0 {
		s.all = true
		return
	}
	if s.all || len(body) == 0 {
		return
	}
	plain, err := coding.Decode(ex.Response.Header.Values("Content-Encoding"), body, maxBody)
	if err != nil {
		s.all = true
		return
	}
	value, _, ok := strictjson.Parse(plain)
	if !ok {
		s.all = true // another media type
		return
	}
	s.body.add(value, c.memberNames(), 0)
	value.Free()
}

// memberNames are the names of all members that a schema of either document has.
func (c *Comparer) memberNames() map[string]bool {
	if c.traffic.names == nil {
		c.traffic.names = map[string]bool{}
		for _, v := range []*version{c.old, c.new} {
			for s := range v.doc.Schemas() {
				for _, p := range s.Properties {
					c.traffic.names[p.Name] = true
				}
				for _, name := range s.Required {
					c.traffic.names[name] = true
				}
			}
		}
	}
	return c.traffic.names
}

func (s *shape) add(value strictjson.Value, names map[string]bool, depth int) {
	if depth == maxShapeDepth {
		return
	}
	switch value.Kind() {
	case strictjson.Object:
		for name, member := range value.Members() {
			if !names[name] || len(s.parts) >= maxShapeParts {
				name = anyPart
			}
			s.part(name).add(member, names, depth+1)
		}
	case strictjson.Array:
		for _, element := range value.Elements() {
			s.part(anyPart).add(element, names, depth+1)
		}
	}
}

func (s *shape) part(name string) *shape {
	if s.parts == nil {
		s.parts = map[string]*shape{}
	}
	if s.parts[name] == nil {
		s.parts[name] = &shape{}
	}
	return s.parts[name]
}

// has reports whether a body had a part. The token * stands for any part.
func (s *shape) has(tokens []string) bool {
	if len(tokens) == 0 {
		return true
	}
	for name, part := range s.parts {
		if (tokens[0] == anyPart || tokens[0] == name) && part.has(tokens[1:]) {
			return true
		}
	}
	return false
}

// folded returns the tokens of a pointer into an exchange, in which indexes and names of members that no schema names are *.
// Names of headers are in lower case.
func (c *Comparer) folded(at string) []string {
	tokens := []string{}
	for name := range pointer.Names(at) {
		tokens = append(tokens, name)
	}
	isBody := len(tokens) > 1 && tokens[1] == "body"
	isHeader := len(tokens) > 1 && tokens[1] == "headers"
	for i := 2; i < len(tokens); i++ {
		_, isIndex := pointer.Index(tokens[i])
		switch {
		case isHeader && i == 2:
			tokens[i] = strings.ToLower(tokens[i])
		case isIndex, isBody && !c.memberNames()[tokens[i]]:
			tokens[i] = anyPart
		}
	}
	return tokens
}
