package traffic

import (
	"net/http"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/redact"
)

// headerNames caches, by the name as it is written, its canonical form and whether its values are credentials. A file repeats
// the same few names in every entry, so the cache saves most allocations; its two limits bound it against hostile files.
type headerNames map[string]headerName

type headerName struct {
	canonical  string
	credential bool
}

const (
	maxNames    = 1000 // names in the cache
	longestName = 100  // bytes of a name in the cache
)

// of returns the entry of a name. A token against forged requests is not a credential here: browsers export it when they remove
// credentials.
func (n headerNames) of(name string) headerName {
	if known, ok := n[name]; ok {
		return known
	}
	lower := strings.ToLower(name)
	forgery := strings.Contains(lower, "csrf") || strings.Contains(lower, "xsrf")
	known := headerName{http.CanonicalHeaderKey(name), redact.IsCredential(name, nil) && !forgery}
	if len(n) < maxNames && len(name) <= longestName {
		n[name] = known
	}
	return known
}

// header reads a list of headers. It omits the pseudo-headers of HTTP/2 and splits values at line ends, which some recorders
// use to join repeated headers.
func (n headerNames) header(list []rawPair) http.Header {
	header := make(http.Header, len(list))
	values := make([]string, 0, len(list)) // backs the value lists of all headers: one allocation
	for _, pair := range list {
		if !isString(pair.name) {
			continue
		}
		written := unquote(pair.name[1 : len(pair.name)-1])
		if len(written) == 0 || written[0] == ':' {
			continue
		}
		known, ok := n[string(written)] // does not allocate
		if !ok {
			known = n.of(string(written))
		}
		for value := range strings.SplitSeq(textOf(pair.value), "\n") {
			value = strings.Trim(value, " \t\r")
			if before := header[known.canonical]; before != nil {
				header[known.canonical] = append(before, value)
				continue
			}
			values = append(values, value)
			header[known.canonical] = values[len(values)-1 : len(values) : len(values)]
		}
	}
	return header
}

// hasCredential reports whether a request still has a credential that was not replaced.
func (n headerNames) hasCredential(header http.Header) bool {
	for name, values := range header {
		if !n.of(name).credential {
			continue
		}
		if text := strings.Join(values, ""); text != "" && !strings.Contains(text, Redacted) {
			return true
		}
	}
	return false
}
