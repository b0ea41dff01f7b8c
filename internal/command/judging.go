package command

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Judging has the flags that all verbs share that judge: by which document, whom, which checks, and what they report. A verb
// embeds it:
//
//	AddFlags  declares the flags
//	Prepare   checks their values, and sets Options
//	Report    runs the verb, writes its reports and returns its exit code
type Judging struct {
	Documents
	Options verify.Options
	Verbose bool
	Known   KnownFile

	side, failOn string   // the values of flags; Prepare reads them
	reports      []string // FORMAT=FILE
}

// AddFlags declares the flags.
func (j *Judging) AddFlags(cmd *cobra.Command) {
	j.Documents.AddFlags(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&j.Options.Only, "only", nil,
		"run only the checks whose id matches this `GLOB`, or those of the operations with a tag: tag:NAME (repeatable)")
	flags.StringArrayVar(&j.Options.Skip, "skip", nil,
		"omit the checks whose id matches this `GLOB`, or those of the operations with a tag: tag:NAME (repeatable)")
	j.Known.AddFlags(flags)
	flags.Float64Var(&j.Options.MinCoverage, "min-coverage", 0,
		"fail if less than this `PERCENT` of the parts of the documents (operations, parameters, statuses, …) was observed")
	flags.BoolVar(&j.Options.FailOnUnchecked, "fail-on-unchecked", false,
		"fail if a part of an exchange could not be checked")
	flags.StringVar(&j.side, "side", string(contract.Provider),
		"fail on wrong messages of this `SIDE`: provider (responses), consumer (requests of traffic), or both")
	flags.StringVar(&j.failOn, "fail-on", spec.Recorded.String(),
		"fail on broken promises of this `GRADE` or higher: documented (highest), recorded, inferred, undocumented")
	AddReportFlag(cmd, &j.reports, report.FormatNames())
	flags.BoolVarP(&j.Verbose, "verbose", "v", false, "also list the checks that passed and the parts that were not observed")
	CompleteFlag(cmd, "side", string(contract.Provider), string(contract.Consumer), string(contract.Both))
	CompleteFlag(cmd, "fail-on", spec.GradeNames()...)
}

// Prepare checks the values of the flags and reads the file of known failures.
func (j *Judging) Prepare() (err error) {
	j.Options.FailOn = spec.Recorded // in the report of a run that ends here
	if j.Options.Side, err = contract.ParseSide(j.side); err != nil {
		return Usage(err)
	}
	failOn, err := spec.ParseGrade(j.failOn)
	if err != nil {
		return Usage(text.Unknown("grade", j.failOn, spec.GradeNames()))
	}
	j.Options.FailOn = failOn
	if p := j.Options.MinCoverage; p < 0 || p > 100 || math.IsNaN(p) {
		return Usage(fmt.Errorf("--min-coverage %v: want 0 to 100 percent", p))
	}
	j.Options.DropFixed = j.Known.Write != ""
	err = j.Known.Load()
	j.Options.Known = j.Known.Lines
	return err
}

// Report runs a verb and returns its error. It checks that the files of --report can be written, calls judge, updates the file
// of --write-known-failing, writes all reports, also those of a run that ended with an error, and prints the text report if
// anything was judged. The files come first, since printing ends the process if the output is a closed pipe. record is a
// further file that the verb writes, which no report may have, and if it is standard output, the text report goes to stderr; ""
// if there is none. judge returns a report also with an error.
func (j *Judging) Report(cmd *cobra.Command, record string, judge func() (*report.Report, error)) error {
	outputs, err := NewOutputs(j.reports, report.FormatNames(), record)
	if err != nil {
		return err
	}
	if record != "" && newOutput("", record).stream() == os.Stdout { // whose reader wants the recording alone
		cmd.SetOut(cmd.ErrOrStderr())
	}
	started := time.Now()
	r, err := judge()
	err = conclude(r, j.updateKnown(cmd, r, err))
	r.Version, r.Started, r.Took = cmd.Root().Version, started, time.Since(started)
	r.Folder, _ = os.Getwd() // only to locate files
	if err != nil && !errors.Is(err, ErrFailed) {
		r.Error = OneLine(err)
	}
	writeErr := outputs.Write(inFormat(r))
	if r.JudgedAny() || r.Count("", report.Fail) > 0 {
		writeErr = errors.Join(writeErr, report.Text(cmd.OutOrStdout(), r, j.Verbose))
	}
	switch {
	case writeErr == nil:
		return err
	case r.Error == "":
		return writeErr
	}
	return errors.Join(err, writeErr)
}

// updateKnown writes the file of --write-known-failing after a run that ended without an error.
func (j *Judging) updateKnown(cmd *cobra.Command, r *report.Report, runErr error) error {
	if j.Known.Write == "" || runErr != nil || !r.JudgedAny() {
		return runErr
	}
	text, added, removed := verify.UpdateKnownFailing(j.Known.Text, r, j.Options, time.Now())
	return j.Known.Replace(cmd, text, added, removed)
}

// inFormat returns a function that writes a report in a format.
func inFormat(r *report.Report) func(w io.Writer, format string) error {
	return func(w io.Writer, format string) error {
		f, err := report.ParseFormat(format)
		if err == nil {
			err = f.Write(w, r)
		}
		return err
	}
}

// conclude returns the error that a run ends with: that of the run itself, then ErrFailed for a failure, then an error if
// nothing, or not everything, could be judged.
func conclude(r *report.Report, runErr error) error {
	switch {
	case runErr != nil:
		return runErr
	case r.Count("", report.Fail) > 0:
		return ErrFailed
	case !r.JudgedAny():
		return fmt.Errorf("nothing was judged: %s", strings.TrimPrefix(firstReason(r), "not judged: "))
	case r.Count("", report.Error) > 0:
		return fmt.Errorf("%s could not be judged", text.Count(r.Count("", report.Error), "check", "checks"))
	}
	return nil
}

// firstReason returns the first reason why a check was not judged.
func firstReason(r *report.Report) string {
	for _, c := range r.Checks {
		if c.Reason != "" {
			return c.Reason
		}
	}
	return "there was no traffic, recording or probe, or none was selected"
}
