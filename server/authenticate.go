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

// longestToken limits the length of a token; the vendor's have about 9,000 characters.
const longestToken = 16 << 10

// caller is the authenticated sender of a request. Handlers get it from the context, since the generated request objects have
// parameters only.
type caller struct {
	*holder
	signed http.Header // of a signed request; nil: by token
}

type callerKey struct{}

// withCaller returns a request of the caller.
func withCaller(r *http.Request, c caller) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), callerKey{}, c))
}

// callerOf returns the caller, without a holder before authentication.
func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// namesOther reports whether a header of a signed request names an account or a project other than the caller's. The header
// need not be signed: some clients add it afterwards. Beside a token alone it has no meaning, since a token is for one project
// or account.
func (c caller) namesOther(header, own string) bool {
	named := c.signed.Get(header)
	return named != "" && named != own
}

// holder is a principal with the rendered responses to its requests.
type holder struct {
	*Principal
	account rendered            // the quotas of its account
	byType  map[string]rendered // the same, of one type each
	project rendered            // the quotas of its project
	limiter *rateLimiter        // nil: no limit
}

// keyring finds the holder of a credential. Tokens are looked up by hash, so that the time of a lookup reveals nothing about
// existing tokens; IDs of access keys are no secret. It is used concurrently and never changes, except for the counters of
// lockouts and rate limiters.
type keyring struct {
	tokens map[[sha256.Size]byte]tokenEntry
	keys   map[string]*keyEntry
	now    func() time.Time
}

func newHolder(d *Data, p *Principal, limiter *rateLimiter) *holder {
	account := d.Accounts[slices.IndexFunc(d.Accounts, func(a Account) bool { return a.DomainID == p.DomainID })]
	project := account.Projects[slices.IndexFunc(account.Projects, func(own Project) bool { return own.ID == p.ProjectID })]
	byType := map[string]rendered{}
	for i, q := range account.Quotas {
		byType[q.Type] = renderAccount(account.Quotas[i : i+1])
	}
	return &holder{p, renderAccount(account.Quotas), byType, renderProject(project.Quotas), limiter}
}

type tokenEntry struct {
	by      *holder
	expires time.Time // zero: never
}

type keyEntry struct {
	AccessKey
	by      *holder
	lockout lockout
}

// newKeyring makes a keyring of checked data. Each principal may send perSecond requests a second (0: no limit).
func newKeyring(d *Data, perSecond int, now func() time.Time) *keyring {
	k := &keyring{map[[sha256.Size]byte]tokenEntry{}, map[string]*keyEntry{}, now}
	for i := range d.Principals {
		p := &d.Principals[i]
		h := newHolder(d, p, newRateLimiter(perSecond))
		for _, t := range p.Tokens {
			k.tokens[sha256.Sum256([]byte(t.Value))] = tokenEntry{h, t.Expires}
		}
		for _, key := range p.AccessKeys {
			k.keys[key.ID] = &keyEntry{AccessKey: key, by: h}
		}
	}
	return k
}

// authenticate returns the sender of a request with a body of that hash. If both schemes are used, both must be valid and of
// the same principal: the vendor's gateway also reads an Authorization header that was left beside a token.
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

// inTime returns a refusal if a credential has expired.
func (k *keyring) inTime(expires time.Time) error {
	if expires.IsZero() || k.now().Before(expires) {
		return nil
	}
	return fail(spec.ExpiredCredentials, "expires_at", expires.UTC().Format("2006-01-02T15:04:05.000000Z"))
}

// causesOfSignature are the causes of errors of Verify. The gateway treats any other scheme, such as Bearer, and any other
// dialect like a token that it cannot decrypt.
var causesOfSignature = []struct {
	err   error
	cause spec.Probe
}{
	{signature.ErrMalformed, spec.MalformedCredentials},
	{signature.ErrUnknownKey, spec.UnknownKey},
	{signature.ErrExpired, spec.ExpiredSignature},
	{signature.ErrWrong, spec.WrongSignature},
}

// signerOf returns the holder of the access key that signed the request. A locked key is refused whatever the signature.
func (k *keyring) signerOf(r *http.Request, body [sha256.Size]byte) (*holder, error) {
	var entry *keyEntry
	locked, now := false, k.now()
	_, err := signature.Verify(r, body, now, func(id string) (string, bool) {
		if entry = k.keys[id]; entry == nil {
			return "", false
		}
		locked = entry.lockout.closed(now)
		return entry.Secret, !locked
	})
	if locked {
		return nil, fail(spec.LockedKey)
	}
	if errors.Is(err, signature.ErrWrong) {
		entry.lockout.fail(now)
	}
	for _, known := range causesOfSignature {
		if errors.Is(err, known.err) {
			return nil, fail(known.cause, "ak", "******") // as the vendor's guide shows a key
		}
	}
	if err != nil {
		return nil, err
	}
	entry.lockout.succeed()
	return entry.by, k.checkTemporary(r, entry)
}

// checkTemporary checks the security token and the expiry of a temporary key. Other keys ignore X-Security-Token. The gateway
// reports a wrong one like a token that it cannot decrypt.
func (k *keyring) checkTemporary(r *http.Request, entry *keyEntry) error {
	if want := entry.SecurityToken; want != "" {
		got := r.Header.Values("X-Security-Token")
		if len(got) != 1 || subtle.ConstantTimeCompare([]byte(got[0]), []byte(want)) != 1 {
			return fail(spec.UnknownCredentials)
		}
	}
	return k.inTime(entry.Expires)
}

func printable(token string) bool {
	return len(token) <= longestToken && !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' })
}
