package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/internal/quotas"
	"github.com/quotaspec/quotaspec/internal/text"
)

const quotasVerb = "quotas"

// The exit codes of quotas are those of monitoring plugins. If several apply, the order is 2, 3, 1, 0.
const (
	exitOK       = 0 // below every threshold
	exitWarning  = 1
	exitCritical = 2
	exitUnknown  = 3 // a request failed, or wrong usage
)

// quotasRun is one run of quotas. It turns flags and environment into accounts (quotas_accounts.go), asks for their quotas (package
// quotas), and prints the results (quotas_output.go, quotas_table.go).
type quotasRun struct {
	accountFlags

	limits  limitFlags
	output  string
	timeout time.Duration
}

// newQuotas returns the verb quotas.
func newQuotas() *cobra.Command {
	var q quotasRun
	cmd := &cobra.Command{
		Use:   quotasVerb,
		Short: "Show which quotas of a cloud account run out",
		Long: `Request the quotas of an account and of the private images of projects, and show which run out.

--domain requests the quotas of an account, --region or --endpoint those of images.
Credentials come from the environment: HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, with HUAWEICLOUD_SDK_SECURITY_TOKEN
if they are temporary, or HUAWEICLOUD_SDK_AUTH_TOKEN. HUAWEICLOUD_SDK_DOMAIN_ID and HUAWEICLOUD_SDK_PROJECT_ID are the
defaults of --domain and --project. A token is valid for one account or one project; an access key has no such limit.

A quota reaches a threshold if its usage is equal or higher: 80% of the quota, or a count such as 40.
Limits for each group, agency or user (assigment_…) and limits whose usage is not reported (mapping) are shown without
comparing them.

Exit 0: below every threshold. Exit 1: a warning. Exit 2: critical. Exit 3: a request failed, or wrong usage.
If several apply, the order is 2, 3, 1, 0.`,
		Example: `  quotaspec quotas --domain d78cbac186b744899480f25bd022f468 --region cn-north-4
  quotaspec quotas --project cn-north-4=fd73a4a14a4a4dfb9771a8475e5198ea --threshold image=80%/95% --output json
  quotaspec quotas --endpoint http://127.0.0.1:8080 --threshold user=45/48 --ignore idp`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return q.run(cmd) },
	}
	flags := cmd.Flags()
	q.add(flags)
	flags.StringVarP(&q.output, "output", "o", "table", "output `FORMAT`: table, json, csv")
	flags.StringVar(&q.limits.warn, "warn", "", "warning threshold, in `PERCENT` of a quota (default "+defaultWarn+")")
	flags.StringVar(&q.limits.critical, "critical", "", "critical threshold, in `PERCENT` of a quota (default "+defaultCritical+")")
	flags.StringArrayVar(&q.limits.thresholds, "threshold", nil,
		"warning and critical threshold of one type, as `TYPE=W/C`, in counts (45/48) or percent (45%/48%); repeatable")
	flags.StringArrayVar(&q.limits.ignored, "ignore", nil, "show this `TYPE` without comparing it (repeatable)")
	durationVar(flags, &q.timeout, "timeout", time.Minute, "`DURATION` that the whole run may take at most, including retries")
	completeFlag(cmd, "output", quotaFormatNames...)
	return cmd
}

// run requests, compares and prints the quotas. It returns an exitCode, or another error for wrong usage.
func (q *quotasRun) run(cmd *cobra.Command) error {
	write, ok := quotaFormats[q.output]
	if !ok {
		return usage(text.Unknown("output format", q.output, quotaFormatNames))
	}
	if q.timeout <= 0 {
		return fmt.Errorf("timeout %s: want a duration above 0", q.timeout)
	}
	if _, err := q.limits.parse(); err != nil {
		return err
	}
	accounts, notes, err := q.accounts(readEnvironment(), q.limits)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), q.timeout)
	defer cancel()
	results := quotas.AskAll(ctx, accounts)
	for _, note := range notes {
		fmt.Fprintf(cmd.ErrOrStderr(), "quotaspec: %s\n", note)
	}
	if err := write(cmd.OutOrStdout(), results); err != nil {
		return fmt.Errorf("write the quotas: %w", err)
	}
	if failed := quotas.CountStates(results)[quotas.StateFailed]; failed > 0 && q.output != "table" { // a table ends with this count
		fmt.Fprintf(cmd.ErrOrStderr(), "quotaspec: %d of %d requests failed\n", failed, len(results))
	}
	code := quotasExit(results)
	if name := quotas.UnknownType(accounts, results); name != "" {
		err := fmt.Errorf("unknown type %q: it is neither in the responses nor in the documents", name)
		if code != exitCritical {
			return err
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "quotaspec: %s\n", err)
	}
	return exitCode(code)
}

// quotasExit returns the exit code of a run.
func quotasExit(results []quotas.Result) int {
	codes := map[quotas.State]int{quotas.StateWarning: exitWarning, quotas.StateCritical: exitCritical, quotas.StateFailed: exitUnknown}
	return codes[quotas.WorstState(results)]
}
