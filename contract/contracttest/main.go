package contracttest

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/quotaspec/quotaspec/contract/report"
)

// ofPackage collects the exchanges of all tests while Main runs; else it is nil.
var ofPackage atomic.Pointer[collection]

// MainOption says what Main does after the tests of a package.
type MainOption func(*mainOptions)

type mainOptions struct {
	minCoverage float64
	reports     []reportFile
	err         error
}

type reportFile struct {
	format report.Format
	name   string
}

// MinCoverage fails the package if its exchanges cover less than a percentage of the parts of its documents: operations,
// parameters, statuses, media types, headers, values of enums and promises. A run of some of the tests (-run, -skip, -short,
// -fuzz) is not held to it.
func MinCoverage(percent float64) MainOption { return func(o *mainOptions) { o.minCoverage = percent } }

// Report writes a report of all exchanges to a file. The formats are those of "quotaspec verify --report": text, json, junit,
// markdown, sarif and html.
func Report(format, file string) MainOption {
	return func(o *mainOptions) {
		f, err := report.ParseFormat(format)
		if err != nil {
			o.err = err
			return
		}
		o.reports = append(o.reports, reportFile{f, file})
	}
}

// Main runs the tests of a package and returns the exit code:
//
//	func TestMain(m *testing.M) { os.Exit(contracttest.Main(m, contracttest.MinCoverage(80))) }
//
// It is 1, too, if the coverage is too small, if a report cannot be written, if a handler did something wrong after the end of
// its test, or if the tests passed and no exchange was judged. Each of these is one line on stderr.
// A wrong option is one, too, with the exit code 2.
func Main(m *testing.M, options ...MainOption) int { return run(m.Run, os.Stderr, options) }

func run(tests func() int, stderr io.Writer, options []MainOption) int {
	o := mainOptions{}
	for _, option := range options {
		option(&o)
	}
	if o.err != nil {
		fmt.Fprintln(stderr, "contracttest:", o.err)
		return 2
	}
	if slices.Contains(os.Args, "-test.fuzzworker") { // one of the processes of go test -fuzz
		return tests()
	}
	all := &collection{}
	ofPackage.Store(all)
	code := tests()
	ofPackage.Store(nil)
	for _, problem := range o.problems(all, code == 0) {
		fmt.Fprintln(stderr, "contracttest:", problem)
		code = max(code, 1)
	}
	return code
}

// problems writes the reports and lists what is wrong with the whole package.
func (o *mainOptions) problems(all *collection, passed bool) []string {
	r := all.report()
	list := all.lines
	for _, file := range o.reports {
		if err := file.write(r); err != nil {
			list = append(list, err.Error())
		}
	}
	covered, n, _ := coverage(r)
	percent := 100 * float64(covered) / float64(max(n, 1))
	isPart := testing.Short() || slices.ContainsFunc([]string{"test.run", "test.skip", "test.list", "test.fuzz"}, isSet)
	switch isWhole := passed && !isPart; {
	case !isWhole:
	case all.exchanges == 0:
		list = append(list, "no exchange was judged: does every client and server use Transport or Handler?")
	case percent < o.minCoverage:
		list = append(list, fmt.Sprintf("the coverage is %.1f %%, want at least %g %%: %s", percent, o.minCoverage, all.summary()))
	}
	return list
}

// isSet reports whether a flag of go test has a value.
func isSet(name string) bool {
	f := flag.Lookup(name)
	return f != nil && f.Value.String() != ""
}

// write writes a report to a temporary file and renames it, so that nobody reads half of one.
func (f reportFile) write(r *report.Report) error {
	file, err := os.CreateTemp(filepath.Dir(f.name), "."+filepath.Base(f.name)+"-*")
	if err != nil {
		return fmt.Errorf("report %s: %w", f.name, err)
	}
	err = f.format.Write(file, r)
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(file.Name(), 0o644) // #nosec G302 -- a report is for everybody, as a file of go test -coverprofile is
	}
	if err == nil {
		err = os.Rename(file.Name(), f.name)
	}
	if err != nil {
		_ = os.Remove(file.Name())
		return fmt.Errorf("report %s: %w", f.name, err)
	}
	return nil
}
