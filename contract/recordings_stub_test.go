package contract_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/gen/ims"
	"github.com/quotaspec/quotaspec/internal/signature"
	"github.com/quotaspec/quotaspec/server"
	"github.com/quotaspec/quotaspec/server/servertest"
)

// The reference server serves the generated stubs. These tests ask it with the generated client for each recorded response:
// by a request that must get it, and by its name in "Prefer".

// provocation changes a recorded request so that the reference server responds as recorded.
type provocation struct {
	edit    func(*http.Request) error // adds credentials, or changes the path
	repeats int                       // requests that are sent before the one that gets the response
	message string                    // the server's, where its words differ from the recorded ones; "": they do not
	options server.Options            // the test sets Data and Now
}

// clock is the time on the reference server's clock.
var clock = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// tokens are those of the principals in the manifest.
var tokens = map[string]string{
	"reader": server.ReaderToken, "limited": server.LimitedToken, "stranger": server.StrangerToken, "denied": deniedToken, "none": "",
}

// provocations are those that take more than to send the recorded request with the principal's token, by the name of the
// recording, which two operations may share.
var provocations = map[string]provocation{
	"iam-200-mapping-unreported": {edit: withToken(server.ReaderToken), options: server.Options{Variants: []string{"used-absent"}}},

	"gateway-401-token-undecryptable": {edit: withToken("unknown-token")},
	"gateway-401-token-expired":       {edit: withToken(server.ExpiredToken), message: "Incorrect IAM authentication information: token expires, expires_at: 2024-02-28T12:00:00.000000Z"},
	"gateway-401-key-unknown":         {edit: withKey("QSUNKNOWN00000000001", server.ReaderSecret, clock)},
	"gateway-401-ak-not-exist":        {edit: withKey("QSUNKNOWN00000000001", server.ReaderSecret, clock), message: "Incorrect IAM authentication information: Get secretKey failed,ak:******,err:ak not exist"},
	"gateway-401-key-locked":          {edit: withKey(server.ReaderKeyID, "wrong", clock), repeats: 5},
	"gateway-401-signature-wrong":     {edit: withKey(server.ReaderKeyID, "wrong", clock), message: "Incorrect IAM authentication information: verify aksk signature fail"},
	"gateway-401-signature-mismatch":  {edit: withKey(server.ReaderKeyID, "wrong", clock), message: "Incorrect IAM authentication information: verify aksk signature fail"},
	"gateway-401-signature-expired":   {edit: withKey(server.ReaderKeyID, server.ReaderSecret, clock.Add(-time.Hour))},

	// Any well-formed ID but the caller's own gets 403, so that nobody learns which accounts exist.
	"iam-404-not-found":        {edit: atPath("/v3.0/OS-QUOTA/domains/no-account"), message: "Could not find domain: no-account."},
	"gateway-404-unknown-path": {edit: atPath("/v3.0/OS-QUOTA/domains"), message: "The API does not exist or has not been published in the environment."},
	"ims-404-unknown-path":     {edit: atPath("/v1/cloudimages/quotas")},

	"gateway-429-throttled": {edit: withToken(server.ReaderToken), repeats: 1, message: "The throttling threshold has been reached.", options: server.Options{RateLimit: 1}},
}

// unprovoked are the recordings that no request gets from the reference server, and why. Those of them that are examples of
// a document are asked for by name.
var unprovoked = map[string]string{
	"gateway-401-body-too-large": "a body that is too large gets 400 before its signature is checked",
	"iam-401-token-invalid":      "the gateway rejects a wrong token, so that none gets as far as IAM",
	"iam-429-throttled":          "only the gateway limits requests, IAM itself does not",
	"iam-500-internal-error":     "no request makes the server fail",
	"ims-400-image-type":         "the operation has no parameter for the type of image",
	"ims-500-internal-error":     "no request makes the server fail",
	"ims-503-unavailable":        "the server depends on no other service",
}

