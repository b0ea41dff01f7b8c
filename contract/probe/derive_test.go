package probe_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi"
)

// probes is what is derived from the two documents, as id, kind and who asks.
const probes = `
showDomainQuota/plain                            valid-request          reader
showDomainQuota/type=user                        valid-request          reader
showDomainQuota/type=group                       valid-request          reader
showDomainQuota/type=idp                         valid-request          reader
showDomainQuota/type=agency                      valid-request          reader
showDomainQuota/type=policy                      valid-request          reader
showDomainQuota/type=assigment_group_mp          valid-request          reader
showDomainQuota/type=assigment_agency_mp         valid-request          reader
showDomainQuota/type=assigment_group_ep          valid-request          reader
showDomainQuota/type=assigment_user_ep           valid-request          reader
showDomainQuota/type=mapping                     valid-request          reader
showDomainQuota/compressed                       valid-request          reader
showDomainQuota/type-unknown                     invalid-parameter      reader
showDomainQuota/type-other-case                  invalid-parameter      reader
showDomainQuota/type-empty                       invalid-parameter      reader
showDomainQuota/type-doubled                     invalid-parameter      reader
showDomainQuota/type-contradicted                invalid-parameter      reader
showDomainQuota/type-bad-escape                  invalid-parameter      reader
showDomainQuota/no-credentials                   no-credentials         nobody
showDomainQuota/no-credentials-with-parameters   no-credentials         nobody
showDomainQuota/empty-credentials                malformed-credentials  nobody
showDomainQuota/malformed-credentials            malformed-credentials  nobody
showDomainQuota/unknown-credentials              unknown-credentials    nobody
showDomainQuota/empty-credentials-Signature      malformed-credentials  nobody
showDomainQuota/malformed-credentials-Signature  malformed-credentials  nobody
showDomainQuota/unknown-credentials-Signature    unknown-credentials    nobody
showDomainQuota/expired-credentials              expired-credentials    expired
showDomainQuota/unknown-key                      unknown-key            impostor
showDomainQuota/no-grant-needed                  valid-request          limited
showDomainQuota/other-account                    other-account          reader
showDomainQuota/other-account-with-parameters    other-account          reader
showDomainQuota/account-of-reader                other-account          stranger
showDomainQuota/account-of-reader-with-parameters other-account          stranger
showDomainQuota/unknown-resource                 unknown-resource       reader
showDomainQuota/unknown-resource-malformed       unknown-resource       reader
showDomainQuota/method-HEAD                      other-method           reader
showDomainQuota/method-OPTIONS                   other-method           reader
showDomainQuota/path-trailing-slash              unknown-path           reader
showDomainQuota/path-doubled-slash               unknown-path           reader
showDomainQuota/path-other-case                  unknown-path           reader
showDomainQuota/path-longer                      unknown-path           reader
showDomainQuota/path-empty-segment               unknown-path           reader
showDomainQuota/repeatable                       repeat                 reader
showDomainQuota/method-POST                      other-method           reader
showDomainQuota/method-PUT                       other-method           reader
showDomainQuota/method-PATCH                     other-method           reader
showDomainQuota/method-DELETE                    other-method           reader
showImageQuota/plain                             valid-request          reader
showImageQuota/compressed                        valid-request          reader
showImageQuota/no-credentials                    no-credentials         nobody
showImageQuota/empty-credentials                 malformed-credentials  nobody
showImageQuota/malformed-credentials             malformed-credentials  nobody
showImageQuota/unknown-credentials               unknown-credentials    nobody
showImageQuota/empty-credentials-Signature       malformed-credentials  nobody
showImageQuota/malformed-credentials-Signature   malformed-credentials  nobody
showImageQuota/unknown-credentials-Signature     unknown-credentials    nobody
showImageQuota/expired-credentials               expired-credentials    expired
showImageQuota/unknown-key                       unknown-key            impostor
showImageQuota/no-permission                     no-permission          limited
showImageQuota/method-HEAD                       other-method           reader
showImageQuota/method-OPTIONS                    other-method           reader
showImageQuota/path-trailing-slash               unknown-path           reader
showImageQuota/path-doubled-slash                unknown-path           reader
showImageQuota/path-other-case                   unknown-path           reader
showImageQuota/path-longer                       unknown-path           reader
showImageQuota/path-other-name                   unknown-path           reader
showImageQuota/repeatable                        repeat                 reader
showImageQuota/method-POST                       other-method           reader
showImageQuota/method-PUT                        other-method           reader
showImageQuota/method-PATCH                      other-method           reader
showImageQuota/method-DELETE                     other-method           reader
`

