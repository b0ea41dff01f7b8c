package main

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/corpus/mutants"
	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/contract/traffic"
)

// load returns the embedded contracts, or the one that the flags name.
func (m *mutation) load(cmd *cobra.Command) ([]mutate.Contract, *mutate.Equivalents, error) {
	hasExchanges := m.recordings != "" || len(m.har) > 0
	if m.document == "" {
		if hasExchanges || m.inventory {
			return nil, nil, errors.New("--recordings, --har and --inventory need --document")
		}
		return mutants.Embedded()
	}
	source, err := os.ReadFile(m.document)
	if err != nil {
		return nil, nil, fmt.Errorf("read the document: %w", err)
	}
	c := mutate.Contract{File: m.document, Document: source}
	if m.inventory {
		return []mutate.Contract{c}, nil, nil
	}
	if !hasExchanges {
		return nil, nil, errors.New("--document needs --recordings or --har: the exchanges to judge by it")
	}
	var folder fs.FS = embed.FS{} // nothing
	if m.recordings != "" {
		folder = os.DirFS(m.recordings)
	}
	cases, err := m.cases(folder)
	if err != nil {
		return nil, nil, err
	}
	c, leftOut, err := c.Accept(cases)
	if err != nil {
		return nil, nil, err
	}
	if text := leftOut.String(); text != "" {
		fmt.Fprintf(cmd.ErrOrStderr(), "quotaspec: of %d exchanges, left out: %s\n", len(cases), text)
	}
	return mutate.Load([]mutate.Contract{c}, folder, "")
}

// cases returns the exchanges of the recordings and of the HAR files.
func (m *mutation) cases(folder fs.FS) ([]mutate.Case, error) {
	cases := []mutate.Case{}
	if m.recordings != "" {
		recorded, err := recordings.Load(folder)
		if err != nil {
			return nil, err
		}
		cases = mutants.Recordings(recorded)
	}
	for i, file := range m.har {
		more, err := harCases(file, i+1)
		if err != nil {
			return nil, err
		}
		cases = append(cases, more...)
	}
	return cases, nil
}

// harCases returns the entries of a HAR that can be judged. If the file is cut off, these are the ones before.
func harCases(file string, number int) ([]mutate.Case, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the traffic: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	cases := []mutate.Case{}
	for entry, err := range traffic.ReadHAR(f) {
		if _, ok := errors.AsType[*traffic.EntryError](err); ok {
			continue
		}
		if errors.Is(err, io.ErrUnexpectedEOF) && len(cases) > 0 {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if entry.Skip == "" {
			name := fmt.Sprintf("har-%d-entry-%d", number, entry.Number)
			cases = append(cases, mutate.Case{Name: name, Exchange: entry.Exchange, Seed: true})
		}
	}
	return cases, nil
}
