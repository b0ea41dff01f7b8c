package client_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/contracttest"
	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
	"github.com/quotaspec/quotaspec/server"
)

// reference starts the reference provider and returns its URL.
func reference(t testing.TB) string {
	t.Helper()
	handler, err := server.New(server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s.URL
}

// lastHeader sends requests and notes the header of the last one.
type lastHeader struct{ http.Header }

func (l *lastHeader) RoundTrip(req *http.Request) (*http.Response, error) {
	l.Header = req.Header.Clone()
	return http.DefaultTransport.RoundTrip(req)
}

// TestConsumer is the consumer's side of the contract. It sends each kind of request that the client can send to the reference
// provider, and the documents judge it, also by what they do not mention.
func TestConsumer(t *testing.T) {
	url := reference(t)
	iamDocument, err := openapi.Embedded("iam")
	if err != nil {
		t.Fatal(err)
	}
	domainQuotas := func(types ...iam.QuotaType) func(*client.Client) (int, error) {
		return func(c *client.Client) (int, error) {
			quotas, err := c.DomainQuotas(t.Context(), server.SampleDomainID, types...)
			return len(quotas), err
		}
	}
	type request struct {
		name, document string
		call           func(*client.Client) (int, error)
		want           int
	}
	requests := []request{
		{name: "all types", document: "iam", call: domainQuotas(), want: 10},
		{name: "several types", document: "iam", call: domainQuotas(iam.QuotaTypeUser, iam.QuotaTypeMapping), want: 2},
		{name: "images", document: "ims", call: func(c *client.Client) (int, error) {
			quotas, err := c.ImageQuotas(t.Context())
			return len(quotas), err
		}, want: 1},
	}
	for _, value := range iamDocument.Root.At("/components/schemas/QuotaType/enum").Items {
		name := value.Text
		requests = append(requests, request{"type " + name, "iam", domainQuotas(iam.QuotaType(name)), 1})
	}
	for _, credentials := range []struct {
		name   string
		client client.Client
	}{
		{name: "token", client: client.Client{Token: client.Secret(server.ReaderToken)}},
		{
			name:   "token and project",
			client: client.Client{Token: client.Secret(server.ReaderToken), ProjectID: server.SampleProjectID},
		},
		{name: "token source", client: client.Client{TokenSource: source(server.ReaderToken, nil)}},
		{name: "access key", client: client.Client{AccessKey: server.ReaderKeyID, SecretKey: client.Secret(server.ReaderSecret)}},
		{
			name:   "access key and project",
			client: client.Client{AccessKey: server.ReaderKeyID, SecretKey: client.Secret(server.ReaderSecret), ProjectID: server.SampleProjectID},
		},
		{
			name: "temporary access key",
			client: client.Client{
				AccessKey: server.ReaderKeyID, SecretKey: client.Secret(server.ReaderSecret),
				SecurityToken: client.Secret("ST"), ProjectID: server.SampleProjectID,
			},
		},
	} {
		for _, r := range requests {
			t.Run(credentials.name+"/"+r.name, func(t *testing.T) {
				check := contracttest.New(t, "../openapi/iam.yaml",
					contracttest.Document("../openapi/ims.yaml"), contracttest.FailOn(spec.Undocumented))
				sent := &lastHeader{}
				c := credentials.client
				c.IAMURL, c.IMSURL, c.Retries = url, strings.Replace(url, "127.0.0.1", "localhost", 1), -1
				c.HTTPClient = &http.Client{Transport: check.Transport(sent)}
				if got, err := r.call(&c); err != nil || got != r.want {
					t.Errorf("got %d quotas, %v, want %d", got, err, r.want)
				}
				if signed := credentials.client.AccessKey != ""; signed {
					want := map[string]string{"iam": server.SampleDomainID, "ims": credentials.client.ProjectID}[r.document]
					got := sent.Get("X-Domain-Id") + sent.Get("X-Project-Id")
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("X-Domain-Id or X-Project-Id (-want +got):\n%s", diff)
					}
				}
			})
		}
	}
}

// TestConsumerJudged checks that the judge reports requests that the documents do not describe, so that TestConsumer can fail.
func TestConsumerJudged(t *testing.T) {
	doc, err := openapi.Embedded("iam")
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	target := "/v3.0/OS-QUOTA/domains/" + domainID
	for _, test := range []struct{ name, target, header string }{
		{name: "unknown type", target: target + "?type=robot", header: "X-Auth-Token: t"},
		{name: "unknown parameter", target: target + "?kind=user", header: "X-Auth-Token: t"},
		{name: "no credentials", target: target, header: "Accept: application/json"},
		{
			name: "bad date", target: target,
			header: "Authorization: SDK-HMAC-SHA256 Access=a, SignedHeaders=x-sdk-date, Signature=b\r\nX-Sdk-Date: today",
		},
	} {
		request, err := contract.ParseRequest([]byte("GET " + test.target + " HTTP/1.1\r\nHost: a\r\n" + test.header + "\r\n\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		result := judge.Check(contract.Exchange{Probe: spec.ValidRequest, Request: request, Response: contract.Response{
			Status: 200, Header: http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {"r"}}, Body: []byte(allTypes)}})
		if len(result.Findings) == 0 {
			t.Errorf("%s: got no finding", test.name)
		}
	}
}
