package broker

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// User and Password are those of SASL, by PLAIN and by SCRAM.
const (
	User     = "gateway"
	Password = "correct-horse-battery"
)

var (
	//go:embed testdata/pom.xml
	pom []byte
	//go:embed testdata/log4j2.properties
	logging []byte
)

// maven downloads what pom.xml pins, unless it is in Maven's repository, and returns the class path.
func maven(tb testing.TB, folder string) (classPath string) {
	tb.Helper()
	if err := os.WriteFile(filepath.Join(folder, "pom.xml"), pom, 0o600); err != nil {
		tb.Fatal(err)
	}
	command := exec.Command("mvn", "--batch-mode", "--quiet", "dependency:build-classpath", "-Dmdep.outputFile=classpath")
	command.Dir = folder
	if out, err := command.CombinedOutput(); err != nil {
		tb.Fatalf("cannot install Kafka; is the registry reachable? %v\n%s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(folder, "classpath"))
	if err != nil {
		tb.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// freePorts finds ports for each node, below those that systems give to outgoing connections (32768 on Linux): while a broker is
// dead, a client that keeps connecting must not get its port as its own.
func freePorts(tb testing.TB, nodes int) (list []ports) {
	tb.Helper()
	listeners := []net.Listener{}
	defer func() {
		for _, listener := range listeners {
			_ = listener.Close()
		}
	}()
	found := []int{}
	for range 1000 {
		port := 20000 + rand.IntN(12000)
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		listeners = append(listeners, listener)
		if found = append(found, port); len(found) == 4 {
			list, found = append(list, ports{plain: found[0], sasl: found[1], tls: found[2], controller: found[3]}), nil
		}
		if len(list) == nodes {
			return list
		}
	}
	tb.Fatal("no free ports from 20000 to 31999 on 127.0.0.1")
	return nil
}

// configure writes the properties of a node: three listeners for clients (without TLS; TLS with a password; TLS with a
// certificate), and replication as the number of nodes allows it. What one waits for in a test is short.
func (b *Broker) configure(tb testing.TB, properties []string) {
	tb.Helper()
	voters := []string{}
	for _, node := range b.cluster.nodes {
		voters = append(voters, fmt.Sprintf("%d@127.0.0.1:%d", node.id, node.ports.controller))
	}
	replicas, inSync := b.cluster.replicas(), 1
	if replicas >= 3 {
		inSync = 2
	}
	lines := append([]string{
		"process.roles=broker,controller",
		fmt.Sprintf("node.id=%d", b.id),
		"controller.quorum.voters=" + strings.Join(voters, ","),
		"controller.listener.names=CONTROLLER",
		fmt.Sprintf("listeners=PLAINTEXT://127.0.0.1:%d,SASL_SSL://127.0.0.1:%d,SSL://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d",
			b.ports.plain, b.ports.sasl, b.ports.tls, b.ports.controller),
		"inter.broker.listener.name=PLAINTEXT",
		"listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL,CONTROLLER:PLAINTEXT",

		"ssl.keystore.type=PEM",
		"ssl.keystore.location=" + filepath.ToSlash(b.cluster.file("broker.pem")),
		"ssl.truststore.type=PEM",
		"ssl.truststore.location=" + filepath.ToSlash(b.CA()),
		"listener.name.ssl.ssl.client.auth=required",
		"sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
		fmt.Sprintf(`listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required `+
			`user_%s="%s";`, User, Password),
		"listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;",
		"listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;",

		"log.dirs=" + filepath.ToSlash(b.cluster.file(fmt.Sprintf("topics-%d", b.id))),
		fmt.Sprintf("min.insync.replicas=%d", inSync),
		fmt.Sprintf("offsets.topic.replication.factor=%d", replicas),
		"offsets.topic.num.partitions=4",
		fmt.Sprintf("transaction.state.log.replication.factor=%d", replicas),
		fmt.Sprintf("transaction.state.log.min.isr=%d", inSync),
		"transaction.state.log.num.partitions=4",
		"transaction.abort.timed.out.transaction.cleanup.interval.ms=1000",
		"share.coordinator.state.topic.replication.factor=1",
		"share.coordinator.state.topic.min.isr=1",
		"auto.create.topics.enable=false",
		"log.cleaner.dedupe.buffer.size=8388608",

		"group.initial.rebalance.delay.ms=0",
		"broker.session.timeout.ms=3000",
		"broker.heartbeat.interval.ms=500",
	}, properties...)
	b.cluster.write(tb, b.properties(), []byte(strings.Join(lines, "\n")+"\n"))
}

// replicas is how many a partition has: of topics, groups and transactions.
func (c *cluster) replicas() int { return min(3, len(c.nodes)) }

func (c *cluster) file(name string) string { return filepath.Join(c.folder, name) }

func (c *cluster) write(tb testing.TB, name string, text []byte) {
	tb.Helper()
	if err := os.WriteFile(c.file(name), text, 0o600); err != nil {
		tb.Fatal(err)
	}
}
