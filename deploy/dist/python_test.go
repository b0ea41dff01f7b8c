package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var withPython = flag.Bool("python", false, "run the program in the README of the corpus (make test-consumers)")

// TestPython unpacks the archive, and runs the program of its README there: it prints what the README says.
func TestPython(t *testing.T) {
	if !*withPython {
		t.Skip("make test-consumers runs it")
	}
	files := unpack(t, written(t, "1.2.3")["corpus-1.2.3.tar.gz"])
	folder := t.TempDir()
	for name, text := range files {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page := files["corpus-1.2.3/README.md"]
	program := regexp.MustCompile("(?s)```python\n(.*?)```").FindStringSubmatch(page)
	prints := regexp.MustCompile("It prints `(.*?)`").FindStringSubmatch(page)
	if program == nil || prints == nil {
		t.Fatal("the README has no program, or not what it prints")
	}
	cmd := exec.CommandContext(t.Context(), "python3", "-c", program[1])
	cmd.Dir = filepath.Join(folder, "corpus-1.2.3")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != prints[1] {
		t.Errorf("%v: got %s, want %s", err, out, prints[1])
	}
}
