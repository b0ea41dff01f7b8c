package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/contract/breaking/formats"
	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// newBreaking returns the verb breaking.
//
// Package breaking compares the documents. The verb reads them (breaking_revision.go) and the traffic (breaking_traffic.go),
// applies the file of known failures (breaking_known.go) and writes the reports.
func newBreaking() *cobra.Command {
	var b comparison
	cmd := &cobra.Command{
		Use:        "breaking OLD NEW",
		Short:      "Show what a change of a document breaks",
		SuggestFor: []string{"changelog", "compare", "diff"},
		Long: `Compare two versions of an OpenAPI document, and show what the change breaks.

Each of OLD and NEW is a file, a URL, or REVISION:PATH, a file in a revision of the git repository.
PATH begins at the root of the repository, or at the current folder if it begins with ./

Each finding is a change of the contract, and says who may break:
  consumers   they may get a response that OLD forbids, or one of OLD no longer comes
  providers   they refuse a request that OLD allows
Most findings have a witness: an exchange that one document accepts and the other refuses. What
a document accepts is what verify would pass. The levels are breaking, possibly breaking (without
a witness, or with one that careful programs stand), compatible and editorial.

With --har or --recordings, only changes of what this traffic uses count: no other breaks its
consumer. A line of --known-failing tolerates a finding, by its check or operation, id and place.

Exit 0: nothing breaks. Exit 1: a finding breaks somebody and is not tolerated, the contract changed
and info.version did not, or a line of --known-failing matches nothing. Exit 2: not compared.`,
		Example: `  quotaspec breaking old.yaml openapi.yaml
  quotaspec breaking main:openapi.yaml openapi.yaml
  quotaspec breaking v1.2.0:api/openapi.yaml HEAD:api/openapi.yaml --report markdown=comment.md
  quotaspec breaking main:openapi.yaml openapi.yaml --har traffic.har`,
		Args: twoDocuments,
		RunE: b.run,
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&b.har, "har", nil, "count only what the traffic in this HAR or Pact `FILE` uses (repeatable)")
	flags.StringVar(&b.recordings, "recordings", "", "count only what the recordings of `DIR`/manifest.yaml use")
	b.known.AddFlags(flags)
	command.AddReportFlag(cmd, &b.reports, formats.FormatNames())
	flags.BoolVarP(&b.verbose, "verbose", "v", false, "also list compatible and editorial changes, and show bodies whole")
	command.CompleteFiles(cmd, "har", harExtensions...)
	command.CompleteFolder(cmd, "recordings")
	cmd.ValidArgsFunction = cobra.FixedCompletions(command.DocumentExtensions(), cobra.ShellCompDirectiveFilterFileExt)
	return cmd
}

// comparison is one run of breaking, with its flags.
type comparison struct {
	har        []string // HAR files
	recordings string   // folder
	known      command.KnownFile
	reports    []string // FORMAT=FILE
	verbose    bool
}

// twoDocuments refuses anything but two arguments.
func twoDocuments(_ *cobra.Command, args []string) error {
	if len(args) != 2 || args[0] == "" || args[1] == "" {
		return command.Usage(errors.New("want two documents, OLD and NEW, such as main:openapi.yaml openapi.yaml"))
	}
	return nil
}

// run compares the documents and writes all reports, also if they could not be compared.
func (b *comparison) run(cmd *cobra.Command, args []string) error {
	outputs, err := command.NewOutputs(b.reports, formats.FormatNames(), "")
	if err != nil {
		return err
	}
	options := formats.Options{Verbose: b.verbose, Version: toolVersion()}
	options.Folder, _ = os.Getwd() // only to locate files
	compared, err := b.compare(cmd, args)
	if err == nil {
		options.Known, options.Stale, err = b.applyKnown(cmd, compared)
	}
	if err != nil {
		options.Error = command.OneLine(err)
	}
	writeErr := outputs.Write(func(w io.Writer, format string) error { return writeComparison(w, format, compared, options) })
	if err != nil {
		return errors.Join(err, writeErr)
	}
	if err := errors.Join(writeErr, formats.Text(cmd.OutOrStdout(), compared, options)); err != nil {
		return err
	}
	if !formats.Passed(compared, options) {
		return command.ErrFailed
	}
	return nil
}

