// Package recordings holds what is known of real and documented exchanges: response bodies as JSON files, and one manifest
// that says of each what it answers and where it comes from.
//
// It reads recordings and hands them to the judge as exchanges. It judges nothing.
package recordings

import (
	"embed"
	"errors"
	"fmt"
	"io"
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
	File        string            `yaml:"file"`
	Operation   string            `yaml:"operation"`
	Example     string            `yaml:"example"` // the named example of the document that it equals
	Request     Request           `yaml:"request"`
	Breaks      []string          `yaml:"breaks"` // ids that the judge must give for the request
	Status      int               `yaml:"status"`
	ContentType string            `yaml:"content_type"`
	Headers     map[string]string `yaml:"headers"` // only where they were recorded
	Kind        string            `yaml:"kind"`
	Of          string            `yaml:"of"` // the operation that was really answered, where it was another one
	Source      string            `yaml:"source"`
	Date        string            `yaml:"date"`
	Redactions  []string          `yaml:"redactions"`
	Filled      map[string]string `yaml:"filled"` // placeholders of the manual and what stands in their place
	Note        string            `yaml:"note"`

	Body []byte `yaml:"-"`
}

// Request is what a recording answers.
type Request struct {
	Method    string `yaml:"method"`
	Path      string `yaml:"path"`
	Query     string `yaml:"query"`
	Principal string `yaml:"principal"`
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
	var nodes []yaml.Node
	if err := yaml.Unmarshal(data, &nodes); err != nil {
		return nil, fmt.Errorf("%s: %s", Manifest, oneLine(err))
	}
	list := []Recording{}
	for _, node := range nodes {
		r, err := read(folder, &node)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", Manifest, node.Line, err)
		}
		list = append(list, r)
	}
	return list, nil
}

func read(folder fs.FS, node *yaml.Node) (r Recording, err error) {
	text, err := yaml.Marshal(node)
	if err != nil {
		return r, err
	}
	// Decoding once more is how yaml refuses unknown keys.
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&r); err != nil && !errors.Is(err, io.EOF) {
		return r, errors.New(oneLine(err))
	}
	for _, field := range []struct{ name, value string }{
		{"file", r.File}, {"operation", r.Operation}, {"request.method", r.Request.Method}, {"request.path", r.Request.Path},
		{"content_type", r.ContentType}, {"kind", r.Kind}, {"source", r.Source}, {"date", r.Date},
	} {
		if field.value == "" {
			return r, fmt.Errorf("%s is missing", field.name)
		}
	}
	if r.Status < 100 || r.Status > 999 {
		return r, fmt.Errorf("%s: status %d: want three digits", r.File, r.Status)
	}
	if kinds := []string{Documented, Captured, Constructed}; !slices.Contains(kinds, r.Kind) {
		return r, fmt.Errorf("%s: unknown kind %q, it is one of %s", r.File, r.Kind, strings.Join(kinds, ", "))
	}
	if _, err := time.Parse(time.DateOnly, r.Date); err != nil {
		return r, fmt.Errorf("%s: date %q: want YYYY-MM-DD", r.File, r.Date)
	}
	if r.Body, err = fs.ReadFile(folder, r.File); err != nil {
		return r, err
	}
	return r, nil
}

// oneLine keeps the part of a YAML error that says what is wrong: its first line counts from the row's own beginning.
func oneLine(err error) string {
	text := strings.TrimPrefix(err.Error(), "yaml: unmarshal errors:\n")
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	return strings.TrimPrefix(text, "yaml: ")
}

// Exchange is the recording as the judge takes it. Headers that were not recorded, credentials and framing are unseen.
func (r Recording) Exchange() contract.Exchange {
	target := r.Request.Path
	if r.Request.Query != "" {
		target += "?" + r.Request.Query
	}
	header := http.Header{"Content-Type": {r.ContentType}}
	unseen := contract.UnseenRequestHeaders | contract.UnseenCredentials | contract.UnseenFraming | contract.UnseenResponseHeaders
	if len(r.Headers) > 0 {
		unseen &^= contract.UnseenResponseHeaders
		for name, value := range r.Headers {
			header.Set(name, value)
		}
	}
	return contract.Exchange{
		Request:  contract.Request{Method: r.Request.Method, Target: target},
		Response: contract.Response{Status: r.Status, Header: header, Body: r.Body},
		Unseen:   unseen,
	}
}
