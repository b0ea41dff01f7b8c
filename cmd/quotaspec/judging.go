package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/known"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// judging has the flags that verify and proxy share: by which document they judge, whom, which checks, and what they report.
type judging struct {
	document string   // file or URL to judge by, instead of the embedded documents
	servers  []string // further URLs of the API in traffic
	options  verify.Options
	verbose  bool

	side, failOn, knownFile string   // the values of flags; prepare reads them
	writeKnown              string   // file of known failures to update
	oldKnown                string   // the text that it had
	reports                 []string // FORMAT=FILE
}

// addFlags declares the flags.
func (j *judging) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&j.document, "document", "", documentUsage)
	flags.StringArrayVar(&j.servers, "server", nil,
		"also judge traffic sent to this `URL`, besides the document's servers (repeatable)")
	flags.StringArrayVar(&j.options.Only, "only", nil,
		"run only the checks whose id matches this `GLOB`, or those of the operations with a tag: tag:NAME (repeatable)")
	flags.StringArrayVar(&j.options.Skip, "skip", nil,
		"omit the checks whose id matches this `GLOB`, or those of the operations with a tag: tag:NAME (repeatable)")
	flags.StringVar(&j.knownFile, "known-failing", "",
		"read failures that are expected from this `FILE`, as lines \"ID [FINDING [PLACE]] [until=YYYY-MM-DD] # reason\"; "+
			"one that does not occur fails the run")
	flags.StringVar(&j.writeKnown, "write-known-failing", "",
		"write the failures of this run to `FILE`, for --known-failing; the reasons of lines that it has stay")
	flags.Float64Var(&j.options.MinCoverage, "min-coverage", 0,
		"fail if less than this `PERCENT` of the parts of the documents (operations, parameters, statuses, …) was observed")
	flags.BoolVar(&j.options.FailOnUnchecked, "fail-on-unchecked", false,
		"fail if a part of an exchange could not be checked")
	flags.StringVar(&j.side, "side", string(contract.Provider),
		"fail on wrong messages of this `SIDE`: provider (responses), consumer (requests of traffic), or both")
	flags.StringVar(&j.failOn, "fail-on", spec.Recorded.String(),
		"fail on broken promises of this `GRADE` or higher: documented (highest), recorded, inferred, undocumented")
	flags.StringArrayVar(&j.reports, "report", nil,
		"also write a report to a file, as `FORMAT=FILE` (repeatable): "+strings.Join(report.FormatNames(), ", "))
	flags.BoolVarP(&j.verbose, "verbose", "v", false, "also list the checks that passed and the parts that were not observed")
	completeFlag(cmd, "side", string(contract.Provider), string(contract.Consumer), string(contract.Both))
	completeFlag(cmd, "fail-on", spec.GradeNames()...)
	completeFiles(cmd, "document", documentExtensions...)
	completeReport(cmd)
}

// prepare checks the values of the flags and reads the file of known failures.
func (j *judging) prepare() (err error) {
	j.options.FailOn = spec.Recorded // in the report of a run that ends here
	if j.options.Side, err = contract.ParseSide(j.side); err != nil {
		return usage(err)
	}
	failOn, err := spec.ParseGrade(j.failOn)
	if err != nil {
		return usage(text.Unknown("grade", j.failOn, spec.GradeNames()))
	}
	j.options.FailOn = failOn
	if p := j.options.MinCoverage; p < 0 || p > 100 || math.IsNaN(p) {
		return usage(fmt.Errorf("--min-coverage %v: want 0 to 100 percent", p))
	}
	return j.readKnown()
}

// readKnown reads the known failures: of --known-failing, or of the file that --write-known-failing updates if it exists.
func (j *judging) readKnown() error {
	isBoth := j.knownFile != "" && j.writeKnown != ""
	if isBoth && !newOutput(report.Format{}, j.knownFile).same(newOutput(report.Format{}, j.writeKnown)) {
		return usage(errors.New("--known-failing and --write-known-failing name different files: want the same one, or one of the flags"))
	}
	file := cmp.Or(j.writeKnown, j.knownFile)
	if file == "" {
		return nil
	}
	if j.writeKnown != "" {
		j.options.DropFixed = true
		if err := newOutput(report.Format{}, j.writeKnown).check(); err != nil {
			return fmt.Errorf("write the known failures: %w", err)
		}
	}
	lines, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && j.knownFile == "" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the known failures: %w", err)
	}
	j.oldKnown = string(lines)
	j.options.Known, err = known.Parse(file, j.oldKnown)
	return err
}

// updateKnown writes the file of --write-known-failing after a run that ended without an error, and says on w what changed.
func (j *judging) updateKnown(r *report.Report, runErr error, w io.Writer) error {
	if j.writeKnown == "" || runErr != nil || !r.JudgedAny() {
		return runErr
	}
	lines, added, removed := verify.UpdateKnownFailing(j.oldKnown, r, j.options, time.Now())
	if err := os.WriteFile(j.writeKnown, []byte(lines), 0o644); err != nil { // #nosec G306 -- it belongs into a repository
		return fmt.Errorf("write the known failures: %w", err)
	}
	fmt.Fprintf(w, "quotaspec: %s: %s added, %d removed; --known-failing %s expects these failures\n",
		j.writeKnown, text.Count(added, "line", "lines"), removed, shellQuote(j.writeKnown))
	return nil
}

// logExpired logs which known failures have expired, in one line.
func (j *judging) logExpired(w io.Writer) {
	places := []string{}
	for _, k := range j.options.Known {
		if j.writeKnown == "" && k.Expired(time.Now()) {
			places = append(places, k.Place)
		}
	}
	switch n := len(places); {
	case n == 1:
		fmt.Fprintf(w, "quotaspec: %s: the known failure has expired and is ignored\n", places[0])
	case n > maxNamed:
		fmt.Fprintf(w, "quotaspec: %s and %d more: these known failures have expired and are ignored\n",
			strings.Join(places[:maxNamed], ", "), n-maxNamed)
	case n > 1:
		fmt.Fprintf(w, "quotaspec: %s: these known failures have expired and are ignored\n", strings.Join(places, ", "))
	}
}
