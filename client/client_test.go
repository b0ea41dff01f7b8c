package client_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/server"
)

const (
	token    = "MIIatAYJKoZIhvcNAQcC+oIIapTCC/GqECAQExDTALBglghkgBZQMEAgE="
	domainID = "d78cbac186b744899480f25bd022f468"
)

// fake returns a client that does not retry. The handler is both of its services.
func fake(t *testing.T, handler http.HandlerFunc) *client.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return &client.Client{Token: client.Secret(token), IAMURL: server.URL, IMSURL: server.URL, Retries: -1}
}

// fixed sends every request the same response.
func fixed(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func source(token string, err error) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return token, err }
}

// calls are the two operations, for tests that expect the same of both.
var calls = []struct {
	operation string
	call      func(context.Context, *client.Client) (count int, isNil bool, err error)
}{
	{operation: "showDomainQuota", call: func(ctx context.Context, c *client.Client) (int, bool, error) {
		quotas, err := c.DomainQuotas(ctx, domainID)
		return len(quotas), quotas == nil, err
	}},
	{operation: "showImageQuota", call: func(ctx context.Context, c *client.Client) (int, bool, error) {
		quotas, err := c.ImageQuotas(ctx)
		return len(quotas), quotas == nil, err
	}},
}

func TestRequestAsSent(t *testing.T) {
	type sent struct {
		Method, URI          string
		Length               int64
		Token, Accept        []string
		Authorization, Extra []string
	}
	want := func(uri string) sent {
		return sent{Method: "GET", URI: uri, Token: []string{token}, Accept: []string{"application/json"}}
	}
	const domain = "/v3.0/OS-QUOTA/domains/"
	domainQuotas := func(id string, types ...iam.QuotaType) func(*client.Client) error {
		return func(c *client.Client) error {
			_, err := c.DomainQuotas(t.Context(), id, types...)
			return err
		}
	}
	for _, test := range []struct {
		name string
		path string // of the base URL
		call func(*client.Client) error
		want sent
	}{
		{name: "no type", call: domainQuotas(domainID), want: want(domain + domainID)},
		{
			name: "one type", call: domainQuotas(domainID, iam.QuotaTypeAssigmentUserEP),
			want: want(domain + domainID + "?type=assigment_user_ep"),
		},
		{
			name: "several types are one request", call: domainQuotas(domainID, iam.QuotaTypeUser, iam.QuotaTypeGroup),
			want: want(domain + domainID),
		},
		{
			name: "a type that needs escaping", call: domainQuotas(domainID, "a b&c=d/é+#"),
			want: want(domain + domainID + "?type=a+b%26c%3Dd%2F%C3%A9%2B%23"),
		},
		{name: "an empty type", call: domainQuotas(domainID, ""), want: want(domain + domainID + "?type=")},
		{
			name: "an id that needs escaping", call: domainQuotas("a b;c:d@e&f=é\n..."),
			want: want(domain + "a%20b%3Bc:d@e&f=%C3%A9%0A..."),
		},
		{name: "base URL with slashes", path: "//", call: domainQuotas(domainID), want: want(domain + domainID)},
		{
			name: "base URL with a path", path: "/iam/v1/", call: domainQuotas(domainID),
			want: want("/iam/v1" + domain + domainID),
		},
		{name: "images", path: "", call: func(c *client.Client) error {
			_, err := c.ImageQuotas(t.Context())
			return err
		}, want: want("/v1/cloudimages/quota")},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []sent
			c := fake(t, func(w http.ResponseWriter, r *http.Request) {
				got = append(got, sent{
					Method: r.Method, URI: r.RequestURI, Length: r.ContentLength,
					Token: r.Header.Values("X-Auth-Token"), Accept: r.Header.Values("Accept"),
					Authorization: r.Header.Values("Authorization"), Extra: r.Header.Values("Content-Type"),
				})
				fixed(200, "application/json", `{"quotas":{"resources":[]}}`)(w, r)
			})
			c.IAMURL += test.path
			if err := test.call(c); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]sent{test.want}, got); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLocalErrors checks that invalid credentials, URLs and ids are errors before a request is sent.
