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
	known := headerName{strings.Clone(http.CanonicalHeaderKey(name)), redact.IsCredential(name, nil) && !forgery}
	if len(n) < maxNames && len(name) <= longestName {
		n[strings.Clone(name)] = known
	}
	return known
}

// header makes the headers of a list. It omits the pseudo-headers of HTTP/2 and splits values at line ends, which some
// recorders use to join repeated headers.
func (n headerNames) header(list []pair) http.Header {
	header := make(http.Header, len(list))
	values := make([]string, 0, len(list)) // backs the value lists of all headers: one allocation
	for _, pair := range list {
		if pair.name == "" || pair.name[0] == ':' {
			continue
		}
		name := n.of(pair.name).canonical
		for value := range strings.SplitSeq(pair.value, "\n") {
			value = strings.Trim(value, " \t\r")
			if before := header[name]; before != nil {
				header[name] = append(before, value)
				continue
			}
			values = append(values, value)
			header[name] = values[len(values)-1 : len(values) : len(values)]
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
