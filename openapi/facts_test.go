package openapi_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFactTables compares the copies of the collected tables with the originals.
func TestFactTables(t *testing.T) {
	for fact, copied := range map[string]string{
		"facts/error_codes.csv":      "testdata/error_codes.csv",
		"facts/regions.csv":          "testdata/regions.csv",
		"facts/signing_vectors.json": "../internal/signature/testdata/vectors.json",
	} {
		data, err := os.ReadFile(copied)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(shared(t, fact), string(data)); diff != "" {
			t.Errorf("%s (-collected +copied):\n%s", copied, diff)
		}
	}
}

// collected lists the bodies of facts/recordings that a document has as examples.
var collected = []struct{ file, document, status, example string }{
	{file: "iam-domain-quota-200-all", document: "iam", status: "200", example: "all-types"},
	{file: "iam-domain-quota-200-type-group", document: "iam", status: "200", example: "type-group"},
	{file: "iam-domain-quota-400", document: "iam", status: "400", example: "invalid-parameter"},
	{file: "iam-domain-quota-403-iam0002", document: "iam", status: "403", example: "not-authorized"},
	{file: "iam-domain-quota-403-iam0003", document: "iam", status: "403", example: "policy"},
	{file: "iam-domain-quota-404", document: "iam", status: "404", example: "not-found"},
	{file: "wild-apigw-404-iam-v3.0-empty-domain", document: "iam", status: "404", example: "unknown-path"},
	{file: "iam-domain-quota-500", document: "iam", status: "500", example: "internal-error"},
	{file: "ims-image-quota-200", document: "ims", status: "200", example: "image"},
	{file: "ims-error-400-img0024", document: "ims", status: "400", example: "image-type"},
	{file: "wild-apigw-401-ims-body-too-large", document: "ims", status: "401", example: "body-too-large"},

	{file: "gateway-401-x-auth-token-missing", document: "iam ims", status: "401", example: "token-missing"},
	{file: "gateway-401-token-undecryptable", document: "iam ims", status: "401", example: "token-undecryptable"},
	{file: "gateway-401-token-expired", document: "iam ims", status: "401", example: "token-expired"},
	{file: "gateway-401-ak-unknown", document: "iam ims", status: "401", example: "key-unknown"},
	{file: "gateway-401-ak-locked", document: "iam ims", status: "401", example: "key-locked"},
	{file: "gateway-401-signature", document: "iam ims", status: "401", example: "signature-wrong"},
	{file: "gateway-401-signature-expired", document: "iam ims", status: "401", example: "signature-expired"},
	{file: "wild-apigw-429", document: "iam ims", status: "429", example: "throttled"},
}

// TestCollectedExamples compares the example bodies with the collected ones. An example without a collected body must be graded
// inferred.
func TestCollectedExamples(t *testing.T) {
	shown := map[string]bool{}
	for _, c := range collected {
		var want any
		if err := json.Unmarshal([]byte(shared(t, "facts/recordings/"+c.file+".json")), &want); err != nil {
			t.Fatal(err)
		}
		for _, document := range strings.Fields(c.document) {
			doc := plain(t, document)
			media := []string{"responses", c.status, "content", "application/json"}
			example := slices.Concat(operation(t, doc), media, []string{"examples", c.example, "value"})
			if got := asJSON(at(doc, example...)); !fills(want, got) {
				t.Errorf("%s %s %s: got %v, want that of %s: %v", document, c.status, c.example, got, c.file, want)
			}
			shown[document+" "+c.status+" "+c.example] = true
		}
	}
	for _, document := range []string{"iam", "ims"} {
		doc := plain(t, document)
		for status := range objectAt(doc, slices.Concat(operation(t, doc), []string{"responses"})...) {
			response := objectAt(doc, slices.Concat(operation(t, doc), []string{"responses", status})...)
			for name := range objectAt(response, "content", "application/json", "examples") {
				grade := textAt(response, "content", "application/json", "examples", name, "x-evidence", "grade")
				if grade == "" {
					grade = textAt(response, "x-evidence", "grade")
				}
				if what := document + " " + status + " " + name; !shown[what] && grade != "inferred" {
					t.Errorf("%s: graded %q, but no collected body shows it", what, grade)
				}
			}
		}
	}
}

// TestFactSheet compares facts that the documents state in words with the sheet of collected facts.
func TestFactSheet(t *testing.T) {
	sheet := shared(t, "facts/domain.md")
	for _, fact := range []struct{ name, sheet, document, says string }{
		{name: "a token is valid", sheet: "Valid 24 h", document: "iam ims", says: "valid for 24 hours"},
		{
			name: "the window of a signature", sheet: "≤ **15 min**", document: "iam ims",
			says: "The gateway accepts fifteen minutes of difference",
		},
		{
			name: "the lock of a key", sheet: "5 consecutive failures lock the access key for **5 minutes**",
			document: "iam ims", says: "locked for five minutes after five failures",
		},
		{name: "the action of IMS", sheet: "`ims:quotas:get`", document: "ims", says: "action: ims:quotas:get"},
		{name: "the action of IAM", sheet: "`iam:quotas:listQuotas`", document: "iam", says: "action: iam:quotas:listQuotas"},
		{
			name: "the URL of IAM", sheet: "GET /v3.0/OS-QUOTA/domains/{domain_id}", document: "iam",
			says: "  /v3.0/OS-QUOTA/domains/{domain_id}:",
		},
		{name: "the URL of IMS", sheet: "GET /v1/cloudimages/quota", document: "ims", says: "  /v1/cloudimages/quota:"},
	} {
		if !strings.Contains(sheet, fact.sheet) {
			t.Errorf("%s: the sheet does not say %q", fact.name, fact.sheet)
		}
		for _, document := range strings.Fields(fact.document) {
			source, err := os.ReadFile(document + ".yaml")
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(source), fact.says) {
				t.Errorf("%s: %s.yaml does not say %q", fact.name, document, fact.says)
			}
		}
	}
	row := regexp.MustCompile("(?m)^.*newest.*\\*\\*`image`\\*\\*.*$").FindString(sheet)
	kinds := []string{}
	for _, kind := range regexp.MustCompile("\\*\\*`(image\\w*)`\\*\\*").FindAllStringSubmatch(row, -1) {
		kinds = append(kinds, kind[1])
	}
	if diff := cmp.Diff(kinds, knownTypes(t, "ims")); diff != "" {
		t.Errorf("types of ims (-sheet +document):\n%s", diff)
	}
}
