package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// inFolder changes to a new folder with these files, so that no output names a temporary one. It returns a function that
// compares a text with a file in testdata/golden.
func inFolder(t *testing.T, files map[string]string) (compareGolden func(t *testing.T, name, got string)) {
	t.Helper()
	golden, err := filepath.Abs(filepath.Join("testdata", "golden"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return func(t *testing.T, name, got string) {
		t.Helper()
		compareFile(t, filepath.Join(golden, name), got)
	}
}

// compareFile compares a text with a file, or writes the file under -update.
func compareFile(t *testing.T, file, got string) {
	t.Helper()
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
		t.Errorf("%s is out of date, -update writes it (-want +got):\n%s", file, diff)
	}
}

// transcript runs a command and returns the command, its exit code and its output. The pairs are replacements for texts that
// change, such as a port.
func transcript(t *testing.T, pairs []string, args ...string) string {
	t.Helper()
	code, out, errs := quotaspec(t, args...)
	text := fmt.Sprintf("quotaspec %s\nexit %d\n", strings.Join(args, " "), code)
	for _, stream := range []struct{ name, text string }{{name: "stdout", text: out}, {name: "stderr", text: errs}} {
		if stream.text != "" {
			text += "-- " + stream.name + " --\n" + stream.text
		}
	}
	return ownDocuments.ReplaceAllString(strings.NewReplacer(pairs...).Replace(text), "${1}N")
}

// ownDocuments matches lines of our documents and the counts of their promises, so that another line in a document changes no
// golden file.
var ownDocuments = regexp.MustCompile(`(openapi/i[am][ms]\.yaml:|\npromises +)[0-9]+(?: \(.*)?`)

// judgedPart returns a JSON report without the parts that change each time, and without coverage, which the report's own tests
// compare.
func judgedPart(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	var parts map[string]json.RawMessage
	if err == nil {
		err = json.Unmarshal(text, &parts)
	}
	for _, name := range []string{"started", "seconds", "tool", "coverage"} {
		delete(parts, name)
	}
	if err == nil {
		text, err = json.MarshalIndent(parts, "", " ")
	}
	if err != nil {
		t.Fatal(err)
	}
	return checkSeconds.ReplaceAllString(string(text), `"seconds": 0`) + "\n"
}

var checkSeconds = regexp.MustCompile(`"seconds": [0-9.]+`)

// TestHelp compares the help of every verb.
func TestHelp(t *testing.T) {
	compareGolden := inFolder(t, nil)
	text := transcript(t, nil, "--help")
	for _, verb := range newRoot().Commands() {
		if verb.Name() != "help" && verb.Name() != "completion" {
			text += "\n" + transcript(t, nil, verb.Name(), "--help")
		}
	}
	compareGolden(t, "help.txt", text)
}

// itemsAPI has an operation for each case of verify: one that only reads, one that changes data, one that needs a credential,
// one whose parameter has no value, one without a refusal.
const itemsAPI = `openapi: 3.0.3
info: {title: Items, version: '1'}
servers: [{url: 'https://api.example.com/v1'}]
paths:
  /items:
    get:
      operationId: listItems
      parameters: [{name: page, in: query, example: 1, schema: {type: integer}}]
      responses:
        '200': {description: Items., content: {application/json: {schema: {type: array, items: {type: integer}}}}}
    post:
      operationId: addItem
      requestBody: {required: true, content: {application/json: {example: {name: a}, schema: {type: object, required: [name]}}}}
      responses: {'201': {description: Added.}, '400': {description: Wrong.}}
  /items/{itemId}:
    get:
      operationId: showItem
      parameters: [{name: itemId, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: An item.}, '404': {description: None.}}
  /ping:
    get:
      operationId: ping
      responses: {'200': {description: It is there.}}
  /secrets:
    get:
      operationId: listSecrets
      security: [{Key: []}]
      responses: {'200': {description: Secrets.}, '401': {description: Unknown.}}
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: X-Key}
`

// TestVerifyTranscripts compares whole runs of verify against a live provider.
func TestVerifyTranscripts(t *testing.T) {
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		w.Header().Set("Content-Type", "application/json")
		if r.Method != http.MethodGet || r.Header.Get("X-Key") != "" {
			w.WriteHeader(http.StatusTeapot)
		}
		_, _ = w.Write([]byte("[1,\"two\"]"))
	}))
	t.Cleanup(provider.Close)
	fails := startProvider(t, responding(all(status(http.StatusInternalServerError),
		whole(`{"error_msg":"failed","error_code":"APIGW.0601","request_id":"1"}`))))
	ignores := startProvider(t, behaviourOf(t, "ignores type"))
	const ids = "domain_id: d78cbac186b744899480f25bd022f468, project_id: fd73a4a14a4a4dfb9771a8475e5198ea"
	compareGolden := inFolder(t, map[string]string{
		"items.yaml":   itemsAPI,
		"tokens.yaml":  "principals: {reader: {token_env: QS_TOKEN, " + ids + "}, expired: {ims_token_env: QS_TOKEN}}",
		"keys.yaml":    "principals: {reader: {access_key_env: QS_AK, secret_key_env: QS_SK, " + ids + "}}",
		"reader.yaml":  "principals: {reader: {token_env: QS_TOKEN}}",
		"changes.yaml": "principals: {reader: {token_env: QS_TOKEN}}\nallow_changes: true",
		"two.yaml":     fmt.Sprintf("targets: {ims: %q, iam: %q}", fails, ignores),
		"same.yaml":    fmt.Sprintf("targets: {ims: %[1]q, iam: %[1]q}", ignores),
		"images.har":   harOf(harEntry("GET", "http://127.0.0.1/v1/cloudimages/quota", 500, "{}")),
		"manifest.yaml": "- {file: quota.json, operation: showImages, request: {method: GET, path: /v1/images}, status: 200, " +
			"content_type: application/json, kind: documented, source: here, date: 2026-01-01}\n",
		"quota.json":   "{}",
		"examples.txt": "showImageQuota/examples # gone\n",
		"known.txt":    "showDomainQuota/type=user # soon\nshowDomainQuota/plain # gone\nshowDomainQuota/type=group until=2020-01-01 # over\n",
	})
	for name, value := range map[string]string{"QS_TOKEN": "unknown-token", "QS_AK": "AK", "QS_SK": "unknown-secret"} {
		t.Setenv(name, value)
	}
	urls := []string{provider.URL, "$ITEMS", strings.TrimPrefix(provider.URL, "http://"), "$HOST", fails, "$FAILS", ignores, "$IGNORES"}
	for _, test := range []struct {
		name string
		args []string
	}{
		{name: "another-api", args: []string{provider.URL, "-v", "--document", "items.yaml"}},
		{
			name: "another-api-credential",
			args: []string{provider.URL, "--document", "items.yaml", "--config", "reader.yaml", "--only", "listSecrets/*", "--only",
				"addItem/plain"},
		},
		{
			name: "another-api-changes",
			args: []string{provider.URL, "--document", "items.yaml", "--allow-changes", "--only", "addItem/*", "--only", "listItems/refusals"},
		},
		{
			name: "another-api-changes-config",
			args: []string{provider.URL, "--document", "items.yaml", "--config", "changes.yaml", "--only", "addItem/*"},
		},
		{name: "another-api-nothing", args: []string{provider.URL, "--document", "items.yaml", "--only", "listSecrets/plain"}},
		{name: "sample-principals", args: []string{fails, "--only", "showImageQuota/*", "--skip", "*/method-*"}},
		{name: "token-principals", args: []string{fails, "--config", "tokens.yaml", "--only", "showImageQuota/*", "--skip", "*/method-*"}},
		{name: "key-principals", args: []string{fails, "--config", "keys.yaml", "--only", "showImageQuota/plain"}},
		{name: "two-targets", args: []string{"--config", "two.yaml", "--only", "*/plain"}},
		{name: "one-target-of-both", args: []string{"--config", "same.yaml", "--only", "*/plain", "--fail-on", "documented"}},
		{
			name: "known-failing",
			args: []string{ignores, "--known-failing", "known.txt", "--only", "showDomainQuota/type=*", "--only", "showDomainQuota/plain"},
		},
		{name: "known-failing-document", args: []string{"--known-failing", "examples.txt", "--only", "*/examples"}},
		{
			name: "config-without-targets",
			args: []string{"--config", "tokens.yaml", "--only", "showImageQuota/examples", "--only", "showImageQuota/recording=ims-200-image"},
		},
		{name: "traffic-beside-targets", args: []string{"--config", "two.yaml", "--har", "images.har"}},
		{name: "warnings", args: []string{ignores, "--only", "showDomainQuota/type=user", "--fail-on", "documented"}},
		{name: "recordings-of-the-repository", args: []string{"--only", "showImageQuota/recording=*", "--only", "*/examples"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			compareGolden(t, test.name+".txt", transcript(t, urls, append([]string{"verify", "--timeout", "5m"}, test.args...)...))
		})
	}
	if code, out, errs := quotaspec(t, "verify", provider.URL, "--document", "items.yaml", "--only", "listItems/plain", "--only",
		"addItem/plain", "--report", "json=report.json"); code != exitFailed {
		t.Errorf("got exit %d, %s\n%s", code, errs, out)
	}
	if code, _, errs := quotaspec(t, "verify", "--config", "none.yaml", "--report", "json=none.json"); code != exitNotJudged {
		t.Errorf("got exit %d, %s", code, errs)
	}
	if code, _, errs := quotaspec(t, "verify", "--recordings", ".", "--report", "json=unknown.json"); code != exitNotJudged {
		t.Errorf("got exit %d, %s", code, errs)
	}
	compareGolden(t, "unknown-operation.json", judgedPart(t, "unknown.json"))
	compareGolden(t, "not-begun.json", judgedPart(t, "none.json"))
	compareGolden(t, "another-api.json", strings.NewReplacer(urls...).Replace(judgedPart(t, "report.json")))
}
