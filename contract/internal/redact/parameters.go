package redact

import (
	"net/url"
	"strings"
)

// maxNested is the depth to which JSON is searched for in JSON strings, and queries in parameters.
const maxNested = 4

// jsonBegins are the characters that begin a JSON value which may contain a secret. jsonBeginsAny also has those that begin a
// number.
var jsonBegins, jsonBeginsAny = newChars(`{["`), newChars(`{["-0123456789`)

// text hides the learned secrets in any text, and the values of its members and parameters with secret names. There
// may be words before JSON: status 200 {"token":"abc"}.
func (s *scan) text(text string, nested int) string {
	clean, _ := s.textOrJSON(text, nested)
	return clean
}

// textOrJSON is text, and reports whether the whole text is JSON that may contain a secret.
func (s *scan) textOrJSON(text string, nested int) (clean string, isJSON bool) {
	begin := jsonBegins.index(text)
	if begin == len(text) || nested == maxNested {
		return s.parameters(s.hide(text), 0), false
	}
	if isWhole := strings.TrimLeft(text[:begin], " \t\r\n\ufeff") == ""; isWhole && (s.learning || isValid(text[begin:])) {
		members, valid := s.json(text[begin:], nested+1, false)
		if clean = text[:begin] + members; !valid {
			return s.parameters(clean, 0), false
		}
		return clean, true
	}
	// A secret may look like JSON itself. So hide the secrets before the members.
	text = s.hide(text)
	if begin = jsonBegins.index(text); begin == len(text) {
		return s.parameters(text, 0), false
	}
	members, _ := s.json(text[begin:], nested+1, false)
	return s.parameters(text[:begin]+members, 0), false
}

// ends are the characters between parameters.
var ends = newChars("?&;#,<>\"' \t\r\n")

// parameters hides the values of parameters such as token=abc, and users in URLs, anywhere in a text. A value may be a URL with
// parameters of its own, encoded:
//
//	/login?next=%2Fa%3Ftoken%3Dabc&page=1    /login?next=%2Fa%3Ftoken%3DREDACTED&page=1
func (s *scan) parameters(text string, nested int) string {
	text = s.userinfo(text)
	if !strings.Contains(text, "=") {
		return text
	}
	var out strings.Builder
	done := 0 // bytes of the text that are in out; since then, nothing has changed
	for i := 0; i < len(text); {
		end := i + ends.index(text[i:])
		if name, value, _ := strings.Cut(text[i:end], "="); value != "" {
			if clean := s.parameter(unescapeQuery(name), value, nested); clean != value {
				out.WriteString(text[done : end-len(value)])
				out.WriteString(clean)
				done = end
			}
		}
		i = end + 1
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// parameter hides the value of one parameter, or the secrets in it.
func (s *scan) parameter(name, value string, nested int) string {
	if s.isSecret(name) || s.isMisspelt(name) {
		core := withoutPunctuation(value)
		s.learn(core, minPart)
		s.learn(unescapeQuery(core), minPart)
		return Mark + value[len(core):]
	}
	plain := unescapeQuery(value)
	if plain != value && nested < maxNested { // it may be a URL in a URL
		if clean := s.parameters(plain, nested+1); clean != plain {
			return url.QueryEscape(clean)
		}
	}
	return value
}

// withoutPunctuation removes the end of a clause or sentence after a value: token=abc: refused. It leaves a value
// of nothing but punctuation alone.
func withoutPunctuation(value string) string {
	if core := strings.TrimRight(value, ":.!)"); core != "" {
		return core
	}
	return value
}

// unescapeQuery decodes a part of a query. It returns a malformed part unchanged.
func unescapeQuery(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// userinfo hides users and passwords in URLs.
func (s *scan) userinfo(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	parts := strings.Split(text, "://")
	for i := range parts[1:] {
		parts[i+1] = s.authority(parts[i+1])
	}
	return strings.Join(parts, "://")
}

var urlEnds, hostEnds = newChars("\"'<> \t\r\n"), newChars("/?#")

// authority hides the user and the password at the beginning of a text. Both may contain characters that a URL should
// escape. Everything up to the last @ of the host is theirs. A slash in the password cuts the host short; that is
// noticed if what follows the colon cannot be a port.
func (s *scan) authority(text string) string {
	word := text[:urlEnds.index(text)]
	host := word[:hostEnds.index(word)]
	_, port, ok := strings.Cut(host, ":")
	if ok && host[0] != '[' && !strings.Contains(host, "@") && strings.Trim(port, "0123456789") != "" {
		host = word
	}
	at := strings.LastIndexByte(host, '@')
	if at <= 0 {
		return text
	}
	user, password, ok := strings.Cut(host[:at], ":")
	if !ok {
		password = user // a token without a user
	}
	s.learn(password, minCredential)
	s.learn(unescapePath(password), minCredential)
	return Mark + text[at:]
}

// unescapePath decodes a part of a path. It returns a malformed part unchanged.
func unescapePath(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}
