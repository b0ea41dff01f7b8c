package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestPromises compares docs/promises.md with the promises of the documents and the checks that keep them.
func TestPromises(t *testing.T) {
	const file = "../../docs/promises.md"
	all, err := promises(t.Context(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	got := promisesPage(all)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/promises.md is not up to date, run make generate (-want +got):\n%s", diff)
	}
}

// promisesPage renders the promises as Markdown.
func promisesPage(all []promise) string {
	var b strings.Builder
	b.WriteString("# Promises\n\nWritten by `make generate` from the documents and from the checks of `quotaspec verify`; do not edit.\n" +
		"The documents say the rest in plain OpenAPI: members, types, statuses. This page lists what OpenAPI cannot say.\n" +
		"[extensions.md](extensions.md) explains grades, sources and probes.\n")
	var document *spec.Document
	for _, p := range all {
		if p.Document != document {
			sourcesTable(&b, document)
			document = p.Document
			fmt.Fprintf(&b, "\n## %s %s\n\n| promise | grade and source | proof | kept |\n|---|---|---|---|\n", p.Document.Title,
				p.Document.InfoVersion)
		}
		_, line, _ := strings.Cut(p.Place, ":")
		fmt.Fprintf(&b, "| **%s** <br> %s | %s: %s | %s, [line %s](../%s#L%s) | %s |\n", p.Label, cell(p.Rule.Says),
			p.Rule.Evidence.Grade, sourceLinks(p), proofOf(p.Rule), line, p.Document.File, line, cell(p.keptBy()))
	}
	sourcesTable(&b, document)
	grades := map[spec.Grade]int{}
	captured := 0
	for _, p := range all {
		grades[p.Rule.Evidence.Grade]++
		if len(p.captured) > 0 {
			captured++
		}
	}
	fmt.Fprintf(&b, "\n%d promises: %d documented, %d recorded, %d inferred. %d were kept by a captured exchange, each of another "+
		"operation behind the same gateway.\n",
		len(all), grades[spec.Documented], grades[spec.Recorded], grades[spec.Inferred], captured)
	return b.String()
}

// sourceLinks names the sources of a promise, each with a link to its page.
func sourceLinks(p promise) string {
	list := []string{}
	for _, source := range p.Rule.Evidence.Source {
		list = append(list, fmt.Sprintf("[%s](%s)", source, p.Document.Page(source).URL))
	}
	return strings.Join(list, ", ")
}

// sourcesTable writes the pages in x-sources of a document, and nothing for nil.
func sourcesTable(b *strings.Builder, d *spec.Document) {
	if d == nil {
		return
	}
	b.WriteString("\n| source | page | edition |\n|---|---|---|\n")
	for _, p := range d.Sources {
		fmt.Fprintf(b, "| %s | [%s](%s) | %s |\n", p.Name, cell(p.Title), p.URL, cell(p.Edition))
	}
}

func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }
