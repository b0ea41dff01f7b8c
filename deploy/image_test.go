//go:build unix

package deploy

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The image is built and run by buildah, which needs no daemon. As root in a sandbox nothing but its isolation by chroot works:
// the files, the user and the entry point are those of the image, while the network and the processes are those of the host.

const imageUser = 65532

// image is a container of the image, and the buildah that has it.
type image struct {
	t      *testing.T
	global []string // arguments of each call
	name   string
}

func (i image) buildah(args ...string) *exec.Cmd {
	return exec.Command("buildah", append(append([]string{}, i.global...), args...)...)
}

// command returns a command line in the container; the folder stands at /work, if there is one.
func (i image) command(folder string, args ...string) *exec.Cmd {
	run := []string{"run", "--isolation", "chroot"}
	if folder != "" {
		run = append(run, "-v", folder+":/work")
	}
	return i.buildah(append(append(run, i.name, "--", "/usr/bin/quotaspec"), args...)...)
}

// newImage builds the image from the binary of this tree, and a container of it.
func newImage(t *testing.T) image {
	t.Helper()
	if !*release {
		t.Skip("-release builds and runs the image (make test-release)")
	}
	context := t.TempDir()
	platform := "linux/" + runtime.GOARCH
	copyFile(t, "../LICENSE", filepath.Join(context, "LICENSE"))
	copyFile(t, "../NOTICE", filepath.Join(context, "NOTICE"))
	copyFile(t, "work/.keep", filepath.Join(context, "deploy", "work", ".keep"))
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -X main.version=1.2.3",
		"-o", filepath.Join(context, platform, "quotaspec"), "../cmd/quotaspec")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	succeed(t, build)
	storage, err := os.MkdirTemp("", "image") //nolint:usetesting // that path is too long for buildah
	if err != nil {
		t.Fatal(err)
	}
	i := image{t: t, global: []string{
		"--storage-driver", "vfs", "--root", filepath.Join(storage, "root"), "--runroot", filepath.Join(storage, "run"),
	}}
	t.Cleanup(func() {
		_ = i.buildah("rm", "--all").Run()
		_ = os.RemoveAll(storage)
	})
	succeed(t, i.buildah("bud", "--isolation", "chroot", "--build-arg", "TARGETPLATFORM="+platform, "-f", "Containerfile",
		"-t", "quotaspec", context))
	i.name = strings.TrimSpace(succeed(t, i.buildah("from", "quotaspec")))
	return i
}

// copyFile copies a file into a folder that need not exist.
func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(to), 0o755)
	}
	if err == nil {
		err = os.WriteFile(to, data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestImage runs the image as others do: the verbs that need nothing else, a report into a mounted folder, and a server.
func TestImage(t *testing.T) {
	i := newImage(t)
	t.Run("config", func(t *testing.T) {
		config := succeed(t, i.buildah("inspect", "--type", "image", "--format",
			"{{.OCIv1.Config.User}} {{.OCIv1.Config.Entrypoint}} {{.OCIv1.Config.WorkingDir}} "+
				`{{index .OCIv1.Config.Labels "org.opencontainers.image.licenses"}}`, "quotaspec"))
		if want := "65532:65532 [/usr/bin/quotaspec] /work Apache-2.0"; strings.TrimSpace(config) != want {
			t.Errorf("got %q, want %q", config, want)
		}
	})
	t.Run("verify", func(t *testing.T) {
		if got := succeed(t, i.command("", "--version")); got != "quotaspec 1.2.3\n" {
			t.Errorf("--version prints %q", got)
		}
		if got := succeed(t, i.command("", "verify")); !strings.Contains(got, "kept: ") {
			t.Errorf("got %q", got)
		}
	})
	t.Run("reports", func(t *testing.T) {
		folder := t.TempDir()
		if err := os.Chown(folder, imageUser, imageUser); err != nil {
			t.Fatal(err)
		}
		for dir := folder; dir != os.TempDir(); dir = filepath.Dir(dir) { // the user has to get there
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		succeed(t, i.command(folder, "verify", "--report", "json=report.json"))
		report, err := os.Stat(filepath.Join(folder, "report.json"))
		if err != nil {
			t.Fatal(err)
		}
		if owner := report.Sys().(*syscall.Stat_t).Uid; owner != imageUser {
			t.Errorf("the report belongs to %d", owner)
		}
		outside := i.command(folder, "verify", "--report", "json=/usr/report.json")
		out, _ := outside.CombinedOutput()
		if outside.ProcessState.ExitCode() != 2 || !strings.Contains(string(out), "permission denied") {
			t.Errorf("a report outside: exit %d, %s", outside.ProcessState.ExitCode(), out)
		}
		succeed(t, i.command("", "verify", "--report", "json=report.json")) // /work of the image
	})
	t.Run("serve", func(t *testing.T) { serveInImage(t, i) })
}

// serveInImage starts serve, sends requests from outside, and ends it by SIGTERM.
func serveInImage(t *testing.T, i image) {
	t.Helper()
	address := freeAddress(t)
	serve := i.command("", "serve", "--listen", address)
	var log bytes.Buffer
	serve.Stdout, serve.Stderr = &log, &log
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- serve.Wait() }()
	var pid int
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		response, err := http.Get("http://" + address + "/healthz")
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Now().After(deadline) {
			_ = serve.Process.Kill()
			t.Fatalf("healthz: %v", err)
		}
	}
	if pid = processOf(t, address); pid == 0 {
		t.Fatal("no process serves")
	}
	request, _ := http.NewRequest(http.MethodGet, "http://"+address+"/v1/cloudimages/quota", nil)
	request.Header.Set("X-Auth-Token", "reader-token")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK || !strings.Contains(string(body), `"image"`) {
		t.Errorf("got %s %s", response.Status, body)
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("after SIGTERM: %v\n%s", err, log.String())
		}
	case <-time.After(30 * time.Second):
		_ = serve.Process.Kill()
		t.Error("SIGTERM does not end it")
	}
}

// processOf returns the process that serves at an address, and fails if it is not that of the user of the image.
func processOf(t *testing.T, address string) int {
	t.Helper()
	want := "/usr/bin/quotaspec\x00serve\x00--listen\x00" + address + "\x00"
	processes, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range processes {
		if line, err := os.ReadFile(file); err != nil || string(line) != want {
			continue
		}
		state, err := os.ReadFile(filepath.Join(filepath.Dir(file), "status"))
		if err != nil {
			t.Fatal(err)
		}
		if ids := fmt.Sprintf("\nUid:\t%[1]d\t%[1]d\t%[1]d\t%[1]d\n", imageUser); !strings.Contains(string(state), ids) {
			t.Errorf("it runs as another user than %d:\n%s", imageUser, state)
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		return pid
	}
	return 0
}
