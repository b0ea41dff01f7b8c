package broker

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Addr is HOST:PORT for everybody, without TLS.
func (b *Broker) Addr() string { return fmt.Sprintf("127.0.0.1:%d", b.ports.plain) }

// SASLAddr is HOST:PORT with TLS, for User and Password by PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512.
func (b *Broker) SASLAddr() string { return fmt.Sprintf("127.0.0.1:%d", b.ports.sasl) }

// TLSAddr is HOST:PORT with TLS, for who has ClientCertificate.
func (b *Broker) TLSAddr() string { return fmt.Sprintf("127.0.0.1:%d", b.ports.tls) }

// Addrs are Addr of all brokers of the cluster.
func (b *Broker) Addrs() (list []string) {
	for _, node := range b.cluster.nodes {
		list = append(list, node.Addr())
	}
	return list
}

// Client returns a client of Addrs with further options, which is closed at the end of the test.
func (b *Broker) Client(tb testing.TB, opts ...kgo.Opt) *kgo.Client {
	tb.Helper()
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(b.Addrs()...)}, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(client.Close)
	return client
}

// Topic makes a topic whose name begins with that of the test, and returns the name. A config is NAME=VALUE, such as
// "retention.ms=1000".
func (b *Broker) Topic(tb testing.TB, partitions int32, configs ...string) (name string) {
	tb.Helper()
	name = fmt.Sprintf("%s-%08x", regexp.MustCompile(`[^A-Za-z0-9.-]+`).ReplaceAllString(tb.Name(), "-"), rand.Uint32())
	settings := map[string]*string{}
	for _, config := range configs {
		key, value, _ := strings.Cut(config, "=")
		settings[key] = &value
	}
	ctx, cancel := context.WithTimeout(tb.Context(), time.Minute)
	defer cancel()
	if _, err := kadm.NewClient(b.Client(tb)).CreateTopic(ctx, partitions, int16(b.cluster.replicas()), settings, name); err != nil {
		tb.Fatalf("cannot make topic %s: %v\n%s", name, err, b.Log())
	}
	return name
}

// waitUntilReady returns once the broker lists itself, each partition has a leader, and the broker is in sync with it. It asks
// with a client of its own, as the broker may be a dead one that comes back.
func (b *Broker) waitUntilReady(ctx context.Context) error {
	client, err := kgo.NewClient(kgo.SeedBrokers(b.Addr()))
	if err != nil {
		return err
	}
	defer client.Close()
	for err = errors.New("not asked"); err != nil; {
		if err = b.ready(ctx, kadm.NewClient(client)); err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}

func (b *Broker) ready(ctx context.Context, client *kadm.Client) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	metadata, err := client.BrokerMetadata(ctx)
	switch {
	case err != nil:
		return err
	case !slices.Contains(metadata.Brokers.NodeIDs(), b.id):
		return errors.New("it does not list itself")
	}
	topics, err := client.ListTopicsWithInternal(ctx)
	if err != nil {
		return err
	}
	for _, topic := range topics {
		for _, partition := range topic.Partitions {
			switch {
			case partition.Err != nil:
				return fmt.Errorf("%s, partition %d: %w", topic.Topic, partition.Partition, partition.Err)
			case slices.Contains(partition.Replicas, b.id) && !slices.Contains(partition.ISR, b.id):
				return fmt.Errorf("%s, partition %d: not in sync", topic.Topic, partition.Partition)
			}
		}
	}
	return nil
}
