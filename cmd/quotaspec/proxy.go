package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// newProxy returns the verb proxy.
func newProxy() *cobra.Command {
	var p proxy
	cmd := &cobra.Command{
		Use:   "proxy --upstream URL",
		Short: "Forward traffic unchanged and judge it",
		Long: `Forward traffic to a provider unchanged, and judge every exchange by the documents.
Press Ctrl-C to stop the proxy and print the report; the exit codes are those of verify.
A second Ctrl-C ends the proxy at once, without a report.

The path of a request may begin with the base path of one of the document's servers or of a --server URL,
or omit it. The proxy forwards it as it is.

--side consumer judges the requests instead of the responses.
--record writes the traffic without credentials: as HAR, or as a folder of recordings in which ids are replaced too.`,
		Example: `  quotaspec proxy --upstream http://127.0.0.1:9000/v1 --document openapi.yaml --side consumer
  quotaspec proxy --upstream http://127.0.0.1:8080 --listen 127.0.0.1:8081 --record traffic.har
  quotaspec proxy --upstream http://127.0.0.1:8080 --side consumer`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&p.upstream, "upstream", "", "forward traffic to the provider at this `URL`")
	flags.StringVar(&p.listen, "listen", "127.0.0.1:8081", "`ADDRESS` to listen on")
	flags.StringVar(&p.record, "record", "", recordUsage)
	p.AddFlags(cmd)
	return cmd
}

// proxy is one run of proxy. Each exchange goes from traffic.Proxy to an observer, which adds it to a verify.Tally and,
// with --record, writes it to a file or folder (recording.go). When the context ends, the collector makes the report:
//
//	client ⇄ traffic.Proxy ⇄ provider
//	              ↓ observer
//	         tally, recording
type proxy struct {
	command.Judging
	upstream, listen, record string
}

func (p *proxy) run(cmd *cobra.Command) error {
	return p.Report(cmd, p.record, func() (*report.Report, error) { return p.forward(cmd) })
}

// forward forwards traffic until the context ends, and judges it. It returns a report also with an error.
func (p *proxy) forward(cmd *cobra.Command) (*report.Report, error) {
	result := &report.Report{FailOn: spec.Recorded}
	if p.upstream == "" {
		return result, command.Usage(errors.New("want --upstream with the URL of the provider to forward traffic to"))
	}
	upstream, err := command.ParseTarget(p.upstream)
	if err != nil {
		return result, err
	}
	result.Subject = "traffic to " + upstream.String()
	if _, err = hostToListen(p.listen); err == nil {
		err = p.Prepare()
	}
	result.Side, result.FailOn = p.Options.Side, p.Options.FailOn
	if err != nil {
		return result, err
	}
	p.Known.LogExpired(cmd)
	judges, err := p.Judges(cmd.Context(), http.DefaultClient)
	if err != nil {
		return result, err
	}
	c := verify.NewTally(judges)
	dropped, failed := p.serve(cmd, upstream, judges, c)
	reason := ""
	if dropped > 0 {
		reason = text.Count(int(dropped), "exchange", "exchanges") + " came faster than they could be judged"
	}
	judged, err := c.Report(p.Options, reason)
	judged.Subject = result.Subject
	return judged, cmp.Or(failed, err)
}

// serve forwards traffic until the context ends. It returns how many exchanges were dropped because judging fell behind.
func (p *proxy) serve(cmd *cobra.Command, upstream *url.URL, judges []*contract.Judge, c *verify.Tally) (int64, error) {
	// The transport of net/http logs to the standard logger when a provider sends bytes after its response.
	defer log.SetOutput(log.Writer())
	log.SetOutput(io.Discard)
	listener, err := (&net.ListenConfig{}).Listen(cmd.Context(), "tcp", p.listen)
	if err != nil {
		return 0, listenError(p.listen, err)
	}
	// After Listen, whose failure must not truncate an older recording.
	observe, closeRecord, err := p.recorder(judges, c, cmd.ErrOrStderr())
	if err != nil {
		return 0, errors.Join(err, listener.Close())
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "quotaspec forwards http://%s to %s; Ctrl-C prints the report\n", listener.Addr(), upstream)
	forwarder := &traffic.Proxy{Upstream: upstream, Observe: observe}
	served := forwarder.Serve(cmd.Context(), listener)
	return forwarder.Dropped(), errors.Join(served, closeRecord())
}

// recorder returns a function that collects each exchange and writes it to --record, if it is set, and one that completes the
// recording.
func (p *proxy) recorder(judges []*contract.Judge, c *verify.Tally, log io.Writer) (
	observe func(traffic.Entry), end func() error, err error,
) {
	recorded, err := newRecording(p.record, judges)
	if err != nil {
		return nil, nil, err
	}
	broken := false
	observe = func(e traffic.Entry) {
		c.Add(e)
		if err := recorded.write(e, ""); err != nil && !broken { // a proxy may run for days after that
			broken = true
			fmt.Fprintf(log, "quotaspec: %s; nothing more is recorded\n", command.OneLine(err))
		}
	}
	end = func() error {
		recorded.log(log)
		return recorded.close()
	}
	return observe, end, nil
}
