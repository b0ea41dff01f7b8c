package server

import (
	"crypto/sha256"
	"errors"
	"net/http"
	"time"

	"github.com/quotaspec/quotaspec/internal/signature"
	"github.com/quotaspec/quotaspec/openapi"
)

// longestToken bounds what is taken for a token at all; the vendor's have about 9,000 characters.
const longestToken = 16 << 10

// caller is who the gateway found to be asking.
type caller struct {
	*Principal
	signed bool // with an access key
}

// speaksForOther says whether a signed request names in a header what is not the caller's own. Such a header need not be
// signed: some clients add it afterwards. Beside a token alone it means nothing, since a token is made out for one project or
// account.
func (c caller) speaksForOther(header *string, own string) bool {
	return c.signed && header != nil && *header != "" && *header != own
}

// keyring knows who holds which credential. Tokens are found by their hash, so that the time of a look-up tells nothing
// of the tokens that exist. The IDs of access keys are no secret.
type keyring struct {
	tokens map[[sha256.Size]byte]heldToken
	keys   map[string]heldKey
	now    func() time.Time
}

type heldToken struct {
	by      *Principal
	expires time.Time // zero: never
}

type heldKey struct {
	by     *Principal
	secret string
}

func newKeyring(principals []Principal, now func() time.Time) *keyring {
	if now == nil {
		now = time.Now
	}
	k := &keyring{map[[sha256.Size]byte]heldToken{}, map[string]heldKey{}, now}
	for i := range principals {
		p := &principals[i]
		for _, t := range p.Tokens {
			k.tokens[sha256.Sum256([]byte(t.Value))] = heldToken{p, t.Expires}
		}
		for _, key := range p.AccessKeys {
			k.keys[key.ID] = heldKey{p, key.Secret}
		}
	}
	return k
}

// authenticate returns who sent a request with a body of that hash. Both schemes may be used at once, and then both must hold
// and name the same principal: the vendor's gateway takes an Authorization header that was left beside a token for
// credentials, too.
func (k *keyring) authenticate(r *http.Request, body [sha256.Size]byte) (c caller, err error) {
	if len(r.Header.Values("Authorization")) > 1 || len(r.Header.Values("X-Auth-Token")) > 1 {
		return c, fail(openapi.MalformedCredentials)
	}
	token, signed := r.Header.Get("X-Auth-Token"), r.Header.Get("Authorization") != ""
	if token == "" && !signed {
		return c, fail(openapi.NoCredentials)
	}
	var signer, holder *Principal
	if signed {
		if signer, err = k.signerOf(r, body); err != nil {
			return c, err
		}
		if token == "" {
			return caller{signer, true}, nil
		}
	}
	if holder, err = k.holderOf(token); err != nil {
		return c, err
	}
	if signed && signer != holder {
		return c, fail(openapi.MalformedCredentials)
	}
	return caller{holder, signed}, nil
}

func (k *keyring) holderOf(token string) (*Principal, error) {
	if !printable(token) {
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

// faultsOfSignature says what the documents call an error of Verify. Any other scheme, such as Bearer, and any other dialect
// are to the gateway a token that it cannot decrypt.
var faultsOfSignature = []struct {
	err   error
	fault openapi.Fault
}{
	{signature.ErrMalformed, openapi.MalformedCredentials},
	{signature.ErrUnknownKey, openapi.UnknownKey},
	{signature.ErrExpired, openapi.ExpiredSignature},
	{signature.ErrWrong, openapi.WrongSignature},
}

// signerOf returns whose access key signed the request. No key is temporary so far, so X-Security-Token is signed like any
// other header and not looked at.
func (k *keyring) signerOf(r *http.Request, body [sha256.Size]byte) (*Principal, error) {
	id, err := signature.Verify(r, body, k.now(), func(id string) (string, bool) {
		held, ok := k.keys[id]
		return held.secret, ok
	})
	// The lock of a key after five failures (openapi.LockedKey) belongs here: id is told beside an error, too.
	for _, known := range faultsOfSignature {
		if errors.Is(err, known.err) {
			return nil, fail(known.fault, "ak", "******") // as the vendor's guide shows a key
		}
	}
	if err != nil {
		return nil, err
	}
	return k.keys[id].by, nil
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
