package recordings_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/recordings"
)

// good is a valid manifest of two rows.
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
		recordings.Manifest: {Data: []byte(manifest)},
		"a.json":            {Data: []byte(`{}`)}, "b.json": {Data: []byte(`[]`)}, "sub/c.json": {Data: []byte(`1`)},
		"empty.txt": {}, "redacted.json": {Data: []byte(`{"a":"REDACTED"}`)},
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
		t.Errorf("unrecorded: got %b and %b", a.Unrecorded, b.Unrecorded)
	}
	headers := http.Header{"X-Request-Id": {"1"}, "Content-Type": {"application/problem+json"}}
	if diff := cmp.Diff(headers, b.Response.Header); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

// TestLoadErrors checks that each error of a manifest is one line with the file and the line number of the error, or of the row
// that contains it.
func TestLoadErrors(t *testing.T) {
	row := func(old, replacement string) string { return strings.Replace(good, old, replacement, 1) }
	for _, test := range []struct {
		name, manifest string
		lines          []int  // any of these
		text           string // in the message
	}{
		{
			name: "unknown key", manifest: row("  kind: documented\n", "  kind: documented\n  colour: blue\n"), lines: []int{2, 8},
			text: "colour",
		},
		{
			name:     "unknown key of the request",
			manifest: row("method: GET, path: /things}", "method: GET, path: /things, bodies: x}"), lines: []int{10, 12},
			text: `unknown key "bodies": want one of method, path, query, principal, headers, content_type, body`,
		},
		{
			name: "key twice", manifest: row("  kind: documented\n", "  kind: documented\n  kind: captured\n"), lines: []int{2, 8},
			text: "kind",
		},
		{name: "no file", manifest: row("- file: b.json\n  operation", "- operation"), lines: []int{10}, text: "file"},
		{name: "no operation", manifest: row("  operation: showThing\n", ""), lines: []int{2}, text: "operation"},
		{name: "no request", manifest: row("  request: {method: GET, path: /things}\n", ""), lines: []int{10}, text: "request"},
		{name: "no path", manifest: row("{method: GET, path: /things}", "{method: GET}"), lines: []int{10, 12}, text: "path"},
		{name: "no status", manifest: row("  status: 200\n", ""), lines: []int{2}, text: "status"},
		{
			name:     "no status, kind and source",
			manifest: row("  status: 200\n  content_type: application/json\n  kind: documented\n  source: a page\n", ""), lines: []int{2},
			text: "missing: status, content_type, kind, source",
		},
		{name: "a header that is a mapping", manifest: row("x-request-id: '1'", "x: {a: b}"), lines: []int{15}, text: "headers"},
		{name: "a missing request body", manifest: row("principal: reader", "body: missing"), lines: []int{2}, text: "missing"},
		{name: "no media type", manifest: row("  content_type: application/json\n", ""), lines: []int{2}, text: "content_type"},
		{name: "no kind", manifest: row("  kind: documented\n", ""), lines: []int{2}, text: "kind"},
		{name: "no source", manifest: row("  source: another page\n", ""), lines: []int{10}, text: "source"},
		{name: "no date", manifest: row("  date: 2024-02-27\n", ""), lines: []int{2}, text: "date"},
		{name: "an unknown kind", manifest: row("documented", "recorded"), lines: []int{2, 7}, text: "recorded"},
		{name: "an impossible date", manifest: row("2024-02-27", "2025-02-29"), lines: []int{2, 9}, text: "2025-02-29"},
		{name: "a date in other order", manifest: row("2024-02-27", "27.02.2024"), lines: []int{2, 9}, text: "27.02.2024"},
		{name: "a status of two digits", manifest: row("status: 404", "status: 40"), lines: []int{10, 13}, text: "40"},
		{name: "a status that is no number", manifest: row("status: 404", "status: none"), lines: []int{10, 13}, text: "none"},
		{name: "a list instead of a text", manifest: row("source: another page", "source: [one, two]"), lines: []int{10, 17}},
		{name: "a missing body", manifest: row("file: b.json", "file: missing.json"), lines: []int{10}, text: "missing.json"},
		{name: "a body in the folder above", manifest: row("file: b.json", "file: ../b.json"), lines: []int{10}, text: "../b.json"},
		{name: "a body by its whole path", manifest: row("file: b.json", "file: /etc/passwd"), lines: []int{10}, text: "/etc/passwd"},
		{name: "a body through a folder", manifest: row("file: b.json", "file: sub/../b.json"), lines: []int{10}, text: "sub/../b.json"},
		{name: "a folder", manifest: row("file: b.json", "file: sub"), lines: []int{10}, text: "sub"},
		{name: "a row that is a text", manifest: good + "- b.json\n", lines: []int{19}},
		{name: "an empty row", manifest: good + "-\n", lines: []int{19}},
		{name: "no YAML", manifest: good + "- {file: a.json\n", lines: []int{18, 19, 20}},
		{name: "a tab", manifest: row("  operation", "\toperation"), lines: []int{2, 3}},
		{name: "not a list", manifest: "file: a.json\noperation: showThing\n", lines: []int{1}, text: "list"},
		{name: "a text", manifest: "nothing\n", lines: []int{1}, text: "list"},
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
				t.Fatalf("got %q, want one line that begins with manifest.yaml:LINE", got)
			}
			atLine := slices.ContainsFunc(test.lines, func(line int) bool { return m[1] == fmt.Sprint(line) })
			if !atLine || !strings.Contains(m[2], test.text) {
				t.Errorf("got %q, want line %d and %q", got, test.lines, test.text)
			}
			if regexp.MustCompile(`line \d|recordings\.|yaml:|unmarshal`).MatchString(m[2]) {
				t.Errorf("got %q: the words of a library", got)
			}
		})
	}
}

