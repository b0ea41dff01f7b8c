package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi"
)

func newRules() *cobra.Command {
	var unproven bool
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "Print every promise: sentence, grade, source, proof, place",
		Long: `Print every promise that the documents make beyond plain OpenAPI.

With --unproven the recordings and the reference server are judged, and only the promises
are printed that no exchange was seen to keep; exit 1 if there are any.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if unproven {
				return printUnproven(cmd)
			}
			for _, name := range openapi.Names() {
				doc, err := openapi.Embedded(name)
				if err != nil {
					return err
				}
				for _, rule := range doc.Rules {
					printRule(cmd.OutOrStdout(), doc, rule)
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&unproven, "unproven", false, "only those that nothing proves; exit 1 if there are any")
	return cmd
}

func printUnproven(cmd *cobra.Command) error {
	result, err := (&verification{failOn: openapi.Recorded, timeout: defaultTimeout}).run(cmd.Context(), nil)
	if err != nil {
		return err
	}
	found, all := 0, 0
	for _, p := range result.Coverage() {
		if p.Kind != report.KindPromise {
			continue
		}
		all++
		if p.State != report.Kept {
			printRule(cmd.OutOrStdout(), p.Document, p.Rule)
			found++
		}
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%d of %d promises are unproven\n", found, all)
	if found > 0 {
		return errBroken
	}
	return nil
}

func printRule(w io.Writer, doc *openapi.Document, rule *openapi.Rule) {
	fmt.Fprintf(w, "%s\n  %s\n  %s, %s, proven by %s, %s\n", rule.ID, rule.Says, rule.Evidence.Grade,
		strings.Join(rule.Evidence.Source, " and "), proofOf(rule), doc.Place(rule.Pointer))
}

// proofOf says what proves a promise.
func proofOf(rule *openapi.Rule) string {
	switch {
	case rule.Probe == "":
		return "a rule over each exchange"
	case rule.Expr == "":
		return "the probe " + rule.Probe
	}
	return "a rule over the answers to the probe " + rule.Probe
}
