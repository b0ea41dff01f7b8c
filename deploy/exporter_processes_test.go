package deploy

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

var prometheusTools = flag.String("prometheus", "",
	"run the exporter beside Debian's prometheus, with check-jsonschema in this `FOLDER` (make test-exporter)")

// process is a program that runs until the end of the test, or until stop.
type process struct {
	cmd *exec.Cmd
	log string // file with what it prints
}

// start starts a program in a folder, with variables beside those of the test.
func start(t *testing.T, folder string, env []string, program string, args ...string) *process {
	t.Helper()
	out, err := os.CreateTemp(t.TempDir(), "*.log")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	p := &process{cmd: exec.Command(program, args...), log: out.Name()}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr, p.cmd.Env = folder, out, out, append(os.Environ(), env...)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.stop(t)
		if t.Failed() {
			t.Logf("%s %s\n%s", filepath.Base(program), strings.Join(args, " "), read(t, p.log))
		}
	})
	return p
}

// stop ends the process and waits for its end. A second call does nothing.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if p.cmd.ProcessState != nil {
		return
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		_ = p.cmd.Process.Kill() // Windows has no SIGTERM
	}
	_ = p.cmd.Wait() // it was told to end: how it does is not the subject
}

// freeAddress returns an address on loopback on which nothing listens, another one each time. Its port is none that systems give to
// outgoing connections (32768 and more on Linux): whoever waits for the server by connecting could get the port as its own.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 1000 {
		address := fmt.Sprintf("127.0.0.1:%d", firstPort+ports.Add(1))
		if listener, err := net.Listen("tcp", address); err == nil {
			_ = listener.Close()
			return address
		}
	}
	t.Fatal("no free port")
	return ""
}

// firstPort is another one in each process, as tests of several packages run at the same time.
var (
	firstPort = 20000 + rand.Int32N(10000)
	ports     atomic.Int32 // that were tried
)

// eventually calls ok until it returns "", and fails the test with its last problem after a deadline that no machine needs.
func eventually(t *testing.T, what string, ok func() (problem string)) {
	t.Helper()
	problem := ""
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if problem = ok(); problem == "" {
			return
		}
	}
	t.Fatalf("%s: %s", what, problem)
}

// responds waits until a URL is answered with 200.
func responds(t *testing.T, address string) {
	t.Helper()
	eventually(t, address, func() string {
		status, _, err := get(address)
		if err != nil {
			return err.Error()
		}
		if status != http.StatusOK {
			return http.StatusText(status)
		}
		return ""
	})
}

func get(address string) (status int, body string, err error) {
	response, err := http.Get(address)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

// prometheus is the URL of a server of Prometheus.
type prometheus string

// startPrometheus starts Debian's prometheus with a config in a folder, and waits until it is ready.
func startPrometheus(t *testing.T, folder, config string) prometheus {
	t.Helper()
	address := freeAddress(t)
	start(t, folder, nil, "prometheus", "--config.file="+config, "--storage.tsdb.path="+t.TempDir(),
		"--web.listen-address="+address, "--log.level=warn")
	responds(t, "http://"+address+"/-/ready")
	return prometheus("http://" + address)
}

// series is a series of a query: labels, and one value or several, each with its time.
type series struct {
	Metric map[string]string
	Value  [2]any
	Values [][2]any
}

// query returns the series of an instant query.
func (p prometheus) query(t *testing.T, expr string) []series {
	t.Helper()
	return p.data(t, "query?query="+url.QueryEscape(expr)).Result
}

// alerts returns the states of the alerts of a name, pending or firing, by the label type or, without one, service.
func (p prometheus) alerts(t *testing.T, name string) map[string]string {
	t.Helper()
	states := map[string]string{}
	for _, a := range p.data(t, "alerts").Alerts {
		if a.Labels["alertname"] == name {
			key := a.Labels["type"]
			if key == "" {
				key = a.Labels["service"]
			}
			states[key] = a.State
		}
	}
	return states
}

// apiData is what the API returns, for queries and for alerts.
type apiData struct {
	Result []series
	Alerts []struct {
		Labels map[string]string
		State  string
	}
}

func (p prometheus) data(t *testing.T, path string) apiData {
	t.Helper()
	_, body, err := get(string(p) + "/api/v1/" + path)
	response := struct {
		Status, Error string
		Data          apiData
	}{}
	if err == nil {
		err = json.Unmarshal([]byte(body), &response)
	}
	if err != nil || response.Status != "success" {
		t.Fatalf("%s: %v %s", path, err, body)
	}
	return response.Data
}
