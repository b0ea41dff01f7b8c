// Package recordings reads recorded exchanges, and embeds those of our two documents. They come from the vendor's pages, from
// the real cloud, or are constructed from the vendor's tables.
//
// A folder of recordings has response bodies as files and a manifest with one row for each. The row has the request, the status
// and headers of the response, and where the body comes from. Credentials and framing were not recorded, so an exchange marks
// them as unrecorded and the judge does not check them. docs/manifest.schema.json describes the keys of a row.
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
// Load reads a folder (manifest.go). A Recorder writes one from live traffic (recorder.go): without credentials
// (package redact), and with other ids (identifiers.go). The package does not read our documents.
package recordings

import (
	"bytes"
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
	"github.com/quotaspec/quotaspec/contract/internal/redact"
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
	ContentType string      // "" if the response has none
	Headers     http.Header // without Content-Type; nil if they were not recorded
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
	Method      string
	Path        string
	Query       string
	Principal   string
	Headers     http.Header // without Content-Type and credentials; nil if they were not recorded
	ContentType string
	File        string // of the body; "" if the request has none

	Body []byte
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
		if err := r.readBodies(folder); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", Manifest, node.Line, err)
		}
		list = append(list, r)
	}
	return list, nil
}

// readBodies reads the files of a row.
func (r *Recording) readBodies(folder fs.FS) (err error) {
	if r.Body, err = fs.ReadFile(folder, r.File); err == nil && r.Request.File != "" {
		r.Request.Body, err = fs.ReadFile(folder, r.Request.File)
	}
	return err
}

// fieldsOf lists the keys of a row with the variables for their values.
func fieldsOf(r *Recording) []field {
	return []field{
		{"file", &r.File}, {"operation", &r.Operation}, {"example", &r.Example},
		{"request", []field{
			{"method", &r.Request.Method}, {"path", &r.Request.Path}, {"query", &r.Request.Query},
			{"principal", &r.Request.Principal}, {"headers", &r.Request.Headers},
			{"content_type", &r.Request.ContentType}, {"body", &r.Request.File},
		}},
		{"breaks", &r.Breaks}, {"status", &r.Status}, {"content_type", &r.ContentType}, {"headers", &r.Headers},
		{"kind", &r.Kind}, {"of", &r.Of}, {"source", &r.Source}, {"date", &r.Date},
		{"redactions", &r.Redactions}, {"filled", &r.Filled}, {"note", &r.Note},
	}
}

// read reads one row. Errors begin with the line number.
func read(node *yaml.Node) (r Recording, err error) {
	if err := fields(node, fieldsOf(&r)); err != nil {
		return r, err
	}
	if missing := r.missing(); len(missing) > 0 {
		return r, fmt.Errorf("%d: missing: %s", node.Line, strings.Join(missing, ", "))
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

// missing lists the keys that the row needs and does not have. A response without a body, or with recorded headers, needs no
// content_type.
func (r *Recording) missing() []string {
	list := []string{}
	need := func(key string, has bool) {
		if !has {
			list = append(list, key)
		}
	}
	need("file", r.File != "")
	need("operation", r.Operation != "")
	need("request.method", r.Request.Method != "")
	need("request.path", r.Request.Path != "")
	need("status", r.Status != 0)
	hasNoBody := r.Status == http.StatusNoContent || r.Status == http.StatusNotModified || r.Request.Method == http.MethodHead
	need("content_type", r.ContentType != "" || hasNoBody || len(r.Headers) > 0)
	need("kind", r.Kind != "")
	need("source", r.Source != "")
	need("date", r.Date != "")
	return list
}

// Exchange converts the recording to an exchange, in which credentials, framing and headers without a record are Unrecorded. So
// is each part in which a secret was replaced, since the judge would judge the replacement.
func (r Recording) Exchange() contract.Exchange {
	ex := contract.Exchange{
		Request: contract.Request{
			Method: r.Request.Method, Target: r.Request.Path, Header: headerOf(r.Request.Headers, r.Request.ContentType),
			Body: r.Request.Body,
		},
		Response:   contract.Response{Status: r.Status, Header: headerOf(r.Headers, r.ContentType), Body: r.Body},
		Unrecorded: contract.UnrecordedCredentials | contract.UnrecordedFraming,
	}
	if r.Request.Query != "" {
		ex.Request.Target += "?" + r.Request.Query
	}
	for _, part := range []struct {
		flag       contract.Unrecorded
		unrecorded bool
	}{
		{contract.UnrecordedRequestHeaders, len(r.Request.Headers) == 0 || hasMark(r.Request.Headers)},
		{contract.UnrecordedRequest, strings.Contains(ex.Request.Target+string(r.Request.Body), redact.Mark)},
		{contract.UnrecordedResponseHeaders, len(r.Headers) == 0 || hasMark(r.Headers)},
		{contract.UnrecordedResponseBody, bytes.Contains(r.Body, []byte(`"`+redact.Mark+`"`))},
	} {
		if part.unrecorded {
			ex.Unrecorded |= part.flag
		}
	}
	return ex
}

// headerOf returns headers with a Content-Type, unless they have one already.
func headerOf(recorded http.Header, contentType string) http.Header {
	header := http.Header{}
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	for name, values := range recorded {
		header[http.CanonicalHeaderKey(name)] = values
	}
	return header
}

// hasMark reports whether a secret was replaced in a header. The values of cookies are not judged.
func hasMark(header http.Header) bool {
	for name, values := range header {
		if name != "Set-Cookie" && strings.Contains(strings.Join(values, "\n"), redact.Mark) {
			return true
		}
	}
	return false
}
