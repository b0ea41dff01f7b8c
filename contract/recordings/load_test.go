package recordings_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/recordings"
)

// good is a manifest of two rows.
const good = `# A remark.
- file: a.json
  operation: showThing
  request: {method: GET, path: /things, query: 'a=b', principal: reader}
  status: 200
  content_type: application/json
  kind: documented
  source: a page
  date: 2024-02-27
- file: b.json
  operation: showThing
  request: {method: GET, path: /things}
  status: 404
  content_type: application/json
  headers: {x-request-id: '1', Content-Type: application/problem+json}
  kind: captured
  source: another page
  date: 2024-02-27
`

func load(manifest string) ([]recordings.Recording, error) {
	return recordings.Load(fstest.MapFS{
		recordings.Manifest: {Data: []byte(manifest)}, "a.json": {Data: []byte(`{}`)}, "b.json": {Data: []byte(`[]`)}, "sub/c.json": {Data: []byte(`1`)},
	})
}

func TestLoad(t *testing.T) {
	all, err := load(good)
	if err != nil || len(all) != 2 {
		t.Fatalf("got %d recordings, %v", len(all), err)
	}
	a, b := all[0].Exchange(), all[1].Exchange()
	if a.Request.Target != "/things?a=b" || b.Request.Target != "/things" || string(b.Response.Body) != "[]" {
		t.Errorf("got %q and %q, body %s", a.Request.Target, b.Request.Target, b.Response.Body)
	}
	const body = contract.UnrecordedRequestHeaders | contract.UnrecordedCredentials | contract.UnrecordedFraming
	if a.Unrecorded != body|contract.UnrecordedResponseHeaders || b.Unrecorded != body {
		t.Errorf("unseen: got %b and %b", a.Unrecorded, b.Unrecorded)
	}
	if diff := cmp.Diff(map[string][]string{"X-Request-Id": {"1"}, "Content-Type": {"application/problem+json"}}, map[string][]string(b.Response.Header)); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

// TestLoadFaults holds every fault of a manifest to one line with its file and line. The line is that of the fault, or of
// the row that has it.
func TestLoadFaults(t *testing.T) {
	row := func(old, replacement string) string { return strings.Replace(good, old, replacement, 1) }
	for _, test := range []struct {
		name, manifest string
		lines          []int // either will do
		says           string
	}{
		{"unknown key", row("  kind: documented\n", "  kind: documented\n  colour: blue\n"), []int{2, 8}, "colour"},
		{"unknown key of the request", row("method: GET, path: /things}", "method: GET, path: /things, body: x}"), []int{10, 12}, "body"},
		{"key twice", row("  kind: documented\n", "  kind: documented\n  kind: captured\n"), []int{2, 8}, "kind"},
		{"no file", row("- file: b.json\n  operation", "- operation"), []int{10}, "file"},
		{"no operation", row("  operation: showThing\n", ""), []int{2}, "operation"},
		{"no request", row("  request: {method: GET, path: /things}\n", ""), []int{10}, "request"},
		{"no path", row("{method: GET, path: /things}", "{method: GET}"), []int{10, 12}, "path"},
		{"no status", row("  status: 200\n", ""), []int{2}, "status"},
		{"no media type", row("  content_type: application/json\n", ""), []int{2}, "content_type"},
		{"no kind", row("  kind: documented\n", ""), []int{2}, "kind"},
		{"no source", row("  source: another page\n", ""), []int{10}, "source"},
		{"no date", row("  date: 2024-02-27\n", ""), []int{2}, "date"},
		{"a kind that is none", row("documented", "recorded"), []int{2, 7}, "recorded"},
		{"a day that is none", row("2024-02-27", "2025-02-29"), []int{2, 9}, "2025-02-29"},
		{"a date in other order", row("2024-02-27", "27.02.2024"), []int{2, 9}, "27.02.2024"},
		{"a status of two digits", row("status: 404", "status: 40"), []int{10, 13}, "40"},
		{"a status that is none", row("status: 404", "status: none"), []int{10, 13}, "none"},
		{"a list instead of a text", row("source: another page", "source: [one, two]"), []int{10, 17}, ""},
		{"a body that is not there", row("file: b.json", "file: missing.json"), []int{10}, "missing.json"},
		{"a body in the folder above", row("file: b.json", "file: ../b.json"), []int{10}, "../b.json"},
		{"a body by its whole path", row("file: b.json", "file: /etc/passwd"), []int{10}, "/etc/passwd"},
		{"a body through a folder", row("file: b.json", "file: sub/../b.json"), []int{10}, "sub/../b.json"},
		{"a folder", row("file: b.json", "file: sub"), []int{10}, "sub"},
		{"a row that is a text", good + "- b.json\n", []int{19}, ""},
		{"a row that is nothing", good + "-\n", []int{19}, ""},
		{"no YAML", good + "- {file: a.json\n", []int{18, 19, 20}, ""},
		{"a tab", row("  operation", "\toperation"), []int{2, 3}, ""},
		{"not a list", "file: a.json\noperation: showThing\n", []int{1}, "list"},
		{"a text", "nothing\n", []int{1}, "list"},
		{"empty", "", []int{1}, ""},
		{"only a remark", "# Nothing yet.\n", []int{1}, ""},
		{"an empty list", "[]\n", []int{1}, ""},
		{"a second document", good + "---\n- file: a.json\n", []int{19, 20}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := load(test.manifest)
			got := fmt.Sprint(err)
			m := regexp.MustCompile(`^manifest\.yaml:(\d+): (.*)$`).FindStringSubmatch(got)
			if m == nil || err == nil {
				t.Fatalf("got %q, want one line that begins with manifest.yaml and a line", got)
			}
			right := false
			for _, line := range test.lines {
				right = right || m[1] == fmt.Sprint(line)
			}
			if !right || !strings.Contains(m[2], test.says) {
				t.Errorf("got %q, want line %d and %q", got, test.lines, test.says)
			}
			if regexp.MustCompile(`line \d|recordings\.|yaml:|unmarshal`).MatchString(m[2]) {
				t.Errorf("got %q: another line, or words of a library", got)
			}
		})
	}
}

func TestNoManifest(t *testing.T) {
	_, err := recordings.Load(fstest.MapFS{"a.json": {Data: []byte("{}")}})
	if got := fmt.Sprint(err); err == nil || !strings.Contains(got, recordings.Manifest) || strings.Contains(got, "\n") {
		t.Errorf("got %v", err)
	}
}
