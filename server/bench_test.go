package server

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

// benchServers are what the provider is compared with; each runs in a process of its own.
var benchServers = map[string]func(answer []byte) http.Handler{
	"net/http": func(answer []byte) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(answer)
		})
	},
	"echo": func(answer []byte) http.Handler {
		e := echo.New()
		e.GET("/v3.0/OS-QUOTA/domains/:domain_id", func(c echo.Context) error { return c.Blob(200, "application/json", answer) })
		return e
	},
}

// TestBenchServer is no test: it is the process that BenchmarkServers starts.
func TestBenchServer(t *testing.T) {
	kind := os.Getenv("QUOTASPEC_BENCH_SERVER")
	if kind == "" {
		t.Skip("started by BenchmarkServers")
	}
	listener, err := net.Listen("tcp", os.Getenv("QUOTASPEC_BENCH_ADDRESS"))
	if err != nil {
		t.Fatal(err)
	}
	_ = HTTPServer(benchServers[kind]([]byte(resources(seed003...) + "\n"))).Serve(listener)
}

// pinned runs a command on one processor, where that can be had. Garbage is collected as seldom as "quotaspec serve" does.
func pinned(name string, args ...string) *exec.Cmd {
	if _, err := exec.LookPath("taskset"); err == nil {
		name, args = "taskset", append([]string{"-c", "0", name}, args...)
	}
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "GOGC=1600")
	return cmd
}

// processorTime returns the CPU time of a process in seconds, or 0 without /proc.
func processorTime(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100 // ticks, which are 100 a second on every Linux
}

// startBench starts a server on a free port. Prism logs into a pipe, as under a collector of logs, unless its log
// is off.
func startBench(b *testing.B, kind string) (address string, pid int) {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	address = listener.Addr().String()
	_ = listener.Close()
	cmd := pinned(os.Args[0], "-test.run=^TestBenchServer$")
	switch prism := []string{"mock", "../openapi/iam.yaml", "-h", "127.0.0.1", "-p", address[strings.LastIndex(address, ":")+1:]}; kind {
	case "ours":
		cmd = pinned(os.Getenv("QUOTASPEC"), "serve", "--listen", address, "--log", "off")
	case "prism":
		cmd = pinned(os.Getenv("PRISM"), prism...)
	case "prism, no log":
		cmd = pinned(os.Getenv("PRISM"), append(prism, "-v", "silent")...)
	}
	cmd.Env = append(cmd.Env, "QUOTASPEC_BENCH_SERVER="+kind, "QUOTASPEC_BENCH_ADDRESS="+address)
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	b.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			return address, cmd.Process.Pid
		}
	}
	b.Fatalf("%s did not start", kind)
	return "", 0
}

// load sends a request again and again on several connections. It returns the responses per second, the 99th percentile of
// their times, and their number.
func load(
	b *testing.B, address string, request []byte, connections int, lasts time.Duration,
) (perSecond float64, p99 time.Duration, answers int) {
	b.Helper()
	var mu sync.Mutex
	var group sync.WaitGroup
	took := []time.Duration{}
	begun := time.Now()
	for range connections {
		group.Go(func() {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				b.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			in, own := bufio.NewReader(conn), make([]time.Duration, 0, 1<<14)
			for time.Since(begun) < lasts {
				sent := time.Now()
				if _, err := conn.Write(request); err != nil {
					b.Error(err)
					return
				}
				if err := readAnswer(in); err != nil {
					b.Error(err)
					return
				}
				own = append(own, time.Since(sent))
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, own...)
		})
	}
	group.Wait()
	if len(took) == 0 {
		b.Fatal("nothing was answered")
	}
	slices.Sort(took)
	return float64(len(took)) / time.Since(begun).Seconds(), took[len(took)*99/100], len(took)
}

// readAnswer reads a 200 with a Content-Length, with as little work as can be: the client shares the machine.
func readAnswer(in *bufio.Reader) error {
	length, status := 0, true
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		switch {
		case status && !bytes.HasPrefix(line, []byte("HTTP/1.1 200")):
			return fmt.Errorf("answered %s", line)
		case len(line) > 16 && (line[0]|0x20) == 'c' && (line[8]|0x20) == 'l':
			length, _ = strconv.Atoi(string(bytes.TrimSpace(line[15:])))
		case len(line) == 2:
			_, err := in.Discard(length)
			return err
		}
		status = false
	}
}

// benched is what was measured of one server: in each round, and of the process over all of them.
type benched struct {
	name, kind, headers string
	pid                 int
	address             string

	rates, tails, ratios []float64
	processor            float64
	answers              int
}

// BenchmarkServers compares in one run, with one client, in turns: "make bench-server". The rounds are short and many, and a
// server is compared with net/http in the same round: whatever else the machine does, it does to both. The medians count.
func BenchmarkServers(b *testing.B) {
	const rounds, connections, lasts = 41, 32, 250 * time.Millisecond
	get := "GET " + iamPath + " HTTP/1.1\r\nHost: quotas.test\r\n"
	servers := []*benched{
		{name: "net/http static", kind: "net/http", headers: reader},
		{name: "echo static", kind: "echo", headers: reader},
		{name: "ours by token", kind: "ours", headers: reader},
		{name: "ours signed", kind: "ours"},
		{name: "Prism mock", kind: "prism", headers: reader},
		{name: "Prism, no log", kind: "prism, no log", headers: reader},
	}
	if os.Getenv("QUOTASPEC") == "" {
		b.Skip("QUOTASPEC names no binary: run make bench-server")
	}
	if os.Getenv("PRISM") == "" {
		fmt.Println("Prism is left out: npm could not install it")
		servers = servers[:4]
	}
	for i, s := range servers {
		if i > 0 && servers[i-1].kind == s.kind {
			s.address, s.pid = servers[i-1].address, servers[i-1].pid
			continue
		}
		s.address, s.pid = startBench(b, s.kind)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // the client's garbage is not what is measured
	first := servers[0]
	for b.Loop() {
		for range rounds {
			for _, s := range servers {
				headers := s.headers
				if headers == "" {
					headers = benchSignature(b)
				}
				before := processorTime(s.pid)
				rate, p99, answers := load(b, s.address, []byte(get+headers+"\r\n\r\n"), connections, lasts)
				s.processor += processorTime(s.pid) - before
				s.answers += answers
				s.rates, s.tails = append(s.rates, rate), append(s.tails, float64(p99.Microseconds())/1000)
				s.ratios = append(s.ratios, rate/first.rates[len(first.rates)-1])
			}
			runtime.GC()
		}
	}
	fmt.Printf("\n%-16s %10s %8s %12s %10s %12s\n", "server", "answers/s", "p99 ms", "of net/http", "CPU us", "of net/http")
	cost := func(s *benched) float64 { return 1e6 * s.processor / float64(s.answers) }
	for _, s := range servers {
		fmt.Printf("%-16s %10.0f %8.2f %11.0f%% %10.1f %11.0f%%\n",
			s.name, median(s.rates), median(s.tails), 100*median(s.ratios), cost(s), 100*cost(first)/cost(s))
	}
}

func benchSignature(b *testing.B) string {
	b.Helper()
	r, err := http.NewRequest(http.MethodGet, "http://quotas.test"+iamPath, nil)
	if err != nil {
		b.Fatal(err)
	}
	lines, err := signedLines(r, readerKey, time.Now())
	if err != nil {
		b.Fatal(err)
	}
	return strings.Join(lines, "\r\n")
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
