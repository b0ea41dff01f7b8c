package deploy

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestBreakingHook runs the hook quotaspec-breaking alone, in states of a repository in which there is little to compare with. Its
// quotaspec prints the arguments and fails.
func TestBreakingHook(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("pre-commit brings a shell of its own there")
	}
	text, err := os.ReadFile("../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct{ ID, Entry string }
	if err := yaml.Unmarshal(text, &hooks); err != nil {
		t.Fatal(err)
	}
	entry := hooks[1].Entry
	if hooks[1].ID != "quotaspec-breaking" {
		t.Fatalf("the second hook is %s", hooks[1].ID)
	}
	tools := t.TempDir()
	program := "#!/bin/sh\necho \"$2\" | sed 's/^[0-9a-f]\\{40\\}:/BASE:/'\nexit 1\n"
	if err := os.WriteFile(filepath.Join(tools, "quotaspec"), []byte(program), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name     string
		state    string // what git does first
		revision string
		code     int
		out      string
	}{
		{name: "before the first commit", revision: "origin/main", out: ""},
		{name: "no such revision", state: "commit", revision: "origin/main", code: 1, out: "fatal: Not a valid object name origin/main\n"},
		{name: "a changed document", state: "commit", revision: "HEAD", code: 1, out: "BASE:a b/openapi.yaml\n"},
		{name: "without a branch", state: "commit checkout", revision: "main", code: 1, out: "BASE:a b/openapi.yaml\n"},
		{name: "another name", state: "commit mv", revision: "HEAD", out: ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := repository{folder: t.TempDir(), ports: strings.NewReplacer()}
			r.write(t, "a b/openapi.yaml", "openapi: 3.0.3\n")
			r.git(t, "init", "--quiet", "--initial-branch=main")
			file := "a b/openapi.yaml"
			for _, action := range strings.Fields(test.state) {
				switch action {
				case "commit":
					r.commit(t)
				case "checkout":
					r.git(t, "checkout", "--quiet", "--detach")
				case "mv":
					r.git(t, "mv", "a b", "c")
					file = "c/openapi.yaml"
				}
			}
			path := "PATH=" + tools + string(os.PathListSeparator) + os.Getenv("PATH")
			out, code := execute(t, r.folder, append([]string{path}, gitEnv...), "sh", "-c", entry+` "$@"`, "sh", test.revision, file)
			if out != test.out || code != test.code {
				t.Errorf("exit code %d, want %d; got %q, want %q", code, test.code, out, test.out)
			}
		})
	}
}
