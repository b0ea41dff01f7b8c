package deploy

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// snapshot is the version of a release that is not published.
const snapshot = "0.0.1-snapshot"

// TestRelease makes a release by goreleaser, without the image and without publishing it: its files must be complete, must
// install, and must not depend on the folder.
func TestRelease(t *testing.T) {
	if !*release {
		t.Skip("-release makes a release (make test-release)")
	}
	goreleaser := toolOf(t, "goreleaser")
	first, second := copyOfTree(t), copyOfTree(t)
	made := makeRelease(t, goreleaser, first)
	t.Run("files", func(t *testing.T) {
		want := []string{"checksums.txt"}
		for _, command := range commands {
			for _, system := range systems {
				goos, goarch, _ := strings.Cut(system, "/")
				name := fmt.Sprintf("%s_%s_%s_%s", command.name, snapshot, goos, goarch)
				archive := name + map[bool]string{true: ".zip", false: ".tar.gz"}[goos == "windows"]
				want = append(want, archive, name+".cdx.json")
				binary := command.name + map[bool]string{true: ".exe", false: ""}[goos == "windows"]
				contents := namesIn(t, filepath.Join(made, archive))
				slices.Sort(contents)
				if diff := cmp.Diff([]string{"LICENSE", "NOTICE", "README.md", binary}, contents); diff != "" {
					t.Errorf("%s (-want +got):\n%s", archive, diff)
				}
			}
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, published(t, made)); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
		check := exec.Command("sha256sum", "--check", "--strict", "--quiet", "checksums.txt")
		check.Dir = made
		succeed(t, check)
		if got := strings.Count(read(t, filepath.Join(made, "checksums.txt")), "\n"); got != len(want)-1 {
			t.Errorf("checksums.txt has %d lines, want those of %d files", got, len(want)-1)
		}
	})
	for _, command := range commands {
		t.Run("SBOM of "+command.name, func(t *testing.T) { checkSBOM(t, made, command) })
	}
	t.Run("install", func(t *testing.T) {
		home := t.TempDir()
		install := exec.Command("sh", "../install.sh")
		install.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home,
			"QUOTASPEC_RELEASES=" + releasesOf(t, snapshot, map[string]http.FileSystem{snapshot: http.Dir(made)})}
		succeed(t, install)
		installed := filepath.Join(home, ".local", "bin", "quotaspec")
		if got := succeed(t, exec.Command(installed, "--version")); got != "quotaspec "+snapshot+"\n" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("fleet", func(t *testing.T) {
		folder := t.TempDir()
		archive := fmt.Sprintf("quotaspec-fleet_%s_%s_%s.tar.gz", snapshot, runtime.GOOS, runtime.GOARCH)
		succeed(t, exec.Command("tar", "-xzf", filepath.Join(made, archive), "-C", folder))
		if got := succeed(t, exec.Command(filepath.Join(folder, "quotaspec-fleet"), "--version")); got != "quotaspec-fleet "+snapshot+"\n" {
			t.Errorf("got %q", got)
		}
		if read(t, filepath.Join(folder, "NOTICE")) != read(t, "../contract/fleet/NOTICE") {
			t.Error("NOTICE is not that of the module")
		}
	})
	t.Run("same bytes", func(t *testing.T) {
		// The second one is linked anew in another folder, from compiled packages in the cache: -trimpath keeps the folder out
		// of them, or else they would not be found there.
		again := makeRelease(t, goreleaser, second)
		for _, file := range []string{"checksums.txt", "../SHA256SUMS"} {
			if diff := cmp.Diff(read(t, filepath.Join(made, file)), read(t, filepath.Join(again, file))); diff != "" {
				t.Errorf("%s (-first +second):\n%s", file, diff)
			}
		}
	})
}

// checkSBOM fails if the bill of materials of a command lacks a module.
func checkSBOM(t *testing.T, made string, command released) {
	t.Helper()
	var bom struct {
		Metadata struct {
			Component struct{ Name, Version string }
		}
		Components []struct{ Name, Version string }
	}
	file := fmt.Sprintf("%s_%s_linux_amd64.cdx.json", command.name, snapshot)
	if err := json.Unmarshal([]byte(read(t, filepath.Join(made, file))), &bom); err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, component := range bom.Components {
		names = append(names, component.Name)
	}
	for module := range linked(t, command) {
		if !slices.Contains(names, module) && module != "github.com/inconshreveable/mousetrap" { // of Windows
			t.Errorf("it lacks %s", module)
		}
	}
	if got := bom.Metadata.Component; got.Version != snapshot {
		t.Errorf("it is about %+v", got)
	}
}

// toolOf builds a tool that tools/release/go.mod pins, and returns its file.
func toolOf(t *testing.T, name string) string {
	t.Helper()
	return strings.TrimSpace(succeed(t, exec.Command("go", "tool", "-n", "-modfile=../tools/release/go.mod", name)))
}

// copyOfTree returns a new folder with the files of this tree, also those that are not committed, as a repository with one
// commit that is always the same. It has a remote, without which goreleaser does not look at the commit.
func copyOfTree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, script := range []string{
		`cd .. && git ls-files -z --cached --others --exclude-standard | xargs -0 sh -c 'for f; do [ ! -e "$f" ] || echo "$f"; done' sh |
			tar -cf - -T - | tar -xf - -C "$COPY"`,
		`cd "$COPY" && git init -q -b main . && git remote add origin https://github.com/quotaspec/quotaspec &&
			git add -A && git commit -q -m release`,
	} {
		run := exec.Command("sh", "-ec", script)
		run.Env = append(os.Environ(), "COPY="+dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
			"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com",
			"GIT_AUTHOR_DATE=2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE=2026-01-02T03:04:05Z",
			"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*")
		succeed(t, run)
	}
	return dir
}

// makeRelease makes a release in a copy of the tree and returns the folder of its files.
func makeRelease(t *testing.T, goreleaser, tree string) string {
	t.Helper()
	succeed(t, exec.Command(goreleaser, "check", filepath.Join(tree, ".goreleaser.yaml")))
	run := exec.Command(goreleaser, "release", "--snapshot", "--clean", "--skip=docker", "--parallelism", fmt.Sprint(runtime.NumCPU()))
	run.Dir = tree
	succeed(t, run)
	return filepath.Join(tree, "dist", "release")
}

// published returns the names of the files that goreleaser would publish.
func published(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, entry := range entries {
		isPublished := strings.Contains(entry.Name(), "_"+snapshot) || entry.Name() == "checksums.txt"
		if isPublished && entry.Type().IsRegular() {
			names = append(names, entry.Name())
		}
	}
	return names
}

// namesIn returns the sorted names of the files in an archive.
func namesIn(t *testing.T, archive string) []string {
	t.Helper()
	names := []string{}
	if filepath.Ext(archive) == ".zip" {
		files, err := zip.OpenReader(archive)
		if err != nil {
			t.Fatal(err)
		}
		defer files.Close()
		for _, file := range files.File {
			names = append(names, file.Name)
		}
		return names
	}
	f, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for files := tar.NewReader(zipped); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, header.Name)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// succeed runs a command that must exit with 0 and returns its stdout.
func succeed(t *testing.T, c *exec.Cmd) string {
	t.Helper()
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", c, err, out.String(), errs.String())
	}
	return out.String()
}
