package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/fleet"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// reporter has the flags of report.
type reporter struct {
	command.Judging
	options fleet.Options
	wait    time.Duration
}

func newReport() *cobra.Command {
	var r reporter
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Merge what all workers have judged into one report",
		Long: `Merge the tallies of all partitions into one report: that of quotaspec verify --har on the same entries.
Give the --document, --server and --group of the workers.

On stderr it says how many records are not judged yet; if --wait was too short for them, that is an error
behind the report. Records that were deleted before they were judged are an error of the report.

Exit 0: judged, and everything passed. Exit 1: judged, and something failed. Exit 2: not judged, or not
all.`,
		Example: `  quotaspec-fleet report --brokers kafka-1:9092 --topic exchanges --document openapi.yaml --report html=report.html
  quotaspec-fleet report --brokers kafka-1:9092 --topic exchanges --document openapi.yaml --wait 60s --side both`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return r.Report(cmd, "", func() (*report.Report, error) { return r.merge(cmd) })
		},
	}
	addConnection(cmd, &r.options.Connection)
	addGroup(cmd, &r.options)
	r.AddFlags(cmd)
	command.DurationVar(cmd.Flags(), &r.wait, "wait", 0, "wait up to this `DURATION` until all is judged that the topic has now")
	return cmd
}

// merge makes the report. It returns one also with an error.
func (r *reporter) merge(cmd *cobra.Command) (*report.Report, error) {
	none := &report.Report{FailOn: spec.Recorded}
	if err := prepareConnection(&r.options.Connection); err != nil {
		return none, err
	}
	if r.wait < 0 {
		return none, command.Usage(fmt.Errorf("--wait %s: want 0s or more", r.wait))
	}
	if err := r.Prepare(); err != nil {
		return none, err
	}
	if err := load(cmd, &r.Documents, &r.options); err != nil {
		return none, err
	}
	r.Known.LogExpired(cmd)
	r.options.Log = named{cmd}
	merged, err := fleet.Merge(cmd.Context(), r.options, r.wait)
	if err != nil {
		return verify.NewReport(r.options.Judges, r.Options), stopped(cmd.Context(), err)
	}
	if err := r.noneJudged(merged); err != nil {
		return verify.NewReport(r.options.Judges, r.Options), err
	}
	log := func(count int64, what string) {
		if count > 0 {
			fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s %s\n", cmd.Root().Name(), text.Count(int(count), "record", "records"), what)
		}
	}
	log(merged.Behind, "not judged yet")
	log(merged.Others, "judged by other documents or versions of them, or with other servers, which this report does not have")
	result, err := merged.Tally.Report(r.Options, merged.Dropped())
	result.Subject = "traffic in " + r.options.Topic
	if err == nil && r.wait > 0 && merged.Awaited > 0 {
		err = fmt.Errorf("%s not judged after --wait %s", text.Count(int(merged.Awaited), "record is", "records are"), r.wait)
	}
	return result, err
}

// noneJudged fails if there is nothing to report, and says what to do about it.
func (r *reporter) noneJudged(m *fleet.Merged) error {
	records := func(n int64) string { return text.Count(int(n), "record", "records") }
	topic := r.options.Topic
	switch {
	case m.Exchanges > 0 || m.Lost > 0:
		return nil
	case m.Others > 0:
		return fmt.Errorf("nothing was judged by this document and these servers, but %s of %s by others: "+
			"give the --document and --server of the workers", records(m.Others), topic)
	case m.Behind > 0:
		return fmt.Errorf("group %s has judged none of the %s of %s: start quotaspec-fleet judge, or give the --group of the workers",
			r.options.Group, records(m.Behind), topic)
	}
	return fmt.Errorf("nothing was judged: topic %s has no records", topic)
}
