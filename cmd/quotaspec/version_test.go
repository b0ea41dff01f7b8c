package main

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi"
)

// TestVersion tests that version prints the version of the release, or else that of the Go build.
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
		{name: "a release", version: "1.2.3", want: "1.2.3"},
		{name: "a tag", version: "v1.2.3-rc.1", want: "1.2.3-rc.1"},
		{name: "no version", version: "feature/x y", want: "devel"},
		{name: "another build", want: "devel"},
	} {
		t.Run(test.name, func(t *testing.T) {
			version = test.version
			if diff := cmp.Diff("quotaspec "+test.want+"\n"+documents, outputOf(t, "version")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// outputOf returns the stdout of a command that must succeed without a line on stderr.
func outputOf(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := quotaspec(t, args...)
	if code != exitPassed || errs != "" {
		t.Errorf("%v: exit %d, %s", args, code, errs)
	}
	return out
}
