package interop

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/server"
)

// The provider that a case calls.
const (
	sample = iota
	newType
	newMembers
)

const (
	wrongType     = "IAM, a wrong `type`"
	noCredentials = "IAM, no credentials"

	allTypes = "user=10/50/50/1000 group=8/20/10/300 idp=9/10/10/20 agency=12/50/10/300 policy=8/200/128/300 " +
		"assigment_group_mp=8/200/50/500 assigment_agency_mp=8/200/50/500 assigment_group_ep=8/500/50/5000 " +
		"assigment_user_ep=8/500/50/5000 mapping=null/10/10/100"
	image     = "image=0/20/1/1000"
	addedType = " trust_agency=2/5/1/9"
)

// longToken is longer than the gateway allows for a header. It is the one wrong value that every typed client can send.
var longToken = strings.Repeat("t", 33<<10)

// generatorCases are the calls that each client makes: of image quotas if domain is empty. A result is "type=used/quota/min/max",
// in the order of the response, or the status and the error code.
var generatorCases = []struct {
	name                string
	provider            int
	token, domain, kind string
	want                string
}{
	{name: "IAM, all types", token: server.ReaderToken, domain: server.SampleDomainID, want: allTypes},
	{name: "IAM, `type=group`", token: server.ReaderToken, domain: server.SampleDomainID, kind: "group", want: "group=8/20/10/300"},
	{name: "IAM, `type=mapping`", token: server.ReaderToken, domain: server.SampleDomainID, kind: "mapping", want: "mapping=null/10/10/100"},
	{name: "IAM, a token of 33 KiB", token: longToken, domain: server.SampleDomainID, want: "400 APIGW.0201"},
	{name: wrongType, token: server.ReaderToken, domain: server.SampleDomainID, kind: "robot", want: "400 IAM.0007"},
	{name: "IAM, an unknown token", token: "unknown", domain: server.SampleDomainID, want: "401 APIGW.0301"},
	{name: noCredentials, domain: server.SampleDomainID, want: "401 APIGW.0301"},
	{name: "IAM, another account", token: server.ReaderToken, domain: strings.Repeat("0", 32), want: "403 IAM.0002"},
	{name: "IMS, images", token: server.ReaderToken, want: image},
	{name: "IMS, a token of 33 KiB", token: longToken, want: "400 APIGW.0201"},
	{name: "IMS, an unknown token", token: "unknown", want: "401 APIGW.0301"},
	{name: "IMS, without the permission", token: server.LimitedToken, want: "403 IMG.0026"},
	{name: "IAM, a new type", provider: newType, token: server.ReaderToken, domain: server.SampleDomainID, want: allTypes + addedType},
	{name: "IMS, a new type", provider: newType, token: server.ReaderToken, want: image + addedType},
	{name: "IAM, new members", provider: newMembers, token: server.ReaderToken, domain: server.SampleDomainID, want: allTypes},
	{name: "IAM, new members, 403", provider: newMembers, token: server.ReaderToken, domain: strings.Repeat("0", 32), want: "403 IAM.0002"},
	{name: "IMS, new members", provider: newMembers, token: server.ReaderToken, want: image},
	{name: "IMS, new members, 403", provider: newMembers, token: server.LimitedToken, want: "403 IMG.0026"},
}

// startProviders starts the providers of the cases and returns their URLs.
func startProviders(t *testing.T) [3]string {
	t.Helper()
	url := sampleProvider(t)
	return [3]string{sample: url, newType: grownProvider(t, url), newMembers: changedProvider(t, url, func(r *http.Response) error {
		return changeBody(r, addMembers)
	})}
}

// check runs the program of a client with a file of the cases, a line each: name, URL, token, domain and type. It compares what
// the program prints, and returns the cell of docs/interop.md.
func (c generated) check(t *testing.T, folder string, env []string, providers [3]string) (cell string) {
	t.Helper()
	lines, want, reasons := []string{}, []string{}, []string{}
	for _, g := range generatorCases {
		if reason, ok := c.cannot[g.name]; ok {
			reasons = append(reasons, fmt.Sprintf("; not %q, since %s", strings.ReplaceAll(g.name, "`", ""), reason))
			continue
		}
		lines = append(lines, strings.Join([]string{g.name, providers[g.provider], g.token, g.domain, g.kind}, "\t"))
		want = append(want, g.name+"\t"+g.want)
	}
	file := filepath.Join(t.TempDir(), "cases")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := inShell(folder, env, shell(append(c.call[:len(c.call):len(c.call)], file))).must(t)
	if diff := cmp.Diff(want, strings.Split(strings.TrimSpace(out), "\n")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", c.name, diff)
	}
	return fmt.Sprintf("%d%s", len(want), strings.Join(reasons, ""))
}

// casesTable is the table of cases in docs/interop.md.
func casesTable() string {
	table := &strings.Builder{}
	table.WriteString(`
A result is ` + "`type=used/quota/min/max`" + ` for each quota, or the status and the error code.
A *new type* is one that the documents do not know, ` + "`trust_agency`" + `.
*New members* are unknown members in every object of the response.

| case | result |
|---|---|
`)
	for _, g := range generatorCases {
		fmt.Fprintf(table, "| %s | `%s` |\n", g.name, g.want)
	}
	return table.String()
}
