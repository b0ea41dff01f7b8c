package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// searchAPI has requests that need quoting in a shell and in curl: brackets, quotes, spaces, a body.
const searchAPI = `openapi: 3.0.3
info: {title: Search, version: '1'}
security: [{Key: []}]
paths:
  /search:
    get:
      operationId: search
      parameters:
        - {name: filter, in: query, required: true, style: deepObject, explode: true, example: {name: "it's"}, schema: {type: object}}
        - {name: X-Note, in: header, required: true, example: "$HOME 'quoted'", schema: {type: string}}
      responses: {'200': {description: ok}, '401': {description: no}}
    post:
      operationId: keep search
      requestBody: {required: true, content: {application/json: {example: {name: "it's $HOME"}, schema: {type: object}}}}
      responses: {'200': {description: ok}, '401': {description: no}}
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: X-Key}
`

// requests captures requests and returns an undocumented status.
type requests struct {
	mu   sync.Mutex
	list []string
}

func (s *requests) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.RequestURI == "/" {
		return // verify first checks that the provider is reachable
	}
	s.list = append(s.list, fmt.Sprintf("%s %s %q %q %q %s", r.Method, r.RequestURI, r.Header["X-Note"], r.Header["X-Key"],
		r.Header["Content-Type"], body))
	w.WriteHeader(http.StatusTeapot)
}

// take returns the requests since the last call.
func (s *requests) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.list
	s.list = nil
	return list
}

// TestRepeatCommand runs the printed command in a shell. It must send the same requests and find the same, and must contain no
// secret.
func TestRepeatCommand(t *testing.T) {
	const secret = "key-of-the-searcher"
	t.Setenv("SEARCH_KEY", secret)
	folder := filepath.Join(t.TempDir(), "it's a folder")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) string {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(folder, name)
	}
	document, config := write("search.yaml", searchAPI), write("who.yaml", "principals: {reader: {token_env: SEARCH_KEY}}")
	command := write("command.yaml", "principals: {reader: {token_command: printenv SEARCH_KEY}}")
	open := write("open.yaml", strings.Replace(searchAPI, "security: [{Key: []}]\n", "", 1))
	captured := &requests{}
	provider := httptest.NewServer(captured)
	t.Cleanup(provider.Close)
	for _, test := range []struct {
		name, begin string
		args        []string
	}{
		{name: "curl", begin: "curl -i -g ", args: []string{"--document", open, "--only", "search/plain"}},
		{
			name: "curl with a body", begin: "curl -i -X POST ",
			args: []string{"--document", open, "--only", "keep search/plain", "--allow-changes"},
		},
		{
			name: "curl with a wrong body", begin: "curl -i -X POST ",
			args: []string{"--document", open, "--only", "keep search/body-not-json", "--allow-changes", "--fail-on", "undocumented"},
		},
		{
			name: "curl with a credential", begin: "curl -i -g ",
			args: []string{"--document", document, "--config", config, "--only", "search/plain"},
		},
		{
			name: "curl with a credential and a body", begin: "curl -i -X POST ",
			args: []string{"--document", document, "--config", config, "--only", "keep search/plain", "--allow-changes"},
		},
		{
			name: "verify", begin: "quotaspec verify ",
			args: []string{"--document", document, "--config", command, "--only", "search/plain", "--rate", "100"},
		},
		{
			name: "verify with a body", begin: "quotaspec verify ",
			args: []string{"--document", document, "--config", command, "--only", "keep search/plain", "--allow-changes", "--timeout", "5s"},
		},
		{name: "verify twice", begin: "quotaspec verify ", args: []string{"--document", open, "--only", "search/repeatable"}},
		{
			name: "verify at a weaker grade", begin: "quotaspec verify ",
			args: []string{"--document", document, "--config", command, "--only", "keep search/body-not-json", "--allow-changes", "--fail-on",
				"undocumented"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, errs := quotaspec(t, append([]string{"verify", provider.URL + "/base"}, test.args...)...)
			lines := regexp.MustCompile(`(?m)^ {7}repeat {3}(.*)$`).FindAllStringSubmatch(out, -1)
			if code != exitFailed || len(lines) != 1 || !strings.HasPrefix(lines[0][1], test.begin) || strings.Contains(out, secret) {
				t.Fatalf("exit %d, %s\n%s", code, errs, out)
			}
			first := captured.take()
			shell := exec.Command("sh", "-c", lines[0][1])
			again, err := shell.Output()
			if code := shell.ProcessState.ExitCode(); strings.HasPrefix(test.begin, "curl") {
				if err != nil || !strings.HasPrefix(string(again), "HTTP/1.1 418 ") {
					t.Errorf("%v\n%s", err, again)
				}
			} else if finding := regexp.MustCompile(`(?m)^ {7}status/.*$`); code != exitFailed ||
				!slices.Equal(finding.FindAllString(out, -1), finding.FindAllString(string(again), -1)) {
				t.Errorf("exit %d\n%s\n%s", code, again, out)
			}
			if diff := cmp.Diff(first, captured.take()); diff != "" || len(first) == 0 {
				t.Errorf("requests (-first +again):\n%s\n%s", diff, lines[0][1])
			}
		})
	}
}

// TestRepeatFlags tests that the command has the flags that change how a probe is sent or judged, and none that choose checks
// or outputs.
func TestRepeatFlags(t *testing.T) {
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{name: "none", want: "quotaspec verify"},
		{name: "a URL", args: []string{"http://127.0.0.1:8080/a b"}, want: "quotaspec verify 'http://127.0.0.1:8080/a b'"},
		{name: "--timeout", args: []string{"--timeout", "1m30s"}, want: "quotaspec verify --timeout 1m30s"},
		{name: "--timeout as it is by default", args: []string{"--timeout", "10s"}, want: "quotaspec verify --timeout 10s"},
		{name: "--fail-on", args: []string{"--fail-on=inferred"}, want: "quotaspec verify --fail-on inferred"},
		{name: "--config", args: []string{"--config", "it's.yaml"}, want: `quotaspec verify --config 'it'\''s.yaml'`},
		{name: "--document", args: []string{"--document", "api.yaml"}, want: "quotaspec verify --document api.yaml"},
		{
			name: "--document at a URL", args: []string{"--document", "https://h/api.yaml?token=hidden"},
			want: "quotaspec verify --document 'https://h/api.yaml?token=REDACTED'",
		},
		{name: "--allow-changes", args: []string{"--allow-changes"}, want: "quotaspec verify --allow-changes"},
		{name: "--allow-changes, denied", args: []string{"--allow-changes=false"}, want: "quotaspec verify --allow-changes=false"},
		{
			name: "--allow-sample-credentials", args: []string{"--allow-sample-credentials"},
			want: "quotaspec verify --allow-sample-credentials",
		},
		{
			name: "flags that choose checks", args: []string{"--only", "a/*", "--skip", "a/b", "--known-failing", "known.txt"},
			want: "quotaspec verify",
		},
		{
			name: "flags for outputs and speed", args: []string{"-v", "--report", "json=a.json", "--rate", "5", "--concurrency", "1"},
			want: "quotaspec verify",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			flags := newVerify().Flags()
			if err := flags.Parse(test.args); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want+" --only 'a/b c'", repeatCommand(flags, flags.Args())("a/b c")); diff != "" {
				t.Errorf("command (-want +got):\n%s", diff)
			}
		})
	}
}
