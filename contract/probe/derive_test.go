package probe_test

import (
	"cmp"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const (
	ownDomain     = "d78cbac186b744899480f25bd022f468"
	foreignDomain = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
)

// allPrincipals has a principal for each role, with a token named after it.
func allPrincipals() probe.Principals {
	all := probe.Principals{}
	for _, role := range []probe.Role{probe.Reader, probe.Limited, probe.Stranger, probe.Expired, probe.Impostor} {
		domain, project := ownDomain, "p1"
		if role == probe.Stranger {
			domain, project = foreignDomain, "p2"
		}
		all[role] = probe.Principal{
			Values:       map[string]string{"domain_id": domain, "project_id": project},
			Authenticate: func(r *http.Request) error { r.Header.Set("X-Auth-Token", "token-of-"+string(role)); return nil },
			Curl:         []string{"-H", `"X-Auth-Token: $` + strings.ToUpper(string(role)) + `"`},
		}
	}
	return all
}

// judge makes a judge of a document.
func judge(t testing.TB, name, text string) *contract.Judge {
	t.Helper()
	doc, err := spec.Read(name, []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	return judge
}

func judges(t *testing.T) []*contract.Judge {
	t.Helper()
	list := []*contract.Judge{}
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		judge, err := contract.New(doc)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, judge)
	}
	return list
}

// derive makes the probes of both documents.
func derive(t *testing.T, principals probe.Principals) []probe.Probe {
	t.Helper()
	all := []probe.Probe{}
	for _, judge := range judges(t) {
		all = append(all, probe.Derive(judge, principals)...)
	}
	return all
}

var update = flag.Bool("update", false, "write testdata/requests.txt")

// TestDerive compares the probes of the two documents, their order and the bytes that they send with a golden file.
func TestDerive(t *testing.T) {
	const file = "testdata/requests.txt"
	target := probe.Target{URL: &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}}
	principals := allPrincipals()
	text := ""
	for _, p := range derive(t, principals) {
		raw, err := target.Bytes(p, principals[p.Role])
		if err != nil || p.Skip != "" {
			t.Fatalf("%s: skip %q, error %v", p.ID, p.Skip, err)
		}
		role := cmp.Or(string(p.Role), "anonymous")
		text += fmt.Sprintf("-- %s (%s, %s) --\n%s", p.ID, p.Kind, role, strings.ReplaceAll(string(raw), "\r\n", "\n"))
	}
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(strings.Split(string(want), "\n"), strings.Split(text, "\n")); diff != "" {
		t.Errorf("probes (-want +got):\n%s", diff)
	}
}

// TestEnumsAreProbed checks that each enum value of a query parameter is requested.
func TestEnumsAreProbed(t *testing.T) {
	sent := map[string]bool{}
	for _, p := range derive(t, allPrincipals()) {
		if p.Kind == spec.ValidRequest {
			sent[p.Operation.ID+" "+p.Request.Target[strings.IndexByte(p.Request.Target+"?", '?'):]] = true
		}
	}
	values := 0
	for _, judge := range judges(t) {
		for _, op := range judge.Document().Operations {
			for _, p := range op.Parameters {
				for _, value := range p.Schema.Enum {
					values++
					if want := fmt.Sprintf("%s ?%s=%s", op.ID, p.Name, value.Text); !sent[want] {
						t.Errorf("no probe requests %s", want)
					}
				}
			}
		}
	}
	if values != 10 {
		t.Errorf("got %d values of enumerations, want 10", values)
	}
}

// TestWithoutPrincipals checks that the probes of a missing principal are skipped with a reason, not left out.
func TestWithoutPrincipals(t *testing.T) {
	names := func(list []probe.Probe) (ids []string) {
		for _, p := range list {
			ids = append(ids, p.ID)
		}
		return ids
	}
	want := names(derive(t, allPrincipals()))
	for _, missing := range [][]probe.Role{
		{probe.Reader}, {probe.Limited}, {probe.Stranger}, {probe.Expired}, {probe.Impostor},
		{probe.Reader, probe.Limited, probe.Stranger, probe.Expired, probe.Impostor},
	} {
		principals := allPrincipals()
		for _, role := range missing {
			delete(principals, role)
		}
		got := derive(t, principals)
		if diff := gocmp.Diff(want, names(got)); diff != "" {
			t.Errorf("without %v, ids (-want +got):\n%s", missing, diff)
		}
		for _, p := range got {
			oneAccount := slices.Contains(missing, probe.Stranger) || slices.Contains(missing, probe.Reader)
			lacksAccount := p.Kind == spec.OtherAccount && oneAccount
			isMissing := slices.Contains(missing, p.Role) || lacksAccount
			if isMissing != (p.Skip != "") {
				t.Errorf("without %v: %s by %q: skip %q", missing, p.ID, p.Role, p.Skip)
			}
		}
	}
}

// TestNoCredentialsInProbes checks that derived requests contain no real credential. Those are added when a request is sent.
func TestNoCredentialsInProbes(t *testing.T) {
	for _, p := range derive(t, allPrincipals()) {
		for name, values := range p.Request.Header {
			if name == "Accept-Encoding" {
				continue
			}
			isInvented := p.Kind == spec.MalformedCredentials || p.Kind == spec.UnknownCredentials
			isCredential := name == "X-Auth-Token" || name == "Authorization"
			isReal := p.Role != probe.Anonymous || strings.Contains(strings.Join(values, ""), "token-of-")
			if !isInvented || !isCredential || isReal {
				t.Errorf("%s as %q carries %s: %v", p.ID, p.Role, name, values)
			}
		}
		if strings.Contains(p.Request.Target, "token-of-") || len(p.Request.Body) > 0 {
			t.Errorf("%s requests %s with %d bytes", p.ID, p.Request.Target, len(p.Request.Body))
		}
	}
}

// TestBulkDeletionsGoLast derives the probes of an API in which a POST may delete everything: all its changes come last.
func TestBulkDeletionsGoLast(t *testing.T) {
	judge := judge(t, "flows.yaml", `openapi: 3.1.0
info: {title: Flows, version: 1.0.0}
paths:
  /flows/bulk_delete: {post: {operationId: bulkDelete, responses: {'200': {description: Done.}}}}
  /flows: {post: {operationId: create, responses: {'201': {description: Done.}}}}
  /flows/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string, example: f1}}]
    delete: {operationId: delete, responses: {'204': {description: Done.}}}
`)
	valid := []string{}
	for _, p := range probe.Derive(judge, nil) {
		if strings.HasSuffix(p.ID, "/plain") {
			valid = append(valid, p.ID)
		}
	}
	if want := []string{"create/plain", "delete/plain", "bulkDelete/plain"}; !slices.Equal(valid, want) {
		t.Errorf("got %s, want %s", valid, want)
	}
}
