package interop

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/server"
	"github.com/quotaspec/quotaspec/server/servertest"
)

var (
	withTools = flag.Bool("tools", false, "run the tools of other people, in Python, JavaScript, Java, Go and Rust (make interop)")
	update    = flag.Bool("update", false, "write docs/interop.md")
)

const toolsPage = "../../docs/interop.md"

// sections are the parts of docs/interop.md in order. Each runs its tools and returns what the page says about them: the same
// text for the same versions, so neither times nor ports.
var sections = []struct {
	name string
	run  func(t *testing.T) (markdown string)
}{
	{name: "testers", run: testers},
	{name: "readers", run: readers},
	{name: "SDKs", run: sdks},
	{name: "generators", run: generators},
	{name: "validators", run: scoreValidators},
}

// TestTools runs the tools of other people with our documents and our provider, and compares docs/interop.md with what happened.
// Sections that -run leaves out, or that are skipped, keep their text.
func TestTools(t *testing.T) {
	if !*withTools {
		t.Skip("make interop runs it")
	}
	old, err := os.ReadFile(toolsPage)
	if err != nil {
		t.Fatal(err)
	}
	page := toolsHead
	for _, section := range sections {
		text := textOfSection(string(old), section.name)
		t.Run(section.name, func(t *testing.T) { text = strings.TrimSpace(section.run(t)) })
		page += "\n" + sectionMark + section.name + " -->\n\n" + text + "\n"
	}
	if t.Failed() {
		return
	}
	if *update {
		if err := os.WriteFile(toolsPage, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(old), page); diff != "" {
		t.Errorf("docs/interop.md is not what happened; make interop ARGS=-update writes it (-page +run):\n%s", diff)
	}
}

const sectionMark = "<!-- section "

// textOfSection returns the text of a section of docs/interop.md, or "" if the page has none.
func textOfSection(page, name string) string {
	_, text, _ := strings.Cut(page, sectionMark+name+" -->\n")
	text, _, _ = strings.Cut(text, sectionMark)
	return strings.TrimSpace(text)
}

const toolsHead = `# Tools of other people

<!-- Written by a test: make interop ARGS=-update -->

` + "`make interop`" + ` installs each tool below from its registry, and runs it with the two documents and with the reference provider on loopback.
What this page says is what happened in that run; it fails if anything differs.
`

// documentFolder writes the two documents as iam.yaml and ims.yaml to a new folder.
func documentFolder(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range openapi.Names() {
		source, err := openapi.YAML(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name+".yaml"), source, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// sampleProvider starts the reference provider with the sample data, which obeys Prefer, and returns its URL.
func sampleProvider(t *testing.T) string {
	t.Helper()
	return servertest.With(t, server.Options{Prefer: true})
}

// grownProvider starts a provider as it may be tomorrow: each response of the upstream with status 200 has one more resource, of a
// type that no document names.
func grownProvider(t *testing.T, upstream string) string {
	t.Helper()
	return changedProvider(t, upstream, func(r *http.Response) error {
		if r.StatusCode != http.StatusOK {
			return nil
		}
		return changeBody(r, addType)
	})
}

// changedProvider starts a provider whose responses are those of the upstream after a change.
func changedProvider(t *testing.T, upstream string, change func(*http.Response) error) string {
	t.Helper()
	target, err := url.Parse(upstream)
	if err != nil {
		t.Fatal(err)
	}
	changed := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: change,
	})
	t.Cleanup(changed.Close)
	return changed.URL
}

// changeBody replaces the body of a response.
func changeBody(r *http.Response, change func(body []byte) ([]byte, error)) error {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		body, err = change(body)
	}
	if err != nil {
		return err
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

// addType adds the resource {"type":"trust_agency","used":2,"quota":5,"min":1,"max":9} to a list of quotas.
func addType(body []byte) ([]byte, error) {
	var list struct {
		Quotas struct {
			Resources []json.RawMessage `json:"resources"`
		} `json:"quotas"`
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, err
	}
	list.Quotas.Resources = append(list.Quotas.Resources, json.RawMessage(`{"type":"trust_agency","used":2,"quota":5,"min":1,"max":9}`))
	return json.Marshal(list)
}

// addMembers adds members that no document names to each object of a body, whatever the status. No object of the sample data is
// empty, and no text has a brace.
func addMembers(body []byte) ([]byte, error) {
	return bytes.ReplaceAll(body, []byte("}"), []byte(`,"new_text":"x","new_object":{"new_number":1}}`)), nil
}

// need skips the test if a command is absent. In CI that is a failure.
func need(t *testing.T, commands ...string) {
	t.Helper()
	for _, command := range commands {
		if _, err := exec.LookPath(command); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
}

// step is one command of a tool.
type step struct {
	folder string
	env    []string // added to the environment: NAME=VALUE
	args   []string // the command and its arguments
	input  string   // its standard input
}

// stepLimit is far more than the slowest step takes: an installation on a busy machine.
const stepLimit = 15 * time.Minute

// run runs the command and returns its output, standard error included, and its exit code. That the command cannot be started
// ends the test.
func (s step) run(t *testing.T) (output string, exit int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), s.args[0], s.args[1:]...)
	command.Dir = s.folder
	command.Env = append(os.Environ(), s.env...)
	command.Stdin = strings.NewReader(s.input)
	command.WaitDelay = time.Second
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	timer := time.AfterFunc(stepLimit, func() { _ = command.Process.Kill() })
	defer timer.Stop()
	var failed *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &failed) {
		t.Fatalf("%s: %v\n%s", strings.Join(s.args, " "), err, &out)
	}
	return out.String(), command.ProcessState.ExitCode()
}

// must runs the command and returns its output. Any exit code but 0 ends the test.
func (s step) must(t *testing.T) string {
	t.Helper()
	out, exit := s.run(t)
	if exit != 0 {
		t.Fatalf("%s: exit %d\n%s", strings.Join(s.args, " "), exit, out)
	}
	return out
}

// copyFolder copies a folder of testdata to a new one, where installations may write.
func copyFolder(t *testing.T, source string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("testdata", source))); err != nil {
		t.Fatal(err)
	}
	return folder
}

// npm installs what package-lock.json of this folder pins.
func npm(t *testing.T, folder string) {
	t.Helper()
	need(t, "node", "npm")
	step{folder: folder, args: []string{"npm", "ci", "--silent", "--no-audit", "--no-fund"}}.must(t)
}

// python makes a virtual environment with what requirements.txt of this folder pins, and returns its folder of commands.
func python(t *testing.T, folder string) (bin string) {
	t.Helper()
	need(t, "python3")
	environment := filepath.Join(folder, "venv")
	step{folder: folder, args: []string{"python3", "-m", "venv", environment}}.must(t)
	bin = filepath.Join(environment, "bin")
	step{folder: folder, args: []string{
		filepath.Join(bin, "pip"), "install", "--quiet", "--disable-pip-version-check", "--requirement", "requirements.txt",
	}}.must(t)
	return bin
}
