package signature

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// usualLength is more bytes than the canonical form of most requests has.
const usualLength = 1 << 10

// appendCanonical writes what is signed of a request: method, path, query, the named headers, their names, and what stands
// for the body. A header that is named must be there.
func appendCanonical(b []byte, r *http.Request, names []string, payload []byte) ([]byte, error) {
	b = append(b, cmp.Or(r.Method, http.MethodGet)...)
	b = append(b, '\n')
	b = appendPath(b, rawPath(r))
	b = append(b, '\n')
	b = append(b, canonicalQuery(r.URL.RawQuery)...)
	b = append(b, '\n')
	for _, name := range names {
		values := headerValues(r, name)
		if len(values) == 0 {
			return nil, fmt.Errorf("there is no header %s", name)
		}
		for _, value := range values {
			b = append(b, name...)
			b = append(b, ':')
			b = append(b, value...)
			b = append(b, '\n')
		}
	}
	b = append(b, '\n')
	for i, name := range names {
		if i > 0 {
			b = append(b, ';')
		}
		b = append(b, name...)
	}
	b = append(b, '\n')
	return append(b, payload...), nil
}

// rawPath is the path as it stands in the request line: what a server received, or what net/http will send.
func rawPath(r *http.Request) string {
	if r.RequestURI != "" && r.URL.RawPath != "" { // received; EscapedPath would tidy it up
		return r.URL.RawPath
	}
	return r.URL.EscapedPath()
}

// appendPath encodes each segment anew, so that it does not matter which characters a client escaped, but it does whether
// a slash was. There is always one at the end, though not in the URL.
func appendPath(b []byte, raw string) []byte {
	for segment := range strings.SplitSeq(strings.TrimSuffix(raw, "/"), "/") {
		if decoded, err := url.PathUnescape(segment); err == nil {
			segment = escape(decoded)
		}
		b = append(b, segment...)
		b = append(b, '/')
	}
	return b
}

// canonicalQuery sorts by name, then by value. What net/url would not read is neither dropped nor repaired but stands as it
// is, so that it is protected, too, and is nothing that could be read.
func canonicalQuery(raw string) string {
	if raw == "" {
		return ""
	}
	type pair struct{ name, value, text string }
	pairs := []pair{}
	for piece := range strings.SplitSeq(raw, "&") {
		if piece == "" {
			continue
		}
		name, value, _ := strings.Cut(piece, "=")
		name, errName := url.QueryUnescape(name)
		value, errValue := url.QueryUnescape(value)
		if errName != nil || errValue != nil || strings.Contains(piece, ";") {
			pairs = append(pairs, pair{piece, "", piece})
			continue
		}
		pairs = append(pairs, pair{name, value, escape(name) + "=" + escape(value)})
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.value, b.value))
	})
	texts := make([]string, len(pairs))
	for i, p := range pairs {
		texts[i] = p.text
	}
	return strings.Join(texts, "&")
}

// headerValues returns the values of one name in the order in which they are signed. Host is no header to net/http.
func headerValues(r *http.Request, name string) []string {
	if name == "host" {
		if host := cmp.Or(r.Host, r.URL.Host); host != "" {
			return []string{host}
		}
		return nil
	}
	values := r.Header.Values(name)
	if len(values) == 1 && strings.TrimSpace(values[0]) == values[0] {
		return values
	}
	values = slices.Clone(values)
	for i := range values {
		values[i] = strings.TrimSpace(values[i])
	}
	slices.Sort(values)
	return values
}

// escape keeps letters, digits and -_.~ and no other character.
func escape(s string) string {
	if isPlain(s) {
		return s
	}
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// isPlain says whether there is nothing to escape.
func isPlain(s string) bool {
	for i := range len(s) {
		c := s[i]
		if alphanumeric := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'; !alphanumeric && strings.IndexByte("-_.~", c) < 0 {
			return false
		}
	}
	return true
}
