package interop

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/global"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/signer/algorithm"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/config"
	iam "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/iam/v3"
	iammodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/iam/v3/model"
	ims "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ims/v2"
	imsmodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ims/v2/model"

	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
	"github.com/quotaspec/quotaspec/server"
)

// documents loads the embedded documents once, since loading takes longer than a test.
var documents = sync.OnceValues(func() (both []*spec.Document, err error) {
	for _, name := range []string{"iam", "ims"} {
		d, err := openapi.Embedded(name)
		if err != nil {
			return nil, err
		}
		both = append(both, d)
	}
	return both, nil
})

// bothDocuments returns the documents of IAM and IMS.
func bothDocuments(t testing.TB) []*spec.Document {
	t.Helper()
	both, err := documents()
	if err != nil {
		t.Fatal(err)
	}
	return both
}

// provider makes the reference provider with these options and the embedded documents.
func provider(t testing.TB, o server.Options) *server.Server {
	t.Helper()
	s, err := server.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// serve listens on loopback and returns the endpoint.
func serve(t testing.TB, h http.Handler) string {
	t.Helper()
	ts := httptest.NewUnstartedServer(nil)
	ts.Config = server.HTTPServer(h)
	ts.Start()
	t.Cleanup(ts.Close)
	return ts.URL
}

// user is a configuration of the SDK.
type user struct {
	credential auth.ICredential
	headers    map[string]string          // sent with every request
	algorithm  algorithm.SigningAlgorithm // "": the default of the SDK
	transport  http.RoundTripper          // nil: that of the SDK
}

// The credentials of the SDK. Its builder for IMS accepts only basic credentials, unless it is configured for those of IAM.
func globalKey(id, secret, domain string) auth.ICredential {
	return must(global.NewCredentialsBuilder().WithAk(id).WithSk(secret).WithDomainId(domain).SafeBuild())
}

func basicKey(id, secret, project string) auth.ICredential {
	return must(basic.NewCredentialsBuilder().WithAk(id).WithSk(secret).WithProjectId(project).SafeBuild())
}

func token(value string) auth.ICredential {
	return iam.NewIamCredentialsBuilder().WithXAuthToken(value).Build()
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func readerKey() auth.ICredential {
	return globalKey(server.ReaderKeyID, server.ReaderSecret, server.SampleDomainID)
}

func readerBasicKey() auth.ICredential {
	return basicKey(server.ReaderKeyID, server.ReaderSecret, server.SampleProjectID)
}

// quiet is the default configuration with a fixed user agent. Without one, the SDK writes a file to the home directory.
func quiet() *config.HttpConfig { return config.DefaultHttpConfig().WithUserAgent("interop") }

func (u user) build(t testing.TB, b *core.HcHttpClientBuilder, endpoint string) *core.HcHttpClient {
	t.Helper()
	c := quiet()
	if u.algorithm != "" {
		c.WithSigningAlgorithm(u.algorithm)
	}
	if u.transport != nil {
		c.WithHttpRoundTripper(u.transport)
	}
	client, err := b.WithCredential(u.credential).WithEndpoint(endpoint).WithHttpConfig(c).SafeBuild()
	if err != nil {
		t.Fatal(err)
	}
	return client.WithExtraHeaders(u.headers)
}

func (u user) iam(t testing.TB, endpoint string) *iam.IamClient {
	t.Helper()
	return iam.NewIamClient(u.build(t, iam.IamClientBuilder(), endpoint))
}

func (u user) ims(t testing.TB, endpoint string) *ims.ImsClient {
	t.Helper()
	return ims.NewImsClient(u.build(t, ims.ImsClientBuilder().WithCredentialsType("basic.Credentials,v3.IamCredentials"), endpoint))
}

// call calls an operation of the documents through the SDK. The type of quotas is for IAM; "" requests all.
func (u user) call(t testing.TB, endpoint, operation, domain, quotaType string) (response any, err error) {
	t.Helper()
	switch operation {
	case "showDomainQuota":
		return u.iam(t, endpoint).ShowDomainQuota(&iammodel.ShowDomainQuotaRequest{DomainId: domain, Type: parseType(t, quotaType)})
	case "showImageQuota":
		return u.ims(t, endpoint).ShowImageQuota(&imsmodel.ShowImageQuotaRequest{})
	}
	t.Fatalf("the SDK has no %s here", operation)
	return nil, nil
}

// parseType converts any text to the SDK's enum, which has no constructor.
func parseType(t testing.TB, value string) *iammodel.ShowDomainQuotaRequestType {
	t.Helper()
	if value == "" {
		return nil
	}
	made := &iammodel.ShowDomainQuotaRequestType{}
	if err := made.UnmarshalJSON([]byte(`"` + value + `"`)); err != nil {
		t.Fatal(err)
	}
	return made
}

// capture is a RoundTripper that captures the response, whose headers the SDK has received.
type capture struct{ response *http.Response }

func (c *capture) RoundTrip(r *http.Request) (*http.Response, error) {
	var err error
	c.response, err = http.DefaultTransport.RoundTrip(r)
	return c.response, err
}
