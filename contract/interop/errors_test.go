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
)

// refusal is what the SDK told of an error.
type refusal struct {
	Status        int
	Code, Message string
}

// refused takes the SDK's error apart, after seeing that it names the request as the answer did.
func refused(t *testing.T, err error, seen *last) refusal {
	t.Helper()
	var e *sdkerr.ServiceResponseError
	if !errors.As(err, &e) {
		t.Fatalf("got %T %v, want a ServiceResponseError", err, err)
	}
	if id := seen.answer.Header.Get("X-Request-Id"); id == "" || e.RequestId != id {
		t.Errorf("request id: got %q, the answer has %q", e.RequestId, id)
	}
	return refusal{e.StatusCode, e.ErrorCode, e.ErrorMessage}
}

func TestErrors(t *testing.T) {
	key := func(id, secret string) user { return user{credential: basicKey(id, secret, "")} }
	by := func(value string) user { return user{credential: token(value)} }
	reader := user{credential: readerBasicKey()}
	for _, test := range []struct {
		name      string
		operation string // empty: both
		user      user
		domain    string // empty: the sample's
		what      string // type
		late      time.Duration
		want      refusal
	}{
		{name: "no credentials", user: by(""), want: refusal{401, "APIGW.0301", authentication + "x-auth-token not found"}},
		{name: "no credentials, though a key is there", user: user{credential: readerBasicKey(), headers: map[string]string{"Authorization": ""}},
			want: refusal{401, "APIGW.0301", authentication + "x-auth-token not found"}},
		{name: "unknown token", user: by("nobodys-token"), want: refusal{401, "APIGW.0301", authentication + "decrypt token fail"}},
		{name: "malformed token", user: by("a b"), want: refusal{401, "APIGW.0301", authentication + "decrypt token fail"}},
		{name: "expired token", user: by(server.ExpiredToken),
			want: refusal{401, "APIGW.0301", authentication + "token expires, expires_at: 2024-02-28T12:00:00.000000Z"}},
		{name: "another scheme", user: user{credential: token(""), headers: map[string]string{"Authorization": "Bearer x"}},
			want: refusal{401, "APIGW.0301", authentication + "decrypt token fail"}},
		{name: "another algorithm", user: user{credential: readerBasicKey(), algorithm: algorithm.HmacSM3},
			want: refusal{401, "APIGW.0301", authentication + "decrypt token fail"}},
		{name: "key and token of two", user: user{credential: readerBasicKey(), headers: map[string]string{"X-Auth-Token": server.StrangerToken}},
			want: refusal{401, "APIGW.0301", authentication + "decrypt token fail"}},
		{name: "unknown key", user: key("NOBODYSKEY0000000000", "secret"),
			want: refusal{401, "APIGW.0301", authentication + "Get secretKey failed,ak:******,err:ak not exist"}},
		{name: "wrong secret", user: key(server.ReaderKeyID, "wrong"),
			want: refusal{401, "APIGW.0301", authentication + "verify aksk signature fail"}},
		{name: "clock behind", user: reader, late: 16 * time.Minute,
			want: refusal{401, "APIGW.0301", authentication + "calc ak sk signature fail:signature expired"}},
		{name: "clock ahead", user: reader, late: -16 * time.Minute,
			want: refusal{401, "APIGW.0301", authentication + "calc ak sk signature fail:signature expired"}},

		{name: "unknown type", operation: iamOperation, user: reader, what: "users",
			want: refusal{400, "IAM.0007", "Request parameter type is invalid."}},
		{name: "type in the other case, by token", operation: iamOperation, user: by(server.ReaderToken), what: "User",
			want: refusal{400, "IAM.0007", "Request parameter type is invalid."}},
		{name: "foreign account", operation: iamOperation, user: reader, domain: server.StrangerDomainID,
			want: refusal{403, "IAM.0002", "You are not authorized to perform the requested action."}},
		{name: "foreign account, by token", operation: iamOperation, user: by(server.StrangerToken),
			want: refusal{403, "IAM.0002", "You are not authorized to perform the requested action."}},
		{name: "an account that is none", operation: iamOperation, user: reader, domain: "nobody",
			want: refusal{404, "IAM.0004", "Could not find domain: nobody."}},
		{name: "an account with a slash", operation: iamOperation, user: reader, domain: "a/b",
			want: refusal{404, "APIGW.0101", "The API does not exist or has not been published in the environment."}},
		{name: "no permission", operation: imsOperation, user: key(server.LimitedKeyID, server.LimitedSecret),
			want: refusal{403, "IMG.0026", "The role is invalid. You need to apply for the required permissions or pass the real-name authentication."}},
		{name: "no permission, by token", operation: imsOperation, user: by(server.LimitedToken),
			want: refusal{403, "IMG.0026", "The role is invalid. You need to apply for the required permissions or pass the real-name authentication."}},
		{name: "foreign project", operation: imsOperation, user: user{credential: basicKey(server.ReaderKeyID, server.ReaderSecret, server.StrangerProjectID)},
			want: refusal{403, "IMG.0026", "The role is invalid. You need to apply for the required permissions or pass the real-name authentication."}},
	} {
		for _, operation := range []string{iamOperation, imsOperation} {
			if test.operation != "" && test.operation != operation {
				continue
			}
			t.Run(test.name+"/"+operation, func(t *testing.T) {
				endpoint := serve(t, provider(t, server.Options{Now: func() time.Time { return time.Now().Add(test.late) }}))
				domain := test.domain
				if domain == "" {
					domain = server.SampleDomainID
				}
				seen := &last{}
				test.user.transport = seen
				_, err := test.user.ask(t, endpoint, operation, domain, test.what)
				got := refused(t, err, seen)
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				for _, secret := range []string{server.ReaderSecret, "nobodys-token", "NOBODYSKEY"} {
					if strings.Contains(err.Error(), secret) {
						t.Errorf("the error tells %s", secret)
					}
				}
			})
		}
	}
}
