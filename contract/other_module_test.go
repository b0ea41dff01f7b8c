package contract_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestOtherModule builds a module that is not ours, and judges by its own document in a test of some 15 lines. The modules that
// it needs are those that we need, so nothing is downloaded.
func TestOtherModule(t *testing.T) {
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/module")); err != nil {
		t.Fatal(err)
	}
	ours, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/quotaspec/quotaspec"
	mod := strings.Replace(textOf(t, "../go.mod"), "module "+module, "module example.com/pets", 1)
	mod += "\nrequire " + module + " v0.0.0\n\nreplace " + module + " => \"" + ours + "\"\n"
	for name, text := range map[string]string{"go.mod": mod, "go.sum": textOf(t, "../go.sum")} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-mod=mod", ".")
	cmd.Dir, cmd.Env = folder, append(os.Environ(), "GOPROXY=off", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	const want = "schema/type at /response/body/name: want type string, got number 7 (documented, pets.yaml:14)"
	if err == nil || !strings.Contains(string(out), want) {
		t.Errorf("got %v\n%s\nwant a failure with %s", err, out, want)
	}
}

func textOf(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
