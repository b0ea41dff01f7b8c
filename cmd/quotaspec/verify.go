package main

import (
	"fmt"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi"
)

const defaultTimeout = 10 * time.Second

func newVerify() *cobra.Command {
	var v verification
	var failOn string
	var verbose bool
	cmd := &cobra.Command{
		Use:   "verify [URL]",
		Short: "Judge the repository itself, or a live provider",
		Long: `Judge whether the contract is kept.

Without a URL: the documents, the recordings and the reference server, in process.
With a URL: the live provider there, for both services, with the sample credentials; such a URL must be on loopback.

Exit 0: judged and kept. Exit 1: judged and something failed. Exit 2: not judged.`,
		Example: `  quotaspec verify
  quotaspec verify http://127.0.0.1:8080 --fail-on inferred
  quotaspec verify http://127.0.0.1:8080 --only 'showImageQuota/*'`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if v.failOn, err = openapi.ParseGrade(failOn); err != nil {
				return err
			}
			if v.timeout <= 0 {
				return fmt.Errorf("timeout %s: want more than nothing", v.timeout)
			}
			var target *url.URL
			if len(args) == 1 {
				if target, err = parseTarget(args[0]); err != nil {
					return err
				}
			}
			result, err := v.run(cmd.Context(), target)
			if err != nil {
				return err
			}
			if result.JudgedTraffic() || result.Count("", report.Fail) > 0 {
				if err := report.Text(cmd.OutOrStdout(), result, verbose); err != nil {
					return err
				}
			}
			return conclude(result)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&v.document, "document", "", "judge the API at URL by the OpenAPI document in this `FILE`")
	flags.StringArrayVar(&v.only, "only", nil, "judge only the checks that match this `GLOB` over operation/check (repeatable)")
	flags.StringArrayVar(&v.skip, "skip", nil, "leave out the checks that match this `GLOB` (repeatable)")
	flags.StringVar(&failOn, "fail-on", "recorded", "fail on what is broken at this `GRADE` or a surer one: documented, recorded, inferred, undocumented")
	flags.DurationVar(&v.timeout, "timeout", defaultTimeout, "of one request")
	flags.BoolVarP(&verbose, "verbose", "v", false, "name every check that passed")
	return cmd
}

// parseTarget reads the URL of a provider. The sample credentials go nowhere but to loopback.
func parseTarget(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, fmt.Errorf("target %q: want a URL such as http://127.0.0.1:8080", text)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("target %q: want scheme, host and path only", u.Redacted())
	}
	if !isLoopback(u.Hostname()) {
		return nil, fmt.Errorf("target %q is not on loopback, and the sample credentials are sent nowhere else", text)
	}
	return u, nil
}

// conclude turns a report into an exit code.
func conclude(r *report.Report) error {
	switch {
	case r.Count("", report.Fail) > 0:
		return errBroken
	case !r.JudgedTraffic():
		return fmt.Errorf("nothing was judged: %s", whyNot(r))
	case r.Count("", report.Error) > 0:
		return fmt.Errorf("%d checks could not be judged", r.Count("", report.Error))
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
