package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A judge comes from a document, and a document from one of three places: the binary (the two embedded ones), a file, or a URL.
// Only a file may refer to other files, which must be in its folder or below; from a URL one response is read and nothing else.

// documentUsage describes --document, a flag of verify and proxy.
const documentUsage = "judge another API by the OpenAPI document in this `FILE` or at this URL"

// loadJudges returns a judge for the document that --document names, or for each embedded document if it names none. The
// servers are further URLs at which the API may be reached: traffic to them is judged too.
func loadJudges(ctx context.Context, document string, servers []string) ([]*contract.Judge, error) {
	return loadJudgesFrom(ctx, http.DefaultClient, document, servers)
}

// loadJudgesFrom is loadJudges with a client that fetches a document at a URL.
func loadJudgesFrom(ctx context.Context, from *http.Client, document string, servers []string) ([]*contract.Judge, error) {
	for _, server := range servers {
		if _, err := parseTarget(server); err != nil {
			return nil, usage(fmt.Errorf("--server: %w", err))
		}
	}
	docs, err := loadDocuments(ctx, from, document)
	if err != nil {
		return nil, err
	}
	judges := []*contract.Judge{}
	for _, doc := range docs {
		judge, err := contract.New(doc, servers...)
		if err != nil {
			return nil, err
		}
		judges = append(judges, judge)
	}
	return judges, nil
}

// loadDocuments returns the document that --document names as a file or a URL, or the embedded documents for "".
func loadDocuments(ctx context.Context, from *http.Client, document string) ([]*spec.Document, error) {
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

const (
	maxDocument     = 64 << 20         // bytes of a document at a URL
	documentTimeout = 10 * time.Second // for the whole response
)

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

// fetch returns the body of a response with status 200, of at most maxDocument bytes, within documentTimeout.
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
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxDocument+1))
	if err == nil && len(data) > maxDocument {
		err = fmt.Errorf("the document is larger than %d MB", maxDocument>>20)
	}
	return data, err
}
