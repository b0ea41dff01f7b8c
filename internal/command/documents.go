package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A judge comes from a document, and a document from one of three places: the binary (the two embedded ones), a file, or a URL.
// Only a file may refer to other files, which must be in its folder or below; from a URL one response is read and nothing else.

// Documents has the flags --document and --server: by which document to judge, and which traffic is that of its API.
type Documents struct {
	Document string   // file or URL; "" for the embedded documents
	Servers  []string // further URLs at which the API may be reached: traffic to them is judged too
}

// AddFlags declares the flags.
func (d *Documents) AddFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	OnceVar(flags, &d.Document, "document", "judge another API by the OpenAPI document in this `FILE` or at this URL")
	flags.StringArrayVar(&d.Servers, "server", nil,
		"also judge traffic sent to this `URL`, besides the document's servers (repeatable)")
	CompleteFiles(cmd, "document", DocumentExtensions()...)
}

// Judges returns a judge for the document, or for each embedded document if none is named. The client fetches a document at a
// URL.
func (d *Documents) Judges(ctx context.Context, from *http.Client) ([]*contract.Judge, error) {
	for _, server := range d.Servers {
		if _, err := ParseTarget(server); err != nil {
			return nil, Usage(fmt.Errorf("--server: %w", err))
		}
	}
	docs, err := LoadDocuments(ctx, from, d.Document)
	if err != nil {
		return nil, err
	}
	judges := []*contract.Judge{}
	for _, doc := range docs {
		judge, err := contract.New(doc, d.Servers...)
		if err != nil {
			return nil, err
		}
		judges = append(judges, judge)
	}
	return judges, nil
}

// LoadDocuments returns the document that --document names as a file or a URL, or the embedded documents for "".
func LoadDocuments(ctx context.Context, from *http.Client, document string) ([]*spec.Document, error) {
	switch scheme, _, _ := strings.Cut(document, "://"); {
	case document == "":
		return embeddedDocuments()
	case strings.EqualFold(scheme, "http"), strings.EqualFold(scheme, "https"):
		doc, err := fetchDocument(ctx, from, document)
		return []*spec.Document{doc}, err
	}
	doc, err := spec.Load(document)
	return []*spec.Document{doc}, err
}

// embeddedDocuments returns the documents in package openapi.
func embeddedDocuments() ([]*spec.Document, error) {
	docs := []*spec.Document{}
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			return nil, err
		}
		docs = append(docs, doc)
	}
	return docs, nil
}

// MaxDocument is how many bytes a document may have that is not in a file.
const MaxDocument = 64 << 20

// documentTimeout is for the whole response with a document.
const documentTimeout = 10 * time.Second

// fetchDocument reads the document at a URL. It makes one request and follows no reference to another file. Findings and
// errors show the URL without its query, which may contain a secret.
func fetchDocument(ctx context.Context, from *http.Client, text string) (*spec.Document, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("document %q: want a file or a URL such as https://api.example.com/openapi.yaml", text)
	}
	if u.User != nil {
		return nil, fmt.Errorf("document %q: want a URL without user and password", text)
	}
	shown := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	data, err := fetch(ctx, from, u)
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // url.Error shows the whole URL
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("no complete response within %s", documentTimeout)
	}
	if err != nil {
		err = probe.DescribeTLS(err)
		return nil, fmt.Errorf("read the document: %s: %w", shown, err)
	}
	return spec.Read(shown.String(), data, nil)
}

// fetch returns the body of a response with status 200, of at most MaxDocument bytes, within documentTimeout.
func fetch(ctx context.Context, from *http.Client, u *url.URL) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, documentTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := from.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // nothing was written
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the response has status %d", resp.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, MaxDocument+1))
	if err == nil && len(data) > MaxDocument {
		err = fmt.Errorf("the document is larger than %d MB", MaxDocument>>20)
	}
	return data, err
}
