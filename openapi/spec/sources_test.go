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

// TestInvalidSources checks the errors of x-sources and of sources.
func TestInvalidSources(t *testing.T) {
	const (
		manual   = "  manual: {title: The manual of things, url: 'https://example.com/manual', edition: 2024-02}\n"
		pageKeys = "it is one of title, url, edition"
	)
	_, block, _ := strings.Cut(small, "\nx-sources:\n")
	block, _, _ = strings.Cut(block, "x-rules:\n")
	block = "x-sources:\n" + block
	tests := []broken{
		{
			name: "a list", old: block, new: "x-sources: [manual]\n",
			want: "x-sources: want a mapping of names to title, url and edition",
		},
		{
			name: "a text", old: block, new: "x-sources: manual\n",
			want: "x-sources: want a mapping of names to title, url and edition",
		},
		{
			name: "nothing", old: block, new: "x-sources:\n",
			want: "x-sources: want a mapping of names to title, url and edition",
		},
		{
			name: "an empty mapping", old: block, new: "x-sources: {}\n",
			want: "x-sources: want a mapping of names to title, url and edition",
		},
		{
			name: "a page that is a text", old: manual, new: "  manual: https://example.com\n",
			want: "x-sources: manual: want a mapping with title, url, edition",
		},
		{
			name: "a page without a value", old: manual, new: "  manual:\n",
			want: "x-sources: manual: want a mapping with title, url, edition",
		},
		{
			name: "an unknown key", old: "    edition: 2021 to 2025", new: "    date: 2021 to 2025",
			want: `x-sources: wild: unknown key "date": ` + pageKeys,
		},
		{
			name: "no title", old: manual, new: "  manual: {url: 'https://example.com', edition: a}\n",
			want: "x-sources: manual: title is missing",
		},
		{name: "no url", old: manual, new: "  manual: {title: a, edition: a}\n", want: "x-sources: manual: url is missing"},
		{
			name: "no edition",
			old:  "  wild:\n    title: Responses that users published\n    url: https://example.com/wild\n    edition: 2021 to 2025\n",
			new:  "  wild: {title: a, url: 'https://example.com'}\n", want: "x-sources: wild: edition is missing",
		},
		{
			name: "an edition that is a number", old: manual,
			new:  "  manual: {title: a, url: 'https://example.com', edition: 2024}\n",
			want: "x-sources: manual: edition: want a non-empty string",
		},
		{
			name: "an empty title", old: manual, new: "  manual: {title: '', url: 'https://example.com', edition: a}\n",
			want: "x-sources: manual: title: want a non-empty string",
		},
		{
			name: "a url without https", old: "    url: https://example.com/wild", new: "    url: http://example.com/wild",
			want: `x-sources: wild: url "http://example.com/wild": want an https address`,
		},
		{
			name: "a url without a host", old: "    url: https://example.com/wild", new: "    url: https:example.com",
			want: `x-sources: wild: url "https:example.com": want an https address`,
		},
		{
			name: "an invalid url", old: "    url: https://example.com/wild", new: "    url: 'https://example.com/%zz'",
			want: `x-sources: wild: url "https://example.com/%zz": want an https address`,
		},
		{
			name: "a name with a slash", old: "  wild:\n", new: "  wild/type:\n",
			want: `x-sources: "wild/type": want a name without a slash, which separates a page from its row`,
		},
		{name: "a name twice", old: "  wild:\n", new: "  manual:\n", want: `duplicate key "manual"`},

		{
			name: "an unknown source of evidence", old: "[manual/title, manual/uri]", new: "[manual/title, manul/uri]",
			want: `x-evidence: x-sources has no "manul"`,
		},
		{
			name: "an unknown source of a rule", old: "source: manual/size", new: "source: Manual/size",
			want: `rule positive: x-sources has no "Manual"`,
		},
		{
			name: "an unknown source of x-authorization", old: "        source: manual/actions\n",
			new: "        source: manual@2025/actions\n", want: `x-authorization: x-sources has no "manual@2025"`,
		},
		{
			name: "an unknown source of a signing header", old: "source: manual/signing", new: "source: guide",
			want: `x-signing-headers: X-Date: x-sources has no "guide"`,
		},

		{
			name: "on the info", old: "info: {title: Things, version: 1.0.0}",
			new: "info: {title: Things, version: 1.0.0, x-sources: {}}", want: "x-sources belongs to the document",
		},
		{
			name: "on an operation", old: "      operationId: listThings\n",
			new: "      @@x-sources: {}\n      operationId: listThings\n", want: "x-sources belongs to the document",
		},
	}
	checkBroken(t, tests)
}

