package redact

import (
	"encoding/json"
	"net/url"
	"strings"
)

// maxNested is how often JSON is looked for in a string of JSON, and a query in a parameter.
const maxNested = 4

// What begins a value of JSON which may hold a secret, and what begins any but true, false and null.
var jsonBegins, jsonBeginsAny = newChars(`{["`), newChars(`{["-0123456789`)

// text hides in any text the secrets that are known, and what its members or parameters call secret. Before JSON there
// may be words: status 200 {"token":"abc"}.
func (p *pass) text(text string, nested int) string {
	clean, _ := p.textOrJSON(text, nested)
	return clean
}

// textOrJSON is text, and says whether all of the text is JSON in which a secret may be.
func (p *pass) textOrJSON(text string, nested int) (clean string, isJSON bool) {
	begin := jsonBegins.index(text)
	if begin == len(text) || nested == maxNested {
		return p.parameters(p.hide(text), 0), false
	}
	if strings.TrimLeft(text[:begin], " \t\r\n\ufeff") == "" && json.Valid([]byte(text[begin:])) {
		return text[:begin] + p.json(text[begin:], nested+1, false), true
	}
	// A secret may itself have what looks like JSON: first the secrets, then the members.
	text = p.hide(text)
	if begin = jsonBegins.index(text); begin == len(text) {
		return p.parameters(text, 0), false
	}
	return p.parameters(text[:begin]+p.json(text[begin:], nested+1, false), 0), false
}

// ends are the characters that end a parameter or begin one.
var ends = newChars("?&;#,<>\"' \t\r\n")

// parameters hides the values of parameters such as token=abc, and the user of a URL, wherever in a text they stand.
func (p *pass) parameters(text string, nested int) string {
	text = p.userinfo(text)
	if !strings.Contains(text, "=") {
		return text
	}
	var out strings.Builder
	for text != "" {
		end := ends.index(text)
		piece, rest := text[:end], text[end:]
		if name, value, ok := strings.Cut(piece, "="); ok && value != "" {
			piece = name + "=" + p.parameter(unescapeQuery(name), value, nested)
		}
		out.WriteString(piece)
		if rest != "" {
			out.WriteByte(rest[0])
			rest = rest[1:]
		}
		text = rest
	}
	return out.String()
}

func (p *pass) parameter(name, value string, nested int) string {
	if p.isSecret(name) {
		core := withoutPunctuation(value)
		p.learn(core, minPart)
		p.learn(unescapeQuery(core), minPart)
		return Mark + value[len(core):]
	}
	plain := unescapeQuery(value)
	if plain != value && nested < maxNested { // perhaps a URL in a URL
		if clean := p.parameters(plain, nested+1); clean != plain {
			return url.QueryEscape(clean)
		}
	}
	return value
}

// withoutPunctuation leaves out what ends a clause or a sentence behind a value: token=abc: refused. A value of nothing else
// stays as it is.
func withoutPunctuation(value string) string {
	if core := strings.TrimRight(value, ":.!)"); core != "" {
		return core
	}
	return value
}

func unescapeQuery(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// userinfo hides the user and the password in URLs.
func (p *pass) userinfo(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	parts := strings.Split(text, "://")
	for i := range parts[1:] {
		parts[i+1] = p.authority(parts[i+1])
	}
	return strings.Join(parts, "://")
}

var urlEnds, hostEnds = newChars("\"'<> \t\r\n"), newChars("/?#")

// authority hides user and password at the beginning of a text. Both may hold what a URL should escape: all up to the
// last @ of the host is theirs, also beyond a slash if what stands before that cannot be a port.
func (p *pass) authority(text string) string {
	word := text[:urlEnds.index(text)]
	host := word[:hostEnds.index(word)]
	if _, port, ok := strings.Cut(host, ":"); ok && host[0] != '[' && !strings.Contains(host, "@") && strings.Trim(port, "0123456789") != "" {
		host = word
	}
	at := strings.LastIndexByte(host, '@')
	if at <= 0 {
		return text
	}
	user, password, ok := strings.Cut(host[:at], ":")
	if !ok {
		password = user // a token
	}
	p.learn(password, minCredential)
	p.learn(unescapePath(password), minCredential)
	return Mark + text[at:]
}

func unescapePath(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}
