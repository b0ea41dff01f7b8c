package interop

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	iammodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/iam/v3/model"
	imsmodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ims/v2/model"

	"github.com/quotaspec/quotaspec/server"
)

// TestLostErrors tests which parts of an error the SDK loses. They are the reason why the documents promise codes as strings, a
// message beside each code, and the header X-Request-Id. Remove a row if the SDK no longer loses its part.
func TestLostErrors(t *testing.T) {
	for _, test := range []struct {
		name, why string
		status    int
		body      string
		want      sdkError
	}{
		{
			name: "a code that is a number", why: "only strings are taken, and the message goes with the code", status: 403,
			body: `{"error":{"message":"no","code":403}}`, want: sdkError{403, "", `{"error":{"message":"no","code":403}}`},
		},
		{
			name: "a code without a message", why: "one without the other is not taken", status: 403,
			body: `{"error_code":"IAM.0002","error_msg":""}`, want: sdkError{403, "", `{"error_code":"IAM.0002","error_msg":""}`},
		},
		{
			name: "names in another case", why: "the members are looked up as they stand", status: 403,
			body: `{"Error_Code":"IAM.0002","Error_Msg":"no"}`,
			want: sdkError{403, "", `{"Error_Code":"IAM.0002","Error_Msg":"no"}`},
		},
		{
			name: "two shapes at once", why: "the flat one wins", status: 403,
			body: `{"error":{"message":"inner","code":"IMG.0026"},"error_code":"APIGW.0301","error_msg":"outer"}`,
			want: sdkError{403, "APIGW.0301", "outer"},
		},
		{
			name: "a page of a proxy", why: "a body that is not JSON becomes the message", status: 503,
			body: "<html>", want: sdkError{503, "", "<html>"},
		},
		{name: "nothing", why: "the error is empty", status: 503, want: sdkError{503, "", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			captured := &capture{}
			u := user{credential: readerBasicKey(), transport: captured}
			_, err := u.call(t, serve(t, respond(test.status, "application/json", test.body)), iamOperation, server.SampleDomainID, "")
			if diff := cmp.Diff(test.want, decodeError(t, err, captured)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.why, diff)
			}
		})
	}
}

// TestLostRequestID checks that the SDK loses a request id that is only in the body, as documented for the vendor's gateway.
func TestLostRequestID(t *testing.T) {
	endpoint := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"error_msg":"slow down","error_code":"APIGW.0308","request_id":"c50619de20b0e70590f57a99dbed044f"}`))
	}))
	u := user{credential: readerBasicKey()}
	_, err := u.call(t, endpoint, iamOperation, server.SampleDomainID, "")
	var e *sdkerr.ServiceResponseError
	if !errors.As(err, &e) || e.ErrorCode != "APIGW.0308" || e.RequestId != "" {
		t.Errorf("got %v, want the code without a request id", err)
	}
}

// TestSilentSuccess checks that the SDK takes every status below 400 for a success without quotas. So 200 is the only success in
// the documents.
func TestSilentSuccess(t *testing.T) {
	for _, test := range []struct {
		name   string
		status int
		body   string
	}{
		{name: "no content", status: 204},
		{name: "moved", status: 301},
		{name: "found", status: 302},
		{name: "not modified", status: 304},
		{name: "an empty 200", status: 200},
		{name: "an object without quotas", status: 200, body: "{}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			endpoint := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			}))
			u := user{credential: readerBasicKey()}
			account, err := u.iam(t, endpoint).ShowDomainQuota(&iammodel.ShowDomainQuotaRequest{DomainId: server.SampleDomainID})
			if diff := cmp.Diff(&iammodel.ShowDomainQuotaResponse{HttpStatusCode: test.status}, account); err != nil || diff != "" {
				t.Errorf("IAM: %v (-want +got):\n%s", err, diff)
			}
			images, err := u.ims(t, endpoint).ShowImageQuota(&imsmodel.ShowImageQuotaRequest{})
			if diff := cmp.Diff(&imsmodel.ShowImageQuotaResponse{HttpStatusCode: test.status}, images); err != nil || diff != "" {
				t.Errorf("IMS: %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestUsageNotReported tests how the two models decode a "used" that is absent or null.
func TestUsageNotReported(t *testing.T) {
	for _, used := range []string{"", `,"used":null`} {
		body := `{"quotas":{"resources":[{"type":"mapping","min":10,"quota":10,"max":100` + used + `}]}}`
		endpoint := serve(t, respond(200, "application/json", body))
		u := user{credential: readerBasicKey()}
		account, err := u.iam(t, endpoint).ShowDomainQuota(&iammodel.ShowDomainQuotaRequest{DomainId: server.SampleDomainID})
		if err != nil || (*account.Quotas.Resources)[0].Used != nil {
			t.Errorf("IAM, %q: got %v, %v, want nil", used, account, err)
		}
		images, err := u.ims(t, endpoint).ShowImageQuota(&imsmodel.ShowImageQuotaRequest{})
		if err != nil || images.Quotas.Resources[0].Used != 0 {
			t.Errorf("IMS, %q: got %v, %v, want 0, so the documents must promise a number", used, images, err)
		}
	}
}
