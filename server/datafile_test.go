package server

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// dataSchema is the published schema; times are checked, which JSON Schema leaves open.
func dataSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile("../docs/data.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// obeys says whether a file keeps the schema, as an editor sees it: times are text.
func obeys(t *testing.T, schema *jsonschema.Schema, text string) bool {
	t.Helper()
	var node yaml.Node
	if yaml.Unmarshal([]byte(text), &node) != nil || len(node.Content) == 0 {
		return false
	}
	asText(&node)
	var value any
	if node.Decode(&value) != nil {
		return false
	}
	data, err := json.Marshal(value)
	if err != nil {
		return false
	}
	value, err = jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	return err == nil && schema.Validate(value) == nil
}

func asText(n *yaml.Node) {
	if n.ShortTag() == "!!timestamp" {
		n.Tag = "!!str"
	}
	for _, c := range n.Content {
		asText(c)
	}
}

// sampleWith is the sample file with a text replaced, where it stands first.
func sampleWith(t *testing.T, old, replacement string) string {
	t.Helper()
	if !strings.Contains(string(sampleFile), old) {
		t.Fatalf("the sample has no %q", old)
	}
	return strings.Replace(string(sampleFile), old, replacement, 1)
}

// aliasBomb is a file of 20 KB in which aliases stand for four million quotas.
func aliasBomb() string {
	item := "&quota {type: user, min: 50, quota: 50, max: 1000, used: 10}"
	account := "&account {domain_id: " + SampleDomainID + ", projects: [], quotas: [" + item + strings.Repeat(", *quota", 2000) + "]}"
	return "accounts: [" + account + strings.Repeat(", *account", 2000) + "]\nprincipals: []\n"
}

// TestBadDataFile holds what is said of a file that cannot be served: one line with the file, the line and the reason.
func TestBadDataFile(t *testing.T) {
	const secret = "s3cret"
	schema := dataSchema(t)
	line := func(text string) string { // of the sample
		before, _, _ := strings.Cut(string(sampleFile), text)
		return "data.yaml:" + strconv.Itoa(strings.Count(before, "\n")+1) + ": "
	}
	reader := line("name: reader")
	tests := []struct {
		name, text, want string
		schemaKeeps      bool // JSON Schema cannot say it
	}{
		{"empty", "", "data.yaml:1: the file is empty", false},
		{"a comment only", "# later\n", "data.yaml:1: the file is empty", false},
		{"null", "---\n", "data.yaml:2: want a mapping with accounts, principals", false},
		{"not YAML", "accounts: [\n", "data.yaml:1: did not find expected node content", false},
		{"a tab", "accounts:\n\t- x\n", "data.yaml:2: found character that cannot start any token", false},
		{"an alias to nothing", "accounts: *x\n", "data.yaml:1: unknown anchor 'x' referenced", false},
		{"two documents", string(sampleFile) + "---\na: 1\n", "data.yaml:" + strconv.Itoa(strings.Count(string(sampleFile), "\n")+1) + ": want one YAML document", true},
		{"aliases of aliases", aliasBomb(), "data.yaml:1: document contains excessive aliasing", false},
		{"an alias of itself", "accounts: &a [*a]\nprincipals: []\n", "data.yaml:1: accounts: want a mapping with domain_id, quotas, projects", false},
		{"a list", "- x\n", "data.yaml:1: want a mapping with accounts, principals", false},
		{"no principals", "accounts: []\n", "data.yaml:1: principals is missing", false},
		{"unknown key", sampleWith(t, "projects:", "project:"), line("projects:") + "accounts: unknown key: it is one of domain_id, quotas, projects", false},
		{"unknown key of a token", sampleWith(t, "value: reader-token", secret+": x"), line("value: reader-token") + "principals: tokens: unknown key: it is one of value, expires", false},
		{"a key twice", sampleWith(t, "{value: reader-token}", "{value: a, value: b}"), line("value: reader-token") + "principals: tokens: duplicate key value", false},
		{"missing", sampleWith(t, "quota: 50, ", ""), line("type: user") + "accounts: quotas: quota is missing", false},
		{"no name", sampleWith(t, "- name: reader # may do both\n    domain_id", "- domain_id"), reader + "principals: name is missing", false},
		{"text for a number", sampleWith(t, "quota: 50", "quota: fifty"), line("type: user") + "accounts: quotas: quota: want a whole number of 32 bits, in decimal digits", false},
		{"a fraction", sampleWith(t, "quota: 50", "quota: 50.5"), line("type: user") + "accounts: quotas: quota: want a whole number of 32 bits, in decimal digits", false},
		{"too large", sampleWith(t, "max: 1000", "max: 2147483648"), line("type: user") + "accounts: quotas: max: want a whole number of 32 bits, in decimal digits", false},
		{"a number for text", sampleWith(t, "value: reader-token", "value: 4711"), line("value: reader-token") + "principals: tokens: value: want text; put it in quotes if it looks like something else", false},
		{"a secret for a list", sampleWith(t, "tokens:\n      - {value: reader-token}", "tokens: "+secret), "principals: tokens: want a list", false},
		{"a list for a secret", sampleWith(t, "secret: reader-secret", "secret: ["+secret+"]"), line("secret: reader-secret") + "principals: access_keys: secret: want text; put it in quotes if it looks like something else", false},
		{"a date", sampleWith(t, "expires: 2024-02-28T12:00:00Z", "expires: 2024-02-28"), line("expires:") + "principals: tokens: expires: want a time such as 2030-01-31T12:00:00Z", false},

		{"negative", sampleWith(t, "{type: user, min: 50, quota: 50", "{type: user, min: -50, quota: -50"), line("type: user") + "account " + SampleDomainID + ": type user: min is -50", false},
		{"unknown type", sampleWith(t, "type: idp", "type: users"), line("type: idp") + "account " + SampleDomainID + `: unknown type "users"`, false},
		{"type twice", sampleWith(t, "type: idp", "type: user"), line("type: idp") + "account " + SampleDomainID + ": type user is listed twice", true},
		{"type missing", sampleWith(t, "      - {type: mapping, min: 10, quota: 10, max: 100} # used is never told of mapping\n", ""), line("      - {type: user,") + "account " + SampleDomainID + ": type mapping is missing", false},
		{"used of mapping", sampleWith(t, "max: 100}", "max: 100, used: 1}"), line("type: mapping") + "account " + SampleDomainID + ": type mapping: want used for every type but mapping, and none there", false},
		{"out of bounds", sampleWith(t, "quota: 20, min: 1", "quota: 20, min: 21"), line("type: image") + "project " + SampleProjectID + ": type image: the quota 20 is not between 21 and 1000", true},
		{"account twice", sampleWith(t, "domain_id: "+StrangerDomainID, "domain_id: "+SampleDomainID), line("domain_id: "+StrangerDomainID) + "account " + SampleDomainID + " is listed twice", true},
		{"missing domain", sampleWith(t, "domain_id: "+StrangerDomainID, "domain_id: "+strings.Repeat("0f", 16)), "principal stranger: no account " + `"` + StrangerDomainID + `"`, true},
		{"an id that is none", sampleWith(t, "id: "+SampleProjectID, "id: p1"), line("id: "+SampleProjectID) + `project "p1": want 32 hexadecimal digits`, false},
		{"principal twice", sampleWith(t, "name: limited", "name: reader"), line("name: limited") + "principal reader is listed twice", true},
		{"token twice", sampleWith(t, "value: limited-token", "value: reader-token"), line("value: limited-token") + "principal limited: token 1: another credential has the same value", true},
		{"no such project", sampleWith(t, "project_id: "+SampleProjectID, "project_id: "+StrangerProjectID), "data.yaml:" + strconv.Itoa(lineNumber(reader)+2) + `: principal reader: its account has no project "` + StrangerProjectID + `"`, true},
		{"a security token with a space", sampleWith(t, "secret: reader-secret", "secret: x, security_token: a b"), line("secret: reader-secret") + "principal reader: access key 1: want a security token of printable ASCII without spaces", false},
		{"effect", sampleWith(t, "effect: Allow", "effect: allow"), line("effect: Allow") + `principal reader: grant "ims:*:get": want an action, Allow or Deny, and a scope`, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := ReadData("data.yaml", []byte(test.text))
			if err == nil {
				_, err = New(Options{Data: d})
			}
			switch {
			case err == nil:
				t.Fatal("it is served")
			case !strings.HasPrefix(err.Error(), "data.yaml:"), strings.Contains(err.Error(), "\n"):
				t.Errorf("want one line that begins with the place: %v", err)
			case !strings.HasSuffix(err.Error(), test.want):
				t.Errorf("got  %v\nwant %s", err, test.want)
			case strings.Contains(err.Error(), secret):
				t.Errorf("it tells a secret: %v", err)
			}
			if got := obeys(t, schema, test.text); got != test.schemaKeeps {
				t.Errorf("the schema: got %v, want %v", got, test.schemaKeeps)
			}
		})
	}
}

