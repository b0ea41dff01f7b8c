package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const quotasVerb = "quotas"

// The exit codes of quotas are those of monitoring plugins. If several apply, the order is 2, 3, 1, 0.
const (
	exitOK       = 0 // below every threshold
	exitWarning  = 1
	exitCritical = 2
	exitUnknown  = 3 // a request failed, or wrong usage
)

// quotasRun is one run of quotas. It plans a request for the account and for each project (quotas_fetch.go), sends them all,
// compares each quota with its thresholds (quotas_threshold.go), and prints the result (quotas_output.go, quotas_table.go).
type quotasRun struct {
	domain, endpoint, output, warn, critical string
	regions, projects, thresholds, ignored   []string
	timeout                                  time.Duration
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
	flags.StringArrayVar(&q.regions, "region", nil,
		"request the image quotas of this `REGION` (repeatable); the request for the account goes to the IAM of the first")
	flags.StringArrayVar(&q.projects, "project", nil,
		"request the image quotas of this project, as `REGION=ID` or, with one region, ID (repeatable)")
	flags.StringVar(&q.domain, "domain", "", "request the quotas of the account with this `ID`")
	flags.StringVar(&q.endpoint, "endpoint", "", "send all requests to the provider at this `URL`")
	flags.StringVarP(&q.output, "output", "o", "table", "output `FORMAT`: table, json, csv")
	flags.StringVar(&q.warn, "warn", "80", "warning threshold, in `PERCENT` of a quota")
	flags.StringVar(&q.critical, "critical", "95", "critical threshold, in `PERCENT` of a quota")
	flags.StringArrayVar(&q.thresholds, "threshold", nil,
		"warning and critical threshold of one type, as `TYPE=W/C`, in counts (45/48) or percent (45%/48%); repeatable")
	flags.StringArrayVar(&q.ignored, "ignore", nil, "show this `TYPE` without comparing it (repeatable)")
	flags.DurationVar(&q.timeout, "timeout", time.Minute, "`DURATION` that the whole run may take at most, including retries")
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
	limits, err := parseThresholds(q.warn, q.critical, q.thresholds, q.ignored)
	if err != nil {
		return err
	}
	places, notes, err := q.plan(readEnvironment())
	if err != nil {
		return err
	}
	docs, err := embeddedDocuments()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), q.timeout)
	defer cancel()
	fetchAll(ctx, places)
	known := knownTypes(docs)
	for _, p := range places {
		for i := range p.Quotas {
			limits.judge(&p.Quotas[i])
			known = append(known, p.Quotas[i].Type)
		}
	}
	for _, note := range notes {
		fmt.Fprintf(cmd.ErrOrStderr(), "quotaspec: %s\n", note)
	}
	if err := write(cmd.OutOrStdout(), places); err != nil {
		return fmt.Errorf("write the quotas: %w", err)
	}
	if failed := countStates(places)[stateFailed]; failed > 0 && q.output != "table" { // a table ends with this count
		fmt.Fprintf(cmd.ErrOrStderr(), "quotaspec: %d of %d requests failed\n", failed, len(places))
	}
	code := quotasExit(places)
	if name := limits.unknownType(known); name != "" {
		err := fmt.Errorf("unknown type %q: it is neither in the responses nor in the documents", name)
		if code != exitCritical {
			return err
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "quotaspec: %s\n", err)
	}
	return exitCode(code)
}

// quotasExit returns the exit code of a run.
func quotasExit(places []*quotaPlace) int {
	codes := map[quotaState]int{stateWarning: exitWarning, stateCritical: exitCritical, stateFailed: exitUnknown}
	return codes[worstState(places)]
}

// worstState returns the state that decides the exit code. A critical quota goes before a failed request, since it needs action
// whatever the other requests would show.
func worstState(places []*quotaPlace) quotaState {
	count := countStates(places)
	for _, state := range []quotaState{stateCritical, stateFailed, stateWarning} {
		if count[state] > 0 {
			return state
		}
	}
	return stateOK
}

// countStates counts the quotas of each state, and the failed requests.
func countStates(places []*quotaPlace) map[quotaState]int {
	count := map[quotaState]int{}
	for _, p := range places {
		for _, line := range p.Quotas {
			count[line.State]++
		}
		if p.Failure != nil {
			count[stateFailed]++
		}
	}
	return count
}

// quotedWord matches one quoted text of a CEL expression.
var quotedWord = regexp.MustCompile(`"([^"]+)"`)

// knownTypes returns the quota types that the documents list. They are the quoted texts of each rule known-type, whose
// expression has the form: self.type in ["user", "group"].
func knownTypes(docs []*spec.Document) (types []string) {
	for _, doc := range docs {
		for _, rule := range doc.Rules {
			if strings.HasSuffix(rule.ID, "/known-type") {
				for _, word := range quotedWord.FindAllStringSubmatch(rule.Expr, -1) {
					types = append(types, word[1])
				}
			}
		}
	}
	return types
}
