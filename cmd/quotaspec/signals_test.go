//go:build unix

package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestSecondSignal tests that a second signal ends every verb at once, with the exit code of the signal. A run that ends by
// itself has another.
func TestSecondSignal(t *testing.T) {
	for _, test := range []struct {
		name  string
		start func(*testing.T) *exec.Cmd // returns a process that is busy
	}{
		{name: "verify reads traffic", start: func(t *testing.T) *exec.Cmd { return readForever(t, "verify", "--har") }},
		{
			name:  "mutate reads a document",
			start: func(t *testing.T) *exec.Cmd { return readForever(t, "mutate", "--recordings", ".", "--document") },
		},
		{name: "proxy waits for a response", start: forwardForever},
		{name: "serve delays a response", start: func(t *testing.T) *exec.Cmd {
			cmd, first := startCommand(t, "serve", "--listen", "127.0.0.1:0", "--prefer")
			acceptLate(t, dial(t, addressIn(first)), 10_000)
			return cmd
		}},
	} {
		for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
			t.Run(test.name+"/"+signal.String(), func(t *testing.T) {
				t.Parallel()
				code, want := exitNotJudged, 128+int(signal)
				for range 10 { // the first signal may come before the work begins, and then suffices
					if code == exitNotJudged {
						code = signalUntilEnd(test.start(t), signal)
					}
				}
				if code != want {
					t.Errorf("got exit %d, want %d", code, want)
				}
			})
		}
	}
}

// TestSecondSignalLeavesNothing tests that a process that ends at once leaves no temporary file.
func TestSecondSignalLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	cmd := readForever(t, "verify", "--report", "json="+filepath.Join(folder, "r.json"), "--har")
	if got := signalUntilEnd(cmd, os.Interrupt); got != 130 {
		t.Errorf("got exit %d, want 130", got)
	}
	noTemporaries(t, folder)
}

// signalUntilEnd sends a signal repeatedly, since the first two may arrive as one, and returns the exit code.
func signalUntilEnd(cmd *exec.Cmd, signal os.Signal) int {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	for {
		_ = cmd.Process.Signal(signal)
		select {
		case <-ended:
			return cmd.ProcessState.ExitCode()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// startCommand starts the command as a process of its own and returns it with its first line of output.
func startCommand(t *testing.T, args ...string) (cmd *exec.Cmd, first string) {
	t.Helper()
	cmd, out := newCommand(t, args...)
	line := make([]byte, 1000)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	return cmd, string(line[:n])
}

// newCommand starts the command. The file reads its stdout and stderr.
func newCommand(t *testing.T, args ...string) (*exec.Cmd, *os.File) {
	t.Helper()
	out, printed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer printed.Close()
	cmd := exec.Command(os.Args[0])
	cmd.Args = append([]string{"quotaspec"}, args...) // TestMain runs the command under this name
	cmd.Stdout, cmd.Stderr = printed, printed
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // an error if the test has waited before
		out.Close()
	})
	return cmd, out
}

// readForever starts the command with a silent pipe as its last argument.
func readForever(t *testing.T, args ...string) *exec.Cmd {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd, _ := newCommand(t, append(args, pipe)...)
	writer, err := os.OpenFile(pipe, os.O_WRONLY, 0) // returns when the process reads
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { writer.Close() })
	return cmd
}

// forwardForever starts a proxy that has forwarded a request to a provider that never responds.
func forwardForever(t *testing.T) *exec.Cmd {
	provider := listen(t)
	cmd, first := startCommand(t, "proxy", "--upstream", "http://"+provider.Addr().String(), "--listen", "127.0.0.1:0")
	if _, err := dial(t, addressIn(first)).Write([]byte(imageRequest + "\r\n")); err != nil {
		t.Fatal(err)
	}
	arrived(t, provider)
	return cmd
}

// arrived waits for a request.
func arrived(t *testing.T, provider net.Listener) net.Conn {
	t.Helper()
	conn, err := provider.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if _, err := conn.Read(make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	return conn
}
