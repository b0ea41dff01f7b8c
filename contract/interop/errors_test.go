package interop

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/signer/algorithm"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"

	"github.com/quotaspec/quotaspec/server"
)

const (
	iamOperation = "showDomainQuota"
	imsOperation = "showImageQuota"

	authentication = "Incorrect IAM authentication information: "
	invalidRole    = "The role is invalid. You need to apply for the required permissions or pass the real-name authentication."
)

// sdkError is the part of an SDK error to compare.
type sdkError struct {
	Status        int
	Code, Message string
}

// decodeError returns the parts of the SDK's error. It checks that the error has the request id of the response.
func decodeError(t *testing.T, err error, captured *capture) sdkError {
	t.Helper()
	var e *sdkerr.ServiceResponseError
	if !errors.As(err, &e) {
		t.Fatalf("got %T %v, want a ServiceResponseError", err, err)
	}
	if id := captured.response.Header.Get("X-Request-Id"); id == "" || e.RequestId != id {
		t.Errorf("request id: got %q, the response has %q", e.RequestId, id)
	}
	return sdkError{e.StatusCode, e.ErrorCode, e.ErrorMessage}
}

func TestErrors(t *testing.T) {
	key := func(id, secret string) user { return user{credential: basicKey(id, secret, "")} }
	by := func(value string) user { return user{credential: token(value)} }
	reader := user{credential: readerBasicKey()}
	for _, test := range []struct {
		name      string
		operation string // "": both
		user      user
		domain    string        // "": the sample's
		quotaType string        // "": all
		ahead     time.Duration // of the provider's clock
		want      sdkError
	}{
		{name: "no credentials", user: by(""), want: sdkError{401, "APIGW.0301", authentication + "x-auth-token not found"}},
		{name: "no credentials, despite a key", user: user{credential: readerBasicKey(), headers: map[string]string{"Authorization": ""}},
			want: sdkError{401, "APIGW.0301", authentication + "x-auth-token not found"}},
		{name: "unknown token", user: by("nobodys-token"), want: sdkError{401, "APIGW.0301", authentication + "decrypt token fail"}},
		{name: "malformed token", user: by("a b"), want: sdkError{401, "APIGW.0301", authentication + "decrypt token fail"}},
		{name: "expired token", user: by(server.ExpiredToken),
			want: sdkError{401, "APIGW.0301", authentication + "token expires, expires_at: 2024-02-28T12:00:00.000000Z"}},
		{name: "another scheme", user: user{credential: token(""), headers: map[string]string{"Authorization": "Bearer x"}},
			want: sdkError{401, "APIGW.0301", authentication + "decrypt token fail"}},
		{name: "another algorithm", user: user{credential: readerBasicKey(), algorithm: algorithm.HmacSM3},
			want: sdkError{401, "APIGW.0301", authentication + "decrypt token fail"}},
		{name: "key and token of two principals",
			user: user{credential: readerBasicKey(), headers: map[string]string{"X-Auth-Token": server.StrangerToken}},
			want: sdkError{401, "APIGW.0301", authentication + "decrypt token fail"}},
		{name: "unknown key", user: key("NOBODYSKEY0000000000", "secret"),
			want: sdkError{401, "APIGW.0301", authentication + "Get secretKey failed,ak:******,err:ak not exist"}},
		{name: "wrong secret", user: key(server.ReaderKeyID, "wrong"),
			want: sdkError{401, "APIGW.0301", authentication + "verify aksk signature fail"}},
		{name: "clock behind", user: reader, ahead: 16 * time.Minute,
			want: sdkError{401, "APIGW.0301", authentication + "calc ak sk signature fail:signature expired"}},
		{name: "clock ahead", user: reader, ahead: -16 * time.Minute,
			want: sdkError{401, "APIGW.0301", authentication + "calc ak sk signature fail:signature expired"}},

		{name: "unknown type", operation: iamOperation, user: reader, quotaType: "users",
			want: sdkError{400, "IAM.0007", "Request parameter type is invalid."}},
		{name: "type in the other case, by token", operation: iamOperation, user: by(server.ReaderToken), quotaType: "User",
			want: sdkError{400, "IAM.0007", "Request parameter type is invalid."}},
		{name: "foreign account", operation: iamOperation, user: reader, domain: server.StrangerDomainID,
			want: sdkError{403, "IAM.0002", "You are not authorized to perform the requested action."}},
		{name: "foreign account, by token", operation: iamOperation, user: by(server.StrangerToken),
			want: sdkError{403, "IAM.0002", "You are not authorized to perform the requested action."}},
		{name: "an unknown account", operation: iamOperation, user: reader, domain: "nobody",
			want: sdkError{404, "IAM.0004", "Could not find domain: nobody."}},
		{name: "an account with a slash", operation: iamOperation, user: reader, domain: "a/b",
			want: sdkError{404, "APIGW.0101", "The API does not exist or has not been published in the environment."}},
		{name: "no permission", operation: imsOperation, user: key(server.LimitedKeyID, server.LimitedSecret),
			want: sdkError{403, "IMG.0026", invalidRole}},
		{name: "no permission, by token", operation: imsOperation, user: by(server.LimitedToken),
			want: sdkError{403, "IMG.0026", invalidRole}},
		{name: "foreign project", operation: imsOperation,
			user: user{credential: basicKey(server.ReaderKeyID, server.ReaderSecret, server.StrangerProjectID)},
			want: sdkError{403, "IMG.0026", invalidRole}},
	} {
		for _, operation := range []string{iamOperation, imsOperation} {
			if test.operation != "" && test.operation != operation {
				continue
			}
			t.Run(test.name+"/"+operation, func(t *testing.T) {
				endpoint := serve(t, provider(t, server.Options{Now: func() time.Time { return time.Now().Add(test.ahead) }}))
				domain := test.domain
				if domain == "" {
					domain = server.SampleDomainID
				}
				captured := &capture{}
				test.user.transport = captured
				_, err := test.user.call(t, endpoint, operation, domain, test.quotaType)
				got := decodeError(t, err, captured)
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				for _, secret := range []string{server.ReaderSecret, "nobodys-token", "NOBODYSKEY"} {
					if strings.Contains(err.Error(), secret) {
						t.Errorf("the error contains %s", secret)
					}
				}
			})
		}
	}
}
