//go:build unix

package fleet_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
)

// commands are the paths of the two commands, compiled for this run.
type commands struct{ quotaspec, fleet string }

func buildCommands(tb testing.TB) commands {
	tb.Helper()
	folder := tb.TempDir()
	built := commands{filepath.Join(folder, "quotaspec"), filepath.Join(folder, "quotaspec-fleet")}
	for _, build := range []struct{ folder, command string }{{"../..", built.quotaspec}, {".", built.fleet}} {
		compile := exec.Command("go", "build", "-buildvcs=false", "-o", build.command, "./cmd/"+filepath.Base(build.command))
		compile.Dir = build.folder
		if out, err := compile.CombinedOutput(); err != nil {
			tb.Fatalf("%v\n%s", err, out)
		}
	}
	return built
}

// deployment are the processes of quotaspec-fleet that share a topic. What they write to stderr is kept for a failure's message.
type deployment struct {
	commands commands
	kafka    *broker.Broker
	topic    string

	mu  sync.Mutex
	log bytes.Buffer
}

// Write appends what the processes log.
func (f *deployment) Write(text []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.log.Write(text)
}

// failed is the end of what the processes and the broker have logged, for the message of a failure.
func (f *deployment) failed() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	lines := strings.SplitAfter(f.log.String(), "\n")
	return fmt.Sprintf("the fleet:\n%s\nthe broker:\n%s", strings.Join(lines[max(0, len(lines)-60):], ""), f.kafka.Log())
}

func (f *deployment) command(verb string, args ...string) *exec.Cmd {
	brokers := strings.Join(f.kafka.Addrs(), ",")
	command := exec.Command(f.commands.fleet, append([]string{verb, "--brokers", brokers, "--topic", f.topic}, args...)...)
	command.Stderr = f
	return command
}

// start starts a process that is killed at the end of the test if it still runs.
func (f *deployment) start(tb testing.TB, verb string, args ...string) *process {
	tb.Helper()
	command := f.command(verb, args...)
	if err := command.Start(); err != nil {
		tb.Fatal(err)
	}
	p := &process{Cmd: command, unguard: broker.Guard(tb, command.Process), ended: make(chan struct{})}
	go func() {
		p.err = command.Wait()
		close(p.ended)
	}()
	tb.Cleanup(p.kill)
	return p
}

// process is a running command.
type process struct {
	*exec.Cmd
	unguard func()
	ended   chan struct{}
	err     error // of Wait, once ended is closed
}

// kill sends SIGKILL and waits for the end.
func (p *process) kill() {
	p.unguard()
	_ = p.Process.Kill()
	<-p.ended
}

// wait waits for the end of a command and returns its error.
func (p *process) wait(limit time.Duration) error {
	select {
	case <-p.ended:
		p.unguard()
		return p.err
	case <-time.After(limit):
		return fmt.Errorf("%s does not end within %v", strings.Join(p.Args, " "), limit)
	}
}

// terminate sends SIGTERM, upon which a worker commits and leaves.
func (p *process) terminate() error {
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.wait(time.Minute)
}

// output runs a command, and returns its stdout and exit code.
func output(tb testing.TB, command *exec.Cmd) (stdout string, exit int) {
	tb.Helper()
	var out bytes.Buffer
	command.Stdout = &out
	if command.Stderr == nil {
		command.Stderr = os.Stderr
	}
	if err := command.Run(); err != nil && command.ProcessState == nil {
		tb.Fatal(err)
	}
	return out.String(), command.ProcessState.ExitCode()
}
