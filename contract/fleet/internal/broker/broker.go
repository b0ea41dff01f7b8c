// Package broker starts a real Kafka for tests: one node that is broker and controller (KRaft), in a JVM of its own, which Maven
// downloads as testdata/pom.xml pins it.
//
//	func TestMain(m *testing.M) { os.Exit(broker.Main(m)) }
//
//	func TestWorker(t *testing.T) {
//		kafka := broker.Shared(t)
//		topic := kafka.Topic(t, 8)
//		client := kafka.Client(t, kgo.ConsumeTopics(topic))
//
// It is for tests alone. A test that needs it is skipped where java, mvn or sh is absent, and fails instead in CI.
package broker

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Broker is a running Kafka. What it stores survives Kill and Restart.
type Broker struct {
	folder    string // holds its configuration, its log and what it stores
	classPath string
	ports     ports
	process   *exec.Cmd
	unguard   func()
}

// ports are those of the listeners, all on 127.0.0.1.
type ports struct{ plain, sasl, tls, controller int }

// Start starts a broker that belongs to one test, which may kill it. Properties such as "message.max.bytes=1000" are added to
// those of server.properties.
func Start(tb testing.TB, properties ...string) *Broker {
	tb.Helper()
	b := start(tb, properties)
	tb.Cleanup(b.remove)
	return b
}

var shared struct {
	sync.Mutex
	broker *Broker
}

// Shared returns the broker of the tests of a package, and starts it for the first of them. The package's TestMain calls Main,
// which ends it. Tests do not see each other, as each has topics of its own.
func Shared(tb testing.TB) *Broker {
	tb.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.broker == nil {
		shared.broker = start(tb, nil)
	}
	return shared.broker
}

// Main runs the tests of a package, ends the shared broker if there is one, and returns the exit code.
func Main(m *testing.M) int {
	defer func() {
		if shared.broker != nil {
			shared.broker.remove()
		}
	}()
	return m.Run()
}

func start(tb testing.TB, properties []string) *Broker {
	tb.Helper()
	need(tb, "java", "mvn", "sh")
	folder, err := os.MkdirTemp("", "quotaspec-broker-") //nolint:usetesting // a shared broker outlives the test that starts it
	if err != nil {
		tb.Fatal(err)
	}
	b := &Broker{folder: folder}
	started := false
	defer func() {
		if !started {
			b.remove()
		}
	}()
	b.classPath = maven(tb, folder)
	b.ports = freePorts(tb)
	b.configure(tb, properties)
	b.format(tb)
	b.run(tb)
	started = true
	return b
}

// need skips the test if a command is absent. In CI that is a failure.
func need(tb testing.TB, commands ...string) {
	tb.Helper()
	for _, command := range commands {
		if _, err := exec.LookPath(command); err != nil {
			if os.Getenv("CI") == "true" {
				tb.Fatal(err)
			}
			tb.Skip(err)
		}
	}
}

// PID is the process of the broker. It changes with a restart.
func (b *Broker) PID() int { return b.process.Process.Pid }

// Kill ends the broker as a crash does, by SIGKILL: it flushes and says nothing.
func (b *Broker) Kill() {
	if b.process == nil {
		return
	}
	b.unguard()
	_ = b.process.Process.Kill()
	_ = b.process.Wait()
	b.process = nil
}

// Restart starts a broker that was killed, on the same ports and with what it had stored, and returns when it serves all topics.
func (b *Broker) Restart(tb testing.TB) {
	tb.Helper()
	b.Kill()
	b.run(tb)
}

func (b *Broker) remove() {
	b.Kill()
	_ = os.RemoveAll(b.folder)
}

// run starts the process and waits until it serves.
func (b *Broker) run(tb testing.TB) {
	tb.Helper()
	out, err := os.OpenFile(b.log(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	b.process = b.java("kafka.Kafka", b.properties())
	b.process.Stdout, b.process.Stderr = out, out
	if err := b.process.Start(); err != nil {
		b.process = nil
		tb.Fatal(err)
	}
	b.unguard = Guard(tb, b.process.Process)
	// Far more than a start takes on a busy machine, with gigabytes to recover.
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	if err := b.waitUntilReady(ctx); err != nil {
		tb.Fatalf("the broker does not serve: %v\n%s", err, b.Log())
	}
}

// java is a command in a small JVM with the class path of Kafka.
func (b *Broker) java(class string, args ...string) *exec.Cmd {
	return exec.Command("java", append([]string{
		"-Xms256m", "-Xmx512m", "-Dlog4j2.configurationFile=" + filepath.Join(b.folder, "log4j2.properties"),
		"-cp", b.classPath, class,
	}, args...)...)
}

// format prepares the folder of the topics, as a broker must have it before its first start, and adds the user of SCRAM.
func (b *Broker) format(tb testing.TB) {
	tb.Helper()
	args := []string{"format", "--cluster-id", "quotaspec-test-0000000", "--config", b.properties()}
	for _, mechanism := range []string{"SCRAM-SHA-256", "SCRAM-SHA-512"} {
		args = append(args, "--add-scram", fmt.Sprintf("%s=[name=%s,password=%s]", mechanism, User, Password))
	}
	if out, err := b.java("kafka.tools.StorageTool", args...).CombinedOutput(); err != nil {
		tb.Fatalf("cannot format the storage of the broker: %v\n%s", err, out)
	}
}

func (b *Broker) properties() string { return filepath.Join(b.folder, "server.properties") }
func (b *Broker) log() string        { return filepath.Join(b.folder, "log.txt") }

// Log is the end of what the broker has logged: warnings and errors of all its starts.
func (b *Broker) Log() string {
	text, err := os.ReadFile(b.log())
	if err != nil {
		return err.Error()
	}
	lines := strings.SplitAfter(string(text), "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "")
}

// Guard kills a process when this one ends without having done so, for instance when a test takes longer than go test -timeout,
// which runs no cleanup. A shell waits for the end of a pipe that closes with this process. It returns what ends the guard.
func Guard(tb testing.TB, process *os.Process) (unguard func()) {
	tb.Helper()
	guard := exec.Command("sh", "-c", `read line; kill -9 "$0"`, fmt.Sprint(process.Pid))
	pipe, err := guard.StdinPipe()
	if err == nil {
		err = guard.Start()
	}
	if err != nil {
		_ = process.Kill()
		tb.Fatal(err)
	}
	return sync.OnceFunc(func() {
		_ = guard.Process.Kill()
		_ = guard.Wait()
		_ = pipe.Close()
	})
}
