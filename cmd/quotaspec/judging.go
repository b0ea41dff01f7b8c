package main

import (
	"fmt"
	"io"
	"math"
	"time"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract"
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

	side, failOn string // the values of flags; prepare reads them
	known        knownFile
	reports      []string // FORMAT=FILE
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
	j.known.addFlags(flags)
	flags.Float64Var(&j.options.MinCoverage, "min-coverage", 0,
		"fail if less than this `PERCENT` of the parts of the documents (operations, parameters, statuses, …) was observed")
	flags.BoolVar(&j.options.FailOnUnchecked, "fail-on-unchecked", false,
		"fail if a part of an exchange could not be checked")
	flags.StringVar(&j.side, "side", string(contract.Provider),
		"fail on wrong messages of this `SIDE`: provider (responses), consumer (requests of traffic), or both")
	flags.StringVar(&j.failOn, "fail-on", spec.Recorded.String(),
		"fail on broken promises of this `GRADE` or higher: documented (highest), recorded, inferred, undocumented")
	addReportFlag(cmd, &j.reports, report.FormatNames())
	flags.BoolVarP(&j.verbose, "verbose", "v", false, "also list the checks that passed and the parts that were not observed")
	completeFlag(cmd, "side", string(contract.Provider), string(contract.Consumer), string(contract.Both))
	completeFlag(cmd, "fail-on", spec.GradeNames()...)
	completeFiles(cmd, "document", documentExtensions...)
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
	j.options.DropFixed = j.known.write != ""
	err = j.known.load()
	j.options.Known = j.known.lines
	return err
}

// updateKnown writes the file of --write-known-failing after a run that ended without an error, and says on w what changed.
func (j *judging) updateKnown(r *report.Report, runErr error, w io.Writer) error {
	if j.known.write == "" || runErr != nil || !r.JudgedAny() {
		return runErr
	}
	text, added, removed := verify.UpdateKnownFailing(j.known.text, r, j.options, time.Now())
	return j.known.replace(text, added, removed, w)
}
