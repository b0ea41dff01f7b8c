package deploy

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// repository is a git repository of a stranger in a new folder: testdata/repository with the files of a page over it.
type repository struct {
	folder string
	ports  *strings.Replacer // of the pages by free ones
}

// newRepository makes a repository with one commit, on the branch main. edits are pairs of texts, old and new; each must occur.
func newRepository(t *testing.T, files map[string]string, edits ...string) repository {
	t.Helper()
	r := repository{folder: t.TempDir(), ports: freePorts(t)}
	if err := os.CopyFS(r.folder, os.DirFS("testdata/repository")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { endBelow(t, r.folder) })
	for name, text := range files {
		r.write(t, name, text)
	}
	for _, name := range []string{"server.py", "quotaspec.yaml"} {
		r.write(t, name, r.read(t, name))
	}
	r.edit(t, edits...)
	r.git(t, "init", "--quiet", "--initial-branch=main")
	r.commit(t)
	r.git(t, "update-ref", "refs/remotes/origin/main", "HEAD")
	return r
}

func (r repository) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// write writes a file with free ports instead of those of the pages.
func (r repository) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(r.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(r.ports.Replace(text)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// edit replaces each old text by the new one, in the only file of the repository's root that has it.
func (r repository) edit(t *testing.T, pairs ...string) {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		found := 0
		for _, name := range []string{"server.py", "consumer.py", "openapi.yaml"} {
			if text := r.read(t, name); strings.Contains(text, pairs[i]) {
				r.write(t, name, strings.Replace(text, pairs[i], pairs[i+1], 1))
				found++
			}
		}
		if found != 1 {
			t.Fatalf("%q is in %d files, want one", pairs[i], found)
		}
	}
}

func (r repository) git(t *testing.T, args ...string) string {
	t.Helper()
	out, code := execute(t, r.folder, gitEnv, "git", args...)
	if code != 0 {
		t.Fatalf("git %s: %s", args, out)
	}
	return strings.TrimSpace(out)
}

// gitEnv keeps the configuration of the user and of the host out.
var gitEnv = []string{
	"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
	"GIT_AUTHOR_NAME=test", "GIT_AUTHOR_EMAIL=test@example.com", "GIT_COMMITTER_NAME=test", "GIT_COMMITTER_EMAIL=test@example.com",
}

func (r repository) commit(t *testing.T) {
	t.Helper()
	r.git(t, "add", "--all")
	r.git(t, "commit", "--quiet", "--message", "change")
}

// freePorts replaces the ports of the pages by free ones.
func freePorts(t *testing.T) *strings.Replacer {
	t.Helper()
	pairs := []string{}
	for _, port := range []string{"9000", "8081"} {
		_, free, _ := net.SplitHostPort(freeAddress(t))
		pairs = append(pairs, port, free)
	}
	// The proxy listens on 8081 without a flag: give it one.
	pairs = append(pairs, "quotaspec proxy ", "quotaspec proxy --listen 127.0.0.1:"+pairs[3]+" ")
	return strings.NewReplacer(pairs...)
}

// workflowRun is a run of a workflow that has ended.
type workflowRun struct {
	passed bool
	log    string // of all steps, with the summary of the job
	kept   string // folder of what the stand-ins for GitHub keep
}

var logPrefix = regexp.MustCompile(`(?m)^\[[^\]\n]*\] +(\| )?`)

// workflow runs a workflow of a repository as a runner of GitHub does, for an event. Its action quotaspec/quotaspec@v1 is the
// working tree, and releases is the URL of its releases.
func (k kit) workflow(t *testing.T, r repository, file, event, releases string, env ...string) workflowRun {
	t.Helper()
	scratch, here := t.TempDir(), absolute(t, ".")
	t.Cleanup(func() { endBelow(t, scratch) })
	run := workflowRun{kept: filepath.Join(scratch, "kept")}
	payload, noHangup := filepath.Join(scratch, "event.json"), filepath.Join(scratch, "bash_env")
	for name, text := range map[string]string{
		payload: `{"number": 7, "pull_request": {"number": 7, "head": {"ref": "change"}, "base": {"ref": "main"}}}`,
		// act closes the terminal of each step, which ends what the step has started. GitHub's runner has no terminal.
		noHangup: "trap '' HUP\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(run.kept, 0o755); err != nil {
		t.Fatal(err)
	}
	args := []string{
		event, "--workflows", filepath.Join(".github/workflows", file), "--eventpath", payload,
		"--platform", "ubuntu-latest=-self-hosted", "--no-cache-server", "--action-offline-mode",
		"--local-repository", "quotaspec/quotaspec@v1=" + filepath.Dir(here),
		"--local-repository", "github/codeql-action@v3=" + filepath.Join(here, "testdata/actions/github/codeql-action"),
	}
	for _, variable := range append(env, "QUOTASPEC_RELEASES="+releases, "BASH_ENV="+noHangup, "KEPT="+run.kept, "HOME="+scratch,
		"GOCACHE="+goEnv(t, "GOCACHE"), "GOMODCACHE="+goEnv(t, "GOMODCACHE"), "GOPROXY="+goEnv(t, "GOPROXY")) {
		args = append(args, "--env", variable)
	}
	environment := append(slices.Clone(gitEnv), "XDG_CACHE_HOME="+filepath.Join(scratch, "cache"), "NO_COLOR=1",
		"PATH="+filepath.Join(here, "testdata/bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
	out, code := execute(t, r.folder, environment, k.act, args...)
	run.passed, run.log = code == 0, logPrefix.ReplaceAllString(strings.ReplaceAll(out, "\r", ""), "")
	if strings.Contains(run.log, "workflow is not valid") {
		t.Fatal(run.log)
	}
	return run
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, _ := execute(t, ".", nil, "go", "env", name)
	return strings.TrimSpace(out)
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}
