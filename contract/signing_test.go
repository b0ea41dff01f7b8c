package contract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// signedThings is a document with two schemes in Authorization. One of them has headers of its own.
const signedThings = `openapi: 3.0.3
info: {title: Signed, version: '1'}
security: [{Key: []}, {Signer: []}, {Bearer: []}, {Basic: []}]
paths:
  /things:
    get:
      operationId: listThings
      responses: {'200': {description: Done.}}
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: Key}
    Bearer: {type: http, scheme: bearer}
    Basic: {type: http, scheme: basic}
    Signer:
      type: http
      scheme: Sealed-1
      x-signing-headers:
        - {name: X-Sealed-At, says: When., pattern: '^[0-9]+$', grade: inferred, source: us}
        - {name: X-Seal-Of, says: Who., grade: documented, source: us}
`

// TestSigningHeaders checks that a signer's headers are known in every request and judged only in a signed one, each at its
// own grade.
func TestSigningHeaders(t *testing.T) {
	judge := newJudge(t, signedThings)
	const signed = "Authorization: Sealed-1 seal=0"
	for _, test := range []struct {
		name    string
		headers []string
		want    []string // id, pointer and grade
	}{
		{name: "signed", headers: []string{signed, "X-Sealed-At: 7", "X-Seal-Of: me"}},
		{name: "signed, without them", headers: []string{signed}},
		{
			name: "signed, and not of the pattern", headers: []string{signed, "X-Sealed-At: soon"},
			want: []string{"parameter/pattern /request/headers/x-sealed-at inferred"},
		},
		{
			name: "signed, and empty", headers: []string{signed, "X-Sealed-At:"},
			want: []string{"parameter/pattern /request/headers/x-sealed-at inferred"},
		},
		{
			name: "signed, and one twice", headers: []string{signed, "X-Seal-Of: me", "X-Seal-Of: you"},
			want: []string{"parameter/doubled /request/headers/x-seal-of documented"},
		},
		{
			name: "the scheme in other case", headers: []string{"Authorization: sealed-1 seal=0", "X-Sealed-At: soon"},
			want: []string{"parameter/pattern /request/headers/x-sealed-at inferred"},
		},
		{
			name: "a header in other case", headers: []string{signed, "x-sealed-at: soon"},
			want: []string{"parameter/pattern /request/headers/x-sealed-at inferred"},
		},
		{name: "beside a key", headers: []string{"Key: k", "X-Sealed-At: soon", "X-Seal-Of: me", "X-Seal-Of: you"}},
		{name: "beside another scheme", headers: []string{"Authorization: Bearer b", "X-Sealed-At: soon"}},
		{
			name:    "beside a name that begins like the scheme's",
			headers: []string{"Authorization: Sealed-12 seal=0", "Key: k", "X-Sealed-At: soon"},
		},
		{
			name: "another header", headers: []string{signed, "X-Sealed: 7"},
			want: []string{"header/undocumented /request/headers/x-sealed undocumented"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			request := "GET /things HTTP/1.1\r\nHost: x\r\n" + strings.Join(test.headers, "\r\n") + "\r\n\r\n"
			var got []string
			for _, f := range checkRaw(t, judge, request, parcelResponse(200, "", "")).Findings {
				got = append(got, f.ID+" "+f.Pointer+" "+f.Evidence.Grade.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSignatureIsSecret checks that no part of a signature is shown, nor the token that goes with it.
func TestSignatureIsSecret(t *testing.T) {
	request := "GET " + imagePath + " HTTP/1.1\r\nHost: x\r\nX-Sdk-Date: 20240227T120000Z\r\nX-Security-Token: token-of-a-session\r\n" +
		"Authorization: SDK-HMAC-SHA256 Access=key-of-the-reader, SignedHeaders=host, Signature=0123456789abcdef\r\n\r\n"
	body := `{"token-of-a-session":1,"key-of-the-reader":"0123456789abcdef",` +
		`"error":{"code":"key-of-the-reader","message":"token-of-a-session 0123456789abcdef"}}`
	v := judge(t, request, responseWith(400, body))
	if len(v.Findings) == 0 {
		t.Fatal("nothing is wrong with it")
	}
	for _, secret := range []string{"token-of-a-session", "key-of-the-reader", "0123456789abcdef"} {
		if where := leak(v, secret); where != "" {
			t.Errorf("%s is shown: %s", secret, where)
		}
	}
}
