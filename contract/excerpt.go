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
	secrets := j.secretsOf(ex.Request.Header, parseQuery(rawQuery))
	asked = ex.Request.Method + " " + ex.Request.Target + "\n"
	if ex.Unseen&(UnseenRequest|UnseenRequestHeaders) == 0 {
		asked += headerLines(ex.Request.Header)
	}
	answered = fmt.Sprintf("%d %s\n", ex.Response.Status, http.StatusText(ex.Response.Status)) + headerLines(ex.Response.Header)
	return secrets.hide(asked) + secrets.body(ex.Request.Body), secrets.hide(answered) + secrets.body(ex.Response.Body)
}

func headerLines(header http.Header) string {
	var text strings.Builder
	for _, name := range sortedKeys(header) {
		for _, value := range header[name] {
			if text.Len() > 10*excerptLimit {
				return text.String() + "…\n"
			}
			text.WriteString(name + ": " + printable(value) + "\n")
		}
	}
	return text.String()
}

// body is the beginning of a body. Credentials are replaced before it is cut, so that none is cut in two.
func (s *secrets) body(body []byte) string {
	if len(body) == 0 {
		return ""
	}
	longest := 0
	for _, secret := range s.known {
		longest = max(longest, 6*len(secret)) // as long as its longest form
	}
	text := string(body[:min(len(body), 100*excerptLimit+longest)])
	text = s.hide(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return []rune(printable(string(r)))[0]
	}, text))
	if len(body) > 100*excerptLimit+longest {
		text = text[:max(0, len(text)-longest)] // what a credential was cut in, at the end
	}
	return "\n" + shorten(text, excerptLimit)
}
