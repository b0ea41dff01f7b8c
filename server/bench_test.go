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
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

// benchServers are the servers that are compared; each runs in a process of its own.
var benchServers = map[string]func(t *testing.T, answer []byte) http.Handler{
	"net/http": func(_ *testing.T, answer []byte) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(answer)
		})
	},
	"echo": func(_ *testing.T, answer []byte) http.Handler {
		e := echo.New()
		e.GET("/v3.0/OS-QUOTA/domains/:domain_id", func(c echo.Context) error { return c.Blob(200, "application/json", answer) })
		return e
	},
	"ours": func(t *testing.T, _ []byte) http.Handler { return newServer(t, Options{}) },
}

// TestBenchServer is no test: it is the process that BenchmarkServers starts.
func TestBenchServer(t *testing.T) {
	kind := os.Getenv("QUOTASPEC_BENCH_SERVER")
	if kind == "" {
		t.Skip("started by BenchmarkServers")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(os.Stderr, "http://%s\n", listener.Addr())
	_ = HTTPServer(benchServers[kind](t, []byte(resources(seed003...)+"\n"))).Serve(listener)
}

// pinned runs a command on one processor, where that can be had.
func pinned(name string, args ...string) *exec.Cmd {
	if _, err := exec.LookPath("taskset"); err == nil {
		name, args = "taskset", append([]string{"-c", "0", name}, args...)
	}
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	return cmd
}

// processorTime is what a process has used of a processor, in seconds; 0 where /proc does not tell.
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

func startBench(b *testing.B, kind string) (address string, pid int) {
	b.Helper()
	cmd := pinned(os.Args[0], "-test.run=^TestBenchServer$")
	if kind == "prism" {
		listener, err := net.Listen("tcp", "127.0.0.1:0") // only for a free port
		if err != nil {
			b.Fatal(err)
		}
		address = listener.Addr().String()
		_ = listener.Close()
		cmd = pinned(os.Getenv("PRISM"), "mock", "-h", "127.0.0.1", "-p", address[strings.LastIndex(address, ":")+1:], "-v", "silent", "../openapi/iam.yaml")
	}
	cmd.Env = append(cmd.Env, "QUOTASPEC_BENCH_SERVER="+kind)
	said, err := cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if kind != "prism" {
		line, err := bufio.NewReader(said).ReadString('\n')
		if err != nil {
			b.Fatal(err)
		}
		return strings.TrimPrefix(strings.TrimSpace(line), "http://"), cmd.Process.Pid
	}
	go func() { _, _ = io.Copy(io.Discard, said) }()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			return address, cmd.Process.Pid
		}
	}
	b.Fatal("Prism did not start")
	return "", 0
}

// load sends a request again and again on so many connections and returns the answers a second and their 99th percentile.
func load(b *testing.B, address string, request []byte, connections int, lasts time.Duration) (perSecond float64, p99 time.Duration, answers int) {
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
			in, own := bufio.NewReader(conn), []time.Duration{}
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
			_, _ = fmt.Sscan(string(line[15:]), &length)
		case len(line) == 2:
			_, err := in.Discard(length)
			return err
		}
		status = false
	}
}

// BenchmarkServers compares in one run, with one client, in turns: "make bench-server". The medians of the rounds count.
func BenchmarkServers(b *testing.B) {
	const rounds, connections, lasts = 7, 32, time.Second
	get := "GET " + iamPath + " HTTP/1.1\r\nHost: quotas.test\r\n"
	servers := []struct{ name, kind, headers string }{
		{"net/http static", "net/http", reader},
		{"echo static", "echo", reader},
		{"ours by token", "ours", reader},
		{"ours signed", "ours", ""},
		{"Prism mock", "prism", reader},
	}
	if os.Getenv("PRISM") == "" {
		fmt.Println("Prism is left out: npm could not install it")
		servers = servers[:4]
	}
	rates, tails, costs := map[string][]float64{}, map[string][]float64{}, map[string][]float64{}
	addresses, pids := map[string]string{}, map[string]int{}
	for _, s := range servers {
		if addresses[s.kind] == "" {
			addresses[s.kind], pids[s.kind] = startBench(b, s.kind)
		}
	}
	for b.Loop() {
		for range rounds {
			for _, s := range servers {
				headers := s.headers
				if headers == "" {
					headers = benchSignature(b)
				}
				before := processorTime(pids[s.kind])
				rate, p99, answers := load(b, addresses[s.kind], []byte(get+headers+"\r\n\r\n"), connections, lasts)
				costs[s.name] = append(costs[s.name], 1e6*(processorTime(pids[s.kind])-before)/float64(answers))
				rates[s.name], tails[s.name] = append(rates[s.name], rate), append(tails[s.name], float64(p99.Microseconds())/1000)
			}
		}
	}
	fmt.Printf("\n%-16s %10s %8s %12s %10s %12s\n", "server", "answers/s", "p99 ms", "of net/http", "CPU us", "of net/http")
	first := servers[0].name
	for _, s := range servers {
		fmt.Printf("%-16s %10.0f %8.2f %11.0f%% %10.1f %11.0f%%\n", s.name, median(rates[s.name]), median(tails[s.name]),
			100*median(rates[s.name])/median(rates[first]), median(costs[s.name]), 100*median(costs[first])/median(costs[s.name]))
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
