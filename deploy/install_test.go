package deploy

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// archiveOf returns a tar.gz with one file.
func archiveOf(t *testing.T, name, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	files := tar.NewWriter(zipped)
	if err := files.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(content))}); err != nil {
		t.Fatal(err)
	}
	_, _ = files.Write([]byte(content))
	_ = files.Close()
	_ = zipped.Close()
	return b.Bytes()
}

// releasesOf serves the folders of releases by their versions at the paths of GitHub.
func releasesOf(t *testing.T, latest string, folders map[string]http.FileSystem) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /latest/download/{file}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/download/v"+latest+"/"+r.PathValue("file"), http.StatusFound)
	})
	for version, folder := range folders {
		at := "/download/v" + version + "/"
		mux.Handle("GET "+at, http.StripPrefix(at, http.FileServer(folder)))
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// writeRelease writes the archive of this system and checksums.txt, in which the sum may be another.
func writeRelease(t *testing.T, version string, archive []byte, sum string) http.FileSystem {
	t.Helper()
	dir := t.TempDir()
	name := fmt.Sprintf("quotaspec_%s_%s_%s.tar.gz", version, runtime.GOOS, runtime.GOARCH)
	if sum == "" {
		sum = fmt.Sprintf("%x", sha256.Sum256(archive))
	}
	checksums := strings.Repeat("0", 64) + "  quotaspec_" + version + "_plan9_mips.tar.gz\n" + sum + "  " + name + "\n"
	for file, data := range map[string][]byte{name: archive, "checksums.txt": []byte(checksums)} {
		if err := os.WriteFile(filepath.Join(dir, file), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return http.Dir(dir)
}

// toolsOf returns a folder for PATH with these programs alone; a word name=text is a script that prints the text.
func toolsOf(t *testing.T, names string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range strings.Fields(names) {
		name, prints, isScript := strings.Cut(name, "=")
		if isScript {
			if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\necho "+prints+"\n"), 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		at, err := exec.LookPath(name)
		if err == nil {
			err = os.Symlink(at, filepath.Join(dir, name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const installTools = "sh uname tar gzip mktemp mkdir mv cp rm chmod cut grep sha256sum "

// TestInstall runs install.sh by sh, with nothing in PATH but what it says it needs.
func TestInstall(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("it needs sha256sum, curl and wget")
	}
	good := archiveOf(t, "quotaspec", "#!/bin/sh\necho quotaspec 1.2.3\n")
	cut := http.NewServeMux()
	url := releasesOf(t, "1.2.3", map[string]http.FileSystem{
		"1.2.3": writeRelease(t, "1.2.3", good, ""),
		"0.9.0": writeRelease(t, "0.9.0", archiveOf(t, "quotaspec", "#!/bin/sh\necho quotaspec 0.9.0\n"), ""),
		"6.6.6": writeRelease(t, "6.6.6", good, strings.Repeat("f", 64)),
		"7.7.7": writeRelease(t, "7.7.7", archiveOf(t, "other", "x"), ""),
	})
	files := http.FileServer(writeRelease(t, "8.8.8", good, ""))
	cut.HandleFunc("/download/v8.8.8/", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".gz") {
			w.Header().Set("Content-Length", fmt.Sprint(len(good)))
			_, _ = w.Write(good[:len(good)/2])
			return
		}
		http.StripPrefix("/download/v8.8.8", files).ServeHTTP(w, r)
	})
	cutOff := httptest.NewServer(cut)
	defer cutOff.Close()
	for _, test := range []struct {
		name, tools, url, args string
		prints                 string // what the installed command prints
		want                   string // in the only line of stderr
	}{
		{name: "the latest, by curl", tools: installTools + "curl", prints: "quotaspec 1.2.3"},
		{name: "the latest, by wget", tools: installTools + "wget", prints: "quotaspec 1.2.3"},
		{name: "a version", tools: installTools + "curl", args: "--version v0.9.0", prints: "quotaspec 0.9.0"},
		{name: "a version without v, by wget", tools: installTools + "wget", args: "--version 0.9.0", prints: "quotaspec 0.9.0"},
		{name: "neither", tools: installTools, want: "curl or wget is needed"},
		{name: "a wrong checksum", tools: installTools + "curl", args: "--version v6.6.6", want: "nothing is installed"},
		{name: "no command in it", tools: installTools + "curl", args: "--version v7.7.7", want: "has no file quotaspec"},
		{name: "no such version", tools: installTools + "curl", args: "--version v5.5.5", want: "v5.5.5/checksums.txt (curl: (22) The requested URL returned error: 404): is there"},
		{name: "no such version, by wget", tools: installTools + "wget", args: "--version v5.5.5", want: "is there such a version"},
		{name: "cut off", tools: installTools + "curl", url: cutOff.URL, args: "--version 8.8.8", want: "cannot download"},
		{name: "cut off, by wget", tools: installTools + "wget", url: cutOff.URL, args: "--version 8.8.8", want: "cannot download"},
		{name: "no server", tools: installTools + "curl", url: "http://127.0.0.1:1", want: "cannot download"},
		{
			name: "another system", tools: strings.Replace(installTools, "uname", "uname=Plan9", 1) + "curl",
			want: "there is no archive for Plan9",
		},
		{name: "no sha256sum", tools: strings.Replace(installTools, "sha256sum", "curl", 1), want: "sha256sum or shasum is needed"},
		{name: "a folder that is a file", tools: installTools + "curl", args: "--dir /dev/null", want: "cannot write into /dev/null"},
		{name: "an unknown argument", tools: installTools + "curl", args: "--prefix x", want: "unknown argument --prefix"},
		{name: "no value", tools: installTools + "curl", args: "--dir", want: "--dir wants a value"},
	} {
		t.Run(test.name, func(t *testing.T) {
			home, temporary := t.TempDir(), t.TempDir()
			if test.url == "" {
				test.url = url
			}
			install := exec.Command("sh", append([]string{"../install.sh"}, strings.Fields(test.args)...)...)
			install.Env = []string{"PATH=" + toolsOf(t, test.tools), "HOME=" + home, "TMPDIR=" + temporary, "QUOTASPEC_RELEASES=" + test.url}
			var out, errs bytes.Buffer
			install.Stdout, install.Stderr = &out, &errs
			err := install.Run()
			if left, _ := os.ReadDir(temporary); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			if test.want == "" {
				command := filepath.Join(home, ".local", "bin", "quotaspec")
				got, runErr := exec.Command(command).Output()
				if err != nil || runErr != nil || strings.TrimSpace(string(got)) != test.prints || errs.Len() > 0 {
					t.Errorf("%v, %v: got %q, stderr %q", err, runErr, got, errs.String())
				}
				if !strings.Contains(out.String(), command) || !strings.Contains(out.String(), "not in PATH yet") {
					t.Errorf("got the output %q", out.String())
				}
				return
			}
			isOneLine := strings.Count(errs.String(), "\n") == 1
			if !strings.Contains(errs.String(), test.want) || !isOneLine || install.ProcessState.ExitCode() != 1 {
				t.Errorf("exit %d, stderr %q, want %q", install.ProcessState.ExitCode(), errs.String(), test.want)
			}
			if left, _ := os.ReadDir(home); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// TestInstallNames runs install.sh with a folder by a relative path with a space, and with another quotaspec that is first in
// PATH: it names the folder so that it can be added to PATH, and the other command.
func TestInstallNames(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("it needs sha256sum and curl")
	}
	good := archiveOf(t, "quotaspec", "#!/bin/sh\necho quotaspec 1.2.3\n")
	url := releasesOf(t, "1.2.3", map[string]http.FileSystem{"1.2.3": writeRelease(t, "1.2.3", good, "")})
	folder, tools := t.TempDir(), toolsOf(t, installTools+"curl quotaspec=another")
	for _, test := range []struct{ name, dir, want string }{
		{name: "relative", dir: "a b/", want: "export PATH=\"" + filepath.Join(folder, "a b") + ":$PATH\""},
		{name: "beginning with a hyphen", dir: "-x", want: "installed as " + filepath.Join(folder, "-x", "quotaspec")},
		{name: "not the first", dir: "c", want: "another quotaspec is first in PATH: " + filepath.Join(tools, "quotaspec")},
	} {
		t.Run(test.name, func(t *testing.T) {
			install := exec.Command("sh", absolute(t, "../install.sh"), "--dir", test.dir)
			install.Dir = folder
			install.Env = []string{"PATH=" + tools, "CDPATH=/", "QUOTASPEC_RELEASES=" + url}
			if got := succeed(t, install); !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	if err := os.MkdirAll(filepath.Join(folder, "d", "quotaspec"), 0o755); err != nil {
		t.Fatal(err)
	}
	install := exec.Command("sh", absolute(t, "../install.sh"), "--dir", "d")
	install.Dir = folder
	install.Env = []string{"PATH=" + tools, "QUOTASPEC_RELEASES=" + url}
	out, _ := install.CombinedOutput()
	if want := "quotaspec is a folder"; install.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), want) {
		t.Errorf("exit %d and %q, want %q", install.ProcessState.ExitCode(), out, want)
	}
}
