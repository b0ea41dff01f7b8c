package forms

import (
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// maps are the members whose keys are names that the document gives, so that a header x-request-id is no extension.
var maps = []string{
	"callbacks", "content", "encoding", "examples", "headers", "links", "mapping", "parameters", "patternProperties", "properties",
	"requestBodies", "responses", "schemas", "scopes", "securitySchemes", "variables",
}

// data are the members whose values are not OpenAPI.
var data = []string{"const", "default", "enum", "example", "value"}

// withoutExtensions cuts out the extensions below a node. In a map, the keys are names.
func (l *lines) withoutExtensions(n *spec.Node, isMap bool) {
	for _, item := range n.Items {
		l.withoutExtensions(item, false)
	}
	for _, m := range n.Members {
		switch {
		case isMap:
			l.withoutExtensions(m.Value, false)
		case strings.HasPrefix(m.Name, "x-"):
			l.cut(n, m.Name)
		case !slices.Contains(data, m.Name):
			l.withoutExtensions(m.Value, slices.Contains(maps, m.Name))
		}
	}
}

// withoutProse cuts out what speaks of extensions: lines of the comment at the head of the file, and sections of the
// description of the whole document.
func (l *lines) withoutProse(root *spec.Node) {
	first := root.Members[0].Value.Place().Line
	for i := 1; i < first; i++ {
		l.gone[i] = l.gone[i] || strings.Contains(l.text[i], " x-")
	}
	info := root.Member("info")
	if info.Member("description") == nil {
		return
	}
	line, _, ok := l.member(info, "description")
	if !ok {
		return
	}
	begin, last := line, l.end(line)
	for i := line + 1; i <= last+1; i++ {
		if i <= last && !strings.HasPrefix(strings.TrimSpace(l.text[i]), "## ") {
			continue
		}
		if section := strings.Join(l.text[begin:i], "\n"); begin > line && strings.Contains(section, "`x-") {
			l.cutLines(begin, i-1)
		}
		begin = i
	}
}
