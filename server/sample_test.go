package server

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/gen/iam"
)

// Scripts and other teams rely on these.
func TestSampleIsFixed(t *testing.T) {
	got := map[string][]string{}
	for _, p := range Sample().Principals {
		line := []string{p.DomainID, p.ProjectID}
		for _, token := range p.Tokens {
			line = append(line, token.Value)
		}
		for _, k := range p.AccessKeys {
			line = append(line, k.ID, k.Secret)
		}
		got[p.Name] = line
	}
	domain, project := "d78cbac186b744899480f25bd022f468", "fd73a4a14a4a4dfb9771a8475e5198ea"
	want := map[string][]string{
		"reader":   {domain, project, "reader-token", "QSREADER000000000001", "reader-secret"},
		"limited":  {domain, project, "limited-token", "QSLIMITED00000000001", "limited-secret"},
		"stranger": {"a1b2c3d4e5f60718293a4b5c6d7e8f90", "0f9e8d7c6b5a49382716050f4e3d2c1b", "stranger-token"},
		"expired":  {domain, project, "expired-token"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStrangerHasOtherNumbers(t *testing.T) {
	data := Sample()
	ours, theirs := data.Accounts[0], data.Accounts[1]
	for i, q := range ours.Quotas {
		other := theirs.Quotas[i]
		if q.Type != other.Type || q.Quota == other.Quota || q.Max == other.Max || q.Used != nil && *q.Used == *other.Used {
			t.Errorf("type %s: %v and %v", q.Type, q, other)
		}
	}
	address := start(t, Options{})
	got := ask(t, address, "GET /v3.0/OS-QUOTA/domains/"+StrangerDomainID+"?type=user", "X-Auth-Token: "+StrangerToken)
	wantAnswer(t, got, http.StatusOK, resources(`{"max":2000,"min":50,"quota":75,"type":"user","used":61}`))
}

func TestDataIsChecked(t *testing.T) {
	tests := []struct {
		name   string
		change func(d *Data)
		want   string
	}{
		{
			name:   "account id",
			change: func(d *Data) { d.Accounts[0].DomainID = "d1" },
			want:   `account "d1": want 32 hexadecimal digits`,
		},
		{
			name:   "account twice",
			change: func(d *Data) { d.Accounts[1] = d.Accounts[0] },
			want:   "account " + SampleDomainID + " is listed twice",
		},
		{
			name:   "unknown type",
			change: func(d *Data) { d.Accounts[0].Quotas[0].Type = "users" },
			want:   `unknown type "users"`,
		},
		{
			name:   "type twice",
			change: func(d *Data) { d.Accounts[0].Quotas[0].Type = string(iam.QuotaTypeGroup) },
			want:   "type group is listed twice",
		},
		{
			name:   "type missing",
			change: func(d *Data) { d.Accounts[0].Quotas = d.Accounts[0].Quotas[1:] },
			want:   "type user is missing",
		},
		{name: "no quotas", change: func(d *Data) { d.Accounts[0].Quotas = nil }, want: "type user is missing"},
		{
			name:   "used of mapping",
			change: func(d *Data) { d.Accounts[0].Quotas[9].Used = new(int32(1)) },
			want:   "type mapping: want used for every type but mapping, and none there",
		},
		{
			name:   "used untold",
			change: func(d *Data) { d.Accounts[0].Quotas[0].Used = nil },
			want:   "type user: want used for every type but mapping, and none there",
		},
		{
			name:   "negative",
			change: func(d *Data) { d.Accounts[0].Quotas[0].Used = new(int32(-1)) },
			want:   "type user: used is -1",
		},
		{
			name:   "below",
			change: func(d *Data) { d.Accounts[0].Quotas[0].Quota = 49 },
			want:   "type user: the quota 49 is not between 50 and 1000",
		},
		{
			name:   "above",
			change: func(d *Data) { d.Accounts[0].Projects[0].Quotas[0].Quota = 1001 },
			want:   "type image: the quota 1001 is not between 1 and 1000",
		},
		{
			name:   "project id",
			change: func(d *Data) { d.Accounts[0].Projects[0].ID = "p1" },
			want:   `project "p1": want 32 hexadecimal digits`,
		},
		{
			name:   "project twice",
			change: func(d *Data) { d.Accounts[0].Projects[0] = d.Accounts[1].Projects[0] },
			want:   "project " + StrangerProjectID + " is listed twice",
		},
		{
			name:   "unknown image type",
			change: func(d *Data) { d.Accounts[0].Projects[0].Quotas[0].Type = "disk" },
			want:   `unknown type "disk"`,
		},
		{
			name:   "image type of other case",
			change: func(d *Data) { d.Accounts[0].Projects[0].Quotas[0].Type = "Image" },
			want:   `unknown type "Image"`,
		},
		{
			name:   "no image",
			change: func(d *Data) { d.Accounts[0].Projects[0].Quotas[0].Type = "image_shared" },
			want:   "type image is missing",
		},
		{
			name: "image twice",
			change: func(d *Data) {
				p := &d.Accounts[0].Projects[0]
				p.Quotas = append(p.Quotas, p.Quotas[0])
			},
			want: "type image is listed twice",
		},
		{
			name:   "no account",
			change: func(d *Data) { d.Principals[0].DomainID = "d1" },
			want:   `principal reader: no account "d1"`,
		},
		{
			name:   "no project",
			change: func(d *Data) { d.Principals[0].ProjectID = "" },
			want:   `principal reader: its account has no project ""`,
		},
		{
			name:   "project of another",
			change: func(d *Data) { d.Principals[0].ProjectID = StrangerProjectID },
			want:   `its account has no project "` + StrangerProjectID + `"`,
		},
		{
			name:   "empty token",
			change: func(d *Data) { d.Principals[0].Tokens[0].Value = "" },
			want:   "principal reader: token 1: want printable ASCII without spaces",
		},
		{
			name:   "token with a space",
			change: func(d *Data) { d.Principals[0].Tokens[0].Value = "a b" },
			want:   "token 1: want printable ASCII without spaces",
		},
		{
			name:   "token twice",
			change: func(d *Data) { d.Principals[1].Tokens[0].Value = ReaderToken },
			want:   "principal limited: token 1: another credential has the same value",
		},
		{
			name:   "key twice",
			change: func(d *Data) { d.Principals[1].AccessKeys[0].ID = ReaderKeyID },
			want:   "principal limited: access key 1: another credential has the same value",
		},
		{
			name:   "no secret",
			change: func(d *Data) { d.Principals[1].AccessKeys[0].Secret = "" },
			want:   "principal limited: access key 1: want id and secret",
		},
		{
			name:   "key with a comma",
			change: func(d *Data) { d.Principals[0].AccessKeys[0].ID = "a,b" },
			want:   "principal reader: access key 1: want an id of printable ASCII without spaces and commas",
		},
		{
			name:   "key with a space",
			change: func(d *Data) { d.Principals[0].AccessKeys[0].ID = "a b" },
			want:   "principal reader: access key 1: want an id of printable ASCII without spaces and commas",
		},
		{
			name:   "effect",
			change: func(d *Data) { d.Principals[0].Grants[0].Effect = "allow" },
			want:   `grant "ims:*:get": want an action, Allow or Deny, and a scope`,
		},
		{
			name:   "scope",
			change: func(d *Data) { d.Principals[0].Grants[0].Scope = "" },
			want:   `grant "ims:*:get": want an action, Allow or Deny, and a scope`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			data := Sample()
			test.change(&data)
			_, err := New(Options{Data: &data})
			if err == nil || !strings.HasPrefix(err.Error(), "data: ") || !strings.HasSuffix(err.Error(), test.want) {
				t.Fatalf("got %v, want data: … %s", err, test.want)
			}
			if strings.Contains(err.Error(), ReaderToken) || strings.Contains(err.Error(), ReaderSecret) {
				t.Error("the error tells a secret")
			}
		})
	}
}
