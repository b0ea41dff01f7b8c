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
	b.WriteString(cmp.Or(r.Method, http.MethodGet) + "\n")
	b.WriteString(canonicalPath(rawPath(r)) + "\n")
	b.WriteString(canonicalQuery(r.URL.RawQuery) + "\n")
	for _, name := range names {
		values := headerValues(r, name)
		if len(values) == 0 {
			return "", fmt.Errorf("there is no header %s", name)
		}
		for _, value := range values {
			b.WriteString(name + ":" + value + "\n")
		}
	}
	b.WriteString("\n" + strings.Join(names, ";") + "\n" + payload)
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
	segments := strings.Split(raw, "/")
	for i, segment := range segments {
		if decoded, err := url.PathUnescape(segment); err == nil {
			segments[i] = escape(decoded)
		}
	}
	path := strings.Join(segments, "/")
	if !strings.HasSuffix(path, "/") {
		path += "/"
	}
	return path
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
	values := []string{}
	for _, value := range r.Header.Values(name) {
		values = append(values, strings.TrimSpace(value))
	}
	slices.Sort(values)
	return values
}

// escape keeps letters, digits and -_.~ and no other character.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}
