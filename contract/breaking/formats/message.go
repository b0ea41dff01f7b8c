package formats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/internal/text"
)

// message is a request or a response of a witness, as text and Markdown show it. Its texts are as they were sent, and may
// contain control characters.
//
//	GET /pets?limit=3                 first; with the media type if there is a body
//	Accept: application/json          headers, without Content-Type and what follows from the body
//	[{"kind":"bird"}]                 body, as one line if it is JSON
type message struct {
	first   string
	headers []string
	body    string
	size    int // of the body as sent, in bytes
	// firstAt and bodyAt are where the part begins that a document refuses, in bytes from the beginning of first and body; 0: at
	// the beginning, or in another part of the message.
	firstAt, bodyAt int
}

// origin says where the witness comes from; "" if it was made up.
func origin(f finding) string {
	if f.Witness.Origin == "schema" {
		return ""
	}
	return f.Witness.Origin
}

// messages returns the messages of a witness: the request, and the response if the witness has one. If the finding is about
// requests, the response is its status alone.
func messages(f finding) (request message, response *message) {
	ex := f.Witness.Exchange
	target := ex.Request.Target
	if strings.HasPrefix(f.ID, "server/") {
		target = ex.Origin + target
	}
	request = newMessage(ex.Request.Method+" "+target, ex.Request.Header, ex.Request.Body)
	request.locate("/request/", f.Witness)
	if !hasResponse(ex) {
		return request, nil
	}
	if f.Side == contract.Provider {
		return request, &message{first: fmt.Sprint(ex.Response.Status)}
	}
	answer := newMessage(fmt.Sprint(ex.Response.Status), ex.Response.Header, ex.Response.Body)
	answer.locate("/response/", f.Witness)
	return request, &answer
}

func hasResponse(ex contract.Exchange) bool {
	return ex.Response.Status != 0 && ex.Unrecorded&contract.UnrecordedResponse == 0
}

func newMessage(first string, header map[string][]string, body []byte) message {
	m := message{first: first, headers: []string{}, body: oneLine(body), size: len(body)}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		switch {
		case name == "Content-Type" && len(header[name]) == 1:
			m.first += " " + header[name][0]
		case name == "Content-Length":
		default:
			for _, value := range header[name] {
				m.headers = append(m.headers, name+": "+value)
			}
		}
	}
	return m
}

// oneLine returns JSON without white space between its values, and any other body as it is.
func oneLine(body []byte) string {
	var b bytes.Buffer
	if json.Compact(&b, body) != nil {
		return string(body)
	}
	return b.String()
}

// indented returns JSON in several lines, and any other body as it is.
func indented(body string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(body), "", "  ") != nil {
		return strings.TrimRight(body, "\n")
	}
	return b.String()
}

// verdict is what a document says about a witness: "accepts it", or "refuses it" with the first finding.
//
//	refuses it: schema/enum at /response/body/0/kind: want one of cat, dog, got "bird"; and 2 more
func verdict(findings []contract.Finding) string {
	if len(findings) == 0 {
		return "accepts it"
	}
	f := findings[0]
	out := "refuses it: " + f.ID
	if f.Pointer != "" {
		out += " at " + f.Pointer
	}
	switch {
	case f.Want != "" && f.Got != "":
		out += ": want " + f.Want + ", got " + f.Got
	case f.Want != "":
		out += ": want " + f.Want
	}
	if more := len(findings) - 1; more > 0 {
		out += fmt.Sprintf("; and %d more", more)
	}
	return out
}

// pieces cuts a text into lines of a number of characters, limit at most, where possible after a comma or an ampersand. If that is
// not all, the last line ends with "…".
func pieces(s string, width, limit int) []string {
	runes, lines := []rune(text.VisibleLine(s)), []string{}
	for len(runes) > 0 {
		if len(lines) == limit {
			last := []rune(lines[limit-1])
			lines[limit-1] = string(last[:min(len(last), width-1)]) + "…"
			return lines
		}
		n := min(width, len(runes))
		if end := strings.LastIndexAny(string(runes[:n]), ",&"); n < len(runes) && end > width/2 {
			n = utf8.RuneCountInString(string(runes[:n])[:end+1])
		}
		lines, runes = append(lines, strings.TrimRight(string(runes[:n]), " ")), runes[n:]
	}
	return lines
}