// writeComparison writes the report of a file, which lists everything.
func writeComparison(w io.Writer, format string, c *breaking.Comparison, o formats.Options) error {
	o.Verbose = true
	f, err := formats.ParseFormat(format)
	if err == nil {
		err = f.Write(w, c, o)
	}
	return err
}

// compare reads the documents and the traffic, and compares.
func (b *comparison) compare(cmd *cobra.Command, args []string) (*breaking.Comparison, error) {
	if err := b.known.Load(); err != nil {
		return nil, err
	}
	b.known.LogExpired(cmd)
	ctx, log := cmd.Context(), cmd.ErrOrStderr()
	docs := []*spec.Document{}
	for _, name := range args {
		doc, err := readVersion(ctx, http.DefaultClient, name)
		if err != nil {
			return nil, err
		}
		docs = append(docs, doc)
	}
	if err := checkJudgeable(docs[0], docs[1], log); err != nil {
		return nil, err
	}
	logStrange(args, docs[0], docs[1], log)
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // thousands of exchanges are made, judged and forgotten
	comparer, err := breaking.New(docs[0], docs[1])
	if err != nil {
		return nil, err
	}
	seen, err := b.addTraffic(ctx, comparer, log)
	if err != nil {
		return nil, err
	}
	progress := newProgress(log, "changes")
	comparer.Progress = progress.show
	compared, err := comparer.Compare(ctx)
	progress.end()
	if err != nil {
		return nil, errors.New("it was stopped")
	}
	if b.hasTraffic() && compared.Exchanges == compared.Foreign {
		return nil, seen.foreign()
	}
	return compared, nil
}

// checkJudgeable returns an error if a comparison would say nothing: there are no operations, or the reader refuses all of a
// document, or one of the new document that is right in the old one. Other refused operations are logged, since they are not
// compared.
func checkJudgeable(before, after *spec.Document, log io.Writer) error {
	if len(before.Operations)+len(after.Operations) == 0 {
		return fmt.Errorf("%s and %s: the documents have no operations", before.File, after.File)
	}
	reasons := []string{}
	for _, doc := range []*spec.Document{before, after} {
		refused := []*spec.Operation{}
		for _, op := range doc.Operations {
			if op.Refused == nil {
				continue
			}
			refused = append(refused, op)
			reasons = append(reasons, op.Refused.String())
			if was := before.Operation(op.ID); doc == after && was != nil && was.Refused == nil {
				return fmt.Errorf("%s cannot be judged any more: %s", op.ID, op.Refused)
			}
		}
		if len(refused) > 0 && len(refused) == len(doc.Operations) {
			return fmt.Errorf("%s: no operation can be judged: %s", doc.File, refused[0].Refused)
		}
	}
	slices.Sort(reasons)
	if reasons = slices.Compact(reasons); len(reasons) > maxNamed {
		reasons = append(reasons[:maxNamed], fmt.Sprintf("and %d more", len(reasons)-maxNamed))
	}
	if len(reasons) > 0 {
		fmt.Fprintf(log, "quotaspec: operations that cannot be judged are not compared: %s\n", strings.Join(reasons, "; "))
	}
	return nil
}

// logStrange logs what is no error and hardly meant: one document twice, or two of different APIs.
func logStrange(args []string, before, after *spec.Document, log io.Writer) {
	isShared := func(op *spec.Operation) bool {
		return slices.ContainsFunc(before.Operations, func(old *spec.Operation) bool { return old.Path == op.Path || old.ID == op.ID })
	}
	switch {
	case args[0] == args[1]:
		fmt.Fprintf(log, "quotaspec: OLD and NEW are both %s: a document always promises the same as itself\n", args[0])
	case len(before.Operations) > 0 && len(after.Operations) > 0 && !slices.ContainsFunc(after.Operations, isShared):
		fmt.Fprintf(log, "quotaspec: %s and %s have no path in common: are they versions of the same API?\n", args[0], args[1])
	}
}
