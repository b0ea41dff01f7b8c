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

	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

func newVerify() *cobra.Command {
	var v verification
	cmd := &cobra.Command{
		Use:   "verify [URL]",
		Short: "Judge the repository itself, a live provider, or traffic",
		Long: `Judge whether the contract is kept.

Without a URL and a config: the documents, the recordings and the reference server, in process.
With a URL, or the targets of a config: the live provider there; the paths begin at the URL. Without a config it is asked with the
sample credentials, and must be on loopback. Credentials of a config go over https or to loopback,
elsewhere only with allow_http: true in the config.
With --document alone: the document, its examples by its own schemas.
With --recordings or --har: that traffic. An entry of a HAR is judged if its URL begins with one of the
document's servers or with a --server URL; loopback hosts and documents without servers take any.

Exit 0: judged and kept. Exit 1: judged and something failed. Exit 2: not judged.`,
		Example: `  quotaspec verify
  quotaspec verify http://127.0.0.1:8080 --fail-on inferred
  quotaspec verify --config quotaspec.yaml --report junit=verify.xml
  quotaspec verify --har traffic.har
  quotaspec verify http://127.0.0.1:8080 --only 'showImageQuota/*'`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			outputs, err := newOutputs(v.reports, "")
			if err != nil {
				return err
			}
			result := &report.Report{FailOn: spec.Recorded}
			if err = v.prepare(args); err == nil {
				progress := newProgress(cmd.ErrOrStderr())
				v.options.Log, v.options.Progress = cmd.ErrOrStderr(), progress.show
				v.options.RepeatCommand = again(cmd.Flags(), args)
				for _, k := range v.options.Known {
					if k.Expired(time.Now()) {
						fmt.Fprintf(cmd.ErrOrStderr(), "quotaspec: %s: the known failure has expired and is ignored\n", k.Place)
					}
				}
				result, err = v.run(cmd.Context())
				progress.end()
			}
			return finish(cmd.OutOrStdout(), result, err, v.verbose, outputs)
		},
	}
	v.addFlags(cmd.Flags())
	return cmd
}

func (v *verification) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&v.configFile, "config", "", "read targets and principals from this `FILE` (default ./"+defaultConfig+" if it is there)")
	flags.StringVar(&v.document, "document", "", documentUsage)
	flags.StringVar(&v.recordings, "recordings", "", "judge the recordings in this folder: `DIR`/manifest.yaml and its bodies")
	flags.StringArrayVar(&v.har, "har", nil, "judge the traffic in this HAR `FILE` (repeatable)")
	flags.StringArrayVar(&v.servers, "server", nil, serverUsage)
	flags.StringArrayVar(&v.options.Only, "only", nil, "judge only the checks that match this `GLOB` over operation/check (repeatable)")
	flags.StringArrayVar(&v.options.Skip, "skip", nil, "leave out the checks that match this `GLOB` (repeatable)")
	flags.StringVar(&v.knownFile, "known-failing", "", "read lines \"ID [until=YYYY-MM-DD] # reason\" from this `FILE`: these fail and must")
	flags.StringVar(&v.failOn, "fail-on", "recorded", "fail on what is broken at this `GRADE` or a surer one: documented, recorded, inferred, undocumented")
	flags.StringArrayVar(&v.reports, "report", nil, "write a report too, as `FORMAT=FILE` (repeatable): "+strings.Join(report.FormatNames(), ", "))
	flags.DurationVar(&v.options.Timeout, "timeout", defaultTimeout, "of one request")
	flags.Float64Var(&v.options.Rate, "rate", 0, "requests a second at most (default no limit)")
	flags.IntVar(&v.options.Concurrency, "concurrency", defaultConcurrency, "requests at once")
	flags.BoolVar(&v.options.AllowChanges, "allow-changes", false, "with --document, also send the requests that may change something at the provider: POST, PUT, PATCH, DELETE")
	flags.BoolVar(&v.allowSamples, "allow-sample-credentials", false, "send the sample credentials beyond loopback")
	flags.BoolVarP(&v.verbose, "verbose", "v", false, "name every check that passed, and what nothing was seen of")
}

// serverUsage is that of --server, of verify and of proxy.
const serverUsage = "judge traffic that was sent to this `URL` too, beside the document's servers (repeatable)"

// prepare reads what the flags name.
func (v *verification) prepare(args []string) (err error) {
	if v.options.FailOn, err = spec.ParseGrade(v.failOn); err != nil {
		return err
	}
	switch {
	case v.options.Timeout <= 0:
		return fmt.Errorf("timeout %s: want more than nothing", v.options.Timeout)
	case v.options.Rate < 0 || math.IsNaN(v.options.Rate) || v.options.Rate > 1e6:
		return fmt.Errorf("rate %v: want requests a second", v.options.Rate)
	case v.options.Concurrency < 1 || v.options.Concurrency > 1000:
		return fmt.Errorf("concurrency %d: want 1 to 1000", v.options.Concurrency)
	}
	if v.config, err = readConfig(v.configFile); err != nil {
		return err
	}
	v.options.AllowChanges = v.options.AllowChanges || v.config != nil && v.config.AllowChanges
	if len(args) == 1 {
		if v.target, err = parseTarget(args[0]); err != nil {
			return err
		}
	}
	if v.knownFile == "" {
		return nil
	}
	lines, err := os.ReadFile(v.knownFile)
	if err != nil {
		return fmt.Errorf("read the known failures: %w", err)
	}
	v.options.Known, err = verify.ParseKnownFailing(v.knownFile, string(lines))
	return err
}

// finish ends a run: it writes all reports, also of a run that ended with an error, and prints the text if anything was
// judged. The reports come first, since the process ends when its output is a pipe that nobody reads.
func finish(stdout io.Writer, r *report.Report, runErr error, verbose bool, reports outputs) error {
	err := conclude(r, runErr)
	if err != nil && !errors.Is(err, errBroken) {
		r.Error = oneLine(err)
	}
	writeErr := reports.write(r)
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

// conclude turns a report into an exit code.
func conclude(r *report.Report, runErr error) error {
	switch {
	case runErr != nil:
		return runErr
	case r.Count("", report.Fail) > 0:
		return errBroken
	case !r.JudgedAny():
		return fmt.Errorf("nothing was judged: %s", whyNot(r))
	case r.Count("", report.Error) > 0:
		return fmt.Errorf("%s could not be judged", text.Count(r.Count("", report.Error), "check", "checks"))
	}
	return nil
}

// whyNot gives the first reason for which a check was not judged.
func whyNot(r *report.Report) string {
	for _, c := range r.Checks {
		if c.Reason != "" {
			return c.Reason
		}
	}
	return "no recording and no probe was selected"
}
