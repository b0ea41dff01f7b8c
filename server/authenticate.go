package server

import (
	"crypto/sha256"
	"crypto/subtle"
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
	*holder
	signed bool // with an access key
}

// holder is a principal, made ready to ask.
type holder struct {
	*Principal
	pace *pace // nil: as often as it likes
}

// speaksForOther says whether a signed request names in a header what is not the caller's own. Such a header need not be
// signed: some clients add it afterwards. Beside a token alone it means nothing, since a token is made out for one project or
// account.
func (c caller) speaksForOther(header *string, own string) bool {
	return c.signed && header != nil && *header != "" && *header != own
}

// keyring knows who holds which credential. Tokens are found by their hash, so that the time of a look-up tells nothing
// of the tokens that exist. The IDs of access keys are no secret. It is read by many at once and never changes, but for the
// counters of locks and paces.
type keyring struct {
	tokens map[[sha256.Size]byte]heldToken
	keys   map[string]*heldKey
	now    func() time.Time
}

type heldToken struct {
	by      *holder
	expires time.Time // zero: never
}

type heldKey struct {
	AccessKey
	by   *holder
	lock lock
}

// newKeyring takes principals that were checked, and how many requests a second each may send (0: any number).
func newKeyring(principals []Principal, perSecond int, now func() time.Time) *keyring {
	k := &keyring{map[[sha256.Size]byte]heldToken{}, map[string]*heldKey{}, now}
	for i := range principals {
		h := &holder{&principals[i], newPace(perSecond)}
		for _, t := range h.Tokens {
			k.tokens[sha256.Sum256([]byte(t.Value))] = heldToken{h, t.Expires}
		}
		for _, key := range h.AccessKeys {
			k.keys[key.ID] = &heldKey{AccessKey: key, by: h}
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
	var signer, owner *holder
	if signed {
		if signer, err = k.signerOf(r, body); err != nil {
			return c, err
		}
		if token == "" {
			return caller{signer, true}, nil
		}
	}
	if owner, err = k.holderOf(token); err != nil {
		return c, err
	}
	if signed && signer != owner {
		return c, fail(openapi.MalformedCredentials)
	}
	return caller{owner, signed}, nil
}

func (k *keyring) holderOf(token string) (*holder, error) {
	if !printable(token) {
		return nil, fail(openapi.MalformedCredentials)
	}
	found, ok := k.tokens[sha256.Sum256([]byte(token))]
	if !ok {
		return nil, fail(openapi.UnknownCredentials)
	}
	return found.by, k.inTime(found.expires)
}

// inTime refuses what has expired.
func (k *keyring) inTime(expires time.Time) error {
	if expires.IsZero() || k.now().Before(expires) {
		return nil
	}
	return fail(openapi.ExpiredCredentials, "expires_at", expires.UTC().Format("2006-01-02T15:04:05.000000Z"))
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

// signerOf returns whose access key signed the request. A locked key is tried no more, whatever the signature.
func (k *keyring) signerOf(r *http.Request, body [sha256.Size]byte) (*holder, error) {
	var held *heldKey
	locked, now := false, k.now()
	_, err := signature.Verify(r, body, now, func(id string) (string, bool) {
		if held = k.keys[id]; held == nil {
			return "", false
		}
		locked = held.lock.closed(now)
		return held.Secret, !locked
	})
	if locked {
		return nil, fail(openapi.LockedKey)
	}
	if errors.Is(err, signature.ErrWrong) {
		held.lock.fail(now)
	}
	for _, known := range faultsOfSignature {
		if errors.Is(err, known.err) {
			return nil, fail(known.fault, "ak", "******") // as the vendor's guide shows a key
		}
	}
	if err != nil {
		return nil, err
	}
	held.lock.succeed()
	return held.by, k.checkTemporary(r, held)
}

// checkTemporary holds a temporary key to its security token and its end. With any other key X-Security-Token is a header
// like others. A wrong one is a token that the gateway cannot decrypt.
func (k *keyring) checkTemporary(r *http.Request, held *heldKey) error {
	if want := held.SecurityToken; want != "" {
		got := r.Header.Values("X-Security-Token")
		if len(got) != 1 || subtle.ConstantTimeCompare([]byte(got[0]), []byte(want)) != 1 {
			return fail(openapi.UnknownCredentials)
		}
	}
	return k.inTime(held.Expires)
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
