package client_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeProgram builds the README's program in a folder of its own, as a user with a clone would: nothing of this module's
// go.mod may be needed but what the client needs.
func TestReadmeProgram(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	program := regexp.MustCompile("(?s)```go\n(package main\n.*?)```").FindSubmatch(readme)
	if program == nil {
		t.Fatal("the README has no program")
	}
	clone, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile("../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, text := range map[string]string{
		"main.go": string(program[1]),
		"go.sum":  string(sums),
		"go.mod": "module example.com/user\n\ngo 1.26.0\n\nrequire github.com/quotaspec/quotaspec v0.0.0\n\n" +
			"replace github.com/quotaspec/quotaspec => " + clone + "\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-mod=mod", "-buildvcs=false", "-o", filepath.Join(folder, "program"), ".")
	build.Dir = folder
	build.Env = append(os.Environ(), "GOPROXY=off", "GOWORK=off") // all of it is here already
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := exec.CommandContext(t.Context(), filepath.Join(folder, "program"))
	run.Env = []string{}
	out, err := run.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "showDomainQuota: no credentials: ") {
		t.Errorf("without credentials: got %v\n%s", err, out)
	}
}
