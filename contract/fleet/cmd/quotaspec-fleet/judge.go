package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/fleet"
	"github.com/quotaspec/quotaspec/internal/command"
)

// worker has the flags of judge.
type worker struct {
	command.Documents
	options fleet.Options
	metrics string
}

func newJudge() *cobra.Command {
	var w worker
	cmd := &cobra.Command{
		Use:   "judge",
		Short: "Judge exchanges out of a topic until it is stopped",
		Long: `Judge exchanges out of a topic, as one worker of a group. Start as many as you need, anywhere.

Each record is one entry of a HAR. What is none is counted and listed. The workers of a group share the
partitions of the topic. Each commits a tally for each of its partitions together with the offset up to
which it has judged, so that a worker that is killed loses nothing and counts nothing twice.

It runs until SIGTERM or Ctrl-C: then it commits and leaves the group. Exit 0: it was stopped. Exit 2: it
could not start, or lacks a permission.`,
		Example: `  quotaspec-fleet judge --brokers kafka-1:9092,kafka-2:9092 --topic exchanges --document openapi.yaml
  quotaspec-fleet judge --brokers kafka-1:9093 --topic exchanges --tls --sasl scram-sha-512 --sasl-user quotaspec`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return w.run(cmd) },
	}
	addConnection(cmd, &w.options.Connection)
	addGroup(cmd, &w.options)
	w.AddFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&w.metrics, "metrics", "", "serve metrics for Prometheus at `HOST:PORT`/metrics")
	command.DurationVar(flags, &w.options.Every, "every", 5*time.Second, "commit after this `DURATION`, 100ms to 30s")
	return cmd
}

// addGroup declares the flag that judge and report share.
func addGroup(cmd *cobra.Command, o *fleet.Options) {
	cmd.Flags().StringVar(&o.Group, "group", "quotaspec", "`NAME` of the group of workers; each group judges the whole topic")
}

func (w *worker) run(cmd *cobra.Command) error {
	o := &w.options
	if err := prepareConnection(&o.Connection); err != nil {
		return err
	}
	if o.Every < 100*time.Millisecond || o.Every > 30*time.Second {
		return command.Usage(fmt.Errorf("--every %s: want 100ms to 30s", o.Every))
	}
	if err := load(cmd, &w.Documents, o); err != nil {
		return err
	}
	o.Log = cmd.ErrOrStderr()
	o.Metrics = fleet.NewMetrics(cmd.Root().Version)
	ctx, stop := context.WithCancel(cmd.Context())
	defer stop()
	served := make(chan error, 1)
	if w.metrics == "" {
		served <- nil
	} else {
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", w.metrics)
		if err != nil {
			return fmt.Errorf("--metrics: %w", err)
		}
		fmt.Fprintf(o.Log, "metrics at http://%s/metrics\n", listener.Addr())
		go func() {
			served <- o.Metrics.Serve(ctx, listener)
			stop()
		}()
	}
	// Reading entries leaves much garbage and little else: see quotaspec verify --har.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	err := fleet.Judge(ctx, *o)
	stop()
	return errors.Join(err, <-served)
}

// load makes the judges of the flags.
func load(cmd *cobra.Command, d *command.Documents, o *fleet.Options) (err error) {
	o.Servers = d.Servers
	o.Judges, err = d.Judges(cmd.Context(), http.DefaultClient)
	return err
}
