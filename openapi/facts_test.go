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

// TestFactTables holds the copies of the collected tables to what was collected.
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
		if diff := cmp.Diff(beside(t, fact), string(data)); diff != "" {
			t.Errorf("%s (-collected +copied):\n%s", copied, diff)
		}
	}
}

// collected are the bodies of facts/recordings that a document shows.
var collected = []struct{ file, document, status, example string }{
	{"iam-domain-quota-200-all", "iam", "200", "all-types"},
	{"iam-domain-quota-200-type-group", "iam", "200", "type-group"},
	{"iam-domain-quota-400", "iam", "400", "invalid-parameter"},
	{"iam-domain-quota-403-iam0002", "iam", "403", "not-authorized"},
	{"iam-domain-quota-403-iam0003", "iam", "403", "policy"},
	{"iam-domain-quota-404", "iam", "404", "not-found"},
	{"wild-apigw-404-iam-v3.0-empty-domain", "iam", "404", "unknown-path"},
	{"iam-domain-quota-500", "iam", "500", "internal-error"},
	{"ims-image-quota-200", "ims", "200", "image"},
	{"ims-error-400-img0024", "ims", "400", "image-type"},
	{"wild-apigw-401-ims-body-too-large", "ims", "401", "body-too-large"},

	{"gateway-401-x-auth-token-missing", "iam ims", "401", "token-missing"},
	{"gateway-401-token-undecryptable", "iam ims", "401", "token-undecryptable"},
	{"gateway-401-token-expired", "iam ims", "401", "token-expired"},
	{"gateway-401-ak-unknown", "iam ims", "401", "key-unknown"},
	{"gateway-401-ak-locked", "iam ims", "401", "key-locked"},
	{"gateway-401-signature", "iam ims", "401", "signature-wrong"},
	{"gateway-401-signature-expired", "iam ims", "401", "signature-expired"},
	{"wild-apigw-429", "iam ims", "429", "throttled"},
}

// TestCollectedExamples compares the example bodies with those that were collected. What no collected body shows is graded
// inferred.
func TestCollectedExamples(t *testing.T) {
	shown := map[string]bool{}
	for _, c := range collected {
		var want any
		if err := json.Unmarshal([]byte(beside(t, "facts/recordings/"+c.file+".json")), &want); err != nil {
			t.Fatal(err)
		}
		for _, document := range strings.Fields(c.document) {
			doc := plain(t, document)
			example := slices.Concat(operation(t, doc), []string{"responses", c.status, "content", "application/json", "examples", c.example, "value"})
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

// TestFactSheet compares what the documents say in words with the sheet of collected facts.
func TestFactSheet(t *testing.T) {
	sheet := beside(t, "facts/domain.md")
	for _, fact := range []struct{ name, sheet, document, says string }{
		{"a token is valid", "Valid 24 h", "iam ims", "valid for 24 hours"},
		{"the window of a signature", "≤ **15 min**", "iam ims", "The gateway accepts fifteen minutes of difference"},
		{"the lock of a key", "5 consecutive failures lock the access key for **5 minutes**", "iam ims", "locked for five minutes after five failures"},
		{"the action of IMS", "`ims:quotas:get`", "ims", "action: ims:quotas:get"},
		{"the action of IAM", "`iam:quotas:listQuotas`", "iam", "action: iam:quotas:listQuotas"},
		{"the URL of IAM", "GET /v3.0/OS-QUOTA/domains/{domain_id}", "iam", "  /v3.0/OS-QUOTA/domains/{domain_id}:"},
		{"the URL of IMS", "GET /v1/cloudimages/quota", "ims", "  /v1/cloudimages/quota:"},
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
