package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/internal/text"
)

// The JUnit format as Jenkins, GitLab and reporters for GitHub read it. It has times in seconds if the report has them.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Tool     string       `xml:",comment"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Time     string       `xml:"time,attr,omitempty"`
		Start    string       `xml:"timestamp,attr,omitempty"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string           `xml:"name,attr"`
		Tests      int              `xml:"tests,attr"`
		Failures   int              `xml:"failures,attr"`
		Errors     int              `xml:"errors,attr"`
		Skipped    int              `xml:"skipped,attr"`
		Time       string           `xml:"time,attr,omitempty"`
		Start      string           `xml:"timestamp,attr,omitempty"`
		Properties *[]junitProperty `xml:"properties>property"` // nil: no element properties
		Cases      []junitCase      `xml:"testcase"`
		Out        *junitText       `xml:"system-out"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name    string       `xml:"name,attr"`
		Class   string       `xml:"classname,attr"`
		Time    string       `xml:"time,attr,omitempty"`
		Failure *junitResult `xml:"failure"`
		Error   *junitResult `xml:"error"`
		Skipped *junitResult `xml:"skipped"`
		Out     *junitText   `xml:"system-out"`
	}
	junitResult struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",cdata"`
	}
	junitText struct {
		Text string `xml:",cdata"`
	}
)

var hyphens = regexp.MustCompile("-+")

// messageLimit bounds a message in characters, because readers show it in one line.
const messageLimit = 300

// JUnit writes a report as XML for CI servers: a test suite for each suite, a case for each check, and suites without cases for
// what was not checked and for the coverage. The error of the run is a case in a suite of its own, because servers show only
// cases. The statuses become:
//
//	pass           a case, with its warnings as output
//	fail           <failure type="schema/enum">, by the first finding
//	error          <error type="not judged">
//	skip, known    <skipped>, with the reason
func JUnit(w io.Writer, r *Report) error {
	out := junitSuites{
		Name: "quotaspec verify: " + r.subject(), Tests: len(r.Checks), Failures: r.Count("", Fail), Errors: r.Count("", Error),
		Time: r.junitTime(r.Took), Start: r.junitStart(),
	}
	if r.Version != "" { // the format has no place for it but a comment, which cannot have two hyphens in a row
		out.Tool = " quotaspec " + hyphens.ReplaceAllString(r.Version, "-") + " "
	}
	if r.Error != "" {
		out.Tests++
		out.Errors++
		problem := &junitResult{Message: text.Shorten(r.Error, messageLimit), Type: "not judged", Text: r.Error}
		out.Suites = append(out.Suites, junitSuite{
			Name: "run", Tests: 1, Errors: 1, Cases: []junitCase{{Name: "quotaspec verify", Class: "run", Error: problem}},
		})
	}
	for _, s := range r.suites() {
		suite := junitSuite{
			Name: string(s), Failures: r.Count(s, Fail), Errors: r.Count(s, Error),
			Skipped: r.Count(s, Skip) + r.Count(s, Known), Cases: mapped(r.of(s), r.newJUnitCase), Start: r.junitStart(),
		}
		took := time.Duration(0)
		for _, c := range r.of(s) {
			took += c.Took
		}
		suite.Time = r.junitTime(took)
		suite.Tests = len(suite.Cases)
		numberCases(suite.Cases)
		out.Suites = append(out.Suites, suite)
	}
	if len(r.NotChecked) > 0 {
		list := strings.Join(mapped(r.NotChecked, NotChecked.String), "\n")
		out.Suites = append(out.Suites, junitSuite{Name: "not checked", Out: &junitText{"\n" + list}})
	}
	out.Suites = append(out.Suites, junitCoverage(r))
	document, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+text.Visible(string(document))+"\n") // XML allows all visible characters
	return err
}

// junitTime is a duration in seconds; "" if the report has no times.
func (r *Report) junitTime(d time.Duration) string {
	if r.Started.IsZero() {
		return ""
	}
	return fmt.Sprintf("%.3f", d.Seconds())
}

// junitStart is the start of the run in UTC, without a zone, as the format has it.
func (r *Report) junitStart() string {
	if r.Started.IsZero() {
		return ""
	}
	return r.Started.UTC().Format("2006-01-02T15:04:05")
}

func (r *Report) newJUnitCase(c Check) junitCase {
	out := junitCase{Name: c.ID, Class: string(c.Suite), Time: r.junitTime(c.Took)}
	if c.Operation != "" {
		out.Class += "." + c.Operation
	}
	findings := findingsText(c)
	switch c.Status {
	case Fail:
		out.Failure = &junitResult{Message: junitMessage(c), Type: "broken", Text: findings}
		if len(c.Failures) > 0 {
			out.Failure.Type = c.Failures[0].ID
		}
		return out
	case Error:
		out.Error = &junitResult{Message: junitMessage(c), Type: "not judged", Text: findings}
		return out
	case Known, Skip:
		out.Skipped = &junitResult{Message: junitMessage(c)}
	}
	if len(c.findings()) > 0 {
		out.Out = &junitText{findings}
	}
	return out
}

// numberCases makes the names of cases unique, because CI servers show only one of those with the same name: the second check
// with an id becomes "ID (2)". Checks of requests that are wrong at different places have the same id.
func numberCases(cases []junitCase) {
	times := map[string]int{}
	for i := range cases {
		name := cases[i].Name
		if times[name]++; times[name] > 1 {
			cases[i].Name = fmt.Sprintf("%s (%d)", name, times[name])
		}
	}
}

// junitMessage is the result of a check in one line: its reason, or the first failure and the number of others.
func junitMessage(c Check) string {
	message, rest := c.Reason, ""
	if c.Status == Fail && len(c.Failures) > 0 {
		d := c.Failures[0]
		message = fmt.Sprintf("%s%s at %s: want %s, got %s", whose(d), d.ID, d.Pointer, d.Want, d.Got)
		if more := len(c.Failures) - 1; more > 0 {
			rest = fmt.Sprintf(" (and %d more)", more)
		}
	}
	return text.Shorten(message, messageLimit-len(rest)) + rest
}

// findingsText is all findings of a check, like those of the text format.
func findingsText(c Check) string {
	b := &strings.Builder{}
	for i, d := range c.findings() {
		fmt.Fprintf(b, "\n%s%s%s at %s\n  want     %s\n  got      %s\n  promise  %s, %s\n",
			whose(d), c.warning(i), d.ID, d.Pointer, d.Want, d.Got, d.Place(), evidence(d))
	}
	if c.Status == Fail && len(c.Failures) > 0 && c.Reason != "" {
		fmt.Fprintf(b, "\nreason   %s\n", c.Reason)
	}
	if c.Times > 1 {
		fmt.Fprintf(b, "\ntimes    %d\n", c.Times)
	}
	if c.Repeat != "" {
		fmt.Fprintf(b, "\nrepeat   %s\n", c.Repeat)
	}
	return b.String()
}

// junitCoverage is a suite with the coverage: numbers as properties, parts in the output.
func junitCoverage(r *Report) junitSuite {
	parts := r.Coverage()
	properties := []junitProperty{{"conclusion", r.Conclusion()}, {"side", string(cmp.Or(r.Side, contract.Provider))},
		{"fail_on", r.FailOn.String()}}
	for _, kind := range Kinds() {
		properties = append(properties, junitProperty{string(kind), tally(parts, kind)})
	}
	names := mapped(parts, func(p Part) string {
		return fmt.Sprintf("\n%-11s  %-10s  %s (%s)", p.State, p.Kind, p.Name(), p.Place)
	})
	return junitSuite{Name: "coverage", Properties: &properties, Out: &junitText{strings.Join(names, "")}}
}
