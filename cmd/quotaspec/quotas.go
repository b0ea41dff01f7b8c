package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

const quotasVerb = "quotas"

// The exit codes of quotas, as monitoring plugins have them. Of several the first of 2, 3, 1, 0 holds.
const (
	exitBelow    = 0 // below every threshold
	exitWarning  = 1
	exitCritical = 2
	exitNotAsked = 3 // something could not be asked, or wrong usage
)

// quotasRun is one run of the verb.
type quotasRun struct {
	regions, projects []string
	domain, endpoint  string
	output            string
	warn, critical    string
	thresholds        []string
	ignored           []string
	timeout           time.Duration
}

func newQuotas() *cobra.Command {
	var q quotasRun
	cmd := &cobra.Command{
		Use:   quotasVerb,
		Short: "Ask a cloud how much of its quotas is left",
		Long: `Ask for the quotas of an account and of the images of projects, and show which run out.

--domain asks for those of the account, --region or --endpoint for those of images.
Credentials come from the environment: HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, with HUAWEICLOUD_SDK_SECURITY_TOKEN if
they are temporary, or HUAWEICLOUD_SDK_AUTH_TOKEN. HUAWEICLOUD_SDK_DOMAIN_ID and HUAWEICLOUD_SDK_PROJECT_ID stand in for
--domain and --project. A token is made out for an account or for one project; an access key may ask for everything.

A threshold is reached if as much is used, or more: 80% of the quota, or 40 as a count.
Limits of each group, agency or user (assigment_…) and limits whose use is not told (mapping) are shown and never alarmed.

Exit 0: below every threshold. Exit 1: a warning. Exit 2: critical. Exit 3: something could not be asked, or wrong usage.
Of several the first of 2, 3, 1, 0 holds.`,
		Example: `  quotaspec quotas --domain d78cbac186b744899480f25bd022f468 --region cn-north-4
  quotaspec quotas --region cn-north-4 --region eu-west-101 --output json
  quotaspec quotas --project cn-north-4=fd73a4a14a4a4dfb9771a8475e5198ea --threshold image=80%/95%
  quotaspec quotas --endpoint http://127.0.0.1:8080 --threshold user=45/48 --ignore idp`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return q.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&q.regions, "region", nil, "ask for the image quotas of this `REGION` (repeatable); the first one's IAM is asked for the account's")
	flags.StringArrayVar(&q.projects, "project", nil, "ask for the image quotas of this project, as `REGION=ID` or, with one region, ID (repeatable)")
	flags.StringVar(&q.domain, "domain", "", "ask for the quotas of the account with this `ID`")
	flags.StringVar(&q.endpoint, "endpoint", "", "ask the provider at this `URL` in place of the regions'")
	flags.StringVarP(&q.output, "output", "o", "table", "`FORMAT` of what is printed: table, json, csv")
	flags.StringVar(&q.warn, "warn", "80", "warn from this `PERCENT` of a quota on")
	flags.StringVar(&q.critical, "critical", "95", "alarm from this `PERCENT` of a quota on")
	flags.StringArrayVar(&q.thresholds, "threshold", nil, "the thresholds of one type, as `TYPE=W/C`: counts such as 45/48, or percent such as 45%/48% (repeatable)")
	flags.StringArrayVar(&q.ignored, "ignore", nil, "show this `TYPE` and never alarm it (repeatable)")
	flags.DurationVar(&q.timeout, "timeout", time.Minute, "of everything, retries included")
	return cmd
}

// run asks, prints, and ends with an exit code.
func (q *quotasRun) run(cmd *cobra.Command) error {
	write, ok := quotaFormats[q.output]
	if !ok {
		return fmt.Errorf("output %q: want table, json or csv", q.output)
	}
	if q.timeout <= 0 {
		return fmt.Errorf("timeout %s: want more than nothing", q.timeout)
	}
	limits, err := parseThresholds(q.warn, q.critical, q.thresholds, q.ignored)
	if err != nil {
		return err
	}
	places, notes, err := q.plan(credentialsFromEnvironment())
	if err != nil {
		return err
	}
	docs, err := embeddedDocuments()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), q.timeout)
	defer cancel()
	askAll(ctx, places)
	seen := knownTypes(docs)
	for _, p := range places {
		for i := range p.Quotas {
			limits.judge(&p.Quotas[i])
			seen = append(seen, p.Quotas[i].Type)
		}
	}
	for _, note := range notes {
		fmt.Fprintf(cmd.ErrOrStderr(), "quotaspec: %s\n", note)
	}
	if err := write(cmd.OutOrStdout(), places); err != nil {
		return fmt.Errorf("write the quotas: %w", err)
	}
	if failed := countStates(places)[stateFailed]; failed > 0 && q.output != "table" { // which says so itself
		fmt.Fprintf(cmd.ErrOrStderr(), "quotaspec: %d of %d could not be asked\n", failed, len(places))
	}
	code := quotasExit(places)
	if name := limits.unseen(seen); name != "" {
		err := fmt.Errorf("no type %q was answered, and the documents know none", name)
		if code != exitCritical {
			return err
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "quotaspec: %s\n", err)
	}
	if code == exitBelow {
		return nil
	}
	return exitCode(code)
}

// exitOf is the exit code of a run by its worst state.
var exitOf = map[quotaState]int{
	stateOK: exitBelow, stateWarning: exitWarning, stateCritical: exitCritical, stateFailed: exitNotAsked,
}

func quotasExit(places []*quotaPlace) int { return exitOf[worstState(places)] }

// worstState is what the exit code says: who must act at once goes before what is not known.
func worstState(places []*quotaPlace) quotaState {
	count := countStates(places)
	for _, state := range []quotaState{stateCritical, stateFailed, stateWarning} {
		if count[state] > 0 {
			return state
		}
	}
	return stateOK
}

// countStates counts the quotas of each state, and the questions that failed.
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

// quotedWord is one of the types that a rule known-type lists.
var quotedWord = regexp.MustCompile(`"([^"]+)"`)

// knownTypes returns the types that the documents know: those that the rule known-type of each lists.
func knownTypes(docs []*spec.Document) (types []string) {
	for _, doc := range docs {
		for _, rule := range doc.Rules {
			if !strings.HasSuffix(rule.ID, "/known-type") {
				continue
			}
			for _, word := range quotedWord.FindAllStringSubmatch(rule.Expr, -1) {
				types = append(types, word[1])
			}
		}
	}
	return types
}
