package traffic

import (
	"strings"
	"testing"
)

// TestReadHARPlaces tests that an entry knows its number and the bytes before it, also in a packed file with a byte order mark.
func TestReadHARPlaces(t *testing.T) {
	entry := `{"request":` + plainRequest + `,"response":` + plainResponse + `}`
	har := "{\"log\":{\"entries\":[" + entry + ",\n" + entry + "," + entry + "]}}"
	for name, text := range map[string]string{"plain": har, "packed": string(packed("\ufeff" + har))} {
		t.Run(name, func(t *testing.T) {
			rest := har
			before := int64(0)
			list := entries(t, text)
			for i, e := range list {
				next := int64(strings.Index(rest, `{"request"`))
				if e.Number != i+1 || e.Offset < before || e.Offset > before+next {
					t.Errorf("entry %d is number %d behind byte %d, want between %d and %d", i+1, e.Number, e.Offset, before, before+next)
				}
				before += next + int64(len(entry))
				rest = har[before:]
			}
			if len(list) != 3 {
				t.Errorf("got %d entries", len(list))
			}
		})
	}
}

// TestSplitURL tests that a URL is taken apart and not changed, and that no part of what stands before its host is kept.
func TestSplitURL(t *testing.T) {
	for _, test := range []struct{ name, url, scheme, origin, target string }{
		{"plain", "https://h/a/b?c=d", "https", "https://h", "/a/b?c=d"},
		{"a port", "http://h:8080/a", "http", "http://h:8080", "/a"},
		{"no path", "http://h", "http", "http://h", "/"},
		{"a query without a path", "http://h?a=b", "http", "http://h", "/?a=b"},
		{"a fragment", "http://h/a#b?c", "http", "http://h", "/a"},
		{"upper case", "HTTP://H/A", "http", "http://H", "/A"},
		{"escapes and dots", "http://h/a%2fb/../c//d", "http", "http://h", "/a%2fb/../c//d"},
		{"a password", "http://user:secret@h/a", "http", "http://h", "/a"},
		{"a password with @", "http://user:se@cret@h/a", "http", "http://h", "/a"},
		{"@ in the path", "http://h/@a", "http", "http://h", "/@a"},
		{"@ in the query", "http://h?a=b@c", "http", "http://h", "/?a=b@c"},
		{"an IPv6 address", "http://[::1]:80/a", "http", "http://[::1]:80", "/a"},
		{"no scheme", "data:text/plain,a", "", "", "data:text/plain,a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			scheme, origin, target := splitURL(test.url)
			if scheme != test.scheme || origin != test.origin || target != test.target {
				t.Errorf("got %q, %q, %q, want %q, %q, %q", scheme, origin, target, test.scheme, test.origin, test.target)
			}
		})
	}
}
