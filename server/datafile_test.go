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

// sampleWith returns the sample file with the first occurrence of a text replaced.
func sampleWith(t *testing.T, old, replacement string) string {
	t.Helper()
	if !strings.Contains(string(sampleFile), old) {
		t.Fatalf("the sample has no %q", old)
	}
	return strings.Replace(string(sampleFile), old, replacement, 1)
}

// aliasBomb is a file of 20 KB whose aliases expand to four million quotas.
func aliasBomb() string {
	item := "&quota {type: user, min: 50, quota: 50, max: 1000, used: 10}"
	account := "&account {domain_id: " + SampleDomainID + ", projects: [], quotas: [" + item + strings.Repeat(", *quota", 2000) + "]}"
	return "accounts: [" + account + strings.Repeat(", *account", 2000) + "]\nprincipals: []\n"
}

// TestBadDataFile checks the error of a file that cannot be served: one line with the file, the line and the reason.
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
		{name: "empty", want: "data.yaml:1: the file is empty"},
		{name: "a comment only", text: "# later\n", want: "data.yaml:1: the file is empty"},
		{name: "null", text: "---\n", want: "data.yaml:2: want a mapping with accounts, principals"},
		{name: "not YAML", text: "accounts: [\n", want: "data.yaml:1: did not find expected node content"},
		{name: "a tab", text: "accounts:\n\t- x\n", want: "data.yaml:2: found character that cannot start any token"},
		{name: "an alias to nothing", text: "accounts: *x\n", want: "data.yaml:1: unknown anchor 'x' referenced"},
		{
			name:        "two documents",
			text:        string(sampleFile) + "---\na: 1\n",
			want:        "data.yaml:" + strconv.Itoa(strings.Count(string(sampleFile), "\n")+1) + ": want one YAML document",
			schemaKeeps: true,
		},
		{name: "aliases of aliases", text: aliasBomb(), want: "data.yaml:1: document contains excessive aliasing"},
		{
			name: "an alias of itself",
			text: "accounts: &a [*a]\nprincipals: []\n",
			want: "data.yaml:1: accounts: want a mapping with domain_id, quotas, projects",
		},
		{name: "a list", text: "- x\n", want: "data.yaml:1: want a mapping with accounts, principals"},
		{name: "no principals", text: "accounts: []\n", want: "data.yaml:1: principals is missing"},
		{
			name: "unknown key",
			text: sampleWith(t, "projects:", "project:"),
			want: line("projects:") + "accounts: unknown key: it is one of domain_id, quotas, projects",
		},
		{
			name: "unknown key of a token",
			text: sampleWith(t, "value: reader-token", secret+": x"),
			want: line("value: reader-token") + "principals: tokens: unknown key: it is one of value, expires",
		},
		{
			name: "a key twice",
			text: sampleWith(t, "{value: reader-token}", "{value: a, value: b}"),
			want: line("value: reader-token") + "principals: tokens: duplicate key value",
		},
		{
			name: "missing",
			text: sampleWith(t, "quota: 50, ", ""),
			want: line("type: user") + "accounts: quotas: quota is missing",
		},
		{
			name: "no name",
			text: sampleWith(t, "- name: reader # may do both\n    domain_id", "- domain_id"),
			want: reader + "principals: name is missing",
		},
		{
			name: "text for a number",
			text: sampleWith(t, "quota: 50", "quota: fifty"),
			want: line("type: user") + "accounts: quotas: quota: want a whole number of 32 bits, in decimal digits",
		},
		{
			name: "a fraction",
			text: sampleWith(t, "quota: 50", "quota: 50.5"),
			want: line("type: user") + "accounts: quotas: quota: want a whole number of 32 bits, in decimal digits",
		},
		{
			name: "too large",
			text: sampleWith(t, "max: 1000", "max: 2147483648"),
			want: line("type: user") + "accounts: quotas: max: want a whole number of 32 bits, in decimal digits",
		},
		{
			name: "a number for text",
			text: sampleWith(t, "value: reader-token", "value: 4711"),
			want: line("value: reader-token") + "principals: tokens: value: want text; put it in quotes if it looks like something else",
		},
		{
			name: "a secret for a list",
			text: sampleWith(t, "tokens:\n      - {value: reader-token}", "tokens: "+secret),
			want: "principals: tokens: want a list",
		},
		{
			name: "a list for a secret",
			text: sampleWith(t, "secret: reader-secret", "secret: ["+secret+"]"),
			want: line("secret: reader-secret") + "principals: access_keys: secret: want text; put it in quotes if it looks like something else",
		},
		{
			name: "a date",
			text: sampleWith(t, "expires: 2024-02-28T12:00:00Z", "expires: 2024-02-28"),
			want: line("expires:") + "principals: tokens: expires: want a time such as 2030-01-31T12:00:00Z",
		},

		{
			name: "negative",
			text: sampleWith(t, "{type: user, min: 50, quota: 50", "{type: user, min: -50, quota: -50"),
			want: line("type: user") + "account " + SampleDomainID + ": type user: min is -50",
		},
		{
			name: "unknown type",
			text: sampleWith(t, "type: idp", "type: users"),
			want: line("type: idp") + "account " + SampleDomainID + `: unknown type "users"`,
		},
		{
			name:        "type twice",
			text:        sampleWith(t, "type: idp", "type: user"),
			want:        line("type: idp") + "account " + SampleDomainID + ": type user is listed twice",
			schemaKeeps: true,
		},
		{
			name: "type missing",
			text: sampleWith(t, "      - {type: mapping, min: 10, quota: 10, max: 100} # used is never told of mapping\n", ""),
			want: line("      - {type: user,") + "account " + SampleDomainID + ": type mapping is missing",
		},
		{
			name: "used of mapping",
			text: sampleWith(t, "max: 100}", "max: 100, used: 1}"),
			want: line("type: mapping") + "account " + SampleDomainID + ": type mapping: want used for every type but mapping, and none there",
		},
		{
			name:        "out of bounds",
			text:        sampleWith(t, "quota: 20, min: 1", "quota: 20, min: 21"),
			want:        line("type: image") + "project " + SampleProjectID + ": type image: the quota 20 is not between 21 and 1000",
			schemaKeeps: true,
		},
		{
			name:        "account twice",
			text:        sampleWith(t, "domain_id: "+StrangerDomainID, "domain_id: "+SampleDomainID),
			want:        line("domain_id: "+StrangerDomainID) + "account " + SampleDomainID + " is listed twice",
			schemaKeeps: true,
		},
		{
			name:        "missing domain",
			text:        sampleWith(t, "domain_id: "+StrangerDomainID, "domain_id: "+strings.Repeat("0f", 16)),
			want:        "principal stranger: no account " + `"` + StrangerDomainID + `"`,
			schemaKeeps: true,
		},
		{
			name: "an id that is none",
			text: sampleWith(t, "id: "+SampleProjectID, "id: p1"),
			want: line("id: "+SampleProjectID) + `project "p1": want 32 hexadecimal digits`,
		},
		{
			name:        "principal twice",
			text:        sampleWith(t, "name: limited", "name: reader"),
			want:        line("name: limited") + "principal reader is listed twice",
			schemaKeeps: true,
		},
		{
			name:        "token twice",
			text:        sampleWith(t, "value: limited-token", "value: reader-token"),
			want:        line("value: limited-token") + "principal limited: token 1: another credential has the same value",
			schemaKeeps: true,
		},
		{
			name:        "no such project",
			text:        sampleWith(t, "project_id: "+SampleProjectID, "project_id: "+StrangerProjectID),
			schemaKeeps: true,
			want: "data.yaml:" + strconv.Itoa(lineNumber(reader)+2) +
				`: principal reader: its account has no project "` + StrangerProjectID + `"`,
		},
		{
			name: "a security token with a space",
			text: sampleWith(t, "secret: reader-secret", "secret: x, security_token: a b"),
			want: line("secret: reader-secret") + "principal reader: access key 1: want a security token of printable ASCII without spaces",
		},
		{
			name: "effect",
			text: sampleWith(t, "effect: Allow", "effect: allow"),
			want: line("effect: Allow") + `principal reader: grant "ims:*:get": want an action, Allow or Deny, and a scope`,
		},
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
		{name: "the sample", text: string(sampleFile)},
		{name: "JSON", text: `{"accounts": [], "principals": []}`},
		{name: "Windows", text: strings.ReplaceAll(string(sampleFile), "\n", "\r\n")},
		{
			name: "an anchor",
			text: sampleWith(t, "grants: # as", "grants: &read # as") +
				"  - {name: more, domain_id: " + SampleDomainID + ", project_id: " + SampleProjectID + ", grants: *read}\n",
		},
		{
			name: "a temporary key",
			text: sampleWith(t, "secret: reader-secret", "secret: x, security_token: y, expires: '2030-01-01T00:00:00+01:00'"),
		},
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
	temporary := "secret: x, security_token: y, expires: '2030-01-01T00:00:00+01:00'"
	d, err := ReadData("data.yaml", []byte(sampleWith(t, "secret: reader-secret", temporary)))
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

// TestImageTypes compares the types of image quotas with the rule of the document that lists them.
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
		{name: "sample", text: string(sampleFile), want: true},
		{name: "own", text: own},
		{name: "one token", text: strings.Replace(own, "limited-mine", LimitedToken, 1), want: true},
		{name: "one secret", text: strings.Replace(own, "secret: reader-mine", "secret: "+ReaderSecret, 1), want: true},
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
