package fleet

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// Connection says where the topic of exchanges is and how to get there.
type Connection struct {
	Brokers []string // HOST:PORT of any of them
	Topic   string   // of exchanges

	TLS                  bool   // implied by the three files
	CA, Certificate, Key string // PEM files; "" for the system's authorities, and for no certificate of ours

	SASL           string // one of Mechanisms; "" for none
	User, Password string

	dialed *lastDial
}

// Mechanisms are those of SASL.
func Mechanisms() []string { return []string{"plain", "scram-sha-256", "scram-sha-512"} }

// tallies and findings are the topics that a worker writes.
func (c *Connection) tallies() string  { return c.Topic + "-tallies" }
func (c *Connection) findings() string { return c.Topic + "-findings" }

// startTimeout is how long brokers may take until they respond for the first time.
const startTimeout = 15 * time.Second

// Client returns a client with further options. It fails if the connection makes no sense; whether there are brokers, only Check
// says.
func (c *Connection) Client(opts ...kgo.Opt) (*kgo.Client, error) {
	all, err := c.options()
	if err != nil {
		return nil, err
	}
	return kgo.NewClient(append(all, opts...)...)
}

// Check fails, in one line that names the brokers and the cause, if no broker responds, or if the topic does not exist. A topic
// that appears later is no case of its own: whoever starts the worker starts it again.
func (c *Connection) Check(ctx context.Context) error {
	client, err := c.Client()
	if err != nil {
		return err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	_, err = c.describe(ctx, kadm.NewClient(client), c.Topic)
	if _, isNone := errors.AsType[noTopicError](err); isNone {
		err = fmt.Errorf("%w: create it, or give the name of one", err)
	}
	return c.Explain(err)
}

// describe returns the id and the partitions of a topic.
func (c *Connection) describe(ctx context.Context, admin *kadm.Client, topic string) (kadm.TopicDetail, error) {
	details, err := admin.ListTopics(ctx, topic)
	if err != nil {
		return kadm.TopicDetail{}, err
	}
	found := details[topic]
	switch {
	case errors.Is(found.Err, kerr.UnknownTopicOrPartition):
		return found, noTopicError(topic)
	case found.Err != nil:
		return found, fmt.Errorf("topic %s: %w", topic, found.Err)
	}
	return found, nil
}

// noTopicError is the name of a topic that does not exist.
type noTopicError string

func (e noTopicError) Error() string { return "there is no topic " + string(e) }

// checkPermissions fails if the user may not do with a topic what a worker does. The client finds out only once it has something to read
// or to write. A broker that does not list permissions is taken to give them; one that does lists Describe, which all of them imply.
func (c *Connection) checkPermissions(ctx context.Context, client *kgo.Client) error {
	type operations = []kmsg.ACLOperation
	needed := map[string]operations{
		c.Topic:      {kmsg.ACLOperationRead},
		c.tallies():  {kmsg.ACLOperationRead, kmsg.ACLOperationWrite},
		c.findings(): {kmsg.ACLOperationWrite},
	}
	request := kmsg.NewPtrMetadataRequest()
	request.IncludeTopicAuthorizedOperations = true
	for topic := range needed {
		request.Topics = append(request.Topics, kmsg.MetadataRequestTopic{Topic: &topic})
	}
	response, err := request.RequestWith(ctx, client)
	if err != nil {
		return err
	}
	for _, topic := range response.Topics {
		may := func(op kmsg.ACLOperation) bool { return topic.AuthorizedOperations&(1<<op) != 0 }
		for _, op := range needed[*topic.Topic] {
			if may(kmsg.ACLOperationDescribe) && !may(op) {
				return fmt.Errorf("topic %s: %s: %w", *topic.Topic, op, kerr.TopicAuthorizationFailed)
			}
		}
	}
	return nil
}

func (c *Connection) options() ([]kgo.Opt, error) {
	if c.dialed == nil {
		c.dialed = &lastDial{}
	}
	opts := []kgo.Opt{
		kgo.SeedBrokers(c.Brokers...),
		kgo.ClientID("quotaspec-fleet"),
		kgo.WithHooks(c.dialed),
		kgo.MetadataMaxAge(time.Minute),            // new partitions are found within it
		kgo.MetadataMinAge(200 * time.Millisecond), // a topic that was just made is seen
	}
	if c.TLS || c.CA != "" || c.Certificate != "" || c.Key != "" {
		config, err := c.tlsConfig()
		if err != nil {
			return nil, err
		}
		opts = append(opts, kgo.DialTLSConfig(config))
	}
	user := scram.Auth{User: c.User, Pass: c.Password}
	switch c.SASL {
	case "":
	case "plain":
		opts = append(opts, kgo.SASL(plain.Auth{User: c.User, Pass: c.Password}.AsMechanism()))
	case "scram-sha-256":
		opts = append(opts, kgo.SASL(user.AsSha256Mechanism()))
	case "scram-sha-512":
		opts = append(opts, kgo.SASL(user.AsSha512Mechanism()))
	default:
		return nil, fmt.Errorf("unknown SASL mechanism %q: want one of %s", c.SASL, strings.Join(Mechanisms(), ", "))
	}
	return opts, nil
}

func (c *Connection) tlsConfig() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.CA != "" {
		text, err := os.ReadFile(c.CA)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s has no certificate in PEM", c.CA)
		}
	}
	switch {
	case c.Certificate == "" && c.Key == "":
		return config, nil
	case c.Certificate == "" || c.Key == "":
		return nil, errors.New("a client's certificate needs both files: the certificate and its key")
	}
	pair, err := tls.LoadX509KeyPair(c.Certificate, c.Key)
	if err != nil {
		return nil, fmt.Errorf("%s and %s: %w", c.Certificate, c.Key, err)
	}
	config.Certificates = []tls.Certificate{pair}
	return config, nil
}

