package contract

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/internal/text"
)

// excerptLimit is how many characters of a body are shown.
const excerptLimit = 2000

// Excerpt writes an exchange down for people, as far as it was seen: both messages with their headers and without their
// secrets, the bodies decoded and cut short.
func (j *Judge) Excerpt(ex Exchange) (asked, answered string) {
	r := j.redactorOf(ex)
	request, response := r.Message(requestOf(ex)), r.Message(responseOf(ex.Response))
	asked = text.Printable(r.Hide(ex.Request.Method)+" "+request.Target) + "\n"
	if ex.Unrecorded&(UnrecordedRequest|UnrecordedRequestHeaders) == 0 {
		asked += headerLines(request.Header)
	}
	if ex.Unrecorded&UnrecordedResponse != 0 {
		return asked + bodyText(ex.Request.Body, request.Body), ""
	}
	answered = fmt.Sprintf("%d %s\n", ex.Response.Status, http.StatusText(ex.Response.Status)) + headerLines(response.Header)
	return asked + bodyText(ex.Request.Body, request.Body), answered + bodyText(ex.Response.Body, response.Body)
}

func headerLines(header http.Header) string {
	var lines strings.Builder
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			if lines.Len() > 10*excerptLimit {
				return lines.String() + "…\n"
			}
			lines.WriteString(name + ": " + text.Printable(value) + "\n")
		}
	}
	return lines.String()
}

// bodyText is the beginning of a body without its secrets. clean is nil where it could not be searched for any.
func bodyText(body, clean []byte) string {
	switch {
	case len(body) == 0:
		return ""
	case clean == nil:
		return fmt.Sprintf("\n(%d bytes that cannot be searched for secrets)", len(body))
	}
	shown := strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return []rune(text.Printable(string(r)))[0]
	}, string(clean[:min(len(clean), utf8.UTFMax*excerptLimit)]))
	return "\n" + text.Shorten(shown, excerptLimit)
}
