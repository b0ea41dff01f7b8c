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

// Sign adds the Authorization header, and X-Sdk-Date if it is not set. Call it last: a later change breaks the signature, or is
// not protected by it.
//
// It signs the named headers, in any case, X-Sdk-Date and, if they are set, X-Security-Token and X-Sdk-Content-Sha256. The
// value of Host is r.Host, or else the host of the URL.
//
// If X-Sdk-Content-Sha256 is set, it replaces the hash of the body. Otherwise Sign reads the body and restores it.
//
// It returns an error if the key or X-Sdk-Date is invalid, a named header is not set, or the body cannot be read.
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
	r.Header.Del(authorizationHeader) // an earlier signature
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

// namesToSign returns the sorted list of SignedHeaders: the requested names, the date, and the headers that are always signed
// if they are set.
func namesToSign(r *http.Request, requested []string) []string {
	names := []string{dateName}
	for _, name := range requested {
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

// readBody reads the body and replaces it by a copy.
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
