package server

import (
	"net/http"
	"testing"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

func TestMay(t *testing.T) {
	grant := func(effect Effect, scope Scope, action string) Grant { return Grant{action, effect, scope} }
	const action = "ims:quotas:get"
	deny := spec.Authorization{Action: action}
	allow := spec.Authorization{Action: action, DefaultAllow: true}
	iamOnly := spec.Authorization{Action: action, IAMProject: true}
	enterpriseOnly := spec.Authorization{Action: action, EnterpriseProject: true}
	both := spec.Authorization{Action: action, IAMProject: true, EnterpriseProject: true}
	tests := []struct {
		name   string
		a      spec.Authorization
		grants []Grant
		want   bool
	}{
		{"default deny", deny, nil, false},
		{"default allow", allow, nil, true},
		{"granted", both, []Grant{grant(Allow, IAMProject, action)}, true},
		{"granted otherwise", both, []Grant{grant(Allow, EnterpriseProject, action)}, true},
		{"granted what does not help", both, []Grant{grant(Allow, IAMProject, "ims:images:get")}, false},
		{"IAM project counts", iamOnly, []Grant{grant(Allow, IAMProject, action)}, true},
		{"enterprise project does not count", iamOnly, []Grant{grant(Allow, EnterpriseProject, action)}, false},
		{"enterprise project counts", enterpriseOnly, []Grant{grant(Allow, EnterpriseProject, action)}, true},
		{"IAM project does not count", enterpriseOnly, []Grant{grant(Allow, IAMProject, action)}, false},
		{"neither counts", deny, []Grant{grant(Allow, IAMProject, action), grant(Allow, EnterpriseProject, action)}, false},
		{"all resources count", deny, []Grant{grant(Allow, AllResources, action)}, true},
		{"a scope that nobody knows", both, []Grant{grant(Allow, "", action)}, false},
		{"denied", allow, []Grant{grant(Deny, AllResources, action)}, false},
		{"denied where it does not count", allow, []Grant{grant(Deny, IAMProject, action)}, true},
		{"denied after a grant", both, []Grant{grant(Allow, IAMProject, action), grant(Deny, EnterpriseProject, "ims:*:*")}, false},
		{"denied before a grant", both, []Grant{grant(Deny, EnterpriseProject, "*"), grant(Allow, IAMProject, action)}, false},
		{"denied something else", both, []Grant{grant(Deny, IAMProject, "ims:images:*"), grant(Allow, IAMProject, action)}, true},
		{"case does not count", both, []Grant{grant(Allow, IAMProject, "IMS:Quotas:GET")}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := Principal{Grants: test.grants}
			if got := p.may(&test.a); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

func TestMatches(t *testing.T) {
	for _, test := range []struct {
		pattern, action string
		want            bool
	}{
		{"ims:quotas:get", "ims:quotas:get", true},
		{"ims:quotas:get", "ims:quotas:getx", false},
		{"ims:quotas:get", "xims:quotas:get", false},
		{"*", "ims:quotas:get", true},
		{"*:*:*", "ims:quotas:get", true},
		{"ims:*", "ims:quotas:get", true},
		{"ims:*:get*", "ims:quotas:get", true},
		{"ims:*:get*", "ims:quotas:getall", true},
		{"ims:*:list*", "ims:quotas:get", false},
		{"*:get", "ims:quotas:get", true},
		{"ims:*quotas*:get", "ims:quotas:get", true},
		{"ims:q*s:g*t", "ims:quotas:get", true},
		{"ims:q*q*:get", "ims:quotas:get", false},
		{"aba*aba", "aba", false},
		{"a*b*b", "ab", false},
		{"a**b", "ab", true},
		{"", "ims:quotas:get", false},
		{"iam:*", "ims:quotas:get", false},
	} {
		if got := matches(test.pattern, test.action); got != test.want {
			t.Errorf("%q, %q: got %t", test.pattern, test.action, got)
		}
	}
}

// Who is denied the action of showDomainQuota, which nobody needs, is refused; what others may stays as it is.
func TestDeniedAction(t *testing.T) {
	data := Sample()
	data.Principals[0].Grants = append(data.Principals[0].Grants, Grant{Action: "iam:quotas:*", Effect: Deny, Scope: AllResources})
	address := start(t, Options{Data: &data})
	want := `{"error_msg":"Policy doesn't allow iam:quotas:listQuotas to be performed.","error_code":"IAM.0003"}`
	wantAnswer(t, ask(t, address, "GET "+iamPath, reader), http.StatusForbidden, want)
	wantAnswer(t, ask(t, address, "GET "+iamPath, "X-Auth-Token: "+LimitedToken), http.StatusOK, resources(seed003...))
	wantAnswer(t, ask(t, address, "GET "+imsPath, reader), http.StatusOK, resources(imageQuota))
	wantAnswer(t, ask(t, address, "GET /v3.0/OS-QUOTA/domains/"+StrangerDomainID, reader), http.StatusForbidden, notYours)
}
