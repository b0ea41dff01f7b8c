package page

import (
	"bytes"
	"embed"
	"html/template"
	"regexp"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Swagger UI ignores our extensions. A page of its own shows them: promises, authorisation, error codes, and the vendor's pages
// that they come from. It needs no script.

var (
	//go:embed promises.tmpl
	promisesFiles embed.FS
	//go:embed promises.css
	promisesStyle []byte
)

// promisesPolicy allows the page its own style sheet and icon, and nothing else.
const promisesPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; " +
	"frame-ancestors 'none'"

// Sample is a credential of the sample data, which is public.
type Sample struct {
	Header     string // that carries it: X-Auth-Token, or Authorization for an access key
	Credential string // the token, or the access key and its secret
	Says       string // what its principal may do, such as "may request both quotas"
}

var promisesTemplate = template.Must(template.New("").Funcs(template.FuncMap{
	"prose": prose, "words": words, "cite": cite,
}).ParseFS(promisesFiles, "promises.tmpl"))

// promisesPage writes the page.
func promisesPage(documents []*spec.Document, samples []Sample) ([]byte, error) {
	b := &bytes.Buffer{}
	err := promisesTemplate.ExecuteTemplate(b, "promises.tmpl", struct {
		Base      string
		Documents []*spec.Document
		Samples   []Sample
	}{base, documents, samples})
	return b.Bytes(), err
}

// evidence is the evidence of a promise, with the document that lists its pages.
type evidence struct {
	spec.Evidence
	Document *spec.Document
}

func cite(d *spec.Document, e spec.Evidence) evidence { return evidence{e, d} }

var code = regexp.MustCompile("`([^`]*)`")

// prose returns a sentence of a document as HTML, with the text between backticks as code.
func prose(s string) template.HTML {
	escaped := template.HTMLEscapeString(strings.TrimSpace(s))
	return template.HTML(code.ReplaceAllString(escaped, "<code>$1</code>")) //nolint:gosec // it was escaped
}

// words writes names such as no-credentials for people.
func words(causes []spec.Probe) string {
	list := []string{}
	for _, f := range causes {
		list = append(list, strings.ReplaceAll(string(f), "-", " "))
	}
	return strings.Join(list, ", ")
}
