package traffic

import (
	"net/http"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/redact"
)

// headerNames are what is known of the names of headers: a file repeats the same few in each of its entries.
type headerNames map[string]headerName

type headerName struct {
	canonical  string
	credential bool // its value is one
}

const (
	maxNames    = 1000 // how many names are remembered
	longestName = 100  // how many bytes a name has that is remembered
)

// of gives what is known of a name. A token against forged requests is no credential: browsers leave it in when they clean the
// others out.
func (n headerNames) of(name string) headerName {
	known, ok := n[name]
	if ok {
		return known
	}
	lower := strings.ToLower(name)
	forgery := strings.Contains(lower, "csrf") || strings.Contains(lower, "xsrf")
	known = headerName{http.CanonicalHeaderKey(name), redact.IsCredential(name, nil) && !forgery}
	if len(n) < maxNames && len(name) <= longestName {
		n[name] = known
	}
	return known
}

// header reads a list of headers. The pseudo headers of HTTP/2 are none, and some recorders join doubled ones by lines.
func (n headerNames) header(list []rawPair) http.Header {
	header := make(http.Header, len(list))
	values := make([]string, 0, len(list)) // of all headers, one after the other
	for _, pair := range list {
		if !isString(pair.name) {
			continue
		}
		written := unquote(pair.name[1 : len(pair.name)-1])
		if len(written) == 0 || written[0] == ':' {
			continue
		}
		known, ok := n[string(written)] // without a copy
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

// carryCredential says whether somebody's credentials can still be seen in a request.
func (n headerNames) carryCredential(header http.Header) bool {
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