// TestLoadRequest checks the parts of requests and responses that only recordings of live traffic have.
func TestLoadRequest(t *testing.T) {
	all, err := load(`
- file: empty.txt
  operation: changeThing
  request:
    method: PUT
    path: /things/1
    headers: {accept: '*/*', X-Kind: [a, b]}
    content_type: application/json
    body: a.json
  status: 204
  kind: captured
  source: https://example.com
  date: 2024-02-27
`)
	if err != nil {
		t.Fatal(err)
	}
	ex := all[0].Exchange()
	header := http.Header{"Accept": {"*/*"}, "X-Kind": {"a", "b"}, "Content-Type": {"application/json"}}
	if diff := cmp.Diff(header, ex.Request.Header); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if string(ex.Request.Body) != "{}" || len(ex.Response.Header) > 0 {
		t.Errorf("got the body %q and headers %v", ex.Request.Body, ex.Response.Header)
	}
	const unrecorded = contract.UnrecordedCredentials | contract.UnrecordedFraming | contract.UnrecordedResponseHeaders
	if ex.Unrecorded != unrecorded {
		t.Errorf("unrecorded: got %b, want %b", ex.Unrecorded, unrecorded)
	}
}

// TestReplacedSecretsAreNotJudged checks that a part in which a secret was replaced counts as unrecorded.
func TestReplacedSecretsAreNotJudged(t *testing.T) {
	for _, test := range []struct {
		name, old, replacement string
		row                    int
		flag                   contract.Unrecorded
	}{
		{name: "query", old: "a=b", replacement: "a=REDACTED", flag: contract.UnrecordedRequest},
		{name: "response header", old: "x-request-id: '1'", replacement: "x-ticket: REDACTED", row: 1, flag: contract.UnrecordedResponseHeaders},
		{name: "response body", old: "b.json", replacement: "redacted.json", row: 1, flag: contract.UnrecordedResponseBody},
	} {
		t.Run(test.name, func(t *testing.T) {
			all, err := load(strings.Replace(good, test.old, test.replacement, 1))
			if err != nil {
				t.Fatal(err)
			}
			if got := all[test.row].Exchange().Unrecorded; got&test.flag == 0 {
				t.Errorf("got %b, want %b in it", got, test.flag)
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
