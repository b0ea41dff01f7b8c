package server

import (
	"net/http"
	"testing"
)

// TestCompressedOnlyIfAccepted tests that the variant compressed sends gzip to a client that accepts it, and to no other.
func TestCompressedOnlyIfAccepted(t *testing.T) {
	address := start(t, Options{Variants: []string{"compressed"}})
	for _, test := range []struct {
		name   string
		accept []string // lines of Accept-Encoding
		want   string   // Content-Encoding
	}{
		{"no header", nil, ""},
		{"empty", []string{""}, ""},
		{"gzip", []string{"gzip"}, "gzip"},
		{"capitals", []string{"GZIP"}, "gzip"},
		{"in a list", []string{"br, gzip ;q=0.5, *;q=0"}, "gzip"},
		{"on the second line", []string{"br", "gzip"}, "gzip"},
		{"the lowest weight", []string{"gzip;q=0.001"}, "gzip"},
		{"space and capital in the weight", []string{"gzip ; Q=1.000"}, "gzip"},
		{"weight zero", []string{"gzip;q=0"}, ""},
		{"weight zero with digits", []string{"gzip;q=0.0"}, ""},
		{"weight zero in a list", []string{"identity, gzip; q=0.000, br"}, ""},
		{"weight zero beside any", []string{"gzip;q=0, *"}, ""},
		{"any with weight zero", []string{"*;q=0"}, ""},
		{"identity only", []string{"identity"}, ""},
		{"another coding with gzip in its name", []string{"x-not-gzip"}, ""},
		{"no weight after the semicolon", []string{"gzip;q="}, ""},
		{"a weight that is no number", []string{"gzip;q=NaN"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			headers := []string{reader}
			for _, line := range test.accept {
				headers = append(headers, "Accept-Encoding: "+line)
			}
			got := ask(t, address, "GET "+imsPath, headers...)
			if got.status != http.StatusOK || got.header.Get("Content-Encoding") != test.want {
				t.Errorf("got %d with Content-Encoding %q, want 200 with %q", got.status, got.header.Get("Content-Encoding"), test.want)
			}
		})
	}
}
