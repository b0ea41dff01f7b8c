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
		{name: "nothing", want: noToken},
		{name: "an empty token", headers: []string{token("")}, want: noToken},
		{name: "a token of spaces", headers: []string{token("   ")}, want: noToken},
		{name: "another header", headers: []string{"X-Subject-Token: " + ReaderToken}, want: noToken},
		{name: "unknown", headers: []string{token("no-such-token")}, want: badToken},
		{name: "of other case", headers: []string{token(strings.ToUpper(ReaderToken))}, want: badToken},
		{name: "a token and more", headers: []string{token(ReaderToken + "x")}, want: badToken},
		{name: "expired", headers: []string{token(ExpiredToken)}, want: expiredToken},
		{name: "not ASCII", headers: []string{token(ReaderToken + "é")}, want: badToken},
		{name: "a tab inside", headers: []string{token("reader\ttoken")}, want: badToken},
		{name: "a space inside", headers: []string{token("reader token")}, want: badToken},
		{name: "longest", headers: []string{token(strings.Repeat("a", longestToken))}, want: badToken},
		{name: "too long", headers: []string{token(strings.Repeat("a", longestToken+1))}, want: badToken},
		{name: "two tokens", headers: []string{token(ReaderToken), token(StrangerToken)}, want: badToken},
		{name: "the same token twice", headers: []string{token(ReaderToken), token(ReaderToken)}, want: badToken},
		{name: "one of two empty", headers: []string{token(""), token(ReaderToken)}, want: badToken},
		{name: "bearer", headers: []string{"Authorization: Bearer " + ReaderToken}, want: badToken},
		{name: "basic", headers: []string{"Authorization: Basic cmVhZGVyOnJlYWRlcg=="}, want: badToken},
		{
			name:    "a signature without its scheme",
			headers: []string{strings.Replace(signature, "SDK-HMAC-SHA256 ", "", 1)},
			want:    badToken,
		},
		{name: "a signature without its date", headers: []string{signature}, want: badToken},
		{name: "a signature of long ago", headers: []string{signature, longAgo}, want: expiredSignature},
		{
			name:    "a key that nobody holds",
			headers: []string{strings.Replace(signature, ReaderKeyID, "QSNOBODY000000000001", 1), longAgo},
			want:    unknownKey,
		},
		{name: "the scheme alone", headers: []string{"Authorization: SDK-HMAC-SHA256"}, want: badToken},
		{name: "two signatures", headers: []string{signature, signature, longAgo}, want: badToken},
		{name: "bearer beside a token", headers: []string{token(ReaderToken), "Authorization: Bearer x"}, want: badToken},
		{
			name:    "a signature beside a token",
			headers: []string{token(ReaderToken), signature, longAgo},
			want:    expiredSignature,
		},
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
		{name: "before", now: expires.Add(-time.Nanosecond), status: http.StatusOK, want: resources(imageQuota)},
		{name: "at that moment", now: expires, status: http.StatusUnauthorized, want: expiredToken},
		{
			name:   "elsewhere on earth",
			now:    expires.In(time.FixedZone("", 3600)),
			status: http.StatusUnauthorized,
			want:   expiredToken,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			data := Sample()
			data.Principals[3].Tokens[0].Expires = expires.In(time.FixedZone("", -7200)) // shown in UTC nevertheless
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
		{token: "!", want: true},
		{token: "~", want: true},
		{token: "a b"},
		{token: "a\x7f"},
		{token: "\u00e9"},
		{token: strings.Repeat("a", longestToken), want: true},
		{token: strings.Repeat("a", longestToken+1)},
	} {
		if got := printable(test.token); got != test.want {
			t.Errorf("%.20q…, %d bytes: got %t, want %t", test.token, len(test.token), got, test.want)
		}
	}
}