const (
	ownDomain     = "d78cbac186b744899480f25bd022f468"
	foreignDomain = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
)

// everybody are principals whose tokens are named after them.
func everybody() probe.Principals {
	all := probe.Principals{}
	for _, role := range []probe.Role{probe.Reader, probe.Limited, probe.Stranger, probe.Expired, probe.Impostor} {
		domain := ownDomain
		if role == probe.Stranger {
			domain = foreignDomain
		}
		all[role] = probe.Principal{
			Values:       map[string]string{"domain_id": domain},
			Authenticate: func(r *http.Request) error { r.Header.Set("X-Auth-Token", "token-of-"+string(role)); return nil },
			Curl:         []string{"-H", `"X-Auth-Token: $` + strings.ToUpper(string(role)) + `"`},
		}
	}
	return all
}

func documents(t *testing.T) []*openapi.Document {
	t.Helper()
	list := []*openapi.Document{}
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, doc)
	}
	return list
}

// derive makes the probes of both documents.
func derive(t *testing.T, principals probe.Principals) []probe.Probe {
	t.Helper()
	all := []probe.Probe{}
	for _, doc := range documents(t) {
		all = append(all, probe.Derive(doc, principals)...)
	}
	return all
}

func TestDerive(t *testing.T) {
	for range 20 { // the order must not depend on that of a map
		text := "\n"
		for _, p := range derive(t, everybody()) {
			role := string(p.Role)
			if p.Role == probe.Nobody {
				role = "nobody"
			}
			text += fmt.Sprintf("%-48s %-22s %s\n", p.ID, p.Kind, role)
		}
		if diff := cmp.Diff(strings.Split(probes, "\n"), strings.Split(text, "\n")); diff != "" {
			t.Fatalf("probes (-want +got):\n%s", diff)
		}
	}
}

// TestDerivedRequests holds what a few telling probes ask.
func TestDerivedRequests(t *testing.T) {
	const account = "/v3.0/OS-QUOTA/domains/"
	all := derive(t, everybody())
	for _, test := range []struct{ id, method, target string }{
		{"showDomainQuota/plain", "GET", account + ownDomain},
		{"showDomainQuota/type=mapping", "GET", account + ownDomain + "?type=mapping"},
		{"showDomainQuota/type-unknown", "GET", account + ownDomain + "?type=users"},
		{"showDomainQuota/type-other-case", "GET", account + ownDomain + "?type=USER"},
		{"showDomainQuota/type-empty", "GET", account + ownDomain + "?type="},
		{"showDomainQuota/type-doubled", "GET", account + ownDomain + "?type=group&type=group"},
		{"showDomainQuota/type-contradicted", "GET", account + ownDomain + "?type=group&type=mapping"},
		{"showDomainQuota/type-bad-escape", "GET", account + ownDomain + "?type=%zz"},
		{"showDomainQuota/other-account", "GET", account + foreignDomain},
		{"showDomainQuota/unknown-resource", "GET", account + "c21defd813e255100519a74ec977a531"},
		{"showDomainQuota/unknown-resource-malformed", "GET", account + "no-such-id"},
		{"showDomainQuota/method-HEAD", "HEAD", account + ownDomain},
		{"showDomainQuota/path-trailing-slash", "GET", account + ownDomain + "/"},
		{"showDomainQuota/path-doubled-slash", "GET", "/v3.0/OS-QUOTA/domains//" + ownDomain},
		{"showDomainQuota/path-longer", "GET", account + ownDomain + "/more"},
		{"showDomainQuota/path-empty-segment", "GET", account},
		{"showImageQuota/plain", "GET", "/v1/cloudimages/quota"},
		{"showImageQuota/path-doubled-slash", "GET", "/v1/cloudimages//quota"},
		{"showImageQuota/path-other-name", "GET", "/v1/cloudimages/quotas"},
	} {
		i := slices.IndexFunc(all, func(p probe.Probe) bool { return p.ID == test.id })
		if i < 0 {
			t.Errorf("no probe %s", test.id)
			continue
		}
		if got := all[i].Request; got.Method != test.method || got.Target != test.target || all[i].Skip != "" || all[i].Operation.ID+"/" != test.id[:len(all[i].Operation.ID)+1] {
			t.Errorf("%s: got %s %s of %s, skip %q; want %s %s", test.id, got.Method, got.Target, all[i].Operation.ID, all[i].Skip, test.method, test.target)
		}
	}
}

