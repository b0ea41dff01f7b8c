package deploy

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestVersionOfMake tests the version that "make build" gives the command: that of the repository, and not of one around a copy
// of the files.
func TestVersionOfMake(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("make is not everywhere")
	}
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	r := repository{folder: t.TempDir(), ports: strings.NewReplacer()}
	for _, name := range []string{"Makefile", "copy/Makefile"} {
		r.write(t, name, string(makefile))
	}
	r.git(t, "init", "--quiet", "--initial-branch=main")
	r.commit(t)
	r.git(t, "tag", "v9.8.7")
	for _, test := range []struct{ name, folder, want string }{
		{name: "a repository", folder: r.folder, want: "-X main.version=9.8.7'"},
		{name: "a copy in another repository", folder: filepath.Join(r.folder, "copy"), want: "-X main.version=devel'"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if out, code := execute(t, test.folder, gitEnv, "make", "-n", "build"); code != 0 || !strings.Contains(out, test.want) {
				t.Errorf("exit code %d, got %q, want %q", code, out, test.want)
			}
		})
	}
}
