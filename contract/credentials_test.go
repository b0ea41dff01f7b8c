package contract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestKeyInTheQuery checks that a credential is neither an undocumented parameter nor shown, wherever it is sent.
func TestKeyInTheQuery(t *testing.T) {
	judge := newJudge(t, swap(parcels, "in: header, name: Parcels-Key", "in: query, name: key"))
	v := checkRaw(t, judge, without(send("/parcels?key=s3cr3t-key-of-mine", parcel("")), "Parcels-Key"),
		parcelResponse(500, "text/s3cr3t-key-of-mine", "x"))
	if diff := cmp.Diff([]string{"media-type/undocumented"}, idsOf(v)); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	if where := leak(v, "s3cr3t-key-of-mine"); where != "" {
		t.Errorf("the key is shown: %s", where)
	}
}

// TestCredentialsInAuthorization checks that each kind of scheme that has its credential in Authorization has only one there.
func TestCredentialsInAuthorization(t *testing.T) {
	for name, scheme := range map[string]string{
		"http":          "{type: http, scheme: bearer}",
		"oauth2":        "{type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://example.com/token', scopes: {}}}}",
		"openIdConnect": "{type: openIdConnect, openIdConnectUrl: 'https://example.com/openid'}",
	} {
		judge := newJudge(t, swap(parcels, "{type: apiKey, in: header, name: Parcels-Key}", scheme))
		twice := "GET /parcels/7 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n"
		result := checkRaw(t, judge, twice, parcelResponse(200, "application/json", parcel("")))
		if diff := cmp.Diff([]string{"credentials/doubled /request/headers/authorization"}, idsAndPointers(result.Findings)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestSchemesNeededTogether checks that of two schemes in one requirement both must be there, whichever comes first.
func TestSchemesNeededTogether(t *testing.T) {
	judge := newJudge(t, `openapi: 3.0.3
info: {title: Two keys, version: '1'}
security: [{One: [], Two: []}, {Three: []}]
paths:
  /things:
    get:
      operationId: listThings
      responses: {'200': {description: Done.}}
components:
  securitySchemes:
    One: {type: apiKey, in: header, name: Key-One}
    Two: {type: apiKey, in: header, name: Key-Two}
    Three: {type: apiKey, in: query, name: three}
`)
	for _, test := range []struct {
		name, request string
		want          []string // Want and Got of the findings
	}{
		{name: "none", request: "GET /things HTTP/1.1\r\n\r\n", want: []string{"One and Two or Three: none"}},
		{name: "the first", request: "GET /things HTTP/1.1\r\nKey-One: a\r\n\r\n", want: []string{"One and Two or Three: only One"}},
		{name: "the last", request: "GET /things HTTP/1.1\r\nKey-Two: b\r\n\r\n", want: []string{"One and Two or Three: only Two"}},
		{name: "both", request: "GET /things HTTP/1.1\r\nKey-One: a\r\nKey-Two: b\r\n\r\n"},
		{name: "the alternative", request: "GET /things?three=c HTTP/1.1\r\n\r\n"},
		{name: "one and the alternative", request: "GET /things?three=c HTTP/1.1\r\nKey-Two: b\r\n\r\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, f := range checkRaw(t, judge, test.request, parcelResponse(200, "", "")).Findings {
				got = append(got, f.Want+": "+f.Got)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCredentialOfScheme checks that Authorization carries the credential of the scheme that it names, and no other.
func TestCredentialOfScheme(t *testing.T) {
	const missing = "credentials/missing /request/headers"
	for _, test := range []struct {
		name, scheme, authorization string
		want                        []string
	}{
		{name: "its own", scheme: "Signer", authorization: "Sealed-1 seal=0"},
		{name: "in other case", scheme: "Signer", authorization: "SEALED-1 seal=0"},
		{name: "more than one space", scheme: "Signer", authorization: "Sealed-1  seal=0"},
		{name: "another one's", scheme: "Signer", authorization: "Bearer b", want: []string{missing}},
		{name: "the name alone", scheme: "Signer", authorization: "Sealed-1", want: []string{missing}},
		{name: "the name and a space", scheme: "Signer", authorization: "Sealed-1 ", want: []string{missing}},
		{name: "no name", scheme: "Signer", authorization: "seal=0", want: []string{missing}},
		{name: "a longer name", scheme: "Signer", authorization: "Sealed-12 seal=0", want: []string{missing}},
		{name: "bearer", scheme: "Bearer", authorization: "bearer b"},
		{name: "basic for bearer", scheme: "Bearer", authorization: "Basic YTpi", want: []string{missing}},
		{name: "basic", scheme: "Basic", authorization: "Basic YTpi"},
		{name: "bearer for basic", scheme: "Basic", authorization: "Bearer b", want: []string{missing}},
		{name: "hidden by a recorder", scheme: "Signer", authorization: "REDACTED"},
	} {
		t.Run(test.name, func(t *testing.T) {
			judge := newJudge(t,
				swap(signedThings, "security: [{Key: []}, {Signer: []}, {Bearer: []}, {Basic: []}]", "security: [{"+test.scheme+": []}]"))
			request := "GET /things HTTP/1.1\r\nHost: x\r\nAuthorization: " + test.authorization + "\r\n\r\n"
			if diff := cmp.Diff(test.want, idsAndPointers(checkRaw(t, judge, request, parcelResponse(200, "", "")).Findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