func TestLocalErrors(t *testing.T) {
	domainQuotas := func(id string) func(*client.Client) error {
		return func(c *client.Client) error {
			_, err := c.DomainQuotas(t.Context(), id)
			return err
		}
	}
	imageQuotas := func(c *client.Client) error {
		_, err := c.ImageQuotas(t.Context())
		return err
	}
	for _, test := range []struct {
		name   string
		change func(*client.Client)
		call   func(*client.Client) error
		want   string
	}{
		{
			name: "no token", change: func(c *client.Client) { c.Token = client.Credential{} }, call: domainQuotas(domainID),
			want: "showDomainQuota: no credentials: ",
		},
		{
			name: "no token, images", change: func(c *client.Client) { c.Token = client.Credential{} }, call: imageQuotas,
			want: "showImageQuota: no credentials: ",
		},
		{
			name: "zero value", change: func(c *client.Client) { *c = client.Client{} }, call: imageQuotas,
			want: "showImageQuota: no credentials: ",
		},
		{
			name: "token with its end of line", change: func(c *client.Client) { c.Token = client.Secret(token + "\n") },
			call: domainQuotas(domainID), want: "showDomainQuota: the token has white space",
		},
		{
			name: "token beyond ASCII", change: func(c *client.Client) { c.Token = client.Secret(token + "é") },
			call: imageQuotas, want: "showImageQuota: the token has white space",
		},
		{
			name: "neither Region nor IMSURL", change: func(c *client.Client) { c.IMSURL = "" }, call: imageQuotas,
			want: "showImageQuota: no Region and no IMSURL: IMS has regional endpoints only",
		},
		{
			name: "unknown region", change: func(c *client.Client) { c.Region, c.IMSURL = "cn-nroth-4", "" }, call: imageQuotas,
			want: `showImageQuota: unknown region "cn-nroth-4": the nearest are cn-north-4, cn-north-1, cn-north-2`,
		},
		{
			name: "unknown region, of IAM", change: func(c *client.Client) { c.Region, c.IAMURL = "EU-WEST-10", "" },
			call: domainQuotas(domainID),
			want: `showDomainQuota: unknown region "EU-WEST-10": the nearest are eu-west-0, eu-west-101, `,
		},
		{
			name: "endless region", change: func(c *client.Client) { c.Region, c.IAMURL = strings.Repeat("x", 1<<20), "" },
			call: domainQuotas(domainID), want: `showDomainQuota: unknown region "xxxx`,
		},
		{
			name: "token and key", change: func(c *client.Client) { c.AccessKey = "AK" }, call: domainQuotas(domainID),
			want: "showDomainQuota: two kinds of credentials: want one of",
		},
		{
			name: "half a key", change: func(c *client.Client) { c.Token, c.AccessKey = client.Credential{}, "AK" },
			call: domainQuotas(domainID), want: "showDomainQuota: incomplete access key: want",
		},
		{
			name:   "the other half",
			change: func(c *client.Client) { c.Token, c.SecretKey = client.Credential{}, client.Secret("SK") },
			call:   imageQuotas, want: "showImageQuota: incomplete access key: want",
		},
		{
			name:   "security token alone",
			change: func(c *client.Client) { c.Token, c.SecurityToken = client.Credential{}, client.Secret("ST") },
			call:   imageQuotas, want: "showImageQuota: incomplete access key: want",
		},
		{name: "key with its end of line", change: func(c *client.Client) {
			c.Token, c.AccessKey, c.SecretKey = client.Credential{}, "AK", client.Secret("secret\n")
		}, call: imageQuotas, want: "showImageQuota: the SecretKey has white space"},
		{name: "key with a comma", change: func(c *client.Client) {
			c.Token, c.AccessKey, c.SecretKey = client.Credential{}, "A,K", client.Secret("secret")
		}, call: imageQuotas, want: "showImageQuota: the AccessKey contains a comma"},
		{name: "token source that fails", change: func(c *client.Client) {
			c.Token, c.TokenSource = client.Credential{}, source("", errors.New("no network"))
		}, call: imageQuotas, want: "showImageQuota: token source: no network"},
		{
			name:   "token source without a token",
			change: func(c *client.Client) { c.Token, c.TokenSource = client.Credential{}, source("", nil) }, call: imageQuotas,
			want: "showImageQuota: token source: it returned an empty token",
		},
		{
			name:   "token source with an end of line",
			change: func(c *client.Client) { c.Token, c.TokenSource = client.Credential{}, source("secret\n", nil) },
			call:   imageQuotas, want: "showImageQuota: the token of the token source has white space",
		},
		{
			name: "IMSURL without scheme", change: func(c *client.Client) { c.IMSURL = "ims.example.com" }, call: imageQuotas,
			want: "showImageQuota: IMSURL: want http or https",
		},
		{
			name: "IAMURL of another scheme", change: func(c *client.Client) { c.IAMURL = "ftp://example.com" },
			call: domainQuotas(domainID), want: "showDomainQuota: IAMURL: want",
		},
		{
			name: "IAMURL without host", change: func(c *client.Client) { c.IAMURL = "http://:80" },
			call: domainQuotas(domainID), want: "showDomainQuota: IAMURL: want",
		},
		{
			name: "IAMURL with a query", change: func(c *client.Client) { c.IAMURL += "?x=1" }, call: domainQuotas(domainID),
			want: "showDomainQuota: IAMURL: want",
		},
		{
			name: "IAMURL with a bare ?", change: func(c *client.Client) { c.IAMURL += "?" }, call: domainQuotas(domainID),
			want: "showDomainQuota: IAMURL: want",
		},
		{
			name: "IAMURL with a fragment", change: func(c *client.Client) { c.IAMURL += "#x" }, call: domainQuotas(domainID),
			want: "showDomainQuota: IAMURL: want",
		},
		{
			name:   "IAMURL with a password",
			change: func(c *client.Client) { c.IAMURL = strings.Replace(c.IAMURL, "//", "//me:secret@", 1) },
			call:   domainQuotas(domainID), want: "showDomainQuota: IAMURL: want",
		},
		{
			name: "IAMURL that cannot be parsed", change: func(c *client.Client) { c.IAMURL = "http://[secret" },
			call: domainQuotas(domainID), want: "showDomainQuota: IAMURL: want",
		},
		{name: "empty id", call: domainQuotas(""), want: "showDomainQuota: the domain id is empty"},
		{name: "id .", call: domainQuotas("."), want: "showDomainQuota: the domain id is not a path segment"},
		{name: "id ..", call: domainQuotas(".."), want: "showDomainQuota: the domain id is not a path segment"},
		{name: "id with /", call: domainQuotas("a/b"), want: "showDomainQuota: the domain id is not a path segment"},
		{name: `id with \`, call: domainQuotas(`a\b`), want: "showDomainQuota: the domain id is not a path segment"},
		{name: "id with ?", call: domainQuotas("a?type=user"), want: "showDomainQuota: the domain id is not a path segment"},
		{name: "id with #", call: domainQuotas("a#b"), want: "showDomainQuota: the domain id is not a path segment"},
		{name: "id with %", call: domainQuotas("%2e%2e"), want: "showDomainQuota: the domain id is not a path segment"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var requests atomic.Int32
			c := fake(t, func(http.ResponseWriter, *http.Request) { requests.Add(1) })
			if test.change != nil {
				test.change(c)
			}
			err := test.call(c)
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got error %v, want %s…", err, test.want)
			}
			if got, want := errors.Is(err, client.ErrNoCredentials), strings.Contains(test.want, "no credentials"); got != want {
				t.Errorf("errors.Is(err, ErrNoCredentials): got %t, want %t", got, want)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("error repeats the URL: %v", err)
			}
			if got := requests.Load(); got != 0 {
				t.Errorf("got %d requests, want none", got)
			}
		})
	}
}

// TestGenerated checks that the generated clients send the token, and have the default endpoints.
func TestGenerated(t *testing.T) {
	c := fake(t, func(w http.ResponseWriter, r *http.Request) {
		fixed(http.StatusTeapot, "text/plain", r.Header.Get("X-Auth-Token"))(w, r)
	})
	account, err := c.IAM()
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&iam.ClientWithResponses{ClientInterface: account}).ShowDomainQuotaWithResponse(t.Context(), domainID, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(token, string(response.Body)); diff != "" {
		t.Errorf("IAM token (-want +got):\n%s", diff)
	}
	project, err := c.IMS()
	if err != nil {
		t.Fatal(err)
	}
	teapot, err := project.ShowImageQuota(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_ = teapot.Body.Close()
	if teapot.StatusCode != http.StatusTeapot {
		t.Errorf("IMS: got status %d, want 418", teapot.StatusCode)
	}

	global, err := (&client.Client{Token: client.Secret(token)}).IAM()
	if err != nil {
		t.Fatal(err)
	}
	if want := "https://iam.myhuaweicloud.com/"; global.Server != want {
		t.Errorf("default server: got %s, want %s", global.Server, want)
	}
	if _, err := (&client.Client{}).IAM(); !errors.Is(err, client.ErrNoCredentials) {
		t.Errorf("IAM without token: got %v, want ErrNoCredentials", err)
	}
	if _, err := (&client.Client{Token: client.Secret(token)}).IMS(); err == nil {
		t.Error("IMS without IMSURL: got no error")
	}
}

// TestGeneratedAccount checks that the generated client signs the X-Domain-Id that a RequestEditorFn sets.
func TestGeneratedAccount(t *testing.T) {
	c := &client.Client{AccessKey: server.ReaderKeyID, SecretKey: client.Secret(server.ReaderSecret), IAMURL: reference(t)}
	account, err := c.IAM()
	if err != nil {
		t.Fatal(err)
	}
	for named, want := range map[string]int{server.SampleDomainID: http.StatusOK, server.StrangerDomainID: http.StatusForbidden} {
		response, err := account.ShowDomainQuota(t.Context(), server.SampleDomainID, nil, func(_ context.Context, r *http.Request) error {
			r.Header.Set("X-Domain-Id", named)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		signed := strings.Contains(response.Request.Header.Get("Authorization"), ";x-domain-id;")
		if response.StatusCode != want || !signed {
			t.Errorf("account %s: got status %d, signed %t, want %d, true", named, response.StatusCode, signed, want)
		}
	}
}
