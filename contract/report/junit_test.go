package report_test

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
)

// junitLaw lists the elements and attributes that each element may have, as in the schema of Jenkins.
var junitLaw = map[string]struct{ children, required, optional []string }{
	"":           {children: []string{"testsuites"}},
	"testsuites": {children: []string{"testsuite"}, optional: []string{"name", "tests", "failures", "errors"}},
	"testsuite": {
		children: []string{"properties", "testcase", "system-out"}, required: []string{"name", "tests", "failures", "errors"},
		optional: []string{"skipped"},
	},
	"properties": {children: []string{"property"}},
	"property":   {required: []string{"name", "value"}},
	"testcase":   {children: []string{"skipped", "error", "failure", "system-out"}, required: []string{"name", "classname"}},
	"failure":    {required: []string{"message", "type"}},
	"error":      {required: []string{"message", "type"}},
	"skipped":    {required: []string{"message"}},
	"system-out": {},
}

// TestJUnitStructure checks the XML of every report: it has only elements that the servers know, and its counts are right.
func TestJUnitStructure(t *testing.T) {
	for name, r := range samples(t) {
		t.Run(name, func(t *testing.T) {
			text := write(t, "junit", r)
			checkXMLCharacters(t, text)
			decoder := xml.NewDecoder(strings.NewReader(text))
			path, suite, counts := []string{""}, map[string]string{}, map[string]int{}
			for {
				token, err := decoder.Token()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				switch e := token.(type) {
				case xml.StartElement:
					parent := path[len(path)-1]
					if !slices.Contains(junitLaw[parent].children, e.Name.Local) {
						t.Errorf("%s in %q", e.Name.Local, parent)
					}
					attributes := checkAttributes(t, e)
					if e.Name.Local == "testsuite" {
						suite, counts = attributes, map[string]int{}
					}
					counts[e.Name.Local]++
					path = append(path, e.Name.Local)
				case xml.EndElement:
					path = path[:len(path)-1]
					if e.Name.Local == "testsuite" {
						for attribute, element := range map[string]string{"tests": "testcase", "failures": "failure", "errors": "error",
							"skipped": "skipped"} {
							if suite[attribute] != strconv.Itoa(counts[element]) {
								t.Errorf("suite %q: %s=%s, and %d of <%s>", suite["name"], attribute, suite[attribute], counts[element], element)
							}
						}
					}
				}
			}
		})
	}
}

func checkAttributes(t *testing.T, e xml.StartElement) map[string]string {
	t.Helper()
	law, got := junitLaw[e.Name.Local], map[string]string{}
	for _, a := range e.Attr {
		got[a.Name.Local] = a.Value
		if !slices.Contains(slices.Concat(law.required, law.optional), a.Name.Local) {
			t.Errorf("<%s> has the attribute %s", e.Name.Local, a.Name.Local)
		}
	}
	for _, name := range law.required {
		if _, ok := got[name]; !ok {
			t.Errorf("<%s> has no attribute %s", e.Name.Local, name)
		}
	}
	return got
}

// checkXMLCharacters holds that there is no character that XML 1.0 forbids, nor a reference to one.
func checkXMLCharacters(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Error("not UTF-8")
	}
	for i, r := range text {
		isControl := r < ' ' && r != '\t' && r != '\n'
		if isControl || r == 0xfffe || r == 0xffff {
			t.Errorf("%U at %d", r, i)
		}
	}
}

