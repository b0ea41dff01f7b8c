package server

import (
	"crypto/sha256"
	"net/http"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/openapi"
)

// longestToken bounds what is taken for a token at all; the vendor's have about 9,000 characters.
const longestToken = 16 << 10

// keyring knows who holds which credential. Tokens are found by their hash, so that the time of a look-up tells nothing
// of the tokens that exist.
type keyring struct {
	tokens map[[sha256.Size]byte]held
	now    func() time.Time
}

type held struct {
	by      *Principal
	expires time.Time // zero: never
}

func newKeyring(principals []Principal, now func() time.Time) *keyring {
	if now == nil {
		now = time.Now
	}
	k := &keyring{map[[sha256.Size]byte]held{}, now}
	for i := range principals {
		p := &principals[i]
		for _, t := range p.Tokens {
			k.tokens[sha256.Sum256([]byte(t.Value))] = held{p, t.Expires}
		}
	}
	return k
}

// authenticate returns who sent the headers. Both schemes may be used at once, and then both must hold: the vendor's
// gateway takes an Authorization header that was left beside a token for credentials, too.
func (k *keyring) authenticate(h http.Header) (*Principal, error) {
	if len(h.Values("Authorization")) > 1 || len(h.Values("X-Auth-Token")) > 1 {
		return nil, fail(openapi.MalformedCredentials)
	}
	if authorization := h.Get("Authorization"); authorization != "" {
		return nil, refuseSignature(authorization)
	}
	token := h.Get("X-Auth-Token")
	switch {
	case token == "":
		return nil, fail(openapi.NoCredentials)
	case !printable(token):
		return nil, fail(openapi.MalformedCredentials)
	}
	found, ok := k.tokens[sha256.Sum256([]byte(token))]
	if !ok {
		return nil, fail(openapi.UnknownCredentials)
	}
	if !found.expires.IsZero() && !k.now().Before(found.expires) {
		return nil, fail(openapi.ExpiredCredentials, "expires_at", found.expires.UTC().Format("2006-01-02T15:04:05.000000Z"))
	}
	return found.by, nil
}

// refuseSignature stands where signatures will be verified: until then no access key is known. Any other scheme, such as
// Bearer, is to the gateway a token that it cannot decrypt. A key is shown as the vendor's guide shows it.
func refuseSignature(authorization string) error {
	if scheme, _, _ := strings.Cut(authorization, " "); scheme == "SDK-HMAC-SHA256" {
		return fail(openapi.UnknownKey, "ak", "******")
	}
	return fail(openapi.MalformedCredentials)
}

func printable(token string) bool {
	if len(token) > longestToken {
		return false
	}
	for i := range len(token) {
		if token[i] <= ' ' || token[i] > '~' {
			return false
		}
	}
	return true
}
