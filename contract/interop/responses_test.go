package interop

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/region"
	iam "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/iam/v3"
	iammodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/iam/v3/model"
	ims "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ims/v2"
	imsmodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ims/v2/model"

	"github.com/quotaspec/quotaspec/server"
)

// users are the ways to authenticate with the SDK.
var users = []struct {
	name    string
	user    user
	iamOnly bool // the SDK does not accept the credential for IMS
}{
	{name: "global access key", user: user{credential: readerKey()}, iamOnly: true},
	{name: "basic access key", user: user{credential: readerBasicKey()}},
	{name: "access key without an account", user: user{credential: globalKey(server.ReaderKeyID, server.ReaderSecret, "")}, iamOnly: true},
	{name: "token", user: user{credential: token(server.ReaderToken)}},
	{name: "access key, and a token in an own header", user: user{
		credential: readerBasicKey(), headers: map[string]string{"X-Auth-Token": server.ReaderToken},
	}},
	{name: "token in a header, signing switched off by an empty one", user: user{
		credential: readerBasicKey(), headers: map[string]string{"X-Auth-Token": server.ReaderToken, "Authorization": ""},
	}},
	{
		name: "own headers, which are signed",
		user: user{credential: readerBasicKey(), headers: map[string]string{"X-Language": "en-us", "Accept": "application/json"}},
	},
	{
		name: "body left unsigned",
		user: user{credential: readerBasicKey(), headers: map[string]string{"X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD"}},
	},
}

func TestDomainQuota(t *testing.T) {
	endpoint := serve(t, provider(t, server.Options{}))
	types := iammodel.GetShowDomainQuotaRequestTypeEnum()
	quotaTypes := []*iammodel.ShowDomainQuotaRequestType{
		nil, &types.USER, &types.GROUP, &types.IDP, &types.AGENCY, &types.POLICY, &types.ASSIGMENT_GROUP_MP,
		&types.ASSIGMENT_AGENCY_MP, &types.ASSIGMENT_GROUP_EP, &types.ASSIGMENT_USER_EP, &types.MAPPING,
	}
	for _, u := range users {
		client := u.user.iam(t, endpoint)
		for _, quotaType := range quotaTypes {
			name, want := "every type", ""
			if quotaType != nil {
				name, want = quotaType.Value(), quotaType.Value()
			}
			t.Run(u.name+"/"+name, func(t *testing.T) {
				got, err := client.ShowDomainQuota(&iammodel.ShowDomainQuotaRequest{DomainId: server.SampleDomainID, Type: quotaType})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(sampleQuotas(want), got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

// sampleQuotas converts the provider's sample data to the SDK's model: all quotas, or those of one type.
func sampleQuotas(quotaType string) *iammodel.ShowDomainQuotaResponse {
	list := []iammodel.Resources{}
	for _, q := range server.Sample().Accounts[0].Quotas {
		if name := q.Type; quotaType == "" || name == quotaType {
			list = append(list, iammodel.Resources{Type: &name, Min: &q.Min, Quota: &q.Quota, Max: &q.Max, Used: q.Used})
		}
	}
	return &iammodel.ShowDomainQuotaResponse{HttpStatusCode: 200, Quotas: &iammodel.QuotaResult{Resources: &list}}
}

func TestImageQuota(t *testing.T) {
	endpoint := serve(t, provider(t, server.Options{}))
	list := []imsmodel.QuotaInfo{}
	for _, q := range server.Sample().Accounts[0].Projects[0].Quotas {
		list = append(list, imsmodel.QuotaInfo{Type: q.Type, Used: q.Used, Quota: q.Quota, Min: q.Min, Max: q.Max})
	}
	want := &imsmodel.ShowImageQuotaResponse{HttpStatusCode: 200, Quotas: &imsmodel.Quota{Resources: list}}
	for _, u := range users {
		if u.iamOnly {
			continue
		}
		t.Run(u.name, func(t *testing.T) {
			got, err := u.user.ims(t, endpoint).ShowImageQuota(&imsmodel.ShowImageQuotaRequest{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestBuilders tests which credentials the SDK accepts by default. The other tests configure it to accept more.
func TestBuilders(t *testing.T) {
	for _, test := range []struct {
		name       string
		credential auth.ICredential
		want       string // the error; "": the credential is accepted
	}{
		{name: "IMS by a basic key", credential: readerBasicKey()},
		{
			name: "IMS by a global key", credential: readerKey(),
			want: "need credential type is [basic.Credentials], actually is global.Credentials",
		},
		{
			name: "IMS by a token", credential: token(server.ReaderToken),
			want: "need credential type is [basic.Credentials], actually is v3.IamCredentials",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ims.ImsClientBuilder().WithCredential(test.credential).WithHttpConfig(quiet()).SafeBuild()
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestRegion configures the provider as a region, as users of the SDK do. The SDK then requests no account or project id.
func TestRegion(t *testing.T) {
	here := region.NewRegion("here-1", serve(t, provider(t, server.Options{})))
	account, err := iam.IamClientBuilder().WithRegion(here).WithCredential(readerKey()).WithHttpConfig(quiet()).SafeBuild()
	if err != nil {
		t.Fatal(err)
	}
	got, err := iam.NewIamClient(account).ShowDomainQuota(&iammodel.ShowDomainQuotaRequest{DomainId: server.SampleDomainID})
	if diff := cmp.Diff(sampleQuotas(""), got); err != nil || diff != "" {
		t.Errorf("IAM: %v (-want +got):\n%s", err, diff)
	}
	images, err := ims.ImsClientBuilder().WithRegion(here).WithCredential(readerBasicKey()).WithHttpConfig(quiet()).SafeBuild()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ims.NewImsClient(images).ShowImageQuota(&imsmodel.ShowImageQuotaRequest{}); err != nil {
		t.Errorf("IMS: %v", err)
	}
}
