package signature

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// canonicalRequest writes what is signed of a request: method, path, query, the named headers, their names, and what stands
// for the body. A header that is named must be there.
func canonicalRequest(r *http.Request, names []string, payload string) (string, error) {
	var b strings.Builder
	b.Grow(512)
	for _, line := range []string{cmp.Or(r.Method, http.MethodGet), canonicalPath(rawPath(r)), canonicalQuery(r.URL.RawQuery)} {
		b.WriteString(line)
		b.WriteByte('\n')
	}
	for _, name := range names {
		values := headerValues(r, name)
		if len(values) == 0 {
			return "", fmt.Errorf("there is no header %s", name)
		}
		for _, value := range values {
			b.WriteString(name)
			b.WriteByte(':')
			b.WriteString(value)
			b.WriteByte('\n')
		}
	}
	b.WriteByte('\n')
	for i, name := range names {
		if i > 0 {
			b.WriteByte(';')
		}
		b.WriteString(name)
	}
	b.WriteByte('\n')
	b.WriteString(payload)
	return b.String(), nil
}

// rawPath is the path as it stands in the request line: what a server received, or what net/http will send.
func rawPath(r *http.Request) string {
	if r.RequestURI != "" && r.URL.RawPath != "" { // received; EscapedPath would tidy it up
		return r.URL.RawPath
	}
	return r.URL.EscapedPath()
}

// canonicalPath encodes each segment anew, so that it does not matter which characters a client escaped, but it does whether
// a slash was. There is always one at the end, though not in the URL.
func canonicalPath(raw string) string {
	var b strings.Builder
	b.Grow(len(raw) + 1)
	for segment := range strings.SplitSeq(strings.TrimSuffix(raw, "/"), "/") {
		if decoded, err := url.PathUnescape(segment); err == nil {
			segment = escape(decoded)
		}
		b.WriteString(segment)
		b.WriteByte('/')
	}
	return b.String()
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
