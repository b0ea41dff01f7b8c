package openapi

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// readSources reads x-sources, a mapping of names to pages. From then on the document must name no other source.
func (t *tree) readSources(n *yaml.Node) ([]*Page, error) {
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		return nil, t.errorAt(n.Line, "x-sources: want a mapping of names to title, url and edition")
	}
	t.sources = map[string]bool{}
	list := []*Page{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if strings.Contains(key.Value, "/") {
			return nil, t.errorAt(key.Line, "x-sources: %q: want a name without a slash, which separates a page from its row", key.Value)
		}
		what := "x-sources: " + key.Value
		f, err := t.fields(what, n.Content[i+1], "title", "url", "edition")
		if err != nil {
			return nil, err
		}
		s := &Page{Name: key.Value, Line: key.Line}
		for _, field := range []struct {
			key  string
			text *string
		}{{"title", &s.Title}, {"url", &s.URL}, {"edition", &s.Edition}} {
			if f[field.key] == nil {
				return nil, t.errorAt(key.Line, "%s: %s is missing", what, field.key)
			}
			if *field.text, err = t.text(what+": "+field.key, f[field.key]); err != nil {
				return nil, err
			}
		}
		if u, err := url.Parse(s.URL); err != nil || u.Scheme != "https" || u.Host == "" {
			return nil, t.errorAt(f["url"].Line, "%s: url %q: want an https address", what, s.URL)
		}
		t.sources[s.Name] = true
		list = append(list, s)
	}
	return list, nil
}

// signingHeaders reads x-signing-headers, a list.
func (t *tree) signingHeaders(n *yaml.Node, pointer string) ([]*SigningHeader, error) {
	const what = "x-signing-headers"
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		return nil, t.errorAt(n.Line, "%s: want a list", what)
	}
	list := []*SigningHeader{}
	for i, item := range n.Content {
		f, err := t.fields(what, item, "name", "says", "pattern", "grade", "source")
		if err != nil {
			return nil, err
		}
		h := &SigningHeader{Pointer: pointer + "/" + strconv.Itoa(i)}
		for _, field := range []struct {
			key  string
			text *string
		}{{"name", &h.Name}, {"says", &h.Says}} {
			if f[field.key] == nil {
				return nil, t.errorAt(item.Line, "%s: %s is missing", what, field.key)
			}
			if *field.text, err = t.text(what+": "+field.key, f[field.key]); err != nil {
				return nil, err
			}
		}
		if f["pattern"] != nil {
			text, err := t.text(what+": pattern", f["pattern"])
			if err != nil {
				return nil, err
			}
			if h.Pattern, err = regexp.Compile(text); err != nil {
				return nil, t.errorAt(f["pattern"].Line, "%s: pattern %q is no regular expression", what, text)
			}
		}
		if h.Evidence, err = t.evidenceOf(what+": "+h.Name, item.Line, f); err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, nil
}
