package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// exampleFiles are commands that make what an example of a help names: each runs if the example has its text. $PROVIDER is the
// URL of the reference provider, $PETS the folder with two versions of a document.
var exampleFiles = []struct{ verb, has, command string }{
	{verb: "breaking", has: "old.yaml", command: "cp $PETS/old.yaml old.yaml"},
	{verb: "breaking", has: "openapi.yaml", command: "cp $PETS/bird.yaml openapi.yaml"},
	{verb: "breaking", has: ":", command: "git init -q -b main; mkdir api; cp $PETS/old.yaml openapi.yaml; cp openapi.yaml api; git add .; " +
		"git commit -q -m old; git tag v1.2.0; cp $PETS/bird.yaml openapi.yaml; cp openapi.yaml api; git commit -q -a -m new --allow-empty"},
	{verb: "breaking", has: "traffic.har", command: `echo '{"log":{"entries":[{"request":{"method":"GET","url":"http://127.0.0.1/pets"},` +
		`"response":{"status":200,"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"text":"[]"}}}]}}' > traffic.har`},
	{verb: "verify", has: "openapi.yaml", command: "quotaspec spec iam > openapi.yaml"},
	{verb: "proxy", has: "openapi.yaml", command: "quotaspec spec ims > openapi.yaml"},
	{verb: "verify", has: "quotaspec.yaml", command: "echo 'targets: {iam: \"'$PROVIDER'\"}' > quotaspec.yaml"},
	{verb: "verify", has: "traffic.har", command: "quotaspec verify $PROVIDER --record traffic.har > report.txt"},
	{verb: "mutate", has: "another-api.yaml", command: "quotaspec spec ims > another-api.yaml"},
	{verb: "mutate", has: "traffic.har", command: "quotaspec verify $PROVIDER --record traffic.har > report.txt"},
	{verb: "mutate", has: "recordings/", command: "quotaspec verify $PROVIDER --only 'showImageQuota/*' --record recordings/ > report.txt"},
	{verb: "serve", has: "accounts.yaml", command: "cp $PETS/../../../../server/sample.yaml accounts.yaml"},
}

var (
	exampleTargets = regexp.MustCompile(`http://127\.0\.0\.1:(?:8080|9000/v1)`)
	exampleListen  = regexp.MustCompile(`--listen 127\.0\.0\.1:\d+`)
	printedURL     = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
)

// TestHelpExamples runs the examples of the helps, each in a new folder with the files that it names, against the reference
// provider. Each one judges or prints something: the exit code is 0 or 1.
func TestHelpExamples(t *testing.T) {
	pets, err := filepath.Abs("testdata/breaking")
	if err != nil {
		t.Fatal(err)
	}
	provider := startProvider(t, behaviour{})
	for _, verb := range newRoot().Commands() {
		if verb.Name() == quotasVerb || verb.Name() == "exporter" { // their examples need the cloud
			continue
		}
		for example := range strings.Lines(verb.Example) {
			example = strings.TrimSpace(example)
			if example == "quotaspec mutate" || verb.Name() == "mutate" && testing.Short() { // seconds each; make mutate runs the first
				continue
			}
			t.Run(example, func(t *testing.T) {
				t.Parallel()
				script := "set -e\n"
				for _, file := range exampleFiles {
					if file.verb == verb.Name() && strings.Contains(example, file.has) {
						script += file.command + "\n"
					}
				}
				command := exampleTargets.ReplaceAllString(example, provider)
				starts := verb.Name() == "serve" || verb.Name() == "proxy"
				if starts {
					command = "exec " + exampleListen.ReplaceAllString(command, "") + " --listen 127.0.0.1:0 2>&1"
				}
				shell := exec.CommandContext(t.Context(), "bash", "-c", script+"set +e\n"+command)
				shell.Dir = t.TempDir()
				shell.Env = append(os.Environ(), "PROVIDER="+provider, "PETS="+pets, "GIT_CONFIG_GLOBAL=/dev/null",
					"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
				errs := &strings.Builder{}
				shell.Stderr = errs
				if starts {
					stopAfterARequest(t, shell)
				} else {
					_, _ = shell.Output() // its exit code is compared
				}
				if code := shell.ProcessState.ExitCode(); code != exitPassed && code != exitFailed {
					t.Errorf("got exit %d: %s", code, errs)
				}
			})
		}
	}
}

// stopAfterARequest starts a verb that listens, sends it a request, and ends it.
func stopAfterARequest(t *testing.T, shell *exec.Cmd) {
	t.Helper()
	out, err := shell.StdoutPipe()
	if err == nil {
		err = shell.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	first, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, printedURL.FindString(first)+"/v1/cloudimages/quota", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Auth-Token", "reader-token")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("got %s", response.Status)
	}
	if err := shell.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, out)
	_ = shell.Wait()
}
