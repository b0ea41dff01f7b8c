// Package recordings holds what is known of real and documented exchanges: response bodies as JSON files, and one manifest
// that says of each what it answers and where it comes from.
//
// It reads recordings and hands them to the judge as exchanges. It judges nothing.
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

// Manifest is the name of the file that lists the recordings of a folder.
const Manifest = "manifest.yaml"

// Recording is one row of a manifest, with the body that it names.
type Recording struct {
	File        string
	Operation   string
	Example     string // the named example of the document that it equals
	Request     Request
	Breaks      []string // ids that the judge must give for the request
	Status      int
	ContentType string
	Headers     map[string]string // only where they were recorded
	Kind        string
	Of          string // the operation that was really answered, where it was another one
	Source      string
	Date        string
	Redactions  []string
	Filled      map[string]string // placeholders of the manual and what stands in their place
	Note        string

	Body []byte
}

// Request is what a recording answers.
type Request struct {
	Method    string
	Path      string
	Query     string
	Principal string
}

// The kinds of recordings.
const (
	Documented  = "documented"  // an example on the vendor's pages
	Captured    = "captured"    // an answer of the real cloud
	Constructed = "constructed" // made from the vendor's tables
)

// Name is the file's name without its ending.
func (r Recording) Name() string { return strings.TrimSuffix(r.File, path.Ext(r.File)) }

// Embedded returns the recordings of this repository.
func Embedded() ([]Recording, error) { return Load(embedded) }

// Load reads the manifest of a folder and the bodies that it names. What is wrong is an error of one line with the place.
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

// read reads one row. An error begins with the line.
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
		return r, fmt.Errorf("%d: unknown kind %q, it is one of %s", node.Line, r.Kind, strings.Join(kinds, ", "))
	}
	if _, err := time.Parse(time.DateOnly, r.Date); err != nil {
		return r, fmt.Errorf("%d: date %q: want YYYY-MM-DD", node.Line, r.Date)
	}
	return r, nil
}

// Exchange is the recording as the judge takes it. Headers that were not recorded, credentials and framing are unseen.
func (r Recording) Exchange() contract.Exchange {
	target := r.Request.Path
	if r.Request.Query != "" {
		target += "?" + r.Request.Query
	}
	header := http.Header{"Content-Type": {r.ContentType}}
	unseen := contract.UnrecordedRequestHeaders | contract.UnrecordedCredentials | contract.UnrecordedFraming | contract.UnrecordedResponseHeaders
	if len(r.Headers) > 0 {
		unseen &^= contract.UnrecordedResponseHeaders
		for name, value := range r.Headers {
			header.Set(name, value)
		}
	}
	return contract.Exchange{
		Request:    contract.Request{Method: r.Request.Method, Target: target},
		Response:   contract.Response{Status: r.Status, Header: header, Body: r.Body},
		Unrecorded: unseen,
	}
}
