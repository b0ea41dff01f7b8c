package main

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// TestBound tests that an equal usage reaches a threshold, and that nothing is rounded.
func TestBound(t *testing.T) {
	for _, test := range []struct {
		bound       string
		used, quota int32
		want        bool
	}{
		{bound: "45", used: 44, quota: 50}, {bound: "45", used: 45, quota: 50, want: true}, {bound: "45", used: 45, want: true},
		{bound: "80%", used: 39, quota: 50}, {bound: "80%", used: 40, quota: 50, want: true}, {bound: "80%", used: 41, quota: 50, want: true},
		{
			bound: "33.3%", used: 333, quota: 1000, want: true}, {bound: "33.3%", used: 332, quota: 1000}, {bound: "33.4%", used: 1,
			quota: 3}, {bound: "33.3%", used: 1, quota: 3, want: true},
		{
			bound: "29%", used: 29, quota: 100, want: true}, {bound: "0.1%", used: 1, quota: 1000, want: true}, {bound: "0.1%", used: 1,
			quota: 1001}, {bound: "0.001%", quota: 1},
		{bound: "1.001%", used: 1001, quota: 100_000, want: true}, {bound: "1.001%", used: 1000, quota: 100_000},
		{bound: "100%", used: math.MaxInt32, quota: math.MaxInt32, want: true}, {bound: "100%", used: math.MaxInt32 - 1, quota: math.MaxInt32},
		{bound: "1000%", used: math.MaxInt32, quota: math.MaxInt32}, {bound: "1000%", used: math.MaxInt32, quota: 1, want: true},
		{bound: "80%"}, {bound: "80%", used: 1, want: true},
	} {
		b, err := parseBound(test.bound)
		if err != nil || b.String() != test.bound {
			t.Fatalf("%s: got %s, %v", test.bound, b, err)
		}
		if got := b.reached(test.used, test.quota); got != test.want {
			t.Errorf("%s reached by %d of %d: got %t", test.bound, test.used, test.quota, got)
		}
	}
}

// TestPairs tests that a warning threshold above the critical one is an error. A count and a percentage cannot be compared
// before the quota is known.
func TestPairs(t *testing.T) {
	const none = "<nil>"
	for _, test := range []struct{ name, threshold, err string }{
		{name: "counts", threshold: "user=45/48", err: none},
		{name: "counts, the same", threshold: "user=45/45", err: none},
		{
			name: "counts, the other way round", threshold: "user=48/45",
			err: `threshold "user=48/45": the warning threshold 48 is above the critical threshold 45`,
		},
		{name: "percent", threshold: "user=80%/95%", err: none},
		{name: "percent, the same", threshold: "user=80%/80%", err: none},
		{
			name: "percent, the other way round", threshold: "user=95%/80.5%",
			err: `threshold "user=95%/80.5%": the warning threshold 95% is above the critical threshold 80.5%`,
		},
		{name: "a count, then percent", threshold: "user=45/1%", err: none},
		{name: "percent, then a count", threshold: "user=80%/48", err: none},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := parseThresholds("80", "95", []string{test.threshold}, nil)
			if got := fmt.Sprint(err); got != test.err {
				t.Errorf("got error %s, want %s", got, test.err)
			}
		})
	}
}

