package server

import (
	"net/http"
	"strconv"
	"strings"
)

// preferred finds the documented answer that a request asks for: "Prefer: code=404", "Prefer: example=policy", or both for
// that example of that code. It is given before authentication, so that a test needs no credentials to see any error.
// What the document does not have is not applied, and the request is answered as usual (RFC 7240, section 2).
func (op *operation) preferred(answer http.Header, lines []string) (e example, ok bool) {
	answer.Set("Vary", "Prefer") // also for who sent none: a cache must not mix the answers up
	wishes := preferences(lines)
	code, name := wishes["code"], wishes["example"]
	if code == "" && name == "" {
		return example{}, false
	}
	for _, e := range op.examples {
		if (code != "" && code != strconv.Itoa(e.status)) || (name != "" && name != e.name) {
			continue
		}
		applied := []string{}
		if code != "" {
			applied = append(applied, "code="+code)
		}
		if name != "" {
			applied = append(applied, "example="+word(name))
		}
		answer.Set("Preference-Applied", strings.Join(applied, ", "))
		return e, true
	}
	return example{}, false
}
