// Package page shows the two documents in a browser. /docs lists the operations and lets the reader try them; it is Swagger UI,
// which the binary contains whole. /docs/promises lists what our extensions say (promises.go). All pages are made once, by New.
//
// The package must not know the provider that is served beside it. Its pages send requests only to the host that served them.
package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"

	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// base is the path of the page.
const base = "/docs"

// policy allows the browser to send requests to this server only. Swagger UI writes scripts and styles into the page.
const policy = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; frame-ancestors 'none'"

// style keeps the page as wide as the window, whatever the font: long names break, tables and code scroll in their own box.
const style = `<style>
.swagger-ui { overflow-wrap: anywhere; }
.swagger-ui code, .swagger-ui a.link, .swagger-ui a.link small { white-space: normal; }
.swagger-ui pre code { white-space: pre; }
.swagger-ui table { display: block; overflow-x: auto; }
.more { margin: 0; padding: 10px 20px; font: 16px/1.5 sans-serif; }
.more a { color: #24528a; }
</style>`

// more links from Swagger UI to the parts of the documents that it does not show.
const more = `<p class="more"><a href="` + base + `/promises">Promises, error codes and sources</a></p>`

// Page serves the page at /docs and its parts. It is an http.Handler for the paths for which Serves is true.
type Page struct {
	ui    http.Handler
	parts map[string]part // by path
	built time.Time
}

// part is a file of the page that does not belong to Swagger UI.
type part struct {
	mediaType string
	policy    string
	text      []byte
}

// New makes the page. It fills in the token, if it is not empty, so that the reader can try an operation at once. Every visitor
// of the page sees the token and the samples.
func New(token string, samples []Sample) (*Page, error) {
	p := &Page{parts: map[string]part{}, built: time.Now()}
	urls, documents := []map[string]string{}, []*spec.Document{}
	for _, name := range openapi.Names() {
		d, err := openapi.Embedded(name)
		if err != nil {
			return nil, err
		}
		documents = append(documents, d)
		text, err := local(d)
		if err != nil {
			return nil, err
		}
		path := base + "/" + name + ".json"
		p.parts[path] = part{"application/json", policy, text}
		urls = append(urls, map[string]string{"url": path, "name": strings.ToUpper(name)})
	}
	promises, err := promisesPage(documents, samples)
	if err != nil {
		return nil, err
	}
	p.parts[base+"/promises"] = part{"text/html; charset=utf-8", promisesPolicy, promises}
	p.parts[base+"/promises.css"] = part{"text/css; charset=utf-8", promisesPolicy, promisesStyle}
	list, err := json.Marshal(urls)
	if err != nil {
		return nil, err
	}
	config := swgui.Config{
		Title: "quotaspec", BasePath: base, ShowTopBar: true, AppendHead: style, PrependHTML: more,
		SettingsUI: map[string]string{"urls": string(list), "tryItOutEnabled": "true", "showExtensions": "false"},
	}
	if token != "" {
		config.PreAuthorizeApiKey = map[string]string{"Token": token}
	}
	p.ui = v5emb.NewHandlerWithConfig(config)
	return p, nil
}

// local returns a document as JSON whose only server is the one that shows it, so that no request of a reader goes to the
// cloud.
func local(d *spec.Document) ([]byte, error) {
	here := &spec.Node{Kind: spec.Object}
	for _, m := range d.Root.Members {
		if m.Name == "servers" {
			m.Value = thisProvider
		}
		here.Members = append(here.Members, m)
	}
	text, err := json.Marshal(here)
	if err != nil {
		return nil, fmt.Errorf("%s as JSON: %w", d.File, err)
	}
	return text, nil
}

// thisProvider is the list of servers of a document that the page shows.
var thisProvider = &spec.Node{Kind: spec.Array, Items: []*spec.Node{{Kind: spec.Object, Members: []spec.Member{
	{Name: "url", Value: &spec.Node{Kind: spec.String, Text: "/"}},
	{Name: "description", Value: &spec.Node{Kind: spec.String, Text: "This provider"}},
}}}}

// Serves reports whether a path belongs to the page.
func Serves(path string) bool { return path == base || strings.HasPrefix(path, base+"/") }

// ServeHTTP responds with the page or a part of it.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	if part, ok := p.parts[r.URL.Path]; ok {
		w.Header().Set("Content-Security-Policy", part.policy)
		w.Header().Set("Content-Type", part.mediaType)
		http.ServeContent(w, r, "", p.built, bytes.NewReader(part.text))
		return
	}
	w.Header().Set("Content-Security-Policy", policy)
	p.ui.ServeHTTP(w, r)
}
