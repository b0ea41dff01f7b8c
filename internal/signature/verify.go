package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Verify returns the ID of the key that signed a received request. The body is given as its SHA-256, since the caller has read
// it. secretOf returns the secret of a key, and false for an unknown key.
//
// It verifies exactly the headers that the signature lists, which must include X-Sdk-Date. Other headers are not protected:
// some clients add X-Project-Id and X-Domain-Id after signing. X-Sdk-Content-Sha256 must be the hash of the body or
// UNSIGNED-PAYLOAD. UNSIGNED-PAYLOAD leaves the body unprotected, so the header must then be signed.
//
// The error is ErrMalformed, ErrUnknownKey, ErrExpired or ErrWrong, checked in this order. With all but the first, Verify also
// returns the key ID that the request claims.
func Verify(r *http.Request, body [sha256.Size]byte, now time.Time, secretOf func(id string) (string, bool)) (string, error) {
	for _, name := range []string{authorizationHeader, dateHeader} {
		if len(r.Header.Values(name)) != 1 {
			return "", malformed("want one " + name)
		}
	}
	if len(r.Header.Values(contentHeader)) > 1 {
		return "", malformed("want one " + contentHeader)
	}
	a, err := parse(r.Header.Get(authorizationHeader))
	if err != nil {
		return "", err
	}
	date := r.Header.Get(dateHeader)
	signedAt, ok := parseDate(date)
	if !ok {
		return "", malformed(dateHeader + " is not a date such as 20240227T120000Z")
	}
	secret, ok := secretOf(a.keyID)
	if !ok {
		return a.keyID, ErrUnknownKey
	}
	if now.Sub(signedAt).Abs() > window {
		return a.keyID, ErrExpired
	}
	payload := hex.EncodeToString(body[:])
	if content := r.Header.Get(contentHeader); content != "" && content != payload {
		if content != unsignedPayload || !slices.Contains(a.names, contentName) {
			return a.keyID, ErrWrong
		}
		payload = content
	}
	canonical, err := canonicalForm(r, a.names, payload)
	if err != nil {
		return a.keyID, fmt.Errorf("%w: %w", ErrWrong, err)
	}
	if !hmac.Equal([]byte(hex.EncodeToString(sum(secret, stringToSign(date, canonical)))), []byte(a.signature)) {
		return a.keyID, ErrWrong
	}
	return a.keyID, nil
}

func malformed(reason string) error { return fmt.Errorf("%w: %s", ErrMalformed, reason) }

// authorization is a parsed Authorization header.
type authorization struct {
	keyID     string
	names     []string // SignedHeaders, in lower case and sorted
	signature string   // 64 hexadecimal digits in lower case
}

// parse accepts only the form that Sign writes. It rejects other schemes and dialects, other spacing, another order of the
// fields, and lists that are not sorted or contain a header twice.
func parse(header string) (a authorization, err error) {
	rest, ours := strings.CutPrefix(header, algorithm+" Access=")
	id, rest, hasNames := strings.Cut(rest, ", SignedHeaders=")
	list, signature, hasSignature := strings.Cut(rest, ", Signature=")
	if !ours || !hasNames || !hasSignature {
		return a, malformed("want " + algorithm + " Access=…, SignedHeaders=…, Signature=…")
	}
	if !validKeyID(id) {
		return a, malformed("the key ID is not visible ASCII without a comma")
	}
	if len(signature) != hex.EncodedLen(sha256.Size) || strings.Trim(signature, "0123456789abcdef") != "" {
		return a, malformed("the signature is not 64 hexadecimal digits in lower case")
	}
	names := strings.Split(list, ";")
	for i, name := range names {
		if !validName(name) {
			return a, malformed("SignedHeaders has a name that is not a header name in lower case")
		}
		if i > 0 && name <= names[i-1] {
			return a, malformed("SignedHeaders is not sorted, or has a header twice")
		}
	}
	if !slices.Contains(names, dateName) {
		return a, malformed("SignedHeaders lacks " + dateName)
	}
	return authorization{id, names, signature}, nil
}

// validName reports whether the name is a header name (RFC 9110, section 5.6.2) in lower case.
func validName(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~") == ""
}
