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
		{
			name: "unknown key", manifest: row("  kind: documented\n", "  kind: documented\n  colour: blue\n"), lines: []int{2, 8},
			says: "colour",
		},
		{
			name:     "unknown key of the request",
			manifest: row("method: GET, path: /things}", "method: GET, path: /things, body: x}"), lines: []int{10, 12},
			says: "body",
		},
		{
			name: "key twice", manifest: row("  kind: documented\n", "  kind: documented\n  kind: captured\n"), lines: []int{2, 8},
			says: "kind",
		},
		{name: "no file", manifest: row("- file: b.json\n  operation", "- operation"), lines: []int{10}, says: "file"},
		{name: "no operation", manifest: row("  operation: showThing\n", ""), lines: []int{2}, says: "operation"},
		{name: "no request", manifest: row("  request: {method: GET, path: /things}\n", ""), lines: []int{10}, says: "request"},
		{name: "no path", manifest: row("{method: GET, path: /things}", "{method: GET}"), lines: []int{10, 12}, says: "path"},
		{name: "no status", manifest: row("  status: 200\n", ""), lines: []int{2}, says: "status"},
		{name: "no media type", manifest: row("  content_type: application/json\n", ""), lines: []int{2}, says: "content_type"},
		{name: "no kind", manifest: row("  kind: documented\n", ""), lines: []int{2}, says: "kind"},
		{name: "no source", manifest: row("  source: another page\n", ""), lines: []int{10}, says: "source"},
		{name: "no date", manifest: row("  date: 2024-02-27\n", ""), lines: []int{2}, says: "date"},
		{name: "a kind that is none", manifest: row("documented", "recorded"), lines: []int{2, 7}, says: "recorded"},
		{name: "a day that is none", manifest: row("2024-02-27", "2025-02-29"), lines: []int{2, 9}, says: "2025-02-29"},
		{name: "a date in other order", manifest: row("2024-02-27", "27.02.2024"), lines: []int{2, 9}, says: "27.02.2024"},
		{name: "a status of two digits", manifest: row("status: 404", "status: 40"), lines: []int{10, 13}, says: "40"},
		{name: "a status that is none", manifest: row("status: 404", "status: none"), lines: []int{10, 13}, says: "none"},
		{name: "a list instead of a text", manifest: row("source: another page", "source: [one, two]"), lines: []int{10, 17}},
		{name: "a body that is not there", manifest: row("file: b.json", "file: missing.json"), lines: []int{10}, says: "missing.json"},
		{name: "a body in the folder above", manifest: row("file: b.json", "file: ../b.json"), lines: []int{10}, says: "../b.json"},
		{name: "a body by its whole path", manifest: row("file: b.json", "file: /etc/passwd"), lines: []int{10}, says: "/etc/passwd"},
		{name: "a body through a folder", manifest: row("file: b.json", "file: sub/../b.json"), lines: []int{10}, says: "sub/../b.json"},
		{name: "a folder", manifest: row("file: b.json", "file: sub"), lines: []int{10}, says: "sub"},
		{name: "a row that is a text", manifest: good + "- b.json\n", lines: []int{19}},
		{name: "a row that is nothing", manifest: good + "-\n", lines: []int{19}},
		{name: "no YAML", manifest: good + "- {file: a.json\n", lines: []int{18, 19, 20}},
		{name: "a tab", manifest: row("  operation", "\toperation"), lines: []int{2, 3}},
		{name: "not a list", manifest: "file: a.json\noperation: showThing\n", lines: []int{1}, says: "list"},
		{name: "a text", manifest: "nothing\n", lines: []int{1}, says: "list"},
		{name: "empty", lines: []int{1}},
		{name: "only a remark", manifest: "# Nothing yet.\n", lines: []int{1}},
		{name: "an empty list", manifest: "[]\n", lines: []int{1}},
		{name: "a second document", manifest: good + "---\n- file: a.json\n", lines: []int{19, 20}},
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
