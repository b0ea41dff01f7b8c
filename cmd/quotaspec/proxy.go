package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/url"
	"os"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

func newProxy() *cobra.Command {
	var p proxy
	cmd := &cobra.Command{
		Use:   "proxy --upstream URL",
		Short: "Pass traffic on unchanged, and judge it",
		Long: `Pass traffic on to a provider, unchanged, and judge every exchange by the documents.
Stop it with Ctrl-C: it prints the report then, with the exit codes of verify.
A second Ctrl-C ends it at once, without a report.

A target is passed on as it was sent. It may begin with the base path of one of the document's servers,
or of a --server URL, or without.

With --record the traffic is written as HAR, without credentials.`,
		Example: "  quotaspec proxy --upstream http://127.0.0.1:8080 --listen 127.0.0.1:8081 --record traffic.har",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&p.upstream, "upstream", "", "pass traffic on to the provider at this `URL`")
	flags.StringVar(&p.listen, "listen", "127.0.0.1:8081", "address to listen on")
	flags.StringVar(&p.record, "record", "", "write the traffic to this HAR `FILE`")
	flags.StringVar(&p.document, "document", "", documentUsage)
	flags.StringArrayVar(&p.servers, "server", nil, serverUsage)
	flags.StringVar(&p.failOn, "fail-on", "recorded", "fail on what is broken at this `GRADE` or a surer one: documented, recorded, inferred, undocumented")
	flags.StringArrayVar(&p.reports, "report", nil, "write a report too, as `FORMAT=FILE` (repeatable)")
	return cmd
}

// proxy is one run of the verb.
type proxy struct {
	upstream, listen, record, document, failOn string
	reports, servers                           []string
}

func (p *proxy) run(cmd *cobra.Command) error {
	outputs, err := newOutputs(p.reports, p.record)
	if err != nil {
		return err
	}
	result, err := p.pass(cmd)
	return finish(cmd.OutOrStdout(), result, err, false, outputs)
}

// pass passes traffic on until the context ends, and judges it. The report is there also beside an error.
func (p *proxy) pass(cmd *cobra.Command) (*report.Report, error) {
	result := &report.Report{FailOn: spec.Recorded}
	if p.upstream == "" {
		return result, errors.New("--upstream URL: want the provider to pass traffic on to")
	}
	upstream, err := parseTarget(p.upstream)
	if err != nil {
		return result, err
	}
	result.Subject = "traffic to " + upstream.String()
	if result.FailOn, err = spec.ParseGrade(p.failOn); err != nil {
		result.FailOn = spec.Recorded
		return result, err
	}
	judges, err := loadJudges(cmd.Context(), p.document, p.servers)
	if err != nil {
		return result, err
	}
	c := verify.NewCollector(judges)
	dropped, failed := p.serve(cmd, upstream, judges, c)
	judged, err := c.Report(verify.Options{FailOn: result.FailOn}, dropped)
	judged.Subject = result.Subject
	if failed != nil {
		err = failed
	}
	return judged, err
}

// serve passes traffic on. It returns how many exchanges came too fast to be judged.
func (p *proxy) serve(cmd *cobra.Command, upstream *url.URL, judges []*contract.Judge, c *verify.Collector) (dropped int64, err error) {
	// The transport of net/http has no logger of its own: what a provider sends unasked it would print through this one.
	defer log.SetOutput(log.Writer())
	log.SetOutput(io.Discard)
	listener, err := (&net.ListenConfig{}).Listen(cmd.Context(), "tcp", p.listen)
	if err != nil {
		return 0, fmt.Errorf("listen: %w", err)
	}
	observe, closeRecord, err := p.recorder(judges, c) // an older record stays as it is if nothing can be passed on
	if err != nil {
		return 0, errors.Join(err, listener.Close())
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "quotaspec passes http://%s on to %s; Ctrl-C ends it and prints the report\n", listener.Addr(), upstream)
	passing := &traffic.Proxy{Upstream: upstream, Observe: observe}
	served := passing.Serve(cmd.Context(), listener)
	return passing.Dropped(), errors.Join(served, closeRecord())
}

// recorder returns what is to be done with each exchange, and what ends the record.
func (p *proxy) recorder(judges []*contract.Judge, c *verify.Collector) (observe func(traffic.Entry), end func() error, err error) {
	if p.record == "" {
		return c.Add, func() error { return nil }, nil
	}
	f, err := createPrivate(p.record)
	if err != nil {
		return nil, nil, fmt.Errorf("write the traffic: %w", err)
	}
	secret := []string{}
	for _, judge := range judges {
		secret = append(secret, judge.Credentials()...)
	}
	w, err := traffic.NewWriter(f, "quotaspec", toolVersion(), secret...)
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	observe = func(e traffic.Entry) {
		c.Add(e)
		_ = w.Write(e) // Close returns its error too
	}
	return observe, func() error { return cmp.Or(w.Close(), f.Close()) }, nil
}

// createPrivate empties a file, or makes it, that only this user may read. It is written in place: what is in it when the
// process is killed can be judged.
func createPrivate(file string) (*os.File, error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() { // a device or a pipe is as it is
		if err := f.Chmod(0o600); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return f, nil
}
