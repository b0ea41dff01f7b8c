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

// excerptLimit is how many characters of a body an excerpt shows.
const excerptLimit = 2000

// Excerpt returns the recorded parts of an exchange as text for people: a first line, headers and the beginning of the
// decoded body, without secrets. response is "" if it is not in the recording.
func (j *Judge) Excerpt(ex Exchange) (request, response string) {
	r := j.redactorOf(ex)
	sent, received := r.Message(requestOf(ex.Request)), r.Message(responseOf(ex.Response))
	request = text.Printable(r.Hide(ex.Request.Method)+" "+sent.Target) + "\n"
	if ex.Unrecorded&(UnrecordedRequest|UnrecordedRequestHeaders) == 0 {
		request += headerLines(sent.Header)
	}
	request += bodyText(ex.Request.Body, sent.Body)
	if ex.Unrecorded&UnrecordedResponse != 0 {
		return request, ""
	}
	response = fmt.Sprintf("%d %s\n", ex.Response.Status, http.StatusText(ex.Response.Status)) + headerLines(received.Header)
	return request, response + bodyText(ex.Response.Body, received.Body)
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

// bodyText returns the beginning of a body. clean is the body without secrets, or nil if it could not be searched for them.
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
