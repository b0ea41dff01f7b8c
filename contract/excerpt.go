package contract

import (
	"fmt"
	"net/http"
	"strings"
)

// excerptLimit is how many characters of a body are shown.
const excerptLimit = 2000

// Excerpt writes an exchange down for people, as far as it was seen: both messages with their headers, the bodies cut
// short, and every credential of the request replaced wherever it stands.
func (j *Judge) Excerpt(ex Exchange) (asked, answered string) {
	_, rawQuery, _ := strings.Cut(ex.Request.Target, "?")
	hide := secretsOf(ex.Request.Header, parseQuery(rawQuery), j.doc).hide
	asked = ex.Request.Method + " " + ex.Request.Target + "\n"
	if ex.Unseen&(UnseenRequest|UnseenRequestHeaders) == 0 {
		asked += headerLines(ex.Request.Header)
	}
	answered = fmt.Sprintf("%d %s\n", ex.Response.Status, http.StatusText(ex.Response.Status)) + headerLines(ex.Response.Header)
	return hide(asked + bodyText(ex.Request.Body)), hide(answered + bodyText(ex.Response.Body))
}

func headerLines(header http.Header) string {
	text := ""
	for _, name := range sortedKeys(header) {
		for _, value := range header[name] {
			text += name + ": " + printable(value) + "\n"
		}
	}
	return text
}

func bodyText(body []byte) string {
	if len(body) == 0 {
		return ""
	}
	text := string(body[:min(len(body), 4*excerptLimit)])
	return "\n" + shorten(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return []rune(printable(string(r)))[0]
	}, text), excerptLimit)
}
