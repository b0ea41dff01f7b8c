package client_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/openapi"
)

// TestRegions compares the client's own table of regions with the servers of the documents.
func TestRegions(t *testing.T) {
	inIAM, inIMS := servers(t, "iam"), servers(t, "ims")
	gotIAM, gotIMS := []string{}, []string{}
	for _, id := range client.Regions() {
		c := client.Client{Token: client.Secret(token), Region: id}
		account, err := c.IAM()
		if err != nil {
			t.Fatal(err)
		}
		project, err := c.IMS()
		if err != nil {
			t.Fatal(err)
		}
		gotIAM, gotIMS = append(gotIAM, strings.TrimSuffix(account.Server, "/")), append(gotIMS, strings.TrimSuffix(project.Server, "/"))
		if !strings.Contains(project.Server, "."+id+".") {
			t.Errorf("%s: got IMS at %s", id, project.Server)
		}
		isRegional := func(url string) bool { return strings.Contains(url, "."+id+".") }
		if !isRegional(account.Server) && slices.ContainsFunc(inIAM, isRegional) {
			t.Errorf("%s: got IAM at %s, and the document has a regional endpoint", id, account.Server)
		}
	}
	for _, service := range []struct {
		name      string
		want, got []string
	}{{name: "iam", want: inIAM, got: gotIAM}, {name: "ims", want: inIMS, got: gotIMS}} {
		slices.Sort(service.got)
		if diff := cmp.Diff(service.want, slices.Compact(service.got)); diff != "" {
			t.Errorf("%s (-document +client):\n%s", service.name, diff)
		}
	}
	if !slices.IsSorted(client.Regions()) {
		t.Errorf("not sorted: %v", client.Regions())
	}
	eu, err := (&client.Client{Token: client.Secret(token), Region: "eu-west-101"}).IAM()
	if err != nil || eu.Server != "https://iam.eu-west-101.myhuaweicloud.eu/" {
		t.Errorf("eu-west-101: got %v, %v", eu, err)
	}
}

// servers returns the URLs of a document's servers, sorted.
func servers(t *testing.T, name string) []string {
	t.Helper()
	doc, err := openapi.Embedded(name)
	if err != nil {
		t.Fatal(err)
	}
	urls := []string{}
	for _, server := range doc.Servers {
		if len(server.Variables) == 0 {
			urls = append(urls, server.URL)
			continue
		}
		for _, id := range server.Variables[0].Enum {
			urls = append(urls, strings.Replace(server.URL, "{region}", id, 1))
		}
	}
	slices.Sort(urls)
	return urls
}
