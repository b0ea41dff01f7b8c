package client_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/client"
)

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestContentCodings checks that a coding that the client did not request is decoded, within the limit of a body.
func TestContentCodings(t *testing.T) {
	var deflated bytes.Buffer
	z := zlib.NewWriter(&deflated)
	if _, err := z.Write([]byte(image)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	whole := gzipped(t, image)
	for _, test := range []struct {
		name, coding string
		body         []byte
		want         string // of the error, "" for one quota
	}{
		{name: "gzip", coding: "gzip", body: whole},
		{name: "gzip in capitals", coding: " GZIP ", body: whole},
		{name: "deflate", coding: "deflate", body: deflated.Bytes()},
		{name: "identity", coding: "identity", body: []byte(image)},
		{name: "not gzip", coding: "gzip", body: []byte(image), want: "reading the body: gzip: invalid header"},
		{
			name: "not deflate", coding: "deflate", body: []byte(image), want: "reading the body: zlib: invalid header",
		},
		{name: "half of it", coding: "gzip", body: whole[:len(whole)/2], want: "reading the body: unexpected EOF"},
		{name: "nothing of it", coding: "gzip", want: "reading the body: EOF"},
		{
			name: "far over the limit", coding: "gzip", body: gzipped(t, image+strings.Repeat(" ", 1<<22)),
			want: "body of more than 1048576 bytes",
		},
		{name: "another", coding: "br", body: whole, want: "body is not the documented JSON"},
	} {
		for _, compression := range []bool{true, false} {
			t.Run(test.name, func(t *testing.T) {
				c := fake(t, func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "application/json")
					w.Header().Set("Content-Encoding", test.coding)
					_, _ = w.Write(test.body)
				})
				wire := &http.Transport{DisableCompression: !compression}
				defer wire.CloseIdleConnections()
				c.HTTPClient = &http.Client{Transport: wire}
				quotas, err := c.ImageQuotas(t.Context())
				if test.want == "" {
					if err != nil || len(quotas) != 1 || quotas[0].Quota != 20 {
						t.Errorf("got %v, %v", quotas, err)
					}
					return
				}
				if err == nil || !strings.Contains(err.Error(), test.want) || quotas != nil {
					t.Errorf("got %v, %v, want %s", quotas, err, test.want)
				}
			})
		}
	}
}

// TestGeneratedBody checks that the generated client returns a body up to the limit, and an error for a longer one.
func TestGeneratedBody(t *testing.T) {
	for _, test := range []struct {
		name string
		size int
		err  bool
	}{{name: "the limit", size: 1 << 20, err: false}, {name: "one more", size: 1<<20 + 1, err: true}} {
		c := fake(t, fixed(200, "application/json", strings.Repeat(" ", test.size)))
		generated, err := c.IMS()
		if err != nil {
			t.Fatal(err)
		}
		for _, read := range []func(io.Reader) (int64, error){
			func(r io.Reader) (int64, error) { return io.Copy(io.Discard, r) },
			func(r io.Reader) (int64, error) { text, err := io.ReadAll(r); return int64(len(text)), err },
		} {
			response, err := generated.ShowImageQuota(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			n, err := read(response.Body)
			_ = response.Body.Close()
			if n != 1<<20 || (err != nil) != test.err {
				t.Errorf("%s: read %d bytes, %v", test.name, n, err)
			}
		}
	}
	c := &client.Client{Token: client.Secret(token), Retries: -1, IAMURL: "http://127.0.0.1:1"}
	generated, err := c.IAM()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := generated.ShowDomainQuota(t.Context(), domainID, nil); err == nil || errors.Is(err, client.ErrNoCredentials) {
		t.Errorf("got %v, want the error of the connection", err)
	}
}
