package report_test

import (
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestOtherSide tests the last line, which counts the exchanges that only a run of the other side fails on.
func TestOtherSide(t *testing.T) {
	const documented, undocumented = spec.Documented, spec.Undocumented
	finding := func(id, pointer string, grade spec.Grade) contract.Finding {
		return contract.Finding{ID: id, Pointer: pointer, Evidence: spec.Evidence{Grade: grade}}
	}
	request := finding("parameter/enum", "/request/query/unit", documented)
	response := finding("schema/type", "/response/body", documented)
	for _, test := range []struct {
		name     string
		side     contract.Side
		times    int
		suite    report.Suite // default traffic
		findings []contract.Finding
		want     string
	}{
		{name: "nothing"},
		{name: "one request", findings: []contract.Finding{request}, want: "1 wrong request: --side consumer fails on it"},
		{
			name: "several, one check", times: 7, findings: []contract.Finding{request, request},
			want: "7 wrong requests: --side consumer fails on them",
		},
		{name: "a failure of the judged side", findings: []contract.Finding{response}},
		{name: "a request, consumer", side: contract.Consumer, findings: []contract.Finding{request}},
		{
			name: "a response, consumer", side: contract.Consumer, times: 2, findings: []contract.Finding{response},
			want: "2 wrong responses: --side provider fails on them",
		},
		{name: "both", side: contract.Both, findings: []contract.Finding{request, response}},
		{name: "an undocumented header", findings: []contract.Finding{finding("header/undocumented", "/request/headers/x", undocumented)}},
		{
			name: "an undocumented parameter", findings: []contract.Finding{finding("parameter/undocumented", "/request/query/x", undocumented)},
			want: "1 wrong request: --side consumer fails on it",
		},
		{
			name: "a weak response, consumer", side: contract.Consumer,
			findings: []contract.Finding{finding("header/undocumented", "/response/headers/x", undocumented)},
		},
		{name: "a request of ours", suite: report.Probes, findings: []contract.Finding{request}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{Side: test.side, FailOn: spec.Recorded}
			check := report.Check{ID: "a/b", Suite: report.Traffic, Times: test.times}
			if test.suite != "" {
				check.Suite = test.suite
			}
			r.AddJudged(check, contract.Result{Judged: true, Findings: test.findings})
			for _, format := range []string{"text", "markdown"} {
				lines := strings.Split(strings.TrimSpace(write(t, format, r)), "\n")
				last := lines[len(lines)-1]
				if isOther := strings.Contains(last, "--side"); isOther != (test.want != "") || isOther && last != test.want {
					t.Errorf("%s: the last line is %q, want %q", format, last, test.want)
				}
			}
		})
	}
}

// TestFindingsByHalf tests that the halves of a check with a wrong request and a wrong response have the status of their own
// findings: only that of the judged side fails.
func TestFindingsByHalf(t *testing.T) {
	for side, want := range map[contract.Side]string{
		contract.Provider: "FAIL a/b schema/type consumer warn a/b parameter/enum",
		contract.Consumer: "consumer FAIL a/b parameter/enum provider warn a/b schema/type",
		contract.Both:     "FAIL a/b schema/type consumer FAIL a/b parameter/enum",
	} {
		r := &report.Report{Side: side, FailOn: spec.Recorded}
		r.AddJudged(report.Check{ID: "a/b", Suite: report.Traffic}, contract.Result{Judged: true, Findings: []contract.Finding{
			{ID: "parameter/enum", Pointer: "/request/query/unit"}, {ID: "schema/type", Pointer: "/response/body"},
		}})
		got := []string{}
		for _, line := range strings.Split(write(t, "text", r), "\n") {
			words := strings.Fields(strings.ReplaceAll(strings.ReplaceAll(line, "warning: ", ""), ":", ""))
			switch {
			case strings.HasPrefix(line, "consumer:"), strings.HasPrefix(line, "provider:"):
				heading, _, _ := strings.Cut(line, ":")
				got = append(got, heading)
			case strings.HasPrefix(line, "FAIL") && words[1] == "a/b", strings.HasPrefix(line, "warn") && words[1] == "a/b":
				got = append(got, words[0], words[1])
			case strings.Contains(line, " at /"):
				got = append(got, words[0])
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("side %s: got %s, want %s", side, strings.Join(got, " "), want)
		}
	}
}

// TestJUnitNames tests that checks with the same id have different names in JUnit.
func TestJUnitNames(t *testing.T) {
	r := &report.Report{Side: contract.Consumer, FailOn: spec.Recorded}
	for _, id := range []string{"a/b", "a/c", "a/b", "a/b"} {
		r.Add(report.Check{ID: id, Suite: report.Traffic, Status: report.Pass})
	}
	out := write(t, "junit", r)
	for _, name := range []string{"a/b", "a/c", "a/b (2)", "a/b (3)"} {
		if strings.Count(out, `name="`+name+`"`) != 1 {
			t.Errorf("not one case has the name %q:\n%s", name, out)
		}
	}
}
