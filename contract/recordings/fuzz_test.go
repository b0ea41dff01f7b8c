package recordings

import (
	"os"
	"regexp"
	"testing"
	"testing/fstest"
)

var oneLine = regexp.MustCompile(`^manifest[.]yaml:[0-9]+: [^\n]+$`)

// FuzzLoad checks that no manifest makes Load panic, and that errors are one line with a line number.
func FuzzLoad(f *testing.F) {
	manifest, err := os.ReadFile(Manifest)
	if err != nil {
		f.Fatal(err)
	}
	const row = "- {file: a.json, operation: o, request: {method: GET, path: /}, status: 200, content_type: a/b, " +
		"kind: captured, source: s, date: 2024-02-29"
	for _, seed := range []string{
		string(manifest[:min(len(manifest), 2000)]), "", "a", "- a", "[]", "{}", "- {}\n---\n- {}", "- &a [*a]",
		"- <<: {file: x}", "- {file: 1, file: 2}", "\t", "- !!binary a", "- ? [a]\n  : b", "\xff", "%YAML 9",
		row + "}", row + ", headers: {A: b}, breaks: [x], redactions: [y], filled: {a: b}}",
		row + ", status: 2e2}", row + ", of: *a}", row + ", breaks: x}", row + ", date: 2024-02-30}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := Load(fstest.MapFS{Manifest: {Data: text}, "a.json": {Data: []byte("{}")}})
		if err != nil {
			if !oneLine.MatchString(err.Error()) || list != nil {
				t.Errorf("%q: got %d recordings and the error %q", text, len(list), err)
			}
			return
		}
		if len(list) == 0 {
			t.Errorf("%q: got no recording and no error", text)
		}
		for _, r := range list {
			if ex := r.Exchange(); ex.Request.Method == "" || ex.Request.Target == "" || ex.Response.Status < 100 || ex.Response.Status > 999 {
				t.Errorf("%q: got %+v", text, ex)
			}
		}
	})
}
