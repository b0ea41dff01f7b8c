package spec

import (
	"net/url"
	"strings"
)

// readSources reads x-sources, a mapping of names to pages. A document that has it may use no other sources.
func (x *extensions) readSources(n *Node) {
	if n.Kind != Object || len(n.Members) == 0 {
		x.fail(n, "x-sources: want a mapping of names to title, url and edition")
		return
	}
	names := map[string]bool{}
	for _, m := range n.Members {
		name, _, _ := strings.Cut(m.Name, "/")
		names[name] = true
		if name != m.Name {
			x.failAtName(m.Value,
				"x-sources: %q: want a name without a slash, which separates a page from its row", shortened(m.Name))
			continue
		}
		f := x.open("x-sources: "+shortened(m.Name), m.Value, "title", "url", "edition")
		page := &Page{m.Name, f.text("title"), f.text("url"), f.text("edition"), m.Value}
		if u, err := url.Parse(page.URL); err != nil || u.Scheme != "https" || u.Host == "" {
			f.fail(m.Value.Member("url"), "url %q: want an https address", shortened(page.URL))
		}
		x.document.Sources = append(x.document.Sources, page)
	}
	x.sources = names
}