func lineNumber(place string) int {
	n := 0
	for _, c := range strings.TrimSuffix(strings.TrimPrefix(place, "data.yaml:"), ": ") {
		n = 10*n + int(c-'0')
	}
	return n
}

func TestGoodDataFile(t *testing.T) {
	schema := dataSchema(t)
	for _, test := range []struct{ name, text string }{
		{"the sample", string(sampleFile)},
		{"JSON", `{"accounts": [], "principals": []}`},
		{"Windows", strings.ReplaceAll(string(sampleFile), "\n", "\r\n")},
		{"an anchor", sampleWith(t, "grants: # as", "grants: &read # as") + "  - {name: more, domain_id: " + SampleDomainID + ", project_id: " + SampleProjectID + ", grants: *read}\n"},
		{"a temporary key", sampleWith(t, "secret: reader-secret", "secret: x, security_token: y, expires: '2030-01-01T00:00:00+01:00'")},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := ReadData("data.yaml", []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := New(Options{Data: d}); err != nil {
				t.Error(err)
			}
			if !obeys(t, schema, test.text) {
				t.Error("the schema refuses it")
			}
		})
	}
	d, err := ReadData("data.yaml", []byte(sampleWith(t, "secret: reader-secret", "secret: x, security_token: y, expires: '2030-01-01T00:00:00+01:00'")))
	if err != nil {
		t.Fatal(err)
	}
	want := AccessKey{ReaderKeyID, "x", "y", time.Date(2029, 12, 31, 23, 0, 0, 0, time.UTC)}
	if diff := cmp.Diff(want, d.Principals[0].AccessKeys[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestDataSchemaKnowsTheTypes compares the published schema with the documents.
func TestDataSchemaKnowsTheTypes(t *testing.T) {
	text, err := os.ReadFile("../docs/data.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Properties map[string]struct{ Enum []string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]string{"domainQuota": newServer(t, Options{}).operations[0].quotaTypes(), "imageQuota": imageTypes} {
		if diff := cmp.Diff(want, schema.Defs[name].Properties["type"].Enum); diff != "" || len(want) == 0 {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestImageTypes holds the types of image quotas to the rule of the document that lists them.
func TestImageTypes(t *testing.T) {
	d, err := openapi.Embedded("ims")
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(d.Rules, func(r *spec.Rule) bool { return r.ID == "ims/known-type" })
	if at < 0 {
		t.Fatal("no rule ims/known-type")
	}
	known := []string{}
	if _, list, _ := strings.Cut(d.Rules[at].Expr, "self.type in "); json.Unmarshal([]byte(list), &known) != nil {
		t.Fatalf("the rule ends in no list: %s", d.Rules[at].Expr)
	}
	if diff := cmp.Diff(known, imageTypes); diff != "" {
		t.Errorf("(-rule +server):\n%s", diff)
	}
}

func TestSampleCredentialsAreKnown(t *testing.T) {
	own := strings.NewReplacer("-token", "-mine", "-secret", "-mine").Replace(string(sampleFile))
	for _, test := range []struct {
		name, text string
		want       bool
	}{
		{"sample", string(sampleFile), true},
		{"own", own, false},
		{"one token", strings.Replace(own, "limited-mine", LimitedToken, 1), true},
		{"one secret", strings.Replace(own, "secret: reader-mine", "secret: "+ReaderSecret, 1), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := ReadData("data.yaml", []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := d.HasSampleCredentials(); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
