package deploy

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// releaseVersion is that of the release on loopback.
const releaseVersion = "1.0.0"

// kit is what the tests of workflows, jobs and hooks share.
type kit struct {
	act, actionlint string // programs
	command         string // quotaspec, built from the working tree
	releases        string // URL of a server with one release
	noReleases      string // URL of a server without any
}

// TestActions runs what others use in their CI, as their CI does. Workflows of GitHub are run by act, on this host and without
// containers; jobs of GitLab by a shell with their variables; hooks by pre-commit. All of them install the command from a server
// on loopback, which has a release as GitHub would have it. What needs GitHub itself is replaced by a stand-in that keeps its
// input (testdata/actions, testdata/bin).
func TestActions(t *testing.T) {
	if *actionTools == "" {
		t.Skip("make test-actions runs it")
	}
	none := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(none.Close)
	k := kit{act: goTool(t, "act"), actionlint: goTool(t, "actionlint"), noReleases: none.URL}
	k.command = buildRelease(t)
	program, err := os.ReadFile(k.command)
	if err != nil {
		t.Fatal(err)
	}
	files := writeRelease(t, releaseVersion, archiveOf(t, "quotaspec", string(program)), "")
	k.releases = releasesOf(t, releaseVersion, map[string]http.FileSystem{releaseVersion: files})
	t.Run("syntax", k.testSyntax)
	t.Run("flags", k.testFlags)
	t.Run("workflows", k.testWorkflows)
	t.Run("other pages", k.testOtherPages)
	t.Run("tutorial", k.testTutorial)
	t.Run("install", k.testInstall)
	t.Run("GitLab", k.testGitLab)
	t.Run("any CI", k.testAnyCI)
	t.Run("pre-commit", k.testPreCommit)
}

// goTool builds a tool of tools/act/go.mod and returns its path in the build cache.
func goTool(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "tool", "-n", "-modfile=../tools/act/go.mod", name).Output()
	if err != nil {
		t.Fatalf("build %s: %v", name, err)
	}
	return strings.TrimSpace(string(out))
}

// buildRelease compiles the command as a release.
func buildRelease(t *testing.T) string {
	t.Helper()
	command := filepath.Join(t.TempDir(), "quotaspec")
	out, code := execute(t, "..", []string{"CGO_ENABLED=0"}, "go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags", "-X main.version="+releaseVersion, "-o", command, "./cmd/quotaspec")
	if code != 0 {
		t.Fatal(out)
	}
	return command
}

// execute runs a program in a folder and returns what it prints and its exit code. It does not wait for processes that the
// program leaves behind; endBelow ends them.
func execute(t *testing.T, folder string, env []string, name string, args ...string) (string, int) {
	t.Helper()
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, out, out
	cmd.Env = append(os.Environ(), env...)
	if err = cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(text), cmd.ProcessState.ExitCode()
}

// endBelow ends the processes whose working directory is a folder or below it: servers that a job has started.
func endBelow(t *testing.T, folder string) {
	t.Helper()
	links, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, link := range links {
		at, err := os.Readlink(link)
		at = strings.TrimSuffix(at, " (deleted)")
		if err != nil || at != folder && !strings.HasPrefix(at, folder+"/") {
			continue
		}
		var pid int
		if _, err := fmt.Sscanf(link, "/proc/%d/cwd", &pid); err != nil {
			continue
		}
		if process, err := os.FindProcess(pid); err == nil {
			_ = process.Kill() // it may have ended meanwhile
		}
	}
}
