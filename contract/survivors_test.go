package contract

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi"
)

// What mutants of this package survived until these tests stood here (docs/mutants.md).

// TestSingularHeaders holds each header that must not come twice.
func TestSingularHeaders(t *testing.T) {
	doc, err := openapi.Embedded(openapi.Names()[0])
	if err != nil {
		t.Fatal(err)
	}
	judge, err := New(doc)
	if err != nil {
		t.Fatal(err)
	}
	path := doc.Operations[0].Path
	for name, want := range map[string]bool{
		"Age": true, "Authorization": true, "Content-Location": true, "Content-Range": true, "Date": true, "Etag": true, "Expires": true, "From": true, "Host": true,
		"If-Modified-Since": true, "If-Range": true, "If-Unmodified-Since": true, "Last-Modified": true, "Location": true, "Max-Forwards": true,
		"Proxy-Authorization": true, "Referer": true, "Retry-After": true, "Server": true, "User-Agent": true,
		"Link": false, "Set-Cookie": false, "Via": false, "Cache-Control": false,
	} {
		v := judge.Check(Exchange{
			Request:  Request{Method: http.MethodGet, Target: path},
			Response: Response{Status: 404, Header: http.Header{name: {"a", "b"}}},
		})
		got := slices.ContainsFunc(v.Findings, func(d Finding) bool {
			return d.ID == "header/doubled" && d.Pointer == "/response/headers/"+strings.ToLower(name)
		})
		if got != want {
			t.Errorf("%s twice: told %t, want %t", name, got, want)
		}
	}
}

func TestUnpack(t *testing.T) {
	zip := func(size int) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write(make([]byte, size))
		_ = w.Close()
		return b.Bytes()
	}
	if data, err := unpack("gzip", zip(maxBody)); err != nil || len(data) != maxBody {
		t.Errorf("as much as may be: got %d bytes, %v", len(data), err)
	}
	if _, err := unpack("gzip", zip(maxBody+1)); !errors.Is(err, errTooLarge) {
		t.Errorf("a byte more: got %v", err)
	}
	var raw bytes.Buffer
	w, _ := flate.NewWriter(&raw, flate.BestSpeed)
	_, _ = w.Write([]byte("{}"))
	_ = w.Close()
	if data, err := unpack("Deflate", raw.Bytes()); err != nil || string(data) != "{}" {
		t.Errorf("deflate without the head of zlib, which many servers send: got %q, %v", data, err)
	}
}

// TestEmptyChunks holds that a body of no chunk is empty, and not missing.
func TestEmptyChunks(t *testing.T) {
	if body, why := joinChunks([]byte("0\r\n\r\n")); body == nil || len(body) > 0 || why != "" {
		t.Errorf("got %v, %s", body, why)
	}
}

// TestSegmentsInParts holds parameters that are only a part of a segment.
func TestSegmentsInParts(t *testing.T) {
	r := route{}
	for _, template := range strings.Split("/files/v{number}.json", "/") {
		r.segments = append(r.segments, newSegment(template))
	}
	for path, want := range map[string]string{"/files/v7.json": "7", "/files/7.json": "", "/files/v7.xml": "", "/files/v.json": "", "/files/v7": ""} {
		params, ok := r.match(strings.Split(path, "/"))
		if ok != (want != "") || params["number"] != want {
			t.Errorf("%s: got %v, %t", path, params, ok)
		}
	}
}

// TestOriginForm holds what is left of a target that names scheme and host.
func TestOriginForm(t *testing.T) {
	for target, want := range map[string]string{
		"/a?b":                "/a?b",
		"http://host/a?b":     "/a?b",
		"HTTPS://host:443/a":  "/a",
		"https://host":        "/",
		"http://host?b":       "/?b",
		"http:///a":           "/a",
		"ftp://host/a":        "ftp://host/a",
		"*":                   "*",
		"/a?b=http://host/c":  "/a?b=http://host/c",
		"http://host/a://b/c": "/a://b/c",
	} {
		if got := originForm(target); got != want {
			t.Errorf("%s: got %s, want %s", target, got, want)
		}
	}
}
