package spec

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSources(t *testing.T) {
	d := readSmall(t)
	want := []string{
		fmt.Sprint("manual, The manual of things, https://example.com/manual, 2024-02, ", lineOf(t, small, "  manual: {title")),
		fmt.Sprint("wild, Responses that users published, https://example.com/wild, 2021 to 2025, ", lineOf(t, small, "  wild:\n")),
		fmt.Sprint("us, Our own conclusion, https://example.com, 7, ", lineOf(t, small, "  us: {title")),
	}
	got := []string{}
	for _, p := range d.Sources {
		got = append(got, fmt.Sprintf("%s, %s, %s, %s, %d", p.Name, p.Title, p.URL, p.Edition, p.Node.Place().Line))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for source, want := range map[string]*Page{
		"manual": d.Sources[0], "manual/table2/type": d.Sources[0], "us": d.Sources[2], "manua": nil, "manual@2025": nil, "": nil,
	} {
		if got := d.Page(source); got != want {
			t.Errorf("the page of %q: got %v, want %v", source, got, want)
		}
	}
}

func TestSigningHeaders(t *testing.T) {
	type header struct{ Name, Says, Pattern, Evidence, Pointer string }
	got := map[string][]header{}
	for _, scheme := range readSmall(t).Schemes {
		for _, h := range scheme.SigningHeaders {
			pattern := ""
			if h.Pattern != nil {
				pattern = h.Pattern.String()
			}
			got[scheme.Name] = append(got[scheme.Name], header{h.Name, h.Says, pattern, fmt.Sprint(h.Evidence), h.Node.Pointer()})
		}
	}
	const list = "/components/securitySchemes/Signature/x-signing-headers/"
	want := map[string][]header{"Signature": {
		{"X-Date", "When the request was signed.", "^[0-9]{8}$", "{documented [manual/signing]}", list + "0"},
		{"X-Owner", "The account that signs.", "", "{inferred [us]}", list + "1"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFaultsOfSources(t *testing.T) {
	const (
		manual   = "  manual: {title: The manual of things, url: 'https://example.com/manual', edition: 2024-02}\n"
		pageKeys = "it takes title, url, edition"
	)
	_, block, _ := strings.Cut(small, "\nx-sources:\n")
	block, _, _ = strings.Cut(block, "x-rules:\n")
	block = "x-sources:\n" + block
	tests := []broken{
		{"a list", block, "x-sources: [manual]\n", "x-sources: want a mapping of names to title, url and edition"},
		{"a text", block, "x-sources: manual\n", "x-sources: want a mapping of names to title, url and edition"},
		{"nothing", block, "x-sources:\n", "x-sources: want a mapping of names to title, url and edition"},
		{"an empty mapping", block, "x-sources: {}\n", "x-sources: want a mapping of names to title, url and edition"},
		{"a page that is a text", manual, "  manual: https://example.com\n", "x-sources: manual: want a mapping with title, url, edition"},
		{"a page without a value", manual, "  manual:\n", "x-sources: manual: want a mapping with title, url, edition"},
		{"an unknown key", "    edition: 2021 to 2025", "    date: 2021 to 2025", `x-sources: wild: unknown key "date", ` + pageKeys},
		{"no title", manual, "  manual: {url: 'https://example.com', edition: a}\n", "x-sources: manual: title is missing"},
		{"no url", manual, "  manual: {title: a, edition: a}\n", "x-sources: manual: url is missing"},
		{"no edition", "  wild:\n    title: Responses that users published\n    url: https://example.com/wild\n    edition: 2021 to 2025\n", "  wild: {title: a, url: 'https://example.com'}\n", "x-sources: wild: edition is missing"},
		{"an edition that is a number", manual, "  manual: {title: a, url: 'https://example.com', edition: 2024}\n", "x-sources: manual: edition: want a text"},
		{"an empty title", manual, "  manual: {title: '', url: 'https://example.com', edition: a}\n", "x-sources: manual: title: want a text"},
		{"a url without https", "    url: https://example.com/wild", "    url: http://example.com/wild", `x-sources: wild: url "http://example.com/wild": want an https address`},
		{"a url without a host", "    url: https://example.com/wild", "    url: https:example.com", `x-sources: wild: url "https:example.com": want an https address`},
		{"a url that is none", "    url: https://example.com/wild", "    url: 'https://example.com/%zz'", `x-sources: wild: url "https://example.com/%zz": want an https address`},
		{"a name with a slash", "  wild:\n", "  wild/type:\n", `x-sources: "wild/type": want a name without a slash, which separates a page from its row`},
		{"a name twice", "  wild:\n", "  manual:\n", `the key "manual" stands here twice`},

		{"an unknown source of evidence", "[manual/title, manual/uri]", "[manual/title, manul/uri]", `x-evidence: x-sources has no "manul"`},
		{"an unknown source of a rule", "source: manual/size", "source: Manual/size", `rule positive: x-sources has no "Manual"`},
		{"an unknown source of x-authorization", "        source: manual/actions\n", "        source: manual@2025/actions\n", `x-authorization: x-sources has no "manual@2025"`},
		{"an unknown source of a signing header", "source: manual/signing", "source: guide", `x-signing-headers: X-Date: x-sources has no "guide"`},

		{"on the info", "info: {title: Things, version: 1.0.0}", "info: {title: Things, version: 1.0.0, x-sources: {}}", "x-sources belongs to the document"},
		{"on an operation", "      operationId: listThings\n", "      @@x-sources: {}\n      operationId: listThings\n", "x-sources belongs to the document"},
	}
	checkBroken(t, tests)
}

func TestFaultsOfSigningHeaders(t *testing.T) {
	const (
		owner = "- {name: X-Owner, says: The account that signs., grade: inferred, source: us}"
		keys  = "name, says, pattern, grade, source"
	)
	_, list, _ := strings.Cut(small, "      x-signing-headers:\n")
	list, _, _ = strings.Cut(list, "  parameters:\n")
	list = "x-signing-headers:\n" + list
	tests := []broken{
		{"a mapping", list, "x-signing-headers: {X-Date: When}\n", "x-signing-headers: want a list"},
		{"nothing", list, "x-signing-headers:\n", "x-signing-headers: want a list"},
		{"an empty list", list, "x-signing-headers: []\n", "x-signing-headers: want a list"},
		{"a header that is a text", owner, "- X-Owner", "x-signing-headers: want a mapping with " + keys},
		{"an unknown key", "          pattern: '^[0-9]{8}$'", "          regexp: '^[0-9]{8}$'", `x-signing-headers: unknown key "regexp", it takes ` + keys},
		{"no name", owner, "- {says: The account., grade: inferred, source: us}", "x-signing-headers: name is missing"},
		{"no meaning", owner, "- {name: X-Owner, grade: inferred, source: us}", "x-signing-headers: says is missing"},
		{"no grade", owner, "- {name: X-Owner, says: The account., source: us}", "x-signing-headers: X-Owner: grade is missing"},
		{"no source", owner, "- {name: X-Owner, says: The account., grade: inferred}", "x-signing-headers: X-Owner: source is missing"},
		{"an undocumented header", owner, "- {name: X-Owner, says: The account., grade: undocumented, source: us}", "x-signing-headers: X-Owner: a promise cannot be undocumented"},
		{"a name that is a number", "- name: X-Date", "- name: 7", "x-signing-headers: name: want a text"},
		{"a pattern that is a number", "pattern: '^[0-9]{8}$'", "pattern: 8", "x-signing-headers: pattern: want a text"},
		{"a pattern that is none", "pattern: '^[0-9]{8}$'", "pattern: '([0-9]{8}$'", `x-signing-headers: pattern "([0-9]{8}$" is no regular expression`},
		{"on the document", "security:\n", "x-signing-headers: []\nsecurity:\n", "x-signing-headers belongs to a security scheme"},
		{"on an operation", "      operationId: listThings\n", "      @@x-signing-headers: []\n      operationId: listThings\n", "x-signing-headers belongs to a security scheme"},
		{"on a parameter", "schema: {type: boolean}}", "schema: {type: boolean}, x-signing-headers: []}", "x-signing-headers belongs to a security scheme"},
	}
	checkBroken(t, tests)
}
