package page

import (
	"bytes"
	"embed"
	"html/template"
	"regexp"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Swagger UI shows what plain OpenAPI says. What our extensions say stands on a page of its own, made once from the
// documents: promises, authorisation, error codes and the pages that they come from. It needs no script.

var (
	//go:embed promises.tmpl
	promisesFiles embed.FS
	//go:embed promises.css
	promisesStyle []byte
)

// promisesPolicy allows the page its own style sheet and icon, and nothing else.
const promisesPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; " +
	"frame-ancestors 'none'"

// Sample is a credential of the sample data, which everybody may know.
type Sample struct {
	Header     string // that it goes into: X-Auth-Token, or Authorization for an access key
	Credential string // the token, or the access key and its secret
	Says       string // what its holder may do, as in "may ask for both quotas"
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

// evidence is what stands behind a promise, with the document that knows the pages to read.
type evidence struct {
	spec.Evidence
	Document *spec.Document
}

func cite(d *spec.Document, e spec.Evidence) evidence { return evidence{e, d} }

var code = regexp.MustCompile("`([^`]*)`")

// prose is a sentence of a document as HTML; code stood between backticks.
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
