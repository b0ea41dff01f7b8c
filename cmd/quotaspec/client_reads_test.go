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

// TestClientReadsLegalResponses: whatever a provider may do, the client reads what it says: every number, every refusal.
func TestClientReadsLegalResponses(t *testing.T) {
	for _, test := range legalProviders() {
		t.Run(test.name, func(t *testing.T) {
			url := startProvider(t, test.behaviour)
			heard := &eavesdropper{wire: &http.Transport{DisableKeepAlives: true}}
			for _, token := range []string{server.ReaderToken, server.LimitedToken, server.StrangerToken, "nobody's"} {
				c := &client.Client{Token: client.Secret(token), IAMURL: url, IMSURL: url, Retries: -1, HTTPClient: &http.Client{Transport: heard, Timeout: time.Minute}}
				account, err := c.DomainQuotas(t.Context(), server.SampleDomainID)
				compareRead(t, heard, quotaLines(account), err)
				images, err := c.ImageQuotas(t.Context())
				compareRead(t, heard, quotaLines(images), err)
			}
		})
	}
}

// compareRead holds what the client read to what a plain reading of the same bytes gives.
func compareRead(t *testing.T, heard *eavesdropper, lines []quotaLine, err error) {
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
			t.Errorf("%v (-said +read):\n%s", err, diff)
		}
		return
	}
	want := &client.Error{Status: heard.status, Code: body.Code + body.Error.Code}
	refused, ok := err.(*client.Error) //nolint:errorlint // the client promises it plain
	if !ok || refused.Status != want.Status || refused.Code != want.Code || want.Code == "" || len(lines) != 0 {
		t.Errorf("got %d quotas, %v, want %v", len(lines), err, want)
	}
}

// eavesdropper keeps the last answer.
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

// plain undoes the coding of the body.
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
