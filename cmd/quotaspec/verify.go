package main

import (
	"errors"
	"fmt"
	"math"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// newVerify returns the verb verify. A run has three steps: prepare reads the flags and files, run judges, and Report writes
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
			return v.Report(cmd, v.record, func() (*report.Report, error) { return v.judge(cmd, args) })
		},
	}
	v.addFlags(cmd)
	return cmd
}

// judge reads the flags and files, and judges. It returns a report also with an error.
func (v *verification) judge(cmd *cobra.Command, args []string) (*report.Report, error) {
	if err := v.prepare(cmd.Flags(), args); err != nil {
		return &report.Report{FailOn: spec.Recorded}, err
	}
	progress := newProgress(cmd.ErrOrStderr(), "checks")
	v.Options.Log, v.Options.Progress = cmd.ErrOrStderr(), progress.showCheck
	v.Options.UserAgent, v.Options.RepeatCommand = userAgent(), repeatCommand(cmd.Flags(), args)
	v.Known.LogExpired(cmd)
	result, err := v.run(cmd.Context())
	progress.end()
	v.recorded.log(cmd.ErrOrStderr())
	return result, err
}

// addFlags declares the flags of verify. Most of them set fields of verify.Options directly; prepare checks the rest.
func (v *verification) addFlags(cmd *cobra.Command) {
	v.AddFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&v.configFile, "config", "",
		"read targets and principals from `FILE` (default "+defaultConfig+" if it exists)")
	flags.StringVar(&v.recordings, "recordings", "", "judge the recordings of `DIR`/manifest.yaml")
	flags.StringArrayVar(&v.har, "har", nil, "judge the traffic in this HAR or Pact `FILE` (repeatable)")
	flags.StringVar(&v.record, "record", "", recordUsage)
	command.DurationVar(flags, &v.Options.Timeout, "timeout", defaultTimeout, "`DURATION` that one request may take at most")
	flags.Float64Var(&v.Options.Rate, "rate", 0, "maximum `NUMBER` of requests per second (default no limit)")
	flags.IntVar(&v.Options.Concurrency, "concurrency", defaultConcurrency, "maximum `NUMBER` of requests at once")
	flags.BoolVar(&v.Options.AllowChanges, "allow-changes", false,
		"with --document, also send requests that may change the provider's data: POST, PUT, PATCH, DELETE")
	flags.BoolVar(&v.allowSamples, "allow-sample-credentials", false, "send the sample credentials beyond loopback")
	command.CompleteFiles(cmd, "config", "yaml", "yml")
	command.CompleteFiles(cmd, "har", harExtensions...)
	command.CompleteFolder(cmd, "recordings")
}

// harExtensions are those of files with traffic.
var harExtensions = []string{"har", "json", "gz"}

// prepare checks the flags and reads the files that they name. A flag wins over the same key of the config.
func (v *verification) prepare(flags *pflag.FlagSet, args []string) (err error) {
	if err = v.Prepare(); err != nil {
		return err
	}
	hasTraffic := len(v.har) > 0 || v.recordings != ""
	switch {
	case v.Options.Side == contract.Consumer && !hasTraffic:
		return command.Usage(errors.New("--side consumer judges the requests of traffic: give --har FILE or --recordings DIR, " +
			"or send the requests through quotaspec proxy"))
	case v.Options.Timeout <= 0:
		return command.Usage(fmt.Errorf("--timeout %s: want a duration above 0", v.Options.Timeout))
	}
	if err := checkLimits(v.Options.Rate, v.Options.Concurrency); err != nil {
		return command.Usage(fmt.Errorf("--%w", err))
	}
	if v.config, err = readConfig(v.configFile); err != nil {
		return err
	}
	if v.config != nil {
		v.Options.Allow = verify.Allow(v.config.Allow)
	}
	if err = v.useConfig(flags, hasTraffic); err != nil {
		return err
	}
	if len(args) == 1 {
		if v.target, err = command.ParseTarget(args[0]); err != nil {
			return command.Usage(err)
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
