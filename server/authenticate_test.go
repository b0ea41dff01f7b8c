package server

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAuthenticate(t *testing.T) {
	address := start(t, Options{})
	token := func(s string) string { return "X-Auth-Token: " + s }
	signature := "Authorization: SDK-HMAC-SHA256 Access=" + ReaderKeyID + ", SignedHeaders=x-sdk-date, Signature=" + strings.Repeat("0", 64)
	longAgo := "X-Sdk-Date: 20240227T120000Z"
	tests := []struct {
		name    string
		headers []string
		want    string
	}{
		{"nothing", nil, noToken},
		{"an empty token", []string{token("")}, noToken},
		{"a token of spaces", []string{token("   ")}, noToken},
		{"another header", []string{"X-Subject-Token: " + ReaderToken}, noToken},
		{"unknown", []string{token("no-such-token")}, badToken},
		{"of other case", []string{token(strings.ToUpper(ReaderToken))}, badToken},
		{"a token and more", []string{token(ReaderToken + "x")}, badToken},
		{"expired", []string{token(ExpiredToken)}, expiredToken},
		{"not ASCII", []string{token(ReaderToken + "é")}, badToken},
		{"a tab inside", []string{token("reader\ttoken")}, badToken},
		{"a space inside", []string{token("reader token")}, badToken},
		{"longest", []string{token(strings.Repeat("a", longestToken))}, badToken},
		{"too long", []string{token(strings.Repeat("a", longestToken+1))}, badToken},
		{"two tokens", []string{token(ReaderToken), token(StrangerToken)}, badToken},
		{"the same token twice", []string{token(ReaderToken), token(ReaderToken)}, badToken},
		{"one of two empty", []string{token(""), token(ReaderToken)}, badToken},
		{"bearer", []string{"Authorization: Bearer " + ReaderToken}, badToken},
		{"basic", []string{"Authorization: Basic cmVhZGVyOnJlYWRlcg=="}, badToken},
		{"a signature without its scheme", []string{strings.Replace(signature, "SDK-HMAC-SHA256 ", "", 1)}, badToken},
		{"a signature without its date", []string{signature}, badToken},
		{"a signature of long ago", []string{signature, longAgo}, expiredSignature},
		{"a key that nobody holds", []string{strings.Replace(signature, ReaderKeyID, "QSNOBODY000000000001", 1), longAgo}, unknownKey},
		{"the scheme alone", []string{"Authorization: SDK-HMAC-SHA256"}, badToken},
		{"two signatures", []string{signature, signature, longAgo}, badToken},
		{"bearer beside a token", []string{token(ReaderToken), "Authorization: Bearer x"}, badToken},
		{"a signature beside a token", []string{token(ReaderToken), signature, longAgo}, expiredSignature},
	}
	for _, test := range tests {
		for _, target := range []string{iamPath, imsPath} {
			t.Run(test.name+" "+target, func(t *testing.T) {
				got := ask(t, address, "GET "+target, test.headers...)
				wantAnswer(t, got, http.StatusUnauthorized, test.want)
				for _, secret := range []string{ReaderToken, ExpiredToken, ReaderKeyID, "QSNOBODY000000000001", "no-such-token"} {
					if strings.Contains(got.body, secret) {
						t.Errorf("the answer tells %s", secret)
					}
				}
			})
		}
	}
	t.Run("an empty Authorization is none", func(t *testing.T) {
		wantAnswer(t, ask(t, address, "GET "+imsPath, reader, "Authorization:"), http.StatusOK, resources(imageQuota))
	})
}

func TestTokensExpire(t *testing.T) {
	expires := time.Date(2024, 2, 28, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name   string
		now    time.Time
		status int
		want   string
	}{
		{"before", expires.Add(-time.Nanosecond), http.StatusOK, resources(imageQuota)},
		{"at that moment", expires, http.StatusUnauthorized, expiredToken},
		{"elsewhere on earth", expires.In(time.FixedZone("", 3600)), http.StatusUnauthorized, expiredToken},
	} {
		t.Run(test.name, func(t *testing.T) {
			data := Sample()
			data.Principals[3].Tokens[0].Expires = expires.In(time.FixedZone("", -7200)) // told in UTC all the same
			address := start(t, Options{Data: &data, Now: func() time.Time { return test.now }})
			wantAnswer(t, ask(t, address, "GET "+imsPath, "X-Auth-Token: "+ExpiredToken), test.status, test.want)
		})
	}
}

func TestPrintable(t *testing.T) {
	for _, test := range []struct {
		token string
		want  bool
	}{
		{"!", true},
		{"~", true},
		{"a b", false},
		{"a\x7f", false},
		{"\u00e9", false},
		{strings.Repeat("a", longestToken), true},
		{strings.Repeat("a", longestToken+1), false},
	} {
		if got := printable(test.token); got != test.want {
			t.Errorf("%.20q…, %d bytes: got %t, want %t", test.token, len(test.token), got, test.want)
		}
	}
}