// TestQuotaState tests the state, the percentage and the bar of quotas that the sample data does not have.
func TestQuotaState(t *testing.T) {
	limits, err := parseThresholds("80", "95", []string{"robot=2/3"}, []string{"idp"})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		line    quotaLine
		want    quotaState
		reached string
		percent string
		bar     string
	}{
		{name: "none", line: quotaLine{Type: "user", Used: new(int32(0)), Quota: 3}, want: stateOK, percent: "0%", bar: "░░░░░░░░░░"},
		{name: "hardly any", line: quotaLine{Type: "user", Used: new(int32(1)), Quota: 1000}, want: stateOK, percent: "0%", bar: "█░░░░░░░░░"},
		{
			name: "almost all", line: quotaLine{Type: "user", Used: new(int32(999)), Quota: 1000}, want: stateCritical, reached: "95%",
			percent: "99%", bar: "█████████░",
		},
		{
			name: "all", line: quotaLine{Type: "user", Used: new(int32(7)), Quota: 7}, want: stateCritical, reached: "95%",
			percent: "100%", bar: "██████████",
		},
		{
			name: "all of the largest quota", line: quotaLine{Type: "user", Used: new(int32(math.MaxInt32)), Quota: math.MaxInt32},
			want: stateCritical, reached: "95%", percent: "100%", bar: "██████████",
		},
		{
			name: "more than the quota", line: quotaLine{Type: "user", Used: new(int32(21)), Quota: 7}, want: stateCritical, reached: "95%",
			percent: "300%", bar: "██████████",
		},
		{
			name: "nothing allowed, nothing used", line: quotaLine{Type: "user", Used: new(int32(0)), Quota: 0}, want: stateOK,
			percent: "-", bar: "░░░░░░░░░░",
		},
		{
			name: "nothing allowed, something used", line: quotaLine{Type: "user", Used: new(int32(1)), Quota: 0}, want: stateCritical,
			reached: "95%", percent: "-", bar: "██████████",
		},
		{
			name: "a type of its own", line: quotaLine{Type: "robot", Used: new(int32(2)), Quota: 100}, want: stateWarning,
			reached: "2", percent: "2%", bar: "█░░░░░░░░░",
		},
		{name: "ignored", line: quotaLine{Type: "idp", Used: new(int32(9)), Quota: 9}, want: stateIgnored, percent: "100%", bar: "██████████"},
		{
			name: "usage of mapping reported", line: quotaLine{Type: "mapping", Used: new(int32(8)), Quota: 10}, want: stateWarning,
			reached: "80%", percent: "80%", bar: "████████░░",
		},
		{name: "usage not reported", line: quotaLine{Type: "user", Quota: 10}, want: stateLimit},
		{name: "per user", line: quotaLine{Type: "assigment_user_ep", Used: new(int32(10)), Quota: 10, Per: "user"}, want: stateLimit},
		{name: "quota below zero", line: quotaLine{Type: "user", Used: new(int32(10)), Quota: -1}, want: stateLimit},
	} {
		t.Run(test.name, func(t *testing.T) {
			limits.judge(&test.line)
			if test.line.State != test.want || test.line.Reached != test.reached {
				t.Errorf("got %s at %q, want %s at %q", test.line.State, test.line.Reached, test.want, test.reached)
			}
			if test.line.hasBar() != (test.bar != "") {
				t.Fatalf("has a bar: got %t", test.line.hasBar())
			}
			if test.bar == "" {
				return
			}
			if got := test.line.percent(); got != test.percent {
				t.Errorf("got %s, want %s", got, test.percent)
			}
			if diff := cmp.Diff(test.bar, test.line.bar(10)); diff != "" {
				t.Errorf("bar (-want +got):\n%s", diff)
			}
		})
	}
}

// TestQuotasExit tests the order of the exit codes: 2, 3, 1, 0.
func TestQuotasExit(t *testing.T) {
	ok, warning, critical := quotaLine{State: stateOK}, quotaLine{State: stateWarning}, quotaLine{State: stateCritical}
	failed := &quotaFailure{}
	for _, test := range []struct {
		name   string
		places []*quotaPlace
		want   int
	}{
		{name: "nothing"},
		{name: "ok, limit and ignored", places: []*quotaPlace{{Quotas: []quotaLine{ok, {State: stateLimit}, {State: stateIgnored}}}}},
		{name: "warning", places: []*quotaPlace{{Quotas: []quotaLine{ok, warning}}, {Quotas: []quotaLine{ok}}}, want: 1},
		{name: "critical", places: []*quotaPlace{{Quotas: []quotaLine{critical, warning}}}, want: 2},
		{name: "failed", places: []*quotaPlace{{Failure: failed}, {Quotas: []quotaLine{ok}}}, want: 3},
		{name: "failed and warning", places: []*quotaPlace{{Quotas: []quotaLine{warning}}, {Failure: failed}}, want: 3},
		{name: "failed and critical", places: []*quotaPlace{{Failure: failed}, {Quotas: []quotaLine{critical}}, {Failure: failed}}, want: 2},
	} {
		if got := quotasExit(test.places); got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
	}
}

// TestScreens tests a table at every width: lines fit from 60 columns on, narrower ones have no bars, and no text of a service
// controls the terminal.
func TestScreens(t *testing.T) {
	places := []*quotaPlace{
		{Scope: "account", Domain: "d", Quotas: []quotaLine{
			{Type: "user", Used: new(int32(10)), Quota: 50, State: stateOK},
			{Type: "group\x1b[2J\n", Used: new(int32(19)), Quota: 20, State: stateCritical, Reached: "95%"},
			{Type: "assigment_group_mp", Quota: 200, Used: new(int32(8)), Per: "group", State: stateLimit},
		}},
		{
			Scope: "images", Region: "cn-north-4", Quotas: []quotaLine{},
			Failure: &quotaFailure{Message: "权限不足 \x1b[31m " + strings.Repeat("no ", 40), Needs: "a grant"},
		},
		{Scope: "images", Region: "cn-south-1", Quotas: []quotaLine{}},
	}
	for width := 1; width <= 200; width++ {
		var b strings.Builder
		if err := (screen{w: &b, width: width}).table(places); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if length := utf8.RuneCountInString(line) - 1; width >= 60 && length > width {
				t.Fatalf("width %d: %d wide: %s", width, length, line)
			}
		}
		hasBars := strings.Contains(b.String(), "██")
		if strings.Contains(b.String(), "\x1b") || hasBars != (width >= 60) ||
			!strings.Contains(b.String(), "cn-south-1\n  no quotas in the response\n") {
			t.Fatalf("width %d:\n%s", width, b.String())
		}
	}
	var b strings.Builder
	if err := (screen{w: &b, width: 80, colours: true}).table(places); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\x1b[32m██", "\x1b[31;1m██", "\x1b[31;1mcritical at 95%\x1b[0m", "\x1b[1maccount d\x1b[0m"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
