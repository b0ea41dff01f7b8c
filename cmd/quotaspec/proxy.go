package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/openapi"
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
	flags.StringVar(&p.document, "document", "", "judge another API by the OpenAPI document in this `FILE`")
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
	others := []string{}
	if p.record != "" {
		others = append(others, p.record)
	}
	outputs, err := openReports(p.reports, others...)
	if err != nil {
		return err
	}
	defer outputs.discard()
	v := verification{document: p.document, servers: p.servers, report: &report.Report{FailOn: openapi.Recorded}}
	err = p.pass(cmd, &v)
	return finish(cmd.OutOrStdout(), v.report, err, false, outputs)
}

// pass passes traffic on until the context ends, and puts what was judged into the report.
func (p *proxy) pass(cmd *cobra.Command, v *verification) error {
	if p.upstream == "" {
		return errors.New("--upstream URL: want the provider to pass traffic on to")
	}
	upstream, err := parseTarget(p.upstream)
	if err != nil {
		return err
	}
	v.report.Subject = "traffic to " + upstream.String()
	if v.failOn, err = openapi.ParseGrade(p.failOn); err != nil {
		return err
	}
	v.report.FailOn = v.failOn
	if err := v.load(); err != nil {
		return err
	}
	// The transport of net/http has no logger of its own: what a provider sends unasked it would print through this one.
	defer log.SetOutput(log.Writer())
	log.SetOutput(io.Discard)
	c := newCollector(v.judges, &v.misses)
	listener, err := (&net.ListenConfig{}).Listen(cmd.Context(), "tcp", p.listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	observe, closeRecord, err := p.recorder(c) // an older record stays as it is if nothing can be passed on
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "quotaspec passes http://%s on to %s; Ctrl-C ends it and prints the report\n", listener.Addr(), upstream)
	passing := &traffic.Proxy{Upstream: upstream, Observe: observe}
	served := passing.Serve(cmd.Context(), listener)
	recorded := closeRecord()
	v.conclusions(c)
	v.notes(c, "")
	if n := passing.Dropped(); n > 0 {
		v.report.Add(report.Check{ID: "traffic/dropped", Source: report.Traffic, Status: report.Error, Reason: fmt.Sprintf("%d exchanges came faster than they could be judged", n)})
	}
	v.report.NotChecked = v.misses.notChecked()
	if err := errors.Join(served, recorded); err != nil {
		return err
	}
	return v.misses.err()
}

// recorder returns what is to be done with each exchange, and what ends the record.
func (p *proxy) recorder(c *collector) (observe func(traffic.Entry), end func() error, err error) {
	if p.record == "" {
		return c.add, func() error { return nil }, nil
	}
	f, err := createPrivate(p.record)
	if err != nil {
		return nil, nil, fmt.Errorf("write the traffic: %w", err)
	}
	secret := []string{}
	for _, judge := range c.judges {
		secret = append(secret, judge.Credentials()...)
	}
	w, err := traffic.NewWriter(f, "quotaspec", toolVersion(), secret...)
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	var failed error // the first time; the writer writes nothing after it
	observe = func(e traffic.Entry) {
		c.add(e)
		if err := w.Write(e); failed == nil {
			failed = err
		}
	}
	end = func() error {
		if err := w.Close(); failed == nil {
			failed = err
		}
		if err := f.Close(); failed == nil && err != nil {
			failed = fmt.Errorf("write the HAR: %w", err)
		}
		return failed
	}
	return observe, end, nil
}

// createPrivate empties a file, or makes it, that only this user may read. It is written in place: what is in it when the
// process is killed can be judged.
func createPrivate(file string) (*os.File, error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return f, err // a device or a pipe is as it is
	}
	if err := errors.Join(f.Chmod(0o600), f.Truncate(0)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
