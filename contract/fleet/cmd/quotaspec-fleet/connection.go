package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/fleet"
	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/text"
)

// passwordVariable has the password of SASL. There is no flag for it, as other users of a machine can see flags.
const passwordVariable = "QUOTASPEC_FLEET_PASSWORD"

// addConnection declares the flags by which all verbs find the topic.
func addConnection(cmd *cobra.Command, c *fleet.Connection) {
	flags := cmd.Flags()
	flags.StringSliceVar(&c.Brokers, "brokers", nil, "find the cluster by these brokers: `HOST:PORT,...`")
	flags.StringVar(&c.Topic, "topic", "", "`TOPIC` of the exchanges; tallies are in TOPIC-tallies, findings in TOPIC-findings")
	flags.BoolVar(&c.TLS, "tls", false, "connect with TLS")
	flags.StringVar(&c.CA, "tls-ca", "", "trust the certificate authorities in this `FILE` instead of the system's (implies --tls)")
	flags.StringVar(&c.Certificate, "tls-cert", "", "show the client certificate in this `FILE` (implies --tls)")
	flags.StringVar(&c.Key, "tls-key", "", "`FILE` with the key of --tls-cert")
	flags.StringVar(&c.SASL, "sasl", "", "authenticate by this `MECHANISM`: "+text.Or(fleet.Mechanisms())+
		"; the password is in the environment variable "+passwordVariable)
	flags.StringVar(&c.User, "sasl-user", "", "`NAME` of the user of --sasl")
	command.CompleteFlag(cmd, "sasl", fleet.Mechanisms()...)
	for _, flag := range []string{"tls-ca", "tls-cert", "tls-key"} {
		command.CompleteFiles(cmd, flag, "pem", "crt", "key")
	}
}

// legalTopic matches the characters that Kafka allows in the name of a topic, and maxTopic is how many it takes.
var legalTopic = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

const maxTopic = 249

// prepareConnection checks the flags and reads the password.
func prepareConnection(c *fleet.Connection) error {
	switch {
	case len(c.Brokers) == 0:
		return command.Usage(errors.New("want --brokers with at least one HOST:PORT"))
	case c.Topic == "":
		return command.Usage(errors.New("want --topic with the topic of the exchanges"))
	case c.SASL != "" && !slices.Contains(fleet.Mechanisms(), c.SASL):
		return command.Usage(fmt.Errorf("--sasl: %w", text.Unknown("mechanism", c.SASL, fleet.Mechanisms())))
	case (c.SASL == "") != (c.User == ""):
		return command.Usage(errors.New("want --sasl and --sasl-user together"))
	case (c.Certificate == "") != (c.Key == ""):
		return command.Usage(errors.New("want --tls-cert and --tls-key together"))
	}
	for i, broker := range c.Brokers {
		c.Brokers[i] = strings.TrimSpace(broker) // "a:9092, b:9092"
		host, port, err := net.SplitHostPort(c.Brokers[i])
		if number, badPort := strconv.ParseUint(port, 10, 16); err != nil || host == "" || badPort != nil || number == 0 {
			return command.Usage(fmt.Errorf("--brokers %s: want HOST:PORT", broker))
		}
	}
	if longest := maxTopic - len("-findings"); !legalTopic.MatchString(c.Topic) || len(c.Topic) > longest {
		return command.Usage(fmt.Errorf("--topic %.*s: want at most %d letters, digits, '.', '_' and '-'", longest, c.Topic, longest))
	}
	if c.SASL != "" {
		if c.Password = os.Getenv(passwordVariable); c.Password == "" {
			return command.Usage(fmt.Errorf("--sasl needs the password in the environment variable %s", passwordVariable))
		}
	}
	return nil
}

// stopped returns an error in plain words if err is there because a signal has ended the context.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return errors.New("stopped before the end")
	}
	return err
}

// named writes each line to stderr, behind the name of the command.
type named struct{ cmd *cobra.Command }

func (n named) Write(line []byte) (int, error) {
	_, err := fmt.Fprintf(n.cmd.ErrOrStderr(), "%s: %s", n.cmd.Root().Name(), line)
	return len(line), err
}
