// Package signature signs requests with an access key and verifies such signatures: the vendor's scheme SDK-HMAC-SHA256 in
// the dialect with "Access=", in one canonical form for both sides. The client signs with it, the reference provider
// verifies with it.
//
// It must not know the documents, an operation, a status or a message, nor who holds which key: a key is looked up by the
// caller. It imports the standard library only, keeps nothing, and tells no secret in any error.
//
// The vendor's guide is https://support.huaweicloud.com/devg-apisign/api-sign-0001.html; what it leaves open is as the
// vendor's Go SDK v0.1.207 does it, whose signatures are the tests.
package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	algorithm = "SDK-HMAC-SHA256"

	authorizationHeader = "Authorization"
	dateHeader          = "X-Sdk-Date"
	contentHeader       = "X-Sdk-Content-Sha256" // the hash of the body, or UNSIGNED-PAYLOAD instead of it

	dateName    = "x-sdk-date"       // as it stands in SignedHeaders
	tokenName   = "x-security-token" // goes with a temporary key
	contentName = "x-sdk-content-sha256"

	unsignedPayload = "UNSIGNED-PAYLOAD"

	dateLayout = "20060102T150405Z"

	// window is how far the date of a signature may be from the time at the gateway, in either direction.
	window = 15 * time.Minute
)

// What can be wrong with a signature that was received. The error that Verify returns is one of them, or wraps one.
var (
	ErrMalformed  = errors.New("malformed signature")      // there is none, it is of another dialect, or its date cannot be read
	ErrUnknownKey = errors.New("unknown access key")       // nobody holds the key
	ErrExpired    = errors.New("signature expired")        // more than 15 minutes ago, or ahead
	ErrWrong      = errors.New("signature does not match") // another secret signed, or another request was signed
)

// Key is an access key.
type Key struct {
	ID     string // AK: visible ASCII without a comma
	Secret string // SK
}

// validKeyID says whether an ID can stand in an Authorization header and be read again.
func validKeyID(id string) bool {
	return id != "" && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == ',' })
}

// parseDate reads X-Sdk-Date and nothing that only resembles it, such as fractions of a second.
func parseDate(s string) (t time.Time, ok bool) {
	t, err := time.Parse(dateLayout, s)
	return t, err == nil && len(s) == len(dateLayout)
}

// stringToSign is what the secret is applied to.
func stringToSign(date, canonical string) string {
	return fmt.Sprintf("%s\n%s\n%x", algorithm, date, sha256.Sum256([]byte(canonical)))
}

// sum is the signature: the secret is the key as it is, none is derived.
func sum(secret, text string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
