package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestGoInstall installs the command by "go install ...@latest" from a module proxy that has this tree as v1.2.3: the files of a
// module must have names that go takes, and need nothing of the modules in folders below it, which are not part of it.
func TestGoInstall(t *testing.T) {
	if !*release {
		t.Skip("-release installs this tree as a module (make test-release)")
	}
	const module = "github.com/quotaspec/quotaspec"
	tree, proxy, installed := copyOfTree(t), t.TempDir(), t.TempDir()
	versions := filepath.Join(proxy, module, "@v")
	for name, text := range map[string]string{
		"list": "v1.2.3\n", "v1.2.3.info": `{"Version": "v1.2.3"}`, "v1.2.3.mod": read(t, filepath.Join(tree, "go.mod")),
	} {
		if err := os.MkdirAll(versions, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(versions, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	archive := []string{
		"-C", tree, "archive", "--prefix=" + module + "@v1.2.3/", "--output=" + filepath.Join(versions, "v1.2.3.zip"), "HEAD", "--", ".",
	}
	for _, file := range strings.Fields(succeed(t, exec.Command("git", "-C", tree, "ls-files", "*/go.mod"))) {
		archive = append(archive, ":(exclude)"+filepath.Dir(file))
	}
	succeed(t, exec.Command("git", archive...))
	install := exec.Command("go", "install", module+"/cmd/quotaspec@latest")
	install.Dir = proxy
	install.Env = append(os.Environ(), "GOBIN="+installed, "GOMODCACHE="+t.TempDir(), "GOFLAGS=-modcacherw -trimpath", "CGO_ENABLED=0",
		"GOSUMDB=off", "GOPROXY=file://"+proxy+",file://"+filepath.Join(goEnv(t, "GOMODCACHE"), "cache", "download"))
	succeed(t, install)
	if got := succeed(t, exec.Command(filepath.Join(installed, "quotaspec"), "--version")); got != "quotaspec 1.2.3\n" {
		t.Errorf("--version prints %q", got)
	}
}
