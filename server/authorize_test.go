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
		{name: "default deny", a: deny},
		{name: "default allow", a: allow, want: true},
		{name: "granted", a: both, grants: []Grant{grant(Allow, IAMProject, action)}, want: true},
		{name: "granted otherwise", a: both, grants: []Grant{grant(Allow, EnterpriseProject, action)}, want: true},
		{name: "granted what does not help", a: both, grants: []Grant{grant(Allow, IAMProject, "ims:images:get")}},
		{name: "IAM project counts", a: iamOnly, grants: []Grant{grant(Allow, IAMProject, action)}, want: true},
		{name: "enterprise project does not count", a: iamOnly, grants: []Grant{grant(Allow, EnterpriseProject, action)}},
		{
			name:   "enterprise project counts",
			a:      enterpriseOnly,
			grants: []Grant{grant(Allow, EnterpriseProject, action)},
			want:   true,
		},
		{name: "IAM project does not count", a: enterpriseOnly, grants: []Grant{grant(Allow, IAMProject, action)}},
		{
			name:   "neither counts",
			a:      deny,
			grants: []Grant{grant(Allow, IAMProject, action), grant(Allow, EnterpriseProject, action)},
		},
		{name: "all resources count", a: deny, grants: []Grant{grant(Allow, AllResources, action)}, want: true},
		{name: "a scope that nobody knows", a: both, grants: []Grant{grant(Allow, "", action)}},
		{name: "denied", a: allow, grants: []Grant{grant(Deny, AllResources, action)}},
		{name: "denied where it does not count", a: allow, grants: []Grant{grant(Deny, IAMProject, action)}, want: true},
		{
			name:   "denied after a grant",
			a:      both,
			grants: []Grant{grant(Allow, IAMProject, action), grant(Deny, EnterpriseProject, "ims:*:*")},
		},
		{
			name:   "denied before a grant",
			a:      both,
			grants: []Grant{grant(Deny, EnterpriseProject, "*"), grant(Allow, IAMProject, action)},
		},
		{
			name:   "denied something else",
			a:      both,
			grants: []Grant{grant(Deny, IAMProject, "ims:images:*"), grant(Allow, IAMProject, action)},
			want:   true,
		},
		{name: "case does not count", a: both, grants: []Grant{grant(Allow, IAMProject, "IMS:Quotas:GET")}, want: true},
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
		{pattern: "ims:quotas:get", action: "ims:quotas:get", want: true},
		{pattern: "ims:quotas:get", action: "ims:quotas:getx"},
		{pattern: "ims:quotas:get", action: "xims:quotas:get"},
		{pattern: "*", action: "ims:quotas:get", want: true},
		{pattern: "*:*:*", action: "ims:quotas:get", want: true},
		{pattern: "ims:*", action: "ims:quotas:get", want: true},
		{pattern: "ims:*:get*", action: "ims:quotas:get", want: true},
		{pattern: "ims:*:get*", action: "ims:quotas:getall", want: true},
		{pattern: "ims:*:list*", action: "ims:quotas:get"},
		{pattern: "*:get", action: "ims:quotas:get", want: true},
		{pattern: "ims:*quotas*:get", action: "ims:quotas:get", want: true},
		{pattern: "ims:q*s:g*t", action: "ims:quotas:get", want: true},
		{pattern: "ims:q*q*:get", action: "ims:quotas:get"},
		{pattern: "aba*aba", action: "aba"},
		{pattern: "a*b*b", action: "ab"},
		{pattern: "a**b", action: "ab", want: true},
		{action: "ims:quotas:get"},
		{pattern: "iam:*", action: "ims:quotas:get"},
	} {
		if got := matches(test.pattern, test.action); got != test.want {
			t.Errorf("%q, %q: got %t", test.pattern, test.action, got)
		}
	}
}

// A caller that is denied the action of showDomainQuota is refused, although callers do not need it. Others are not affected.
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
