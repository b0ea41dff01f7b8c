package main

import (
	"fmt"
	"io"
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

// judging has the flags that verify and proxy share: by which document they judge, whom, which checks, and what they report.
type judging struct {
	document string   // file or URL to judge by, instead of the embedded documents
	servers  []string // further URLs of the API in traffic
	options  verify.Options
	verbose  bool

	side, failOn, knownFile string   // the values of flags; prepare reads them
	reports                 []string // FORMAT=FILE
}

// addFlags declares the flags.
func (j *judging) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&j.document, "document", "", documentUsage)
	flags.StringArrayVar(&j.servers, "server", nil,
		"also judge traffic sent to this `URL`, besides the document's servers (repeatable)")
	flags.StringArrayVar(&j.options.Only, "only", nil, "run only the checks whose id matches this `GLOB` (repeatable)")
	flags.StringArrayVar(&j.options.Skip, "skip", nil, "omit the checks whose id matches this `GLOB` (repeatable)")
	flags.StringVar(&j.knownFile, "known-failing", "",
		"read checks expected to fail from this `FILE`, as lines \"ID [until=YYYY-MM-DD] # reason\"; "+
			"one that passes fails the run")
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
	if j.knownFile == "" {
		return nil
	}
	lines, err := os.ReadFile(j.knownFile)
	if err != nil {
		return fmt.Errorf("read the known failures: %w", err)
	}
	j.options.Known, err = verify.ParseKnownFailing(j.knownFile, string(lines))
	return err
}

// logExpired logs each known failure that has expired.
func (j *judging) logExpired(w io.Writer) {
	for _, k := range j.options.Known {
		if k.Expired(time.Now()) {
			fmt.Fprintf(w, "quotaspec: %s: the known failure has expired and is ignored\n", k.Place)
		}
	}
}
