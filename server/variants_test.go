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
		{name: "no header"},
		{name: "empty", accept: []string{""}},
		{name: "gzip", accept: []string{"gzip"}, want: "gzip"},
		{name: "capitals", accept: []string{"GZIP"}, want: "gzip"},
		{name: "in a list", accept: []string{"br, gzip ;q=0.5, *;q=0"}, want: "gzip"},
		{name: "on the second line", accept: []string{"br", "gzip"}, want: "gzip"},
		{name: "the lowest weight", accept: []string{"gzip;q=0.001"}, want: "gzip"},
		{name: "space and capital in the weight", accept: []string{"gzip ; Q=1.000"}, want: "gzip"},
		{name: "weight zero", accept: []string{"gzip;q=0"}},
		{name: "weight zero with digits", accept: []string{"gzip;q=0.0"}},
		{name: "weight zero in a list", accept: []string{"identity, gzip; q=0.000, br"}},
		{name: "weight zero beside any", accept: []string{"gzip;q=0, *"}},
		{name: "any with weight zero", accept: []string{"*;q=0"}},
		{name: "identity only", accept: []string{"identity"}},
		{name: "another coding with gzip in its name", accept: []string{"x-not-gzip"}},
		{name: "no weight after the semicolon", accept: []string{"gzip;q="}},
		{name: "a weight that is no number", accept: []string{"gzip;q=NaN"}},
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
