package signature

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Sign adds the Authorization header, and X-Sdk-Date unless it is there. It comes last: what is changed afterwards either
// breaks the signature or is not protected by it.
//
// Signed are the headers that are named, in any case, together with X-Sdk-Date and, if they are set, X-Security-Token and
// X-Sdk-Content-Sha256. The value of Host is that of r.Host or the URL.
//
// X-Sdk-Content-Sha256 stands for the hash of the body if it is set. Else the body is read, and is there again afterwards.
//
// It fails if the key or X-Sdk-Date cannot be used, a named header is not set, or the body cannot be read.
func Sign(r *http.Request, key Key, now time.Time, names ...string) error {
	if !validKeyID(key.ID) || key.Secret == "" {
		return errors.New("signing: want an access key ID of visible ASCII without a comma, and its secret")
	}
	if r.URL.Opaque != "" {
		return errors.New("signing: the URL has no path")
	}
	payload := strings.TrimSpace(r.Header.Get(contentHeader))
	if payload == "" {
		body, err := readBody(r)
		if err != nil {
			return fmt.Errorf("signing: reading the body: %w", err)
		}
		payload = fmt.Sprintf("%x", sha256.Sum256(body))
	}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if r.Header.Get(dateHeader) == "" {
		r.Header.Set(dateHeader, now.UTC().Format(dateLayout))
	}
	date := r.Header.Get(dateHeader)
	if _, ok := parseDate(date); !ok || len(r.Header.Values(dateHeader)) > 1 {
		return errors.New("signing: X-Sdk-Date: want one date such as 20240227T120000Z")
	}
	r.Header.Del(authorizationHeader) // of an earlier signature
	list := namesToSign(r, names)
	canonical, err := canonicalForm(r, list, payload)
	if err != nil {
		return fmt.Errorf("signing: %w", err)
	}
	signature := sum(key.Secret, stringToSign(date, canonical))
	r.Header.Set(authorizationHeader, algorithm+" Access="+key.ID+
		", SignedHeaders="+strings.Join(list, ";")+", Signature="+hex.EncodeToString(signature))
	return nil
}

// namesToSign lists in their order the headers that are named and those that must be signed where they are set.
func namesToSign(r *http.Request, wanted []string) []string {
	names := []string{dateName}
	for _, name := range wanted {
		names = append(names, strings.ToLower(name))
	}
	for _, name := range []string{tokenName, contentName} {
		if r.Header.Get(name) != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// readBody reads the body, which is there again afterwards.
func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	err = r.Body.Close()
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, err
}
