// Package signature signs requests with an access key and verifies such signatures. It implements the vendor's scheme
// SDK-HMAC-SHA256 in the dialect with "Access=". The client signs, the reference provider verifies.
//
// Both sides write the same canonical form of a request (canonical.go): method, path, query, the signed headers and the hash of
// the body, one a line. The signature is HMAC-SHA256 with the secret over the date and the hash of that form:
//
//	Authorization: SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=5a2c…
//
// Verify repeats the computation for the headers that SignedHeaders lists.
//
// The package must not know the documents, operations, statuses or messages, nor the owners of keys: the caller looks up
// secrets. It imports the standard library only, has no state, and shows no secret in an error.
//
// The vendor's guide is https://support.huaweicloud.com/devg-apisign/api-sign-0001.html. Where the guide is silent, the package
// does what the vendor's Go SDK v0.1.207 does, whose signatures are its test vectors.
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

	dateName    = "x-sdk-date"       // these three as SignedHeaders lists them
	tokenName   = "x-security-token" // of a temporary key
	contentName = "x-sdk-content-sha256"

	unsignedPayload = "UNSIGNED-PAYLOAD"

	dateLayout = "20060102T150405Z"

	// window is the largest difference between the date of a signature and the time at the gateway, in either direction.
	window = 15 * time.Minute
)

// The errors of Verify. It returns one of them, or an error that wraps one.
var (
	ErrMalformed  = errors.New("malformed signature")      // missing, of another dialect, or with an invalid date
	ErrUnknownKey = errors.New("unknown access key")       // the caller has no secret for the key
	ErrExpired    = errors.New("signature expired")        // more than 15 minutes in the past or the future
	ErrWrong      = errors.New("signature does not match") // made with another secret, or for another request
)

// Key is an access key with its secret.
type Key struct {
	ID     string // AK: visible ASCII without a comma
	Secret string // SK
}

// validKeyID reports whether an Authorization header can contain the ID so that parse finds its end.
func validKeyID(id string) bool {
	return id != "" && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == ',' })
}

// parseDate reads X-Sdk-Date. It checks the length because time.Parse also accepts fractions of a second.
func parseDate(s string) (t time.Time, ok bool) {
	t, err := time.Parse(dateLayout, s)
	return t, err == nil && len(s) == len(dateLayout)
}

// stringToSign returns the text that the secret signs.
func stringToSign(date, canonical string) string {
	return fmt.Sprintf("%s\n%s\n%x", algorithm, date, sha256.Sum256([]byte(canonical)))
}

// sum returns the signature of a text. The secret itself is the key of the HMAC; other dialects derive a key from it.
func sum(secret, text string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
