package quotaspec_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var rehearse = flag.Bool("rehearse", false, "add an operation to a copy of the repository (minutes)")

// TestOneMoreOperation follows docs/adding-an-operation.md: it applies the patch in testdata, which has only what is written by
// hand, to a copy of the repository, has everything else written anew, and runs verify, the mutation score and the tests of the
// packages that the operation touches, among them the two other judges. If the patch does not apply any more, follow the page
// and write a new one.
//
// It leaves out what does not depend on the number of operations and runs in make check or make test without the patch:
//   - the race detector, linters, fuzzing and builds for other systems: the new handler uses only what the others use
//   - tests with a browser, by -short: the pages show every operation by the same code
//   - contract/interop: the vendor's SDK is downloaded, and its tests call the two operations
func TestOneMoreOperation(t *testing.T) {
	if !*rehearse {
		t.Skip("takes minutes: make check-operation runs it")
	}
	dir := t.TempDir()
	run := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	copyTracked(t, dir)
	patch, err := filepath.Abs("testdata/operation.patch")
	if err != nil {
		t.Fatal(err)
	}
	run("git", "init", "--quiet")
	run("git", "apply", "-C1", patch)
	run("make", "generate")
	run("go", "build", "./...")
	run("make", "update")
	if out := run("go", "run", "./cmd/quotaspec", "verify"); !strings.Contains(out, " 0 failed, 0 errors, 0 skipped, ") {
		t.Errorf("verify:\n%s", out)
	}
	run("make", "check-promises")
	run("make", "mutate")
	run("go", "test", "-short", "./openapi/...", "./server/...", "./client", "./contract", "./contract/mutate", "./contract/recordings",
		"./contract/corpus", "./contract/probe", "./contract/report", "./contract/traffic", "./contract/verify", "./cmd/quotaspec")
	run("go", "test", "./contract/corpus/mutants") // with -short it judges no mutant
	run("make", "two-judges")
}

// copyTracked copies the files of the repository that git tracks.
func copyTracked(t *testing.T, dir string) {
	t.Helper()
	list, err := exec.CommandContext(t.Context(), "git", "ls-files", "-z").Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	for name := range strings.SplitSeq(strings.TrimRight(string(list), "\x00"), "\x00") {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
