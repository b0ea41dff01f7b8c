package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/internal/command"
)

// newMutate returns the verb mutate.
//
// Package mutate makes the mutants and judges them; package contract/corpus/mutants has the exchanges, inventories and
// equivalents of the embedded documents. The verb only loads these, or the files of another API
// (mutate_cases.go), and prints the score.
func newMutate() *cobra.Command {
	var m mutation
	cmd := &cobra.Command{
		Use:   "mutate",
		Short: "Check that mistakes in the contract are detected",
		Long: `Change the contract in one place at a time, and report the changes that no check detects.

A mutant of a document has one keyword, status, header, rule or other part dropped, loosened, tightened, swapped or
added. It is killed, that is detected, if the document no longer loads, if an exchange is judged differently, if other
probes are derived, or if a row of the inventory changes. Otherwise it survives.
A mutant of a correct exchange has one member, number, header, byte or other part made wrong. It is killed if the judge
reports a finding.

With --document and --recordings or --har, mutate the contract of another API. The exchanges that the document's judge
accepts are mutated, at most 20 of one operation and status; stderr says how many others there are. verify and proxy
write recordings and HAR with --record. Beside manifest.yaml, the folder of --recordings may contain:
  exchanges/NAME/*.http   whole HTTP exchanges, byte by byte
  inventory/NAME.txt      what no exchange shows, as --inventory prints it; each row must match the document
  equivalents.txt         mutants that nothing can kill: lines "PATTERN # reason"
NAME is the name of the document's file without its extension.

An inventory shows that something changed, not that it is wrong. The last line is the result:
"all killed", "SURVIVED" or "EQUIVALENTS WRONG".

Exit 0: all killed. Exit 1: a mutant survived, or a line of equivalents.txt is wrong. Exit 2: not judged.`,
		Example: `  quotaspec mutate
  quotaspec mutate --document another-api.yaml --recordings recordings/
  quotaspec mutate --document another-api.yaml --har traffic.har`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.run(cmd) },
	}
	flags := cmd.Flags()
	command.OnceVar(flags, &m.document, "document", "mutate the OpenAPI document in this `FILE`")
	flags.StringVar(&m.recordings, "recordings", "", "read `DIR`/manifest.yaml and its bodies")
	flags.StringArrayVar(&m.har, "har", nil, "read the traffic in this HAR `FILE` (repeatable)")
	flags.BoolVar(&m.inventory, "inventory", false, "print the inventory of the document and judge nothing")
	command.CompleteFiles(cmd, "document", command.DocumentExtensions()...)
	command.CompleteFiles(cmd, "har", harExtensions...)
	command.CompleteFolder(cmd, "recordings")
	flags.BoolVarP(&m.verbose, "verbose", "v", false, "list every mutant with what killed it")
	return cmd
}

// mutation is one run of mutate, with its flags.
type mutation struct {
	document, recordings string
	har                  []string
	inventory, verbose   bool
}

func (m *mutation) run(cmd *cobra.Command) error {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // reading thousands of documents leaves much garbage and little else
	contracts, equivalents, err := m.load(cmd)
	if err != nil {
		return err
	}
	if m.inventory {
		rows, err := mutate.InventoryOf(contracts[0].File, contracts[0].Document)
		for _, row := range rows {
			fmt.Fprintln(cmd.OutOrStdout(), row)
		}
		return err
	}
	score, err := mutate.Run(contracts, equivalents, false)
	if err != nil {
		return err
	}
	if err := mutate.Text(cmd.OutOrStdout(), score, m.verbose); err != nil {
		return err
	}
	if !score.Perfect() {
		return command.ErrFailed
	}
	return nil
}
