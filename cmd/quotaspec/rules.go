package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

func newRules() *cobra.Command {
	var unproven bool
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "Print every promise: sentence, grade, source, proof, place",
		Long: `Print every promise that the documents make beyond plain OpenAPI, and what proves it:
the recordings and the probes of the reference server that were just seen to keep it.
The last lines list the pages that the sources name: title, edition and address.

With --unproven only the promises are printed that nothing was seen to keep; exit 1 if there are any.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			all, err := promises(cmd.Context(), cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			if unproven {
				return printUnproven(cmd.OutOrStdout(), all)
			}
			for _, p := range all {
				p.print(cmd.OutOrStdout())
			}
			printSources(cmd.OutOrStdout(), all)
			return nil
		},
	}
	cmd.Flags().BoolVar(&unproven, "unproven", false, "only those that nothing proves; exit 1 if there are any")
	return cmd
}

// printUnproven prints the promises that nothing was seen to keep, and those that were broken. It returns errBroken if there
// are any.
func printUnproven(w io.Writer, all []promise) error {
	found := 0
	for _, p := range all {
		if p.State != report.Kept {
			p.print(w)
			found++
		}
	}
	fmt.Fprintf(w, "%d of %d promises are unproven\n", found, len(all))
	if found > 0 {
		return errBroken
	}
	return nil
}

// printSources prints the pages that the documents of the promises name, by document.
func printSources(w io.Writer, all []promise) {
	var printed *spec.Document
	for _, p := range all {
		if p.Document == printed {
			continue
		}
		printed = p.Document
		fmt.Fprintf(w, "\nsources of %s\n", printed.Name)
		for _, page := range printed.Sources {
			fmt.Fprintf(w, "  %s: %s (%s)\n    %s\n", page.Name, page.Title, page.Edition, page.URL)
		}
	}
}

// promise is a rule of a document and what proves it.
type promise struct {
	report.Part
	probes, recordings int
	captured           []string // operations of which a captured answer kept it
}

// promises judges the repository and says of every promise what was seen to keep it.
func promises(ctx context.Context, log io.Writer) ([]promise, error) {
	v := verification{options: verify.Options{
		FailOn: spec.Recorded, Timeout: defaultTimeout, Concurrency: defaultConcurrency, Log: log,
		RepeatCommand: func(string) string { return "" }, // nothing is shown of how to repeat a check
	}}
	result, err := v.run(ctx)
	if err != nil {
		return nil, err
	}
	captured, err := capturedOf()
	if err != nil {
		return nil, err
	}
	list := []promise{}
	for _, part := range result.Coverage() {
		if part.Kind != report.KindPromise {
			continue
		}
		p := promise{Part: part}
		for _, c := range result.Checks {
			if !slices.Contains(c.Passed, part.Rule) {
				continue
			}
			switch c.Suite {
			case report.Probes:
				p.probes++
			case report.Recordings:
				p.recordings++
				if of := captured[c.ID]; of != "" && !slices.Contains(p.captured, of) {
					p.captured = append(p.captured, of)
				}
			}
		}
		list = append(list, p)
	}
	return list, nil
}

// capturedOf says of each check of a captured recording which operation was really answered.
func capturedOf() (map[string]string, error) {
	all, err := recordings.Embedded()
	if err != nil {
		return nil, err
	}
	byCheck := map[string]string{}
	for _, r := range all {
		if r.Kind == recordings.Captured {
			byCheck[verify.Recording{Name: r.Name(), Operation: r.Operation}.ID()] = cmp.Or(r.Of, r.Operation)
		}
	}
	return byCheck, nil
}

func (p promise) print(w io.Writer) {
	fmt.Fprintf(w, "%s\n  %s\n  %s: %s\n  %s, %s\n  %s\n", p.Label, p.Rule.Says, p.Rule.Evidence.Grade,
		strings.Join(p.Rule.Evidence.Source, ", "), proofOf(p.Rule), p.Place, p.seen())
}

// proofOf says what proves a promise.
func proofOf(rule *spec.Rule) string {
	switch {
	case rule.Probe == "":
		return "a rule over each exchange"
	case rule.Expr == "":
		return "the probe " + string(rule.Probe)
	}
	return "a rule over the answers to the probe " + string(rule.Probe)
}

// seen says where the promise was seen to be kept.
func (p promise) seen() string {
	captured := "not observed on a captured exchange"
	if len(p.captured) > 0 {
		captured = "captured: " + strings.Join(p.captured, "; ")
	}
	return fmt.Sprintf("kept by %d probes and %d recordings; %s", p.probes, p.recordings, captured)
}
