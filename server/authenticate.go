package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"hash/maphash"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/quotaspec/quotaspec/internal/signature"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// longestToken bounds what is taken for a token at all; the vendor's have about 9,000 characters.
const longestToken = 16 << 10

// caller is who the gateway found to be asking.
type caller struct {
	*holder
	signed   bool                            // with an access key
	handlers map[*operation]echo.HandlerFunc // made for this caller: nothing of it need travel with a request
}

// holder is a principal, made ready to ask.
type holder struct {
	*Principal
	pace               *pace // nil: as often as it likes
	byToken, bySigning caller
}

// signedHeader is the context key of a signed request's headers. They travel so because the generated request objects hold
// parameters only, and signing headers are none.
type signedHeader struct{}

// withHeader returns a signed request from whose context its handler can read the headers.
func withHeader(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), signedHeader{}, r.Header))
}

// speaksForOther reports whether a signed request names in a header what is not the caller's own. Such a header need not be
// signed: some clients add it afterwards. Beside a token alone it means nothing, since a token is made out for one project or
// account.
func speaksForOther(ctx context.Context, header, own string) bool {
	signed, _ := ctx.Value(signedHeader{}).(http.Header) // nil: by token
	named := signed.Get(header)
	return named != "" && named != own
}

// keyring knows who holds which credential. Tokens are found by a hash that nobody can foresee, so that the time of a look-up
// tells nothing of the tokens that exist. The IDs of access keys are no secret. It is read by many at once and never changes,
// but for the counters of locks and paces.
type keyring struct {
	seed   maphash.Seed
	tokens map[uint64]heldToken // of two with one hash, which never happens, one would be nobody's
	keys   map[string]*heldKey
	all    []*holder // also those who hold nothing
	now    func() time.Time
}

type heldToken struct {
	value   string
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
	k := &keyring{maphash.MakeSeed(), map[uint64]heldToken{}, map[string]*heldKey{}, nil, now}
	for i := range principals {
		h := &holder{Principal: &principals[i], pace: newPace(perSecond)}
		h.byToken, h.bySigning = caller{holder: h}, caller{holder: h, signed: true}
		k.all = append(k.all, h)
		for _, t := range h.Tokens {
			k.tokens[maphash.String(k.seed, t.Value)] = heldToken{t.Value, h, t.Expires}
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
func (k *keyring) authenticate(r *http.Request, body [sha256.Size]byte) (*caller, error) {
	tokens, signatures := r.Header["X-Auth-Token"], r.Header["Authorization"]
	if len(tokens) > 1 || len(signatures) > 1 {
		return nil, fail(spec.MalformedCredentials)
	}
	var by *holder
	var err error
	signed := len(signatures) > 0 && signatures[0] != ""
	if signed {
		if by, err = k.signerOf(r, body); err != nil {
			return nil, err
		}
	}
	if len(tokens) > 0 && tokens[0] != "" {
		owner, err := k.holderOf(tokens[0])
		if err != nil {
			return nil, err
		}
		if signed && owner != by {
			return nil, fail(spec.MalformedCredentials)
		}
		by = owner
	}
	switch {
	case by == nil:
		return nil, fail(spec.NoCredentials)
	case signed:
		return &by.bySigning, nil
	default:
		return &by.byToken, nil
	}
}

func (k *keyring) holderOf(token string) (*holder, error) {
	if !printable(token) {
		return nil, fail(spec.MalformedCredentials)
	}
	found, ok := k.tokens[maphash.String(k.seed, token)]
	if !ok || subtle.ConstantTimeCompare([]byte(found.value), []byte(token)) != 1 {
		return nil, fail(spec.UnknownCredentials)
	}
	return found.by, k.inTime(found.expires)
}

// inTime refuses what has expired.
func (k *keyring) inTime(expires time.Time) error {
	if expires.IsZero() || k.now().Before(expires) {
		return nil
	}
	return fail(spec.ExpiredCredentials, "expires_at", expires.UTC().Format("2006-01-02T15:04:05.000000Z"))
}

// faultsOfSignature says what the documents call an error of Verify. Any other scheme, such as Bearer, and any other dialect
// are to the gateway a token that it cannot decrypt.
var faultsOfSignature = []struct {
	err   error
	fault spec.Probe
}{
	{signature.ErrMalformed, spec.MalformedCredentials},
	{signature.ErrUnknownKey, spec.UnknownKey},
	{signature.ErrExpired, spec.ExpiredSignature},
	{signature.ErrWrong, spec.WrongSignature},
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
		return nil, fail(spec.LockedKey)
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
			return fail(spec.UnknownCredentials)
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
