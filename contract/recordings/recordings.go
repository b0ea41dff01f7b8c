// Package recordings reads recorded exchanges, and embeds those of our two documents. They come from the vendor's pages, from
// the real cloud, or are constructed from the vendor's tables.
//
// A folder of recordings has response bodies as files and a manifest with one row for each. The row has the request, the status
// and headers of the response, and where the body comes from. Credentials and framing were not recorded, so an exchange marks
// them as unrecorded and the judge does not check them.
//
//   - file: a.json
//     operation: showThing
//     request: {method: GET, path: /things}
//     status: 200
//     content_type: application/json
//     kind: documented
//     source: https://docs.example/things
//     date: 2024-02-27
//
// The package does not judge, and does not read the documents.
package recordings

import (
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/quotaspec/quotaspec/contract"
)

//go:embed manifest.yaml *.json
var embedded embed.FS

// Manifest is the name of the file with a row for each recording of a folder.
const Manifest = "manifest.yaml"

// Recording is one row of a manifest with its body. The comments in manifest.yaml describe the keys.
type Recording struct {
	File        string
	Operation   string
	Example     string // the named example of the document that equals the body
	Request     Request
	Breaks      []string // ids of the findings that the judge must report for the request
	Status      int
	ContentType string
	Headers     map[string]string // nil if they were not recorded
	Kind        string
	Of          string // the operation that was really called, if it was another one
	Source      string
	Date        string
	Redactions  []string
	Filled      map[string]string // values of the placeholders in the vendor's message
	Note        string

	Body []byte
}

// Request is the request of a recording. The query has no question mark.
type Request struct {
	Method    string
	Path      string
	Query     string
	Principal string
}

// The kinds of recordings.
const (
	Documented  = "documented"  // an example on the vendor's pages
	Captured    = "captured"    // a response of the real cloud
	Constructed = "constructed" // made from the vendor's tables
)

// Name is the file name without extension.
func (r Recording) Name() string { return strings.TrimSuffix(r.File, path.Ext(r.File)) }

// Embedded returns the recordings of this repository.
func Embedded() ([]Recording, error) { return Load(embedded) }

// Load reads the manifest of a folder and the bodies that it names. Errors are one line with file and line number.
func Load(folder fs.FS) ([]Recording, error) {
	data, err := fs.ReadFile(folder, Manifest)
	if err != nil {
		return nil, fmt.Errorf("read the recordings: %w", err)
	}
	nodes, err := rows(data)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", Manifest, err)
	}
	list := []Recording{}
	for _, node := range nodes {
		r, err := read(node)
		if err != nil {
			return nil, fmt.Errorf("%s:%w", Manifest, err)
		}
		if r.Body, err = fs.ReadFile(folder, r.File); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", Manifest, node.Line, err)
		}
		list = append(list, r)
	}
	return list, nil
}

// read reads one row. Errors begin with the line number.
func read(node *yaml.Node) (r Recording, err error) {
	err = fields(node, []field{
		{"file", &r.File}, {"operation", &r.Operation}, {"example", &r.Example},
		{"request", []field{
			{"method", &r.Request.Method}, {"path", &r.Request.Path}, {"query", &r.Request.Query}, {"principal", &r.Request.Principal},
		}},
		{"breaks", &r.Breaks}, {"status", &r.Status}, {"content_type", &r.ContentType}, {"headers", &r.Headers},
		{"kind", &r.Kind}, {"of", &r.Of}, {"source", &r.Source}, {"date", &r.Date},
		{"redactions", &r.Redactions}, {"filled", &r.Filled}, {"note", &r.Note},
	})
	if err != nil {
		return r, err
	}
	for _, required := range []struct{ name, value string }{
		{"file", r.File}, {"operation", r.Operation}, {"request.method", r.Request.Method}, {"request.path", r.Request.Path},
		{"content_type", r.ContentType}, {"kind", r.Kind}, {"source", r.Source}, {"date", r.Date},
	} {
		if required.value == "" {
			return r, fmt.Errorf("%d: %s is missing", node.Line, required.name)
		}
	}
	if r.Status < 100 || r.Status > 999 {
		return r, fmt.Errorf("%d: status %d: want three digits", node.Line, r.Status)
	}
	if kinds := []string{Documented, Captured, Constructed}; !slices.Contains(kinds, r.Kind) {
		return r, fmt.Errorf("%d: unknown kind %q: want one of %s", node.Line, r.Kind, strings.Join(kinds, ", "))
	}
	if _, err := time.Parse(time.DateOnly, r.Date); err != nil {
		return r, fmt.Errorf("%d: date %q: want YYYY-MM-DD", node.Line, r.Date)
	}
	return r, nil
}

// Exchange converts the recording to an exchange, in which credentials, framing and headers without a record are Unrecorded.
func (r Recording) Exchange() contract.Exchange {
	target := r.Request.Path
	if r.Request.Query != "" {
		target += "?" + r.Request.Query
	}
	header := http.Header{"Content-Type": {r.ContentType}}
	unrecorded := contract.UnrecordedRequestHeaders | contract.UnrecordedCredentials | contract.UnrecordedFraming
	if len(r.Headers) == 0 {
		unrecorded |= contract.UnrecordedResponseHeaders
	}
	for name, value := range r.Headers {
		header.Set(name, value)
	}
	return contract.Exchange{
		Request:    contract.Request{Method: r.Request.Method, Target: target},
		Response:   contract.Response{Status: r.Status, Header: header, Body: r.Body},
		Unrecorded: unrecorded,
	}
}
