package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestSpec tests that spec prints each document to the byte, and as JSON of the same content, indented and with a last line.
func TestSpec(t *testing.T) {
	for _, name := range openapi.Names() {
		t.Run(name, func(t *testing.T) {
			source, err := openapi.YAML(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{{"spec", name}, {"spec", name, "--format", "yaml"}} {
				code, out, errs := quotaspec(t, args...)
				if code != exitPassed || out != string(source) || errs != "" {
					t.Errorf("%v: got exit %d, %d bytes, %s; want %d bytes", args, code, len(out), errs, len(source))
				}
			}
			code, out, errs := quotaspec(t, "spec", name, "--format", "json")
			if code != exitPassed || errs != "" || !strings.HasPrefix(out, "{\n  \"") || !strings.HasSuffix(out, "\n}\n") || !json.Valid([]byte(out)) {
				t.Errorf("got exit %d, %s, and %.100q", code, errs, out)
			}
		})
	}
}

// TestVersion compares what version prints: what a release was built as goes before what Go knows of the build.
func TestVersion(t *testing.T) {
	documents := ""
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		documents += fmt.Sprintf("%s %s (%s)\n", name, doc.InfoVersion, doc.Title)
	}
	before := version
	t.Cleanup(func() { version = before })
	for _, test := range []struct{ name, version, want string }{
		{name: "a release", version: "v1.2.3", want: "v1.2.3"},
		{name: "another build", want: "(devel)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			version = test.version
			if diff := cmp.Diff("quotaspec "+test.want+"\n"+documents, transcriptOut(t, "version")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// transcriptOut is what a command prints, which must succeed and have nothing to say beside it.
func transcriptOut(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := quotaspec(t, args...)
	if code != exitPassed || errs != "" {
		t.Errorf("%v: exit %d, %s", args, code, errs)
	}
	return out
}

// TestPromiseText compares what rules prints of a promise, and the sources of a document once each.
func TestPromiseText(t *testing.T) {
	page := &spec.Page{Name: "page", Title: "A title", Edition: "2024-02", URL: "https://example.com/page"}
	document := func(name string) *spec.Document {
		return &spec.Document{Name: name, Sources: []*spec.Page{page}}
	}
	promiseOf := func(doc *spec.Document, rule spec.Rule) promise {
		rule.Says, rule.Evidence = "It is kept.", spec.Evidence{Grade: spec.Inferred, Source: []string{"page", "RFC 9110"}}
		return promise{Part: report.Part{Label: "op/rule", Document: doc, Place: "a.yaml:7", Rule: &rule}, probes: 3, recordings: 2}
	}
	one, two := document("one"), document("two")
	all := []promise{
		promiseOf(one, spec.Rule{Expr: "true"}), promiseOf(one, spec.Rule{Probe: "repeatable"}), promiseOf(two, spec.Rule{Probe: "repeatable", Expr: "true"}),
	}
	all[2].captured = []string{"GET a", "GET b"}
	var out strings.Builder
	for _, p := range all {
		p.print(&out)
	}
	printSources(&out, all)
	head := "op/rule\n  It is kept.\n  inferred: page, RFC 9110\n"
	source := "  page: A title (2024-02)\n    https://example.com/page\n"
	want := head + "  a rule over each exchange, a.yaml:7\n  kept by 3 probes and 2 recordings; not observed on a captured exchange\n" +
		head + "  the probe repeatable, a.yaml:7\n  kept by 3 probes and 2 recordings; not observed on a captured exchange\n" +
		head + "  a rule over the responses to the probe repeatable, a.yaml:7\n  kept by 3 probes and 2 recordings; captured: GET a; GET b\n" +
		"\nsources of one\n" + source + "\nsources of two\n" + source
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
