package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/internal/quotas"
)

// TestAlertRanges tests for each usage that a monitor which reads the ranges of perfdata comes to the state of the evaluation.
func TestAlertRanges(t *testing.T) {
	alerts := func(limit string, used int32) bool { // outside of 0..limit
		largest, err := strconv.Atoi(limit)
		return err == nil && (used < 0 || int(used) > largest)
	}
	for _, threshold := range []string{"", "user=45/48", "user=1/1", "user=50/60", "user=33.3%/66.6%", "user=0.001%/100%", "user=100%/1000%",
		"user=45/50%", "user=10%/2147483647", "user=99.999%/100.001%"} {
		for _, quota := range []int32{50, 3, 1, 0} {
			flags := limitFlags{}
			if threshold != "" {
				flags.thresholds = []string{threshold}
			}
			limits, err := flags.parse()
			if err != nil {
				t.Fatal(err)
			}
			warn, critical := alertRanges(limits, quotas.Quota{Type: "user", Used: new(int32(7)), Quota: quota})
			for used := range int32(61) {
				want, _ := limits.Judge(quotas.Quota{Type: "user", Used: &used, Quota: quota})
				got := quotas.StateOK
				switch {
				case alerts(critical, used):
					got = quotas.StateCritical
				case alerts(warn, used):
					got = quotas.StateWarning
				}
				if got != want {
					t.Errorf("%q, %d of %d: the ranges %q and %q say %s, want %s", threshold, used, quota, warn, critical, got, want)
				}
			}
		}
	}
	limits, err := limitFlags{ignored: []string{"user"}}.parse()
	if err != nil {
		t.Fatal(err)
	}
	if warn, critical := alertRanges(limits, quotas.Quota{Type: "user", Used: new(int32(7)), Quota: 7}); warn+critical != "" {
		t.Errorf("ignored: got %q and %q", warn, critical)
	}
}

// perfDatum is one number with label as plugins print it.
var perfDatum = regexp.MustCompile(`^'([^'=|]+)'=(-?\d+);(\d*);(\d*);0;(-?\d+)( |$)`)

// TestNagiosSafe tests that no name of a service or config breaks the line, and that labels are unique.
func TestNagiosSafe(t *testing.T) {
	quota := func(name string) quotas.Quota {
		return quotas.Quota{Type: name, Used: new(int32(50)), Quota: 50, State: quotas.StateCritical}
	}
	for _, test := range []struct {
		name, account string
		types, labels []string
	}{
		{name: "plain", account: "main", types: []string{"user", "group"}, labels: []string{"main/user", "main/group"}},
		{name: "no account", types: []string{"image"}, labels: []string{"image"}},
		{name: "quotes", account: "it's", types: []string{"'user'='1'"}, labels: []string{"it_s/_user___1_"}},
		{name: "bars", account: "a|b", types: []string{"c | d"}, labels: []string{"a_b/c _ d"}},
		{name: "lines", account: "a\nb", types: []string{"c\r\n\x1b"}, labels: []string{"a b/c ·"}},
		{name: "twice", types: []string{"user", "user", "user/2", "user"}, labels: []string{"user", "user/2", "user/2/2", "user/3"}},
		{name: "alike once they are safe", types: []string{"a=b", "a|b"}, labels: []string{"a_b", "a_b/2"}},
		{name: "empty", types: []string{""}, labels: []string{"quota"}},
		{name: "Chinese", account: "生产", types: []string{"镜像"}, labels: []string{"生产/镜像"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := quotas.Result{Place: quotas.Place{Scope: "account", Account: test.account}}
			for _, name := range test.types {
				r.Quotas = append(r.Quotas, quota(name))
			}
			var b strings.Builder
			if err := quotasNagios(&b, reportOf([]quotas.Result{r})); err != nil {
				t.Fatal(err)
			}
			line, hasEnd := strings.CutSuffix(b.String(), "\n")
			words, perfdata, _ := strings.Cut(line, " | ")
			if !hasEnd || strings.ContainsAny(line, "\n\r\x1b") || strings.Contains(words, "|") || !strings.HasPrefix(words, "QUOTA CRITICAL - ") {
				t.Errorf("got %q", b.String())
			}
			labels := []string{}
			for perfdata != "" {
				datum := perfDatum.FindStringSubmatch(perfdata)
				if datum == nil {
					t.Fatalf("not understood: %q", perfdata)
				}
				labels, perfdata = append(labels, datum[1]), perfdata[len(datum[0]):]
			}
			if diff := cmp.Diff(test.labels, labels); diff != "" {
				t.Errorf("labels (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNagiosHeadline tests that the line names the worst problems first, and ten at most.
func TestNagiosHeadline(t *testing.T) {
	place := quotas.Place{Scope: "images", Account: "main", Region: "r", Project: "p"}
	several := func(n int, state quotas.State) (list []quotas.Quota) {
		for i := range n {
			list = append(list, quotas.Quota{Type: fmt.Sprintf("%c%d", state[0], i), Used: new(int32(9)), Quota: 10, State: state})
		}
		return list
	}
	failed := quotas.Result{Place: place, Failure: &quotas.Failure{Message: "status 500"}}
	const of = " 9 of 10 (90%) in r p of account main"
	for _, test := range []struct {
		name    string
		results []quotas.Result
		want    string
	}{
		{name: "nothing", want: "0 ok, 0 warning, 0 critical"},
		{name: "ok", results: []quotas.Result{{Quotas: several(3, quotas.StateOK)}}, want: "3 ok, 0 warning, 0 critical"},
		{
			name:    "each",
			results: []quotas.Result{{Place: place, Quotas: append(several(1, quotas.StateWarning), several(1, quotas.StateCritical)...)}, failed},
			want:    "1 critical: c0" + of + "; 1 failed: images main r p: status 500; 1 warning: w0" + of,
		},
		{
			name: "too many",
			results: []quotas.Result{{Quotas: append(several(9, quotas.StateCritical), several(13, quotas.StateWarning)...)},
				failed},
			want: "9 critical: c0 9 of 10 (90%), c1 9 of 10 (90%), c2 9 of 10 (90%), c3 9 of 10 (90%), c4 9 of 10 (90%), c5 9 of 10 (90%), " +
				"c6 9 of 10 (90%), c7 9 of 10 (90%), c8 9 of 10 (90%); 1 failed: images main r p: status 500; 13 warning",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, reportOf(test.results).headline()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	got := reportOf([]quotas.Result{{Quotas: several(22, quotas.StateWarning)}}).headline()
	if !strings.HasPrefix(got, "22 warning: w0 ") || !strings.HasSuffix(got, ", w9 9 of 10 (90%) and 12 more") {
		t.Errorf("got %s", got)
	}
}

// TestWantsNagios tests the forms in which --output names the format.
func TestWantsNagios(t *testing.T) {
	for args, want := range map[string]bool{
		"quotas -o nagios": true, "quotas --output nagios": true, "quotas --output=nagios": true, "quotas -onagios": true, "quotas -o=nagios": true,
		"quotas -o nagios --endpont x": true, "quotas": false, "quotas -o": false, "quotas --output json": false, "quotas nagios": false,
	} {
		if got := wantsNagios(strings.Fields(args)); got != want {
			t.Errorf("%s: got %t", args, got)
		}
	}
}
