package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/exporter"
	"github.com/quotaspec/quotaspec/internal/quotas"
	"github.com/quotaspec/quotaspec/internal/text"
)

// exporterRun holds the flags of exporter.
type exporterRun struct {
	accountFlags
	listen, webConfig, log string
	options                exporter.Options // run adds Version and Log
}

// exporterGCPercent makes garbage collection start early: a scrape of many accounts leaves megabytes, and a collection costs
// little at this rate of requests. GOGC in the environment wins.
const exporterGCPercent = 40

// leastInterval is the least --interval.
const leastInterval = time.Second

// newExporter returns the verb exporter.
func newExporter() *cobra.Command {
	var e exporterRun
	cmd := &cobra.Command{
		Use:        "exporter",
		Short:      "Serve the quotas of cloud accounts as Prometheus metrics",
		SuggestFor: []string{"export", "metrics", "prometheus"},
		Long: `Request the quotas of accounts again and again, and serve them as Prometheus metrics.

Accounts and credentials are those of quotas: see quotaspec quotas --help. Thresholds are the business of alert rules.
/metrics is served from memory: a scrape sends no requests. huaweicloud_quota_used and huaweicloud_quota_limit have equal
labels, so their ratio is a query: huaweicloud_quota_used / huaweicloud_quota_limit > 0.8.

What is not known has no series, and is never 0: a usage that the service does not report, quotas that it refuses
(huaweicloud_quota_up is then 0), and quotas whose last success is --stale ago. A request that fails is repeated after
30 seconds, later after --interval, and never before the service allows it (Retry-After).

SIGHUP reads the configuration again; a wrong one is logged, and the old one stays. /healthz returns 200.`,
		Example: `  quotaspec exporter --domain d78cbac186b744899480f25bd022f468 --region cn-north-4
  quotaspec exporter --region cn-north-4 --listen :9746 --web-config web.yaml
  quotaspec exporter --endpoint http://127.0.0.1:8080 --interval 1m --stale 5m --bounds`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return e.run(cmd) },
	}
	flags := cmd.Flags()
	e.add(flags)
	flags.StringVar(&e.listen, "listen", "127.0.0.1:9746", "`ADDRESS` to listen on")
	flags.StringVar(&e.webConfig, "web-config", "", "serve with TLS or passwords, as this YAML `FILE` of Prometheus' exporter-toolkit says")
	command.DurationVar(flags, &e.options.Interval, "interval", 5*time.Minute, "`DURATION` between two requests for the same quotas")
	command.DurationVar(flags, &e.options.Stale, "stale", 15*time.Minute, "drop quotas whose last successful request is this `DURATION` ago")
	flags.BoolVar(&e.options.Bounds, "bounds", false, "also serve the least and the largest limit that may be set (_min, _max)")
	flags.StringVar(&e.log, "log", "text", "`FORMAT` in which failures are logged to stderr: text, json or off")
	command.CompleteFiles(cmd, "web-config", "yaml", "yml")
	command.CompleteFlag(cmd, "log", logFormats...)
	return cmd
}

// run checks everything before it listens, as serve does.
func (e *exporterRun) run(cmd *cobra.Command) error {
	if err := e.check(); err != nil {
		return err
	}
	log, err := accessLog(e.log, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	if e.options.Log = log; log == nil {
		e.options.Log = slog.New(slog.DiscardHandler)
	}
	e.options.Version = toolVersion()
	accounts, notes, err := e.accounts(readEnvironment(), limitFlags{})
	if err != nil {
		return err
	}
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	listener, err := (&net.ListenConfig{}).Listen(cmd.Context(), "tcp", e.listen)
	if err != nil {
		return listenError(e.listen, err)
	}
	for _, note := range notes {
		fmt.Fprintf(cmd.ErrOrStderr(), "quotaspec: %s\n", note)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "quotaspec exporter serves %s with the quotas of %s.\n", e.address(listener), countAccounts(accounts))
	return e.serve(cmd.Context(), listener, exporter.New(e.options, accounts), hangups)
}

// check returns the error of a flag that is wrong in itself.
func (e *exporterRun) check() error {
	if e.options.Interval < leastInterval {
		return command.Usage(fmt.Errorf("--interval %s: want at least %s", e.options.Interval, leastInterval))
	}
	if e.options.Stale < e.options.Interval {
		return command.Usage(fmt.Errorf("--stale %s is shorter than --interval %s: quotas would be dropped before the next request for them",
			e.options.Stale, e.options.Interval))
	}
	if _, err := hostToListen(e.listen); err != nil {
		return err
	}
	return e.checkWebConfig()
}

// checkWebConfig returns an error if the file of --web-config cannot be used.
func (e *exporterRun) checkWebConfig() error {
	if err := exporter.CheckWebConfig(e.webConfig); err != nil {
		if path, ok := errors.AsType[*os.PathError](err); ok && path.Path == e.webConfig {
			return fmt.Errorf("web config: %w", err)
		}
		return fmt.Errorf("web config %s: %w", e.webConfig, err)
	}
	return nil
}

// serve asks and serves until the context ends.
func (e *exporterRun) serve(ctx context.Context, listener net.Listener, served *exporter.Exporter, hangups <-chan os.Signal) error {
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(exporterGCPercent))
	}
	ctx, stop := context.WithCancel(ctx)
	var all sync.WaitGroup
	all.Go(func() { served.Run(ctx) })
	all.Go(func() {
		for {
			select {
			case <-hangups:
				e.reload(ctx, served)
			case <-ctx.Done():
				return
			}
		}
	})
	err := served.Serve(ctx, listener, e.webConfig)
	stop()
	all.Wait()
	return err
}

// reload reads the configuration again. A wrong one is logged, and the old one stays.
func (e *exporterRun) reload(ctx context.Context, served *exporter.Exporter) {
	accounts, _, err := e.accounts(readEnvironment(), limitFlags{})
	if err == nil {
		err = e.checkWebConfig()
	}
	if err != nil {
		served.Reloaded(false)
		e.options.Log.Error("the configuration is wrong, the old one stays", "error", command.OneLine(err))
		return
	}
	served.Replace(ctx, accounts)
	served.Reloaded(true)
	e.options.Log.Info("the configuration was read again: quotas of " + countAccounts(accounts))
}

// countAccounts returns how many accounts and places there are: "2 accounts in 5 places".
func countAccounts(accounts []*quotas.Account) string {
	places := 0
	for _, a := range accounts {
		places += len(a.Places())
	}
	return text.Count(len(accounts), "account", "accounts") + " in " + text.Count(places, "place", "places")
}

// address says where the metrics are: a URL, unless the file of --web-config decides about TLS.
func (e *exporterRun) address(listener net.Listener) string {
	if e.webConfig != "" {
		return fmt.Sprintf("/metrics on %s, secured as %s says,", listener.Addr(), e.webConfig)
	}
	return fmt.Sprintf("http://%s/metrics", listener.Addr())
}
