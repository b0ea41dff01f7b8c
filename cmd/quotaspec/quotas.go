package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/internal/command"
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

	limits        limitFlags
	output, order string
	problems      bool
	timeout       time.Duration
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
Instead of all these, --config names a file with several accounts, each with credentials of its own.

A quota reaches a threshold if its usage is equal or higher: 80% of the quota, or a count such as 40.
Limits for each group, agency or user (assigment_…) and limits whose usage is not reported (mapping) are shown without
comparing them.

--output nagios prints the one line of a monitoring plugin, --output prometheus the metrics of quotaspec exporter.

Exit 0: below every threshold. Exit 1: a warning. Exit 2: critical. Exit 3: a request failed, or wrong usage.
If several apply, the order is 2, 3, 1, 0.`,
		Example: `  quotaspec quotas --domain d78cbac186b744899480f25bd022f468 --region cn-north-4
  quotaspec quotas --project cn-north-4=fd73a4a14a4a4dfb9771a8475e5198ea --threshold image=80%/95% --output json
  quotaspec quotas --config quotas.yaml --problems --sort ratio
  quotaspec quotas --config quotas.yaml --account production --output nagios --timeout 30
  quotaspec quotas --endpoint http://127.0.0.1:8080 --threshold user=45/48 --ignore idp`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return q.run(cmd) },
	}
	flags := cmd.Flags()
	q.add(flags)
	flags.StringVarP(&q.output, "output", "o", "table", "output `FORMAT`: "+strings.Join(quotaFormatNames, ", "))
	flags.StringVar(&q.order, "sort", orderResponse,
		"`ORDER` of table, json and csv: response, or ratio for the fullest quota of each place and the fullest place first")
	flags.BoolVar(&q.problems, "problems", false, "table, json and csv have only warnings, critical quotas and failed requests")
	flags.StringVar(&q.limits.warn, "warn", "", "warning threshold, in `PERCENT` of a quota (default "+defaultWarn+")")
	flags.StringVar(&q.limits.critical, "critical", "", "critical threshold, in `PERCENT` of a quota (default "+defaultCritical+")")
	flags.StringArrayVar(&q.limits.thresholds, "threshold", nil,
		"warning and critical threshold of one type, as `TYPE=W/C`, in counts (45/48) or percent (45%/48%); repeatable")
	flags.StringArrayVar(&q.limits.ignored, "ignore", nil, "show this `TYPE` without comparing it (repeatable)")
	command.DurationVar(flags, &q.timeout, "timeout", time.Minute, "`DURATION` that the whole run may take at most, including retries")
	command.CompleteFlag(cmd, "output", quotaFormatNames...)
	command.CompleteFlag(cmd, "sort", quotaOrders...)
	return cmd
}

// run requests, compares and prints the quotas. It returns an ExitCode, or another error for wrong usage.
func (q *quotasRun) run(cmd *cobra.Command) error {
	if err := q.check(); err != nil {
		return err
	}
	accounts, notes, err := q.accounts(readEnvironment(), q.limits)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(cmd.Context(), q.timeout, fmt.Errorf("no response within --timeout %s", q.timeout))
	defer cancel()
	results := quotas.AskAll(ctx, accounts)
	report := quotaReport{all: results, shown: selected(results, q.order, q.problems), finished: time.Now()}
	for _, a := range accounts {
		for range a.Places() {
			report.limits = append(report.limits, a.Limits)
		}
	}
	if name := quotas.UnknownType(accounts, results); name != "" {
		report.problem = fmt.Sprintf("unknown type %q: it is neither in the responses nor in the documents", name)
	}
	log := cmd.ErrOrStderr()
	if q.output == formatNagios { // its line says all, and some monitors add stderr to it
		log = io.Discard
	}
	for _, note := range notes {
		fmt.Fprintf(log, "quotaspec: %s\n", note)
	}
	if err := quotaFormats[q.output](cmd.OutOrStdout(), report); err != nil {
		return fmt.Errorf("write the quotas: %w", err)
	}
	if failed := quotas.CountStates(results)[quotas.StateFailed]; failed > 0 && q.output != formatTable { // a table ends with this count
		fmt.Fprintf(log, "quotaspec: %d of %d requests failed\n", failed, len(results))
	}
	if report.problem != "" {
		fmt.Fprintf(log, "quotaspec: %s\n", report.problem)
	}
	return command.ExitCode(exitOf(report.state()))
}

// check returns the error of a wrong flag.
func (q *quotasRun) check() error {
	if _, ok := quotaFormats[q.output]; !ok {
		return command.Usage(text.Unknown("output format", q.output, quotaFormatNames))
	}
	if !slices.Contains(quotaOrders, q.order) {
		return command.Usage(text.Unknown("order", q.order, quotaOrders))
	}
	isSelected := q.problems || q.order != orderResponse
	if isSelected && (q.output == formatNagios || q.output == formatPrometheus) {
		return command.Usage(fmt.Errorf("--sort and --problems are for table, json and csv, not for %s", q.output))
	}
	if q.timeout <= 0 {
		return fmt.Errorf("timeout %s: want a duration above 0", q.timeout)
	}
	_, err := q.limits.parse()
	return err
}

// exitOf returns the exit code for the state of a run.
func exitOf(state quotas.State) int {
	codes := map[quotas.State]int{quotas.StateWarning: exitWarning, quotas.StateCritical: exitCritical, quotas.StateFailed: exitUnknown}
	return codes[state]
}
