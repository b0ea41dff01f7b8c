package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// newVerify returns the verb verify. A run has three steps: prepare reads the flags and files, run judges, and finish writes
// the reports and returns the exit code. The report files are checked before everything else, and are written even if a later
// step fails, with its error in them.
func newVerify() *cobra.Command {
	var v verification
	cmd := &cobra.Command{
		Use:        "verify [URL]",
		Short:      "Judge a live provider, captured traffic, or the contract itself",
		SuggestFor: []string{"check", "judge", "lint", "run", "test", "validate"},
		Long: `Judge whether an API keeps its OpenAPI document: the one of --document, or those of the two quota endpoints.

With a URL, or with a target in a config, it sends probes to the live provider there; the paths begin at the URL.
With --document alone, it judges the document and its examples by its own schemas, and no provider.
Without all of these, it judges the documents of the quota endpoints, the recordings and the reference server.

Credentials of a config are sent only over https or to loopback, unless the config has allow_http: true.
A provider of the quota endpoints gets the sample credentials if no config has others, on loopback only.

With --recordings or --har, it judges that traffic. An entry of a HAR is judged if its URL begins with one of the
document's servers or with a --server URL, or if its host is on loopback. Without any servers, it is always judged.
--side consumer judges the requests of that traffic instead of the responses.

--record writes the probes' exchanges and the entries of --har without credentials: as HAR, or as a folder of recordings
in which ids are replaced too, and which has no probes with the credentials of another account (stranger).

Exit 0: judged, and everything passed. Exit 1: judged, and something failed. Exit 2: not judged.`,
		Example: `  quotaspec verify http://127.0.0.1:9000/v1 --document openapi.yaml
  quotaspec verify
  quotaspec verify --config quotaspec.yaml --report junit=verify.xml
  quotaspec verify --har traffic.har
  quotaspec verify --har traffic.har --side consumer
  quotaspec verify http://127.0.0.1:8080 --only 'showImageQuota/*' --fail-on inferred`,
		Args: atMostOneURL,
		RunE: func(cmd *cobra.Command, args []string) error {
			outputs, err := newOutputs(v.reports, report.FormatNames(), v.record)
			if err != nil {
				return err
			}
			started := time.Now()
			result := &report.Report{FailOn: spec.Recorded}
			if err = v.prepare(cmd.Flags(), args); err == nil {
				progress := newProgress(cmd.ErrOrStderr(), "checks")
				v.options.Log, v.options.Progress = cmd.ErrOrStderr(), progress.showCheck
				v.options.UserAgent, v.options.RepeatCommand = userAgent(), repeatCommand(cmd.Flags(), args)
				v.known.logExpired(cmd.ErrOrStderr())
				result, err = v.run(cmd.Context())
				progress.end()
				v.recorded.log(cmd.ErrOrStderr())
				err = v.updateKnown(result, err, cmd.ErrOrStderr())
			}
			stamp(result, started)
			return finish(cmd.OutOrStdout(), result, err, v.verbose, outputs)
		},
	}
	v.addFlags(cmd)
	return cmd
}

// addFlags declares the flags of verify. Most of them set fields of verify.Options directly; prepare checks the rest.
func (v *verification) addFlags(cmd *cobra.Command) {
	v.judging.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&v.configFile, "config", "",
		"read targets and principals from `FILE` (default "+defaultConfig+" if it exists)")
	flags.StringVar(&v.recordings, "recordings", "", "judge the recordings of `DIR`/manifest.yaml")
	flags.StringArrayVar(&v.har, "har", nil, "judge the traffic in this HAR or Pact `FILE` (repeatable)")
	flags.StringVar(&v.record, "record", "", recordUsage)
	durationVar(flags, &v.options.Timeout, "timeout", defaultTimeout, "`DURATION` that one request may take at most")
	flags.Float64Var(&v.options.Rate, "rate", 0, "maximum `NUMBER` of requests per second (default no limit)")
	flags.IntVar(&v.options.Concurrency, "concurrency", defaultConcurrency, "maximum `NUMBER` of requests at once")
	flags.BoolVar(&v.options.AllowChanges, "allow-changes", false,
		"with --document, also send requests that may change the provider's data: POST, PUT, PATCH, DELETE")
	flags.BoolVar(&v.allowSamples, "allow-sample-credentials", false, "send the sample credentials beyond loopback")
	completeFiles(cmd, "config", "yaml", "yml")
	completeFiles(cmd, "har", harExtensions...)
	completeFolder(cmd, "recordings")
}