// TestInvalidSigningHeaders checks the errors of x-signing-headers.
func TestInvalidSigningHeaders(t *testing.T) {
	const (
		owner = "- {name: X-Owner, says: The account that signs., grade: inferred, source: us}"
		keys  = "name, says, pattern, grade, source"
	)
	_, list, _ := strings.Cut(small, "      x-signing-headers:\n")
	list, _, _ = strings.Cut(list, "  parameters:\n")
	list = "x-signing-headers:\n" + list
	tests := []broken{
		{name: "a mapping", old: list, new: "x-signing-headers: {X-Date: When}\n", want: "x-signing-headers: want a list"},
		{name: "nothing", old: list, new: "x-signing-headers:\n", want: "x-signing-headers: want a list"},
		{name: "an empty list", old: list, new: "x-signing-headers: []\n", want: "x-signing-headers: want a list"},
		{
			name: "a header that is a text", old: owner, new: "- X-Owner",
			want: "x-signing-headers: want a mapping with " + keys,
		},
		{
			name: "an unknown key", old: "          pattern: '^[0-9]{8}$'", new: "          regexp: '^[0-9]{8}$'",
			want: `x-signing-headers: unknown key "regexp": it is one of ` + keys,
		},
		{
			name: "no name", old: owner, new: "- {says: The account., grade: inferred, source: us}",
			want: "x-signing-headers: name is missing",
		},
		{
			name: "no meaning", old: owner, new: "- {name: X-Owner, grade: inferred, source: us}",
			want: "x-signing-headers: says is missing",
		},
		{
			name: "no grade", old: owner, new: "- {name: X-Owner, says: The account., source: us}",
			want: "x-signing-headers: X-Owner: grade is missing",
		},
		{
			name: "no source", old: owner, new: "- {name: X-Owner, says: The account., grade: inferred}",
			want: "x-signing-headers: X-Owner: source is missing",
		},
		{
			name: "an undocumented header", old: owner,
			new:  "- {name: X-Owner, says: The account., grade: undocumented, source: us}",
			want: "x-signing-headers: X-Owner: a promise cannot be undocumented",
		},
		{
			name: "a name that is a number", old: "- name: X-Date", new: "- name: 7",
			want: "x-signing-headers: name: want a non-empty string",
		},
		{
			name: "a pattern that is a number", old: "pattern: '^[0-9]{8}$'", new: "pattern: 8",
			want: "x-signing-headers: pattern: want a non-empty string",
		},
		{
			name: "an invalid pattern", old: "pattern: '^[0-9]{8}$'", new: "pattern: '([0-9]{8}$'",
			want: `x-signing-headers: pattern "([0-9]{8}$" is not a regular expression`,
		},
		{
			name: "on the document", old: "security:\n", new: "x-signing-headers: []\nsecurity:\n",
			want: "x-signing-headers belongs to a security scheme",
		},
		{
			name: "on an operation", old: "      operationId: listThings\n",
			new:  "      @@x-signing-headers: []\n      operationId: listThings\n",
			want: "x-signing-headers belongs to a security scheme",
		},
		{
			name: "on a parameter", old: "schema: {type: boolean}}", new: "schema: {type: boolean}, x-signing-headers: []}",
			want: "x-signing-headers belongs to a security scheme",
		},
	}
	checkBroken(t, tests)
}
