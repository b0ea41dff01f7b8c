package report_test

import (
	"encoding/json"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestSourcesCanBeFollowed checks that each format for people links the page of a source where a finding or a promise names
// it, and lists its title and edition once.
func TestSourcesCanBeFollowed(t *testing.T) {
	for _, test := range []struct {
		format string
		want   []string
	}{
		{format: "html", want: []string{
			`<a href="https://example.com/guide_%281%29?a=b&amp;c=%22d%22%7ce" title="The guide | &lt;b&gt;, [parcels](x) (June | &lt;i&gt;` +
				`2026)">guide/show</a>`,
			`>guide/id</a>`,
			`<a href="https://example.com/seen" title="Seen (2)">wild</a>`,
			`<dt>guide</dt><dd><a href="https://example.com/guide_%281%29?a=b&amp;c=%22d%22%7ce">The guide | &lt;b&gt;, [parcels](x)</a> ` +
				`(June | &lt;i&gt;2026)</dd>`,
		}},
		{format: "markdown", want: []string{
			"documented: [guide/show](https://example.com/guide_%281%29?a=b&c=%22d%22%7Ce)",
			"3 sources of the promises",
			"- parcels `guide`: [The guide &#124; &#60;b&#62;, &#91;parcels&#93;(x)](https://example.com/guide_%281%29?a=b&c=%22d%22%7Ce) " +
				"(June &#124; &#60;i&#62;2026)\n",
			"- parcels `wild`: [Seen](https://example.com/seen) (2)\n",
		}},
	} {
		t.Run(test.format, func(t *testing.T) {
			out := write(t, test.format, sourcedReport(t))
			for _, want := range test.want {
				if !strings.Contains(out, want) {
					t.Errorf("no %s in\n%s", want, out)
				}
			}
		})
	}
}

// TestHTMLSourcesOfOne checks that the page lists the sources of each document that has any, and of no other.
func TestHTMLSourcesOfOne(t *testing.T) {
	begin := func(title string) string {
		return "openapi: 3.0.3\ninfo: {title: " + title + ", version: '1'}\npaths: {}\n"
	}
	r := &report.Report{Documents: []*spec.Document{
		document(t, "none.yaml", begin("None")),
		document(t, "one.yaml", begin("One")+"x-sources: {manual: {title: The manual, url: 'https://example.com/manual', edition: '3'}}\n"),
	}}
	got := []string{}
	for _, m := range regexp.MustCompile(`<h3 class="pages-of">(.*?)</h3>`).FindAllStringSubmatch(write(t, "html", r), -1) {
		got = append(got, m[1])
	}
	if diff := cmp.Diff([]string{"One"}, got); diff != "" {
		t.Errorf("documents with sources (-want +got):\n%s", diff)
	}
}

// TestSourcesOfNoDocument checks that a report by a document without x-sources names its sources without links.
func TestSourcesOfNoDocument(t *testing.T) {
	for _, format := range []string{"html", "markdown"} {
		out := strings.ReplaceAll(html.UnescapeString(write(t, format, redReport(t))), report.FindingsPage, "findings.md")
		if !strings.Contains(out, "guide/show") || strings.Contains(out, "](https://") || strings.Contains(out, `href="https://`) ||
			strings.Contains(out, "Sources") {
			t.Errorf("%s:\n%s", format, out)
		}
	}
}

// TestJSONSources checks that a program finds the page of each source that a promise or a finding names.
func TestJSONSources(t *testing.T) {
	type source struct{ Document, Name, Title, URL, Edition string }
	var got struct {
		Sources  []source
		Coverage []struct{ Promise *struct{ Sources []string } }
	}
	if err := json.Unmarshal([]byte(write(t, "json", sourcedReport(t))), &got); err != nil {
		t.Fatal(err)
	}
	want := []source{
		{"parcels", "guide", "The guide | <b>, [parcels](x)", `https://example.com/guide_(1)?a=b&c="d"|e`, "June | <i>2026"},
		{"parcels", "authors", "Concluded", "https://example.com/authors", "1"},
		{"parcels", "wild", "Seen", "https://example.com/seen", "2"},
	}
	if diff := cmp.Diff(want, got.Sources); diff != "" {
		t.Error(diff)
	}
	for _, part := range got.Coverage {
		if part.Promise == nil {
			continue
		}
		for _, cited := range part.Promise.Sources {
			name, _, _ := strings.Cut(cited, "/")
			if !slices.ContainsFunc(got.Sources, func(s source) bool { return s.Name == name }) {
				t.Errorf("no source %s", cited)
			}
		}
	}
}

// TestSARIFHelp checks that a rule links to the first page of its promise, and to nothing if the document has no pages. Other ids
// are explained in docs/findings.md.
func TestSARIFHelp(t *testing.T) {
	want := map[string]string{
		"showParcel/own-parcel": `https://example.com/guide_(1)?a=b&c="d"|e`, "showParcel/repeatable": "https://example.com/authors",
		"parcels/no-redirect": "https://example.com/seen", "parcels/weight": "https://example.com/authors",
		"schema/required": report.FindingsPage + "#schemarequired",
	}
	got := map[string]string{}
	for _, rule := range readSARIF(t, sourcedReport(t)).Runs[0].Tool.Driver.Rules {
		got[rule.ID] = rule.HelpURI
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if out := write(t, "sarif", redReport(t)); strings.Count(out, "helpUri") != strings.Count(out, report.FindingsPage) {
		t.Errorf("a link of a document without pages:\n%s", out)
	}
}
