package redact

import (
	"encoding/base64"
	"net/http"
	"strings"
)

func (p *pass) header(header http.Header) http.Header {
	clean := http.Header{}
	for name, values := range header {
		shown := p.hide(name)
		for _, value := range values {
			switch {
			case value == "":
			case IsCredential(name, p.names):
				p.credential(name, value)
				value = Mark
			default:
				value = p.text(value, 0)
			}
			clean[shown] = append(clean[shown], value)
		}
	}
	return clean
}

// credential learns the value of a header and its parts: each cookie, what follows a scheme, user and password of
// Basic, the parameters of a signature.
func (p *pass) credential(name, value string) {
	if !p.learning {
		return
	}
	name = http.CanonicalHeaderKey(name)
	if strings.HasSuffix(name, "Cookie") {
		p.learn(value, minCredential)
		p.cookies(name, value)
		return
	}
	scheme, rest, ok := strings.Cut(strings.TrimSpace(value), " ")
	if !ok || !strings.HasSuffix(name, "Authorization") { // else it begins with the name of a scheme, which is no secret
		p.learn(value, minCredential)
	}
	if !ok {
		return
	}
	rest = strings.TrimSpace(rest)
	if strings.EqualFold(scheme, "Basic") {
		p.basic(rest)
	}
	p.learn(rest, minCredential)
	for _, pair := range strings.FieldsFunc(rest, func(r rune) bool { return r == ',' || r == ' ' }) {
		key, part, ok := strings.Cut(pair, "=")
		part = strings.Trim(part, `"`)
		if ok && (isSecretName(key) || strings.EqualFold(key, "Access") || strings.EqualFold(key, "response")) {
			p.learn(part, minPart)
			if id, _, scoped := strings.Cut(part, "/"); scoped {
				p.learn(id, minCookie)
			}
		}
	}
}

// cookies learns the values of cookies. In Set-Cookie only the first pair is one, the others say where it applies.
func (p *pass) cookies(name, value string) {
	for i, pair := range strings.Split(value, ";") {
		if i > 0 && name == "Set-Cookie" {
			return
		}
		if _, part, ok := strings.Cut(pair, "="); ok {
			p.learn(strings.Trim(part, `" `), minCookie)
		}
	}
}

func (p *pass) basic(encoded string) {
	plain, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(encoded, "="))
	if err != nil {
		return
	}
	user, password, _ := strings.Cut(string(plain), ":")
	p.learn(string(plain), minCredential)
	p.learn(user, minPart)
	p.learn(password, minCredential)
}
