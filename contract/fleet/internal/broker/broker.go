// Package broker starts a real Kafka for tests: one node or a cluster of them. Each is broker and controller (KRaft), in a JVM of its
// own, which Maven downloads as testdata/pom.xml pins it.
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
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Broker is a node of a running Kafka. What it stores survives Kill and Restart.
type Broker struct {
	cluster *cluster
	id      int32 // from 1
	ports   ports
	process *exec.Cmd
	unguard func()
}

// cluster is what nodes share.
type cluster struct {
	folder    string // holds their configuration, their certificates, their log and what they store
	classPath string
	nodes     []*Broker
}

// ports are those of the listeners, all on 127.0.0.1.
type ports struct{ plain, sasl, tls, controller int }

// Start starts a broker that belongs to one test, which may kill it. Properties such as "message.max.bytes=1000" are added to
// those of its configuration.
func Start(tb testing.TB, properties ...string) *Broker {
	tb.Helper()
	return StartCluster(tb, 1, properties...)[0]
}

// StartCluster starts brokers that share topics, as Start does one. With three or more, each partition has three replicas, of
// which two must be in sync, also those of the groups' offsets and of transactions.
func StartCluster(tb testing.TB, nodes int, properties ...string) []*Broker {
	tb.Helper()
	c := start(tb, nodes, properties)
	tb.Cleanup(c.remove)
	return slices.Clone(c.nodes)
}

var shared struct {
	sync.Mutex
	cluster *cluster
}

// Shared returns the broker of the tests of a package, and starts it for the first of them. The package's TestMain calls Main,
// which ends it. Tests do not see each other, as each has topics of its own.
func Shared(tb testing.TB) *Broker {
	tb.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.cluster == nil {
		shared.cluster = start(tb, 1, nil)
	}
	return shared.cluster.nodes[0]
}

// Main runs the tests of a package, ends the shared broker if there is one, and returns the exit code.
func Main(m *testing.M) int {
	defer func() {
		if shared.cluster != nil {
			shared.cluster.remove()
		}
	}()
	return m.Run()
}

func start(tb testing.TB, nodes int, properties []string) *cluster {
	tb.Helper()
	need(tb, "java", "mvn", "sh")
	folder, err := os.MkdirTemp("", "quotaspec-broker-") //nolint:usetesting // a shared broker outlives the test that starts it
	if err != nil {
		tb.Fatal(err)
	}
	c := &cluster{folder: folder}
	started := false
	defer func() {
		if !started {
			c.remove()
		}
	}()
	c.classPath = maven(tb, folder)
	for i, ports := range freePorts(tb, nodes) {
		c.nodes = append(c.nodes, &Broker{cluster: c, id: int32(i + 1), ports: ports})
	}
	c.writeCertificates(tb)
	c.write(tb, "log4j2.properties", logging)
	for _, b := range c.nodes {
		b.configure(tb, properties)
		b.format(tb)
	}
	for _, b := range c.nodes { // none serves before a majority runs
		b.launch(tb)
	}
	for _, b := range c.nodes {
		b.await(tb)
	}
	started = true
	return c
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

// ID is the number of the broker in its cluster, from 1.
func (b *Broker) ID() int32 { return b.id }

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

// Restart starts a broker that was killed, on the same ports and with what it had stored, and returns when it serves all topics
// and is in sync with the others.
func (b *Broker) Restart(tb testing.TB) {
	tb.Helper()
	b.Kill()
	b.launch(tb)
	b.await(tb)
}

func (c *cluster) remove() {
	for _, b := range c.nodes {
		b.Kill()
	}
	_ = os.RemoveAll(c.folder)
}

func (b *Broker) launch(tb testing.TB) {
	tb.Helper()
	out, err := os.OpenFile(b.cluster.log(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	b.process = b.java("kafka.Kafka", b.cluster.file(b.properties()))
	b.process.Stdout, b.process.Stderr = out, out
	if err := b.process.Start(); err != nil {
		b.process = nil
		tb.Fatal(err)
	}
	b.unguard = Guard(tb, b.process.Process)
}

// await waits until the broker serves.
func (b *Broker) await(tb testing.TB) {
	tb.Helper()
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
		"-Xms256m", "-Xmx512m", fmt.Sprintf("-Dnode=%d", b.id), "-Dlog4j2.configurationFile=" + b.cluster.file("log4j2.properties"),
		"-cp", b.cluster.classPath, class,
	}, args...)...)
}

// format prepares the folder of the topics, as a broker must have it before its first start, and adds the user of SCRAM.
func (b *Broker) format(tb testing.TB) {
	tb.Helper()
	args := []string{"format", "--cluster-id", "quotaspec-test-0000000", "--config", b.cluster.file(b.properties())}
	for _, mechanism := range []string{"SCRAM-SHA-256", "SCRAM-SHA-512"} {
		args = append(args, "--add-scram", fmt.Sprintf("%s=[name=%s,password=%s]", mechanism, User, Password))
	}
	if out, err := b.java("kafka.tools.StorageTool", args...).CombinedOutput(); err != nil {
		tb.Fatalf("cannot format the storage of the broker: %v\n%s", err, out)
	}
}

// properties is the name of the configuration.
func (b *Broker) properties() string { return fmt.Sprintf("server-%d.properties", b.id) }

func (c *cluster) log() string { return c.file("log.txt") }

// Log is the end of what the broker and the others of its cluster have logged: warnings and errors of all their starts.
func (b *Broker) Log() string {
	text, err := os.ReadFile(b.cluster.log())
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
