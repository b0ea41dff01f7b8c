package redact

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// header returns headers without secrets.
func (s *scan) header(header http.Header) http.Header {
	clean := http.Header{} // stays empty in a scan that learns
	for name, values := range header {
		shown := s.hide(name)
		for _, value := range values {
			switch {
			case value == "":
			case IsCredential(name, s.names), s.isMisspelt(name):
				s.credential(name, value)
				value = Mark
			default:
				value = s.text(value, 0)
			}
			if !s.learning {
				clean[shown] = append(clean[shown], value)
			}
		}
	}
	return clean
}

// credential learns the value of a header and the secrets in it: each cookie, the token after a scheme, user and
// password of Basic, the parameters of a signature.
func (s *scan) credential(name, value string) {
	if !s.learning {
		return
	}
	name = http.CanonicalHeaderKey(name)
	if strings.HasSuffix(name, "Cookie") {
		s.learn(value, minCredential)
		s.cookies(name, value)
		return
	}
	scheme, rest, ok := strings.Cut(strings.TrimSpace(value), " ")
	if !ok || !strings.HasSuffix(name, "Authorization") { // otherwise it begins with a scheme, which is not secret
		s.learn(value, minCredential)
	}
	if !ok {
		return
	}
	rest = strings.TrimSpace(rest)
	if strings.EqualFold(scheme, "Basic") {
		s.basic(rest)
	}
	s.learn(rest, minCredential)
	for _, pair := range strings.FieldsFunc(rest, func(r rune) bool { return r == ',' || r == ' ' }) {
		key, part, ok := strings.Cut(pair, "=")
		part = strings.Trim(part, `"`)
		isPart := isSecretName(key) || strings.EqualFold(key, "Access") || strings.EqualFold(key, "response")
		if ok && isPart {
			s.learn(part, minPart)
			if id, _, scoped := strings.Cut(part, "/"); scoped {
				s.learn(id, minCookie)
			}
		}
	}
}

// cookies learns the values of cookies. In Set-Cookie, only the first pair is a cookie.
func (s *scan) cookies(name, value string) {
	for i, pair := range strings.Split(value, ";") {
		if i > 0 && name == "Set-Cookie" {
			return
		}
		if _, part, ok := strings.Cut(pair, "="); ok {
			s.learn(strings.Trim(part, `" `), minCookie)
		}
	}
}

// basic learns the user and the password of Basic.
func (s *scan) basic(encoded string) {
	plain, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(encoded, "="))
	if err != nil {
		return
	}
	user, password, _ := strings.Cut(string(plain), ":")
	s.learn(string(plain), minCredential)
	s.learn(user, minPart)
	s.learn(password, minCredential)
}
