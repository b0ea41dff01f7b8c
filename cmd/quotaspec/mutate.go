package main

import (
	"fmt"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/corpus/mutants"
	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/contract/recordings"
)

func newMutate() *cobra.Command {
	var m mutation
	cmd := &cobra.Command{
		Use:   "mutate",
		Short: "Measure whether wrong contracts are detected",
		Long: `Make the contract wrong in one place at a time, and report which mutants are detected (killed).

Mutants of the documents: a keyword, a status, a header, a rule, ... is dropped, loosened, tightened, swapped or
added. A mutant is killed if it cannot be loaded, if it judges an exchange differently, if other probes are derived
from it, or if it changes a row of the inventory.
Mutants of the exchanges: a member, a number, a header, a byte, ... of a correct exchange is changed.
A mutant is killed if the judge finds something wrong with it.

With --document and --recordings, another contract is tested. Beside manifest.yaml, the folder may hold:
  exchanges/NAME/*.http   complete HTTP messages
  inventory/NAME.txt      what no exchange shows (--inventory prints it); each row must match the document
  equivalents.txt         mutants that change nothing observable: lines "PATTERN # reason"
NAME is the name of the document's file without its extension.

The last lines count what killed the mutants of the documents (an inventory shows that something changed, not that it is
wrong), and then say "all killed", "SURVIVED" or "EQUIVALENTS WRONG".

Exit 0: all killed. Exit 1: some survived, or an equivalent was killed or matches nothing. Exit 2: not judged.`,
		Example: `  quotaspec mutate
  quotaspec mutate -v
  quotaspec mutate --document another-api.yaml --recordings recordings/`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&m.document, "document", "", "the OpenAPI document in this `FILE`")
	flags.StringVar(&m.recordings, "recordings", "", "the recordings in this folder: `DIR`/manifest.yaml and its bodies")
	flags.BoolVar(&m.inventory, "inventory", false, "print the inventory of the document and judge nothing")
	flags.BoolVarP(&m.verbose, "verbose", "v", false, "list every mutant, and what killed it")
	return cmd
}

// mutation is one run of mutate.
type mutation struct {
	document, recordings string
	inventory, verbose   bool
}

func (m *mutation) run(cmd *cobra.Command) error {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // thousands of documents are read and thrown away
	contracts, equivalents, err := m.load()
	if err != nil {
		return err
	}
	if m.inventory {
		for _, c := range contracts {
			rows, err := mutate.InventoryOf(c.File, c.Document)
			if err != nil {
				return err
			}
			for _, row := range rows {
				fmt.Fprintln(cmd.OutOrStdout(), row)
			}
		}
		return nil
	}
	score, err := mutate.Run(contracts, equivalents, false)
	if err != nil {
		return err
	}
	if err := mutate.Text(cmd.OutOrStdout(), score, m.verbose); err != nil {
		return err
	}
	if !score.Perfect() {
		return errBroken
	}
	return nil
}

// load takes the contracts of this repository, or the one that the flags name.
func (m *mutation) load() ([]mutate.Contract, *mutate.Equivalents, error) {
	if m.document == "" {
		if m.recordings != "" || m.inventory {
			return nil, nil, fmt.Errorf("--recordings and --inventory go with --document")
		}
		return mutants.Embedded()
	}
	source, err := os.ReadFile(m.document)
	if err != nil {
		return nil, nil, fmt.Errorf("read the document: %w", err)
	}
	if m.inventory {
		return []mutate.Contract{{File: m.document, Document: source}}, nil, nil
	}
	if m.recordings == "" {
		return nil, nil, fmt.Errorf("--document takes --recordings: what is held against it")
	}
	folder := os.DirFS(m.recordings)
	recorded, err := recordings.Load(folder)
	if err != nil {
		return nil, nil, err
	}
	return mutate.Load([]mutate.Contract{{File: m.document, Document: source, Cases: mutants.Recordings(recorded)}}, folder, "")
}
