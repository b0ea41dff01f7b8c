package signature

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// canonicalForm returns the text that is hashed and signed. A named header that is not set is an error. For a GET of /v1/a?b=1:
//
//	GET
//	/v1/a/
//	b=1
//	host:ims.example.com
//	x-sdk-date:20240227T120000Z
//
//	host;x-sdk-date
//	e3b0c442… (the payload: the hash of the body, or UNSIGNED-PAYLOAD)
func canonicalForm(r *http.Request, names []string, payload string) (string, error) {
	lines := []string{cmp.Or(r.Method, http.MethodGet), canonicalPath(rawPath(r)), canonicalQuery(r.URL.RawQuery)}
	for _, name := range names {
		values := headerValues(r, name)
		if len(values) == 0 {
			return "", fmt.Errorf("header %s is not set", name)
		}
		for _, value := range values {
			lines = append(lines, name+":"+value)
		}
	}
	lines = append(lines, "", strings.Join(names, ";"), payload)
	return strings.Join(lines, "\n"), nil
}

// rawPath returns the path as in the request line that a server received or that net/http will send.
func rawPath(r *http.Request) string {
	if r.RequestURI != "" && r.URL.RawPath != "" { // received; EscapedPath would normalize it
		return r.URL.RawPath
	}
	return r.URL.EscapedPath()
}

// canonicalPath unescapes and escapes each segment, so that different escapes of the same segment give the same path, but a/b
// and a%2Fb do not. The canonical path always ends with a slash.
func canonicalPath(raw string) string {
	segments := strings.Split(strings.TrimSuffix(raw, "/"), "/")
	for i, segment := range segments {
		if decoded, err := url.PathUnescape(segment); err == nil {
			segments[i] = escape(decoded)
		}
	}
	return strings.Join(segments, "/") + "/"
}

// canonicalQuery sorts the parameters by name, then by value, and escapes them. A part that net/url cannot parse, such as
// a=%zz, is copied unchanged, so that the signature protects it too and it equals no other part.
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

// headerValues returns the values of one header, trimmed and sorted. net/http has no Host among its headers.
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

// escape escapes every character but letters, digits and -_.~
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