// harExtensions are those of files with traffic.
var harExtensions = []string{"har", "json", "gz"}

// prepare checks the flags and reads the files that they name. A flag wins over the same key of the config.
func (v *verification) prepare(flags *pflag.FlagSet, args []string) (err error) {
	if err = v.judging.prepare(); err != nil {
		return err
	}
	hasTraffic := len(v.har) > 0 || v.recordings != ""
	switch {
	case v.options.Side == contract.Consumer && !hasTraffic:
		return usage(errors.New("--side consumer judges the requests of traffic: give --har FILE or --recordings DIR, " +
			"or send the requests through quotaspec proxy"))
	case v.options.Timeout <= 0:
		return usage(fmt.Errorf("--timeout %s: want a duration above 0", v.options.Timeout))
	}
	if err := checkLimits(v.options.Rate, v.options.Concurrency); err != nil {
		return usage(fmt.Errorf("--%w", err))
	}
	if v.config, err = readConfig(v.configFile); err != nil {
		return err
	}
	if v.config != nil {
		v.options.Allow = verify.Allow(v.config.Allow)
	}
	if err = v.useConfig(flags, hasTraffic); err != nil {
		return err
	}
	if len(args) == 1 {
		if v.target, err = parseTarget(args[0]); err != nil {
			return usage(err)
		}
	}
	return nil
}

// checkLimits checks the values of rate and concurrency.
func checkLimits(rate float64, concurrency int) error {
	switch {
	case rate < 0 || math.IsNaN(rate) || rate > 1e6:
		return fmt.Errorf("rate %v: want 0 to 1000000 requests per second", rate)
	case concurrency < 1 || concurrency > 1000:
		return fmt.Errorf("concurrency %d: want 1 to 1000", concurrency)
	}
	return nil
}

// stamp sets what wrote the report, where and when.
func stamp(r *report.Report, started time.Time) {
	r.Version, r.Started, r.Took = toolVersion(), started, time.Since(started)
	r.Folder, _ = os.Getwd() // only to locate files
}

// finish ends a run of verify or proxy and returns its error. It writes all reports, also those of a run that ended with an
// error, and prints the text report if anything was judged. The files come first, since printing ends the process if the
// output is a closed pipe.
func finish(stdout io.Writer, r *report.Report, runErr error, verbose bool, reports outputs) error {
	err := conclude(r, runErr)
	if err != nil && !errors.Is(err, errFailed) {
		r.Error = oneLine(err)
	}
	writeErr := reports.write(inFormat(r))
	if r.JudgedAny() || r.Count("", report.Fail) > 0 {
		writeErr = errors.Join(writeErr, report.Text(stdout, r, verbose))
	}
	switch {
	case writeErr == nil:
		return err
	case r.Error == "":
		return writeErr
	}
	return errors.Join(err, writeErr)
}

// inFormat returns a function that writes a report in a format.
func inFormat(r *report.Report) func(w io.Writer, format string) error {
	return func(w io.Writer, format string) error {
		f, err := report.ParseFormat(format)
		if err == nil {
			err = f.Write(w, r)
		}
		return err
	}
}

// conclude returns the error that a run ends with: that of the run itself, then errFailed for a failure, then an error if
// nothing, or not everything, could be judged.
func conclude(r *report.Report, runErr error) error {
	switch {
	case runErr != nil:
		return runErr
	case r.Count("", report.Fail) > 0:
		return errFailed
	case !r.JudgedAny():
		return fmt.Errorf("nothing was judged: %s", strings.TrimPrefix(firstReason(r), "not judged: "))
	case r.Count("", report.Error) > 0:
		return fmt.Errorf("%s could not be judged", text.Count(r.Count("", report.Error), "check", "checks"))
	}
	return nil
}

// firstReason returns the first reason why a check was not judged.
func firstReason(r *report.Report) string {
	for _, c := range r.Checks {
		if c.Reason != "" {
			return c.Reason
		}
	}
	return "there was no traffic, recording or probe, or none was selected"
}
