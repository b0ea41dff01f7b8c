package broker_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
)

// TestBroker produces, kills the broker, starts it again and consumes: what was acknowledged is there, for each kind of client.
func TestBroker(t *testing.T) {
	kafka := broker.Start(t, "message.max.bytes=2000")
	topic := kafka.Topic(t, 2, "retention.ms=3600000")
	producer := kafka.Client(t, kgo.DefaultProduceTopic(topic), kgo.ProducerBatchCompression(kgo.NoCompression()))
	want := []string{}
	for i := range 10 {
		value := fmt.Sprint(i)
		if err := producer.ProduceSync(t.Context(), kgo.StringRecord(value)).FirstErr(); err != nil {
			t.Fatal(err)
		}
		want = append(want, value)
	}
	if err := producer.ProduceSync(t.Context(), &kgo.Record{Value: make([]byte, 5000)}).FirstErr(); err == nil {
		t.Error("message.max.bytes was not set: the broker takes 5000 bytes")
	}
	before := kafka.PID()
	kafka.Kill()
	kafka.Restart(t)
	if kafka.PID() == before {
		t.Error("the broker is the same process as before")
	}
	for name, opts := range clients(t, kafka) {
		t.Run(name, func(t *testing.T) {
			consumer := kafka.Client(t, append(opts, kgo.ConsumeTopics(topic))...)
			got := []string{}
			for len(got) < len(want) {
				fetches := consumer.PollFetches(t.Context())
				if err := fetches.Err(); err != nil {
					t.Fatal(err)
				}
				fetches.EachRecord(func(record *kgo.Record) { got = append(got, string(record.Value)) })
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// clients are the options of each kind of client that the broker knows.
func clients(t *testing.T, kafka *broker.Broker) map[string][]kgo.Opt {
	t.Helper()
	authority, err := os.ReadFile(kafka.CA())
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(authority)
	certificate, err := tls.LoadX509KeyPair(kafka.ClientCertificate())
	if err != nil {
		t.Fatal(err)
	}
	secure := kgo.DialTLSConfig(&tls.Config{RootCAs: trusted})
	user := scram.Auth{User: broker.User, Pass: broker.Password}
	return map[string][]kgo.Opt{
		"plaintext": {},
		"PLAIN": {
			kgo.SeedBrokers(kafka.SASLAddr()), secure,
			kgo.SASL(plain.Auth{User: broker.User, Pass: broker.Password}.AsMechanism()),
		},
		"SCRAM-SHA-256": {kgo.SeedBrokers(kafka.SASLAddr()), secure, kgo.SASL(user.AsSha256Mechanism())},
		"SCRAM-SHA-512": {kgo.SeedBrokers(kafka.SASLAddr()), secure, kgo.SASL(user.AsSha512Mechanism())},
		"certificate": {
			kgo.SeedBrokers(kafka.TLSAddr()),
			kgo.DialTLSConfig(&tls.Config{RootCAs: trusted, Certificates: []tls.Certificate{certificate}}),
		},
	}
}
