package interop

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"testing"

	"github.com/quotaspec/quotaspec/server"
	"github.com/quotaspec/quotaspec/server/servertest"
)

// sampleProvider starts the reference provider with the sample data, which obeys Prefer, and returns its URL.
func sampleProvider(t *testing.T) string {
	t.Helper()
	return servertest.With(t, server.Options{Prefer: true})
}

// grownProvider starts a provider as it may be tomorrow: each response of the upstream with status 200 has one more resource, of a
// type that no document names.
func grownProvider(t *testing.T, upstream string) string {
	t.Helper()
	return changedProvider(t, upstream, only200(func(r *http.Response) error { return changeBody(r, addType) }))
}

// changedProvider starts a provider whose responses are those of the upstream after a change.
func changedProvider(t *testing.T, upstream string, change func(*http.Response) error) string {
	t.Helper()
	target, err := url.Parse(upstream)
	if err != nil {
		t.Fatal(err)
	}
	changed := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: change,
	})
	t.Cleanup(changed.Close)
	return changed.URL
}

// changeBody replaces the body of a response.
func changeBody(r *http.Response, change func(body []byte) ([]byte, error)) error {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		body, err = change(body)
	}
	if err != nil {
		return err
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

// addType adds the resource {"type":"trust_agency","used":2,"quota":5,"min":1,"max":9} to a list of quotas.
func addType(body []byte) ([]byte, error) {
	var list struct {
		Quotas struct {
			Resources []json.RawMessage `json:"resources"`
		} `json:"quotas"`
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, err
	}
	list.Quotas.Resources = append(list.Quotas.Resources, json.RawMessage(`{"type":"trust_agency","used":2,"quota":5,"min":1,"max":9}`))
	return json.Marshal(list)
}

// addMembers adds members that no document names to each object of a body, whatever the status. No object of the sample data is
// empty, and no text has a brace.
func addMembers(body []byte) ([]byte, error) {
	return bytes.ReplaceAll(body, []byte("}"), []byte(`,"new_text":"x","new_object":{"new_number":1}}`)), nil
}

// renameQuota renames the required member quota of each resource to limit.
func renameQuota(r *http.Response) error {
	return changeBody(r, func(body []byte) ([]byte, error) {
		return bytes.ReplaceAll(body, []byte(`"quota":`), []byte(`"limit":`)), nil
	})
}

// only200 makes a change that leaves responses with any other status.
func only200(change func(*http.Response) error) func(*http.Response) error {
	return func(r *http.Response) error {
		if r.StatusCode != http.StatusOK {
			return nil
		}
		return change(r)
	}
}

// get sends a GET with these headers, and returns the status and the body.
func get(t *testing.T, url string, headers http.Header) (status int, body []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = headers
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err = io.ReadAll(response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body
}
