package main

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/server"
)

// TestClientReadsLegalResponses tests that the client reads every number and every error of the legal providers.
func TestClientReadsLegalResponses(t *testing.T) {
	for _, test := range legalProviders() {
		t.Run(test.name, func(t *testing.T) {
			url := startProvider(t, test.behaviour)
			heard := &eavesdropper{wire: &http.Transport{DisableKeepAlives: true}}
			for _, token := range []string{server.ReaderToken, server.LimitedToken, server.StrangerToken, "unknown-token"} {
				c := &client.Client{Token: client.Secret(token), IAMURL: url, IMSURL: url, Retries: -1,
					HTTPClient: &http.Client{Transport: heard, Timeout: time.Minute}}
				account, err := c.DomainQuotas(t.Context(), server.SampleDomainID)
				compareRead(t, heard, account, err)
				images, err := c.ImageQuotas(t.Context())
				compareRead(t, heard, images, err)
			}
		})
	}
}

// compareRead compares the result of the client with a plain decoding of the same bytes.
func compareRead(t *testing.T, heard *eavesdropper, lines []client.Quota, err error) {
	t.Helper()
	type resource struct {
		Type            string
		Used            *int32
		Quota, Min, Max int32
	}
	var body struct {
		Quotas struct{ Resources []resource }
		Code   string `json:"error_code"`
		Error  struct{ Code string }
	}
	if err := json.Unmarshal(heard.plain(t), &body); err != nil {
		t.Fatal(err)
	}
	if heard.status == http.StatusOK {
		got := []resource{}
		for _, l := range lines {
			got = append(got, resource{Type: l.Type, Used: l.Used, Quota: l.Quota, Min: l.Min, Max: l.Max})
		}
		if diff := cmp.Diff(body.Quotas.Resources, got); diff != "" || err != nil {
			t.Errorf("%v (-errs +read):\n%s", err, diff)
		}
		return
	}
	want := &client.Error{Status: heard.status, Code: body.Code + body.Error.Code}
	refused, ok := err.(*client.Error) //nolint:errorlint // the client promises an unwrapped error
	if !ok || refused.Status != want.Status || refused.Code != want.Code || want.Code == "" || len(lines) != 0 {
		t.Errorf("got %d quotas, %v, want %v", len(lines), err, want)
	}
}

// eavesdropper captures the last response.
type eavesdropper struct {
	wire   http.RoundTripper
	status int
	coding string
	body   []byte
}

func (e *eavesdropper) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := e.wire.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	e.status, e.coding = response.StatusCode, response.Header.Get("Content-Encoding")
	if e.body, err = io.ReadAll(response.Body); err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(e.body))
	return response, nil
}

// plain decodes the content coding of the body.
func (e *eavesdropper) plain(t *testing.T) []byte {
	t.Helper()
	var reader io.Reader = bytes.NewReader(e.body)
	var err error
	switch e.coding {
	case "gzip":
		reader, err = gzip.NewReader(reader)
	case "deflate":
		reader, err = zlib.NewReader(reader)
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