// TestJUnitCases checks what a case shows of a failure, a warning and a known failure.
func TestJUnitCases(t *testing.T) {
	var got struct {
		Suites []struct {
			Name  string `xml:"name,attr"`
			Cases []struct {
				Name    string `xml:"name,attr"`
				Failure *struct {
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"failure"`
				Skipped *struct {
					Message string `xml:"message,attr"`
				} `xml:"skipped"`
				Out string `xml:"system-out"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	r := redReport(t)
	if err := xml.Unmarshal([]byte(write(t, "junit", r)), &got); err != nil {
		t.Fatal(err)
	}
	suite := got.Suites[1]
	if suite.Name != string(report.Probes) || len(suite.Cases) != 9 {
		t.Fatalf("got suite %q with %d cases", suite.Name, len(suite.Cases))
	}
	failed, warned, known := suite.Cases[2], suite.Cases[4], suite.Cases[5]
	for _, want := range []string{"own-parcel", "want     The parcel", "got      status 200", "parcels.yaml:9, documented: guide/show",
		"warning: parcels/weight", "repeat   curl"} {
		if failed.Failure == nil || !strings.Contains(failed.Failure.Text, want) {
			t.Errorf("the failure does not say %q: %+v", want, failed.Failure)
		}
	}
	if warned.Failure != nil || !strings.Contains(warned.Out, "warning: parcels/weight") {
		t.Errorf("the warning: %+v", warned)
	}
	if known.Failure != nil || known.Skipped == nil || known.Skipped.Message != "ticket 4711" || !strings.Contains(known.Out, "own-parcel") {
		t.Errorf("the known failure: %+v", known)
	}
}

// TestJUnitMessageLength checks that a message is shortened by characters, not by bytes.
func TestJUnitMessageLength(t *testing.T) {
	const most = 300
	for _, test := range []struct {
		name, reason, want string
	}{
		{name: "as long as it may be", reason: strings.Repeat("ü", most), want: strings.Repeat("ü", most)},
		{name: "a character longer", reason: strings.Repeat("ü", most+1), want: strings.Repeat("ü", most-1) + "…"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{Checks: []report.Check{{ID: "a/b", Suite: report.Probes, Status: report.Error, Reason: test.reason}}}
			if out := write(t, "junit", r); !slices.Contains(strings.Split(out, `"`), test.want) {
				t.Errorf("no message %q in\n%s", test.want, out)
			}
		})
	}
}

// TestJUnitMessageOfSeveral checks that the number of further failures is part of the message, whose length stays within
// the limit.
func TestJUnitMessageOfSeveral(t *testing.T) {
	const most = 300 // characters
	for _, test := range []struct {
		name     string
		failures int
		want     string // the end
	}{
		{name: "one", failures: 1, want: "…"},
		{name: "two", failures: 2, want: "… (and 1 more)"},
		{name: "many", failures: 1000, want: "… (and 999 more)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			finding := contract.Finding{ID: "schema/type", Pointer: "/response/body", Want: strings.Repeat("ü", most), Got: "none"}
			r := &report.Report{Checks: []report.Check{{
				ID: "a/b", Suite: report.Probes, Status: report.Fail, Failures: slices.Repeat([]contract.Finding{finding}, test.failures),
			}}}
			_, rest, _ := strings.Cut(write(t, "junit", r), `<failure message="`)
			message, _, _ := strings.Cut(rest, `"`)
			if length := utf8.RuneCountInString(message); length != most || !strings.HasSuffix(message, test.want) {
				t.Errorf("got %d characters, want %d that end with %q: %s", length, most, test.want, message)
			}
		})
	}
}

// TestJUnitVersion tests that the report names the version, in a comment, and that none breaks the XML.
func TestJUnitVersion(t *testing.T) {
	for _, test := range []struct{ name, version, want string }{
		{name: "none", version: "", want: ">\n  <testsuite "},
		{name: "a release", version: "1.2.3", want: "<!-- quotaspec 1.2.3 -->"},
		{name: "hyphens, which would end a comment", version: "1.0.0--->x", want: "<!-- quotaspec 1.0.0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			written := write(t, "junit", &report.Report{Version: test.version})
			if !strings.Contains(written, test.want) {
				t.Errorf("no %q in\n%s", test.want, written)
			}
			if err := xml.Unmarshal([]byte(written), new(struct{})); err != nil {
				t.Error(err)
			}
		})
	}
}