// TestRecordingsStub sends a request that must get the recorded response. The reference server holds the recorded quotas, so
// the body must be the recorded one but for request_id, and for the messages that the table names.
func TestRecordingsStub(t *testing.T) {
	known := map[string]bool{}
	for _, r := range recorded(t) {
		known[r.Name()] = true
		provoke, special := provocations[r.Name()]
		if _, cannot := unprovoked[r.Name()]; cannot {
			if special {
				t.Errorf("%s is in provocations and in unprovoked", r.Name())
			}
			continue
		}
		if !special {
			token, is := tokens[r.Request.Principal]
			if !is {
				t.Errorf("%s: the principal %s has no token: add it to provocations or unprovoked", r.Name(), r.Request.Principal)
				continue
			}
			provoke.edit = withToken(token)
		}
		t.Run(r.Operation+"/"+r.Name(), func(t *testing.T) {
			provoke.options.Data = holding(t, r)
			provoke.options.Now = func() time.Time { return clock }
			url := servertest.With(t, provoke.options)
			for range provoke.repeats {
				generatedClient(t, url, r, provoke.edit)
			}
			want, got := received(t, r.Status, r.ContentType, r.Body), generatedClient(t, url, r, provoke.edit)
			if provoke.message != "" {
				want.Body["error_msg"] = provoke.message
			}
			if diff := cmp.Diff(want, received(t, got.status, got.header.Get("Content-Type"), got.body)); diff != "" {
				t.Errorf("(-recorded +got):\n%s", diff)
			}
		})
	}
	for name := range provocations {
		if !known[name] {
			t.Errorf("provocations: there is no recording %s", name)
		}
	}
	for name := range unprovoked {
		if !known[name] {
			t.Errorf("unprovoked: there is no recording %s", name)
		}
	}
}

// TestRecordingsPreferred asks the reference server for each recording that is an example of its document. The response must
// be the recorded one to the last value.
func TestRecordingsPreferred(t *testing.T) {
	url := servertest.New(t)
	for _, r := range recorded(t) {
		if r.Example == "" {
			continue
		}
		t.Run(r.Operation+"/"+r.Name(), func(t *testing.T) {
			got := generatedClient(t, url, r, func(request *http.Request) error {
				request.Header.Set("Prefer", fmt.Sprintf("code=%d, example=%s", r.Status, r.Example))
				return nil
			})
			if got.status != r.Status || got.header.Get("Content-Type") != r.ContentType {
				t.Errorf("got %d, %s, want %d, %s", got.status, got.header.Get("Content-Type"), r.Status, r.ContentType)
			}
			if diff := cmp.Diff(decoded(t, r.Body), decoded(t, got.body)); diff != "" {
				t.Errorf("(-recorded +got):\n%s", diff)
			}
		})
	}
}

// outcome is a response without what differs from one request to the next.
type outcome struct {
	Status      int
	ContentType string
	Body        map[string]any
}

func received(t *testing.T, status int, contentType string, body []byte) outcome {
	t.Helper()
	v := decoded(t, body)
	if id, is := v["request_id"].(string); is && id != "" {
		v["request_id"] = "some"
	}
	return outcome{status, contentType, v}
}

// deniedToken is the token of a caller who may not ask for quotas at all.
const deniedToken = "denied-token"

// holding returns the sample data with the quotas of a recorded 200 in the place of its own, and with a caller to whom the
// action is denied.
func holding(t *testing.T, r recordings.Recording) *server.Data {
	t.Helper()
	data := server.Sample()
	account := &data.Accounts[0]
	data.Principals = append(data.Principals, server.Principal{
		Name: "denied", DomainID: account.DomainID, ProjectID: account.Projects[0].ID,
		Tokens: []server.Token{{Value: deniedToken}},
		Grants: []server.Grant{{Action: "iam:quotas:*", Effect: server.Deny, Scope: server.AllResources}},
	})
	if r.Status != http.StatusOK {
		return &data
	}
	var err error
	switch r.Operation {
	case "showDomainQuota":
		var recorded iam.DomainQuotas
		err = json.Unmarshal(r.Body, &recorded)
		for _, quota := range recorded.Quotas.Resources {
			i := slices.IndexFunc(account.Quotas, func(q iam.DomainQuota) bool { return q.Type == quota.Type })
			if i < 0 {
				t.Fatalf("the sample data has no type %s", quota.Type)
			}
			account.Quotas[i] = quota
		}
	case "showImageQuota":
		var recorded ims.ImageQuotas
		err = json.Unmarshal(r.Body, &recorded)
		account.Projects[0].Quotas = recorded.Quotas.Resources
	}
	if err != nil {
		t.Fatal(err)
	}
	return &data
}

// withToken sends a token; "": none.
func withToken(value string) func(*http.Request) error {
	return func(r *http.Request) error {
		if value != "" {
			r.Header.Set("X-Auth-Token", value)
		}
		return nil
	}
}

// withKey signs with an access key.
func withKey(id, secret string, at time.Time) func(*http.Request) error {
	return func(r *http.Request) error { return signature.Sign(r, signature.Key{ID: id, Secret: secret}, at) }
}

// atPath sends a token to another path.
func atPath(path string) func(*http.Request) error {
	return func(r *http.Request) error {
		r.URL.Path = path
		return withToken(server.ReaderToken)(r)
	}
}
