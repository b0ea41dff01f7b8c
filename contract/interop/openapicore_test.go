package interop

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/forms"
	"github.com/quotaspec/quotaspec/server"
)

// openapiCore lets openapi-core judge nine exchanges with the provider, by OpenAPI 3.0 and 3.1, and one with a wrong provider.
func openapiCore(t *testing.T, in installation) (markdown string) {
	t.Helper()
	account, images := "/v3.0/OS-QUOTA/domains/"+server.SampleDomainID, "/v1/cloudimages/quota"
	exchanges := []struct {
		document, path, token string
		wrong                 string // what openapi-core says of the request; "": nothing
	}{
		{document: "iam", path: account, token: server.ReaderToken},
		{document: "iam", path: account + "?type=mapping", token: server.ReaderToken},
		{document: "iam", path: account + "?type=unknown", token: server.ReaderToken, wrong: "'unknown' is not one of"},
		{document: "iam", path: account, token: "unknown"},
		{document: "iam", path: account, token: server.StrangerToken},
		{document: "iam", path: account, wrong: "Security not found"},
		{document: "ims", path: images, token: server.ReaderToken},
		{document: "ims", path: images, token: server.LimitedToken},
		{document: "ims", path: images, wrong: "Security not found"},
	}
	judge := func(form forms.Form, url string, check func(request, response, wrong string)) {
		for _, document := range openapi.Names() {
			input, wrong := "", []string{}
			for _, e := range exchanges {
				if e.document == document {
					input += e.path + "\t" + e.token + "\n"
					wrong = append(wrong, e.wrong)
				}
			}
			s := in.step(t, []string{"python", "judge_exchanges.py", document + form.String() + ".yaml", url}, nil)
			s.input = input
			lines := strings.Split(strings.TrimSuffix(s.must(t), "\n"), "\n")
			if len(lines) != len(wrong) {
				t.Fatalf("%d of %d exchanges: %q", len(lines), len(wrong), lines)
			}
			for i, line := range lines {
				request, response, _ := strings.Cut(line, "\t")
				check(request, response, wrong[i])
			}
		}
	}
	for _, version := range forms.Versions() {
		judge(forms.Form{OpenAPI: version}, sampleProvider(t), func(request, response, wrong string) {
			if response != "" || (request == "") != (wrong == "") || !strings.Contains(request, wrong) {
				t.Errorf("OpenAPI %s: got request %q, response %q, want request %q", version, request, response, wrong)
			}
		})
		reported := 0
		judge(forms.Form{OpenAPI: version}, changedProvider(t, sampleProvider(t), renameQuota), func(_, response, _ string) {
			if strings.Contains(response, "'quota' is a required property") {
				reported++
			}
		})
		if reported != 3 {
			t.Errorf("OpenAPI %s: %d of 3 responses without quota reported", version, reported)
		}
	}
	return fmt.Sprintf(openapiCoreText, in.version(t, "openapi-core"), len(exchanges), strings.Join(forms.Versions(), " and "))
}

const openapiCoreText = `openapi-core %s validates %d exchanges with the reference provider, by OpenAPI %s.
No response is wrong. Of the requests, one is, by its type, and two are, without credentials.
It reports all responses of a provider that sends ` + "`limit` instead of `quota`" + `.
`
