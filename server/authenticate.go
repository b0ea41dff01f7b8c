package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/internal/signature"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// longestToken bounds what is taken for a token at all; the vendor's have about 9,000 characters.
const longestToken = 16 << 10

// caller is who the gateway found to be asking. Its handler finds it in the context of the request, since the generated
// request objects hold parameters only.
type caller struct {
	*holder
	signed http.Header // of a signed request; nil: by token
}

type callerKey struct{}

// withCaller returns a request of the caller.
func withCaller(r *http.Request, c caller) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), callerKey{}, c))
}

// callerOf returns who asks, no holder if nobody was found yet.
func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// namesOther reports whether a signed request names in a header what is not the caller's own. Such a header need not be
// signed: some clients add it afterwards. Beside a token alone it means nothing, since a token is made out for one project or
// account.
func (c caller) namesOther(header, own string) bool {
	named := c.signed.Get(header)
	return named != "" && named != own
}

// holder is a principal, made ready to ask, with all that it can be answered.
type holder struct {
	*Principal
	account rendered            // the quotas of its account
	byType  map[string]rendered // the same, of one type each
	project rendered            // the quotas of its project
	pace    *pace               // nil: as often as it likes
}

// keyring knows who holds which credential. Tokens are found by their hash, so that the time of a look-up tells nothing of
// the tokens that exist. The IDs of access keys are no secret. It is read by many at once and never changes, but for the
// counters of locks and paces.
type keyring struct {
	tokens map[[sha256.Size]byte]heldToken
	keys   map[string]*heldKey
	now    func() time.Time
}

func newHolder(d *Data, p *Principal, pace *pace) *holder {
	account := d.Accounts[slices.IndexFunc(d.Accounts, func(a Account) bool { return a.DomainID == p.DomainID })]
	project := account.Projects[slices.IndexFunc(account.Projects, func(own Project) bool { return own.ID == p.ProjectID })]
	byType := map[string]rendered{}
	for i, q := range account.Quotas {
		byType[q.Type] = renderAccount(account.Quotas[i : i+1])
	}
	return &holder{p, renderAccount(account.Quotas), byType, renderProject(project.Quotas), pace}
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

// newKeyring takes data that was checked, and how many requests a second each principal may send (0: any number).
func newKeyring(d *Data, perSecond int, now func() time.Time) *keyring {
	k := &keyring{map[[sha256.Size]byte]heldToken{}, map[string]*heldKey{}, now}
	for i := range d.Principals {
		p := &d.Principals[i]
		h := newHolder(d, p, newPace(perSecond))
		for _, t := range p.Tokens {
			k.tokens[sha256.Sum256([]byte(t.Value))] = heldToken{h, t.Expires}
		}
		for _, key := range p.AccessKeys {
			k.keys[key.ID] = &heldKey{AccessKey: key, by: h}
		}
	}
	return k
}

// authenticate returns who sent a request with a body of that hash. Both schemes may be used at once, and then both must hold
// and name the same principal: the vendor's gateway takes an Authorization header that was left beside a token for
// credentials, too.
func (k *keyring) authenticate(r *http.Request, body [sha256.Size]byte) (c caller, err error) {
	tokens, signatures := r.Header["X-Auth-Token"], r.Header["Authorization"]
	if len(tokens) > 1 || len(signatures) > 1 {
		return c, fail(spec.MalformedCredentials)
	}
	if len(signatures) > 0 && signatures[0] != "" {
		signer, err := k.signerOf(r, body)
		if err != nil {
			return c, err
		}
		c = caller{signer, r.Header}
	}
	if len(tokens) > 0 && tokens[0] != "" {
		owner, err := k.holderOf(tokens[0])
		if err != nil {
			return c, err
		}
		if c.holder != nil && c.holder != owner {
			return c, fail(spec.MalformedCredentials)
		}
		c.holder = owner
	}
	if c.holder == nil {
		return c, fail(spec.NoCredentials)
	}
	return c, nil
}

func (k *keyring) holderOf(token string) (*holder, error) {
	if !printable(token) {
		return nil, fail(spec.MalformedCredentials)
	}
	found, ok := k.tokens[sha256.Sum256([]byte(token))]
	if !ok {
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

// causesOfSignature says what the documents call an error of Verify. Any other scheme, such as Bearer, and any other dialect
// are to the gateway a token that it cannot decrypt.
var causesOfSignature = []struct {
	err   error
	cause spec.Probe
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
	for _, known := range causesOfSignature {
		if errors.Is(err, known.err) {
			return nil, fail(known.cause, "ak", "******") // as the vendor's guide shows a key
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
	return len(token) <= longestToken && !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' })
}