// Explain returns an error that names the brokers, and the cause in words. The cause of an error of time is the last failure to
// connect, which the client itself retries in silence.
func (c *Connection) Explain(err error) error {
	at := strings.Join(c.Brokers, ",")
	switch last := c.dialed.last(); {
	case err == nil:
		return nil
	case errors.Is(err, kerr.SaslAuthenticationFailed), errors.Is(err, kerr.UnsupportedSaslMechanism), errors.Is(err, kerr.IllegalSaslState):
		return fmt.Errorf("%s: authentication of user %q by %s failed: %w", at, c.User, c.SASL, err)
	case isDenied(err):
		return fmt.Errorf("%s: not authorised: %w", at, err)
	case last != nil && !isAnswer(err):
		return fmt.Errorf("cannot reach a broker at %s: %w", at, last)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: no response in time: %w", at, err)
	}
	return fmt.Errorf("%s: %w", at, err)
}

// isAnswer reports whether an error came from a broker.
func isAnswer(err error) bool {
	_, isCode := errors.AsType[*kerr.Error](err)
	_, isNoTopic := errors.AsType[noTopicError](err)
	return isCode || isNoTopic
}

// isDenied reports whether the user lacks a permission.
func isDenied(err error) bool {
	return slices.ContainsFunc([]*kerr.Error{
		kerr.TopicAuthorizationFailed, kerr.GroupAuthorizationFailed, kerr.ClusterAuthorizationFailed, kerr.TransactionalIDAuthorizationFailed,
	}, func(kind *kerr.Error) bool { return errors.Is(err, kind) })
}

// isFatal reports whether trying again would not help.
func isFatal(err error) bool {
	return isDenied(err) || slices.ContainsFunc([]error{
		errRemade, errFormat, kerr.SaslAuthenticationFailed, kerr.UnsupportedSaslMechanism, kerr.InconsistentGroupProtocol, kerr.InvalidGroupID,
	}, func(kind error) bool { return errors.Is(err, kind) })
}

// lastDial remembers how the last attempt to connect ended.
type lastDial struct{ failed atomic.Pointer[error] }

// OnBrokerConnect is called by the client after each attempt.
func (d *lastDial) OnBrokerConnect(_ kgo.BrokerMetadata, _ time.Duration, _ net.Conn, err error) {
	if err == nil {
		d.failed.Store(nil)
		return
	}
	d.failed.Store(&err)
}

func (d *lastDial) last() error {
	if d == nil {
		return nil
	}
	if err := d.failed.Load(); err != nil {
		return *err
	}
	return nil
}
