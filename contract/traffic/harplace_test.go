package traffic

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadHARPlaces tests that an entry which cannot be read is named by its number and the bytes before it, those of a
// byte order mark too, packed or not.
func TestReadHARPlaces(t *testing.T) {
	const entry = `{"request":{}}`
	for _, tt := range []struct {
		name  string
		parts []string // between and around the entries
	}{
		{"close together", []string{`{"log":{"entries":[`, `,`, `,`, `]}}`}},
		{"with blanks", []string{`{"log":{"entries":[ `, " ,\n", ",\r\n\t", " ]}}"}},
		{"a byte order mark", []string{"\ufeff" + `{"log":{"entries":[`, `,`, `,`, `]}}`}},
		{"lines", []string{"", "\n", "\r\n\n", "\n"}},
		{"lines behind a byte order mark", []string{"\ufeff", "\n", "\n", ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			har, want := tt.parts[0], []string{}
			for i, part := range tt.parts[1:] {
				want = append(want, fmt.Sprintf("%d after %d", i+1, len(har)))
				har += entry + part
			}
			for _, file := range []string{har, string(packed(har))} {
				got := []string{}
				for _, err := range ReadHAR(strings.NewReader(file)) {
					e, ok := errors.AsType[*EntryError](err)
					if !ok {
						t.Fatal(err)
					}
					got = append(got, fmt.Sprintf("%d after %d", e.Number, e.Offset))
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
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
