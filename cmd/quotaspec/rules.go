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
	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// newRules returns the verb rules. It lists the promises of the embedded documents with the checks of a whole run of verify.
func newRules() *cobra.Command {
	var unproven bool
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "Print every promise with its grade, sources and proof",
		Long: `Run verify without arguments, then print every promise that the documents make beyond plain OpenAPI:
sentence, grade, sources, place, and how many probes and recordings kept it.
The last lines list the pages that the sources name, with title, edition and address.

--unproven prints only the promises that no probe or recording kept; exit 1 if there are any.`,
		Example: `  quotaspec rules
  quotaspec rules --unproven`,
		Args: noArgs,
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
	cmd.Flags().BoolVar(&unproven, "unproven", false, "print only promises without proof; exit 1 if there are any")
	return cmd
}

// printUnproven prints the promises that are broken or not observed. It returns command.ErrFailed if there are any.
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
		return command.ErrFailed
	}
	return nil
}

// printSources prints the pages that each document of the promises lists in x-sources.
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

// The proof of a promise is not written down anywhere: rules runs verify on the embedded documents and looks up in the report
// which checks kept the promise. docs/promises.md is made of the same list, so neither can name a check that does not exist.

// promise is a rule of a document with its proof.
type promise struct {
	report.Part
	probes, recordings int      // that kept it
	captured           []string // operations with a captured response that kept it
}

// promises judges the embedded documents, the recordings and the reference server, and returns every promise with the checks
// that kept it.
func promises(ctx context.Context, log io.Writer) ([]promise, error) {
	v := verification{Judging: command.Judging{Options: verify.Options{
		FailOn: spec.Recorded, Timeout: defaultTimeout, Concurrency: defaultConcurrency, Log: log,
		RepeatCommand: func(string) string { return "" }, // rules prints no commands
	}}}
	result, err := v.run(ctx)
	if err != nil {
		return nil, err
	}
	stored, err := recordings.Embedded()
	if err != nil {
		return nil, err
	}
	captured := map[string]string{} // the operation that a captured response comes from, by the id of its check
	for _, r := range stored {
		if r.Kind == recordings.Captured {
			captured[verify.Recording{Name: r.Name(), Operation: r.Operation}.ID()] = cmp.Or(r.Of, r.Operation)
		}
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

// print prints the promise in five lines: id, sentence, grade with sources, check with place, and proof.
func (p promise) print(w io.Writer) {
	fmt.Fprintf(w, "%s\n  %s\n  %s: %s\n  %s, %s\n  %s\n", p.Label, p.Rule.Says, p.Rule.Evidence.Grade,
		strings.Join(p.Rule.Evidence.Source, ", "), proofOf(p.Rule), p.Place, p.keptBy())
}

// proofOf describes how a promise is checked.
func proofOf(rule *spec.Rule) string {
	switch {
	case rule.Probe == "":
		return "a rule over each exchange"
	case rule.Expr == "":
		return "the probe " + string(rule.Probe)
	}
	return "a rule over the responses to the probe " + string(rule.Probe)
}

// keptBy describes which probes and recordings kept the promise.
func (p promise) keptBy() string {
	captured := "not observed on a captured exchange"
	if len(p.captured) > 0 {
		captured = "captured: " + strings.Join(p.captured, "; ")
	}
	return fmt.Sprintf("kept by %s and %s; %s", text.Count(p.probes, "probe", "probes"),
		text.Count(p.recordings, "recording", "recordings"), captured)
}
