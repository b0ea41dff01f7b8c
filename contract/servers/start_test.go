package servers

import (
	"crypto/sha256"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func startJupyterLab(t *testing.T, folder string) running {
	t.Helper()
	python := install(t, "jupyterlab")
	packages, err := filepath.Glob(filepath.Join(python, "lib", "python3*", "site-packages", "jupyterlab_server", "rest-api.yml"))
	if err != nil || len(packages) != 1 {
		t.Fatalf("want the document of jupyterlab_server, got %v, %v", packages, err)
	}
	document, err := os.ReadFile(packages[0])
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "rest-api.yml"), document, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	url := "http://127.0.0.1:" + port
	start(t, folder, url+"/lab/api/settings/", filepath.Join(python, "bin", "jupyter-lab"), "--no-browser", "--allow-root",
		"--ip", "127.0.0.1", "--port", port, "--ServerApp.port_retries=0", "--ServerApp.root_dir="+folder,
		"--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True")
	return running{url: url, document: "rest-api.yml"}
}

func startPrefect(t *testing.T, folder string) running {
	t.Helper()
	python := install(t, "prefect")
	port := freePort(t)
	url := "http://127.0.0.1:" + port
	start(t, folder, url+"/api/health", filepath.Join(python, "bin", "prefect"), "server", "start",
		"--host", "127.0.0.1", "--port", port)
	return running{url: url + "/api", document: url + "/openapi.json"}
}

// install makes a virtual environment of testdata/NAME/requirements.txt and returns its folder. It stays in the user's cache
// until the requirements change.
func install(t *testing.T, name string) string {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("testdata", name, "requirements.txt"))
	if err != nil {
		t.Fatal(err)
	}
	requirements, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(cache, "quotaspec-servers", fmt.Sprintf("%s-%x", name, sha256.Sum256(requirements))[:len(name)+13])
	complete := filepath.Join(folder, "complete")
	if _, err := os.Stat(complete); err == nil {
		return folder
	}
	t.Logf("installing %s", name)
	for _, args := range [][]string{
		{"python3", "-m", "venv", "--clear", folder},
		{filepath.Join(folder, "bin", "pip"), "install", "--quiet", "--disable-pip-version-check", "-r", file},
		{"touch", complete},
	} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	return folder
}

// start runs a server in a folder, which is its home too, until the test ends. It returns once ready has the status 200.
func start(t *testing.T, folder, ready, command string, args ...string) {
	t.Helper()
	log, err := os.Create(filepath.Join(folder, "server.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	process := exec.Command(command, args...)
	process.Dir, process.Stdout, process.Stderr = folder, log, log
	process.Env = append(os.Environ(), "HOME="+folder, "PREFECT_HOME="+folder, "DO_NOT_TRACK=1",
		"PREFECT_SERVER_ANALYTICS_ENABLED=false", "JUPYTERLAB_SETTINGS_DIR="+filepath.Join(folder, "settings"),
		"JUPYTERLAB_WORKSPACES_DIR="+filepath.Join(folder, "workspaces"))
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // both servers start processes of their own
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- process.Wait() }()
	t.Cleanup(func() {
		_ = syscall.Kill(-process.Process.Pid, syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
		}
		_ = syscall.Kill(-process.Process.Pid, syscall.SIGKILL) // what is left of the group
	})
	client := http.Client{Timeout: 5 * time.Second}
	for deadline := time.Now().Add(2 * time.Minute); ; {
		response, err := client.Get(ready)
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("%s ended: %v\n%s", command, err, lastLines(log.Name()))
		case <-time.After(200 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is not ready after two minutes\n%s", command, lastLines(log.Name()))
		}
	}
}

// lastLines returns the end of a log.
func lastLines(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-2000):])
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
