package verify

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
)

// TestRecordingsOfWrongRequests tests that a recording whose manifest says that its request is wrong fails no side, and that a
// wrong request without such a row fails the consumer. For the provider it is an error, since the recording is not what its
// manifest says.
func TestRecordingsOfWrongRequests(t *testing.T) {
	recording := func(name, target string, breaks ...string) Recording {
		return Recording{Name: name, Operation: "listThings", Breaks: breaks, Exchange: entry(target, 200, "{}").Exchange}
	}
	list := []Recording{
		recording("right", "/things"), recording("on-purpose", "/things?x=1", "parameter/undocumented"),
		recording("wrong", "/things?x=1"), recording("other", "/things?x=1", "parameter/enum"),
	}
	for _, test := range []struct {
		side contract.Side
		want map[string]string // status and findings, by recording
	}{
		{side: contract.Provider, want: map[string]string{"right": "pass", "on-purpose": "pass", "wrong": "error", "other": "error"}},
		{
			side: contract.Consumer, want: map[string]string{"right": "pass", "on-purpose": "pass", "other": "error",
				"wrong": "fail parameter/undocumented, recording wrong: GET /things?x=1"},
		},
		{
			side: contract.Both, want: map[string]string{"right": "pass", "on-purpose": "pass", "other": "error",
				"wrong": "fail parameter/undocumented, recording wrong: GET /things?x=1"},
		},
	} {
		t.Run(string(test.side), func(t *testing.T) {
			result, err := Run(t.Context(), newTestJudges(t), Inputs{Recordings: list}, Options{Side: test.side})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, c := range result.Checks {
				if c.Suite != report.Recordings {
					continue
				}
				text := string(c.Status)
				for _, f := range append(c.Failures, c.Warnings...) {
					text += fmt.Sprintf(" %s, %s", f.ID, c.Repeat)
				}
				got[strings.TrimPrefix(c.ID, "listThings/recording=")] = text
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("recordings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNearMissMatchesForTheConsumer tests that traffic with near misses only is judged if the consumer is, and that traffic of
// unknown paths only never is.
func TestNearMissMatchesForTheConsumer(t *testing.T) {
	for _, test := range []struct {
		name    string
		target  string
		side    contract.Side
		judged  bool
		matched bool
	}{
		{name: "a near miss, provider", target: "/Things", side: contract.Provider},
		{name: "a near miss, consumer", target: "/Things", side: contract.Consumer, judged: true, matched: true},
		{name: "a near miss, both", target: "/Things", side: contract.Both, judged: true, matched: true},
		{name: "an unknown path, consumer", target: "/elsewhere", side: contract.Consumer},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newTestTally(t)
			c.Add(entry(test.target, 404, ""))
			result, err := c.Report(Options{Side: test.side}, "")
			failed := result.Count("", report.Fail)
			if (err == nil) != test.matched || result.JudgedAny() != test.judged || (failed == 1) != test.judged {
				t.Errorf("got judged %t, %d failed, and %v", result.JudgedAny(), failed, err)
			}
		})
	}
}