// TestEnumsAreProbed holds that each value of each enumeration of a query parameter is asked for.
func TestEnumsAreProbed(t *testing.T) {
	asked := map[string]bool{}
	for _, p := range derive(t, everybody()) {
		if p.Kind == contract.ValidRequest {
			asked[p.Operation.ID+" "+p.Request.Target[strings.IndexByte(p.Request.Target+"?", '?'):]] = true
		}
	}
	values := 0
	for _, doc := range documents(t) {
		for _, op := range doc.Operations {
			for _, p := range op.Parameters {
				for _, value := range p.Schema.Value.Enum {
					values++
					if want := fmt.Sprintf("%s ?%s=%v", op.ID, p.Name, value); !asked[want] {
						t.Errorf("nobody asks %s", want)
					}
				}
			}
		}
	}
	if values != 10 {
		t.Errorf("got %d values of enumerations, want 10", values)
	}
}

// TestWithoutPrincipals holds that a missing principal takes no probe away: it is skipped, and says why.
func TestWithoutPrincipals(t *testing.T) {
	names := func(list []probe.Probe) (ids []string) {
		for _, p := range list {
			ids = append(ids, p.ID)
		}
		return ids
	}
	want := names(derive(t, everybody()))
	for _, missing := range [][]probe.Role{
		{probe.Reader}, {probe.Limited}, {probe.Stranger}, {probe.Expired}, {probe.Impostor}, {probe.Reader, probe.Limited, probe.Stranger, probe.Expired, probe.Impostor},
	} {
		principals := everybody()
		for _, role := range missing {
			delete(principals, role)
		}
		got := derive(t, principals)
		if diff := cmp.Diff(want, names(got)); diff != "" {
			t.Errorf("without %v, ids (-want +got):\n%s", missing, diff)
		}
		for _, p := range got {
			ofOthers := p.Kind == string(openapi.OtherAccount) && (slices.Contains(missing, probe.Stranger) || slices.Contains(missing, probe.Reader))
			isMissing := slices.Contains(missing, p.Role) || ofOthers
			if isMissing != (p.Skip != "") {
				t.Errorf("without %v: %s by %q: skip %q", missing, p.ID, p.Role, p.Skip)
			}
		}
	}
}

// TestNoCredentialsInProbes holds that nothing derived from a document carries a credential: those come with the role.
func TestNoCredentialsInProbes(t *testing.T) {
	for _, p := range derive(t, everybody()) {
		for name, values := range p.Request.Header {
			made := p.Kind == string(openapi.MalformedCredentials) || p.Kind == string(openapi.UnknownCredentials)
			if name == "Accept-Encoding" {
				continue
			}
			if !made || name != "X-Auth-Token" && name != "Authorization" || p.Role != probe.Nobody || strings.Contains(strings.Join(values, ""), "token-of-") {
				t.Errorf("%s as %q carries %s: %v", p.ID, p.Role, name, values)
			}
		}
		if strings.Contains(p.Request.Target, "token-of-") || len(p.Request.Body) > 0 {
			t.Errorf("%s asks %s with %d bytes", p.ID, p.Request.Target, len(p.Request.Body))
		}
	}
}
