package traffic

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
)

// How long a value must be to be looked for elsewhere: "on" is a value of cookies, and a part of many words.
const (
	minCredential = 4  // the value of a header
	minPart       = 6  // what a name in a query or a body calls secret
	minCookie     = 8  // one cookie of several
	minRemembered = 12 // in later exchanges
)

// maxRemembered is how many secrets are looked for in later exchanges.
const maxRemembered = 64

// carriesCredential says whether somebody's credentials can still be seen in a request. A token against forged requests is
// no credential: browsers leave it in when they clean the others out.
func carriesCredential(header http.Header) bool {
	for name, values := range header {
		lower := strings.ToLower(name)
		if !isCredential(name, nil) || strings.Contains(lower, "csrf") || strings.Contains(lower, "xsrf") {
			continue
		}
		if text := strings.Join(values, ""); text != "" && !strings.Contains(text, Redacted) {
			return true
		}
	}
	return false
}

// isCredential says whether the value of a header must not be shown. more are names that somebody gave.
func isCredential(name string, more []string) bool {
	switch name = http.CanonicalHeaderKey(name); {
	case name == "Authorization", name == "Proxy-Authorization", name == "Cookie", name == "Set-Cookie":
		return true
	case strings.HasPrefix(name, "Access-Control-"): // they name headers, and one says whether credentials are allowed
		return false
	}
	return isSecretName(name) || slices.ContainsFunc(more, func(m string) bool { return strings.EqualFold(m, name) })
}

// redactor takes the secrets out of exchanges and remembers them for the next ones.
type redactor struct {
	names   []string // what the caller calls secret, beside what isSecretName knows
	secrets []secret // the newest last
}

// exchange returns the exchange without its secrets, and without bodies that cannot be looked into.
func (r *redactor) exchange(ex contract.Exchange) contract.Exchange {
	v := visit{redactor: r, secrets: slices.Clone(r.secrets)}
	v.exchange(ex) // only to learn: what a later part gives away may stand in an earlier one
	clean := v.exchange(ex)
	for _, s := range v.secrets[len(r.secrets):] {
		if len(s.value) >= minRemembered {
			r.secrets = append(r.secrets, s)
		}
	}
	r.secrets = slices.Clone(r.secrets[max(0, len(r.secrets)-maxRemembered):])
	return clean
}

// visit is the work on one exchange.
type visit struct {
	*redactor
	secrets []secret
}

func (v *visit) exchange(ex contract.Exchange) contract.Exchange {
	q, a := ex.Request, ex.Response
	return contract.Exchange{
		Request: contract.Request{
			Method: hide(q.Method, v.secrets), Target: v.text(q.Target, 0), Header: v.header(q.Header), Body: v.body(q.Header, q.Body),
		},
		Response: contract.Response{Status: a.Status, Header: v.header(a.Header), Body: v.body(a.Header, a.Body)},
		Unseen:   ex.Unseen,
	}
}

// learn notes a secret. What is too short to be looked for is only replaced where it stood.
func (v *visit) learn(value string, shortest int) {
	value = strings.TrimSpace(value)
	switch strings.ToLower(value) {
	case "true", "false", "null", "bearer", "basic", strings.ToLower(Redacted):
		return
	}
	if len(value) < shortest || slices.ContainsFunc(v.secrets, func(s secret) bool { return s.value == value }) {
		return
	}
	v.secrets = append(v.secrets, newSecret(value))
}

func (v *visit) isSecret(name string) bool {
	return isSecretName(name) || slices.ContainsFunc(v.names, func(m string) bool { return strings.EqualFold(m, name) })
}

func (v *visit) header(header http.Header) http.Header {
	clean := http.Header{}
	for name, values := range header {
		for _, value := range values {
			switch {
			case value == "":
				clean[name] = append(clean[name], "")
			case isCredential(name, v.names):
				v.credential(name, value)
				clean[name] = append(clean[name], Redacted)
			default:
				clean[name] = append(clean[name], v.text(value, 0))
			}
		}
	}
	return clean
}

// credential learns the value of a header and its parts.
func (v *visit) credential(name, value string) {
	v.learn(value, minCredential)
	if strings.HasSuffix(http.CanonicalHeaderKey(name), "Cookie") {
		for i, pair := range strings.Split(value, ";") {
			if _, part, ok := strings.Cut(pair, "="); ok && (i == 0 || !strings.HasPrefix(name, "Set-")) {
				v.learn(strings.Trim(part, `" `), minCookie)
			}
		}
		return
	}
	scheme, rest, ok := strings.Cut(value, " ")
	if !ok {
		return
	}
	if strings.EqualFold(scheme, "Basic") {
		if plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest)); err == nil {
			_, password, _ := strings.Cut(string(plain), ":")
			v.learn(string(plain), minCredential)
			v.learn(password, minCredential)
		}
	}
	v.learn(rest, minCredential)
	for _, pair := range strings.FieldsFunc(rest, func(r rune) bool { return r == ',' || r == ' ' }) {
		if key, part, ok := strings.Cut(pair, "="); ok && (isSecretName(key) || strings.EqualFold(key, "Access") || strings.EqualFold(key, "response")) {
			v.learn(strings.Trim(part, `"`), minPart)
			if id, _, scoped := strings.Cut(strings.Trim(part, `"`), "/"); scoped {
				v.learn(id, minCookie)
			}
		}
	}
}
