package signature

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// canonicalForm is what is signed of a request: method, path, query, the named headers, their names, and what stands for the
// body. A header that is named must be there.
func canonicalForm(r *http.Request, names []string, payload string) (string, error) {
	lines := []string{cmp.Or(r.Method, http.MethodGet), canonicalPath(rawPath(r)), canonicalQuery(r.URL.RawQuery)}
	for _, name := range names {
		values := headerValues(r, name)
		if len(values) == 0 {
			return "", fmt.Errorf("there is no header %s", name)
		}
		for _, value := range values {
			lines = append(lines, name+":"+value)
		}
	}
	lines = append(lines, "", strings.Join(names, ";"), payload)
	return strings.Join(lines, "\n"), nil
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
	segments := strings.Split(strings.TrimSuffix(raw, "/"), "/")
	for i, segment := range segments {
		if decoded, err := url.PathUnescape(segment); err == nil {
			segments[i] = escape(decoded)
		}
	}
	return strings.Join(segments, "/") + "/"
}

// canonicalQuery sorts by name, then by value. What net/url would not read is neither dropped nor repaired but stands as it
// is, so that it is protected, too, and is nothing that could be read.
func canonicalQuery(raw string) string {
	type pair struct{ name, value, text string }
	pairs := []pair{}
	for piece := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(piece, "=")
		name, errName := url.QueryUnescape(name)
		value, errValue := url.QueryUnescape(value)
		switch {
		case piece == "":
		case errName != nil || errValue != nil || strings.Contains(piece, ";"):
			pairs = append(pairs, pair{piece, "", piece})
		default:
			pairs = append(pairs, pair{name, value, escape(name) + "=" + escape(value)})
		}
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
	values := slices.Clone(r.Header.Values(name))
	if name == "host" {
		values = slices.DeleteFunc([]string{cmp.Or(r.Host, r.URL.Host)}, func(host string) bool { return host == "" })
	}
	for i := range values {
		values[i] = strings.TrimSpace(values[i])
	}
	slices.Sort(values)
	return values
}

// escape keeps letters, digits and -_.~ and no other character.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
