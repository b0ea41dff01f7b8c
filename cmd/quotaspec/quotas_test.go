package main

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// TestBound: reached means as much, or more, and no rounding decides.
func TestBound(t *testing.T) {
	for _, test := range []struct {
		bound       string
		used, quota int32
		want        bool
	}{
		{"45", 44, 50, false}, {"45", 45, 50, true}, {"45", 45, 0, true},
		{"80%", 39, 50, false}, {"80%", 40, 50, true}, {"80%", 41, 50, true},
		{"33.3%", 333, 1000, true}, {"33.3%", 332, 1000, false}, {"33.4%", 1, 3, false}, {"33.3%", 1, 3, true},
		{"29%", 29, 100, true}, {"0.1%", 1, 1000, true}, {"0.1%", 1, 1001, false}, {"0.001%", 0, 1, false},
		{"1.001%", 1001, 100_000, true}, {"1.001%", 1000, 100_000, false},
		{"100%", math.MaxInt32, math.MaxInt32, true}, {"100%", math.MaxInt32 - 1, math.MaxInt32, false},
		{"1000%", math.MaxInt32, math.MaxInt32, false}, {"1000%", math.MaxInt32, 1, true},
		{"80%", 0, 0, false}, {"80%", 1, 0, true},
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

// TestPairs tests that a warning after its alarm is refused where the two can be compared: a count and percent cannot, before the
// quota is known.
func TestPairs(t *testing.T) {
	const none = "<nil>"
	for _, test := range []struct{ name, threshold, err string }{
		{"counts", "user=45/48", none},
		{"counts, the same", "user=45/45", none},
		{"counts, the other way round", "user=48/45", `threshold "user=48/45": the warning threshold 48 is above the critical threshold 45`},
		{"percent", "user=80%/95%", none},
		{"percent, the same", "user=80%/80%", none},
		{"percent, the other way round", "user=95%/80.5%", `threshold "user=95%/80.5%": the warning threshold 95% is above the critical threshold 80.5%`},
		{"a count, then percent", "user=45/1%", none},
		{"percent, then a count", "user=80%/48", none},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := parseThresholds("80", "95", []string{test.threshold}, nil)
			if got := fmt.Sprint(err); got != test.err {
				t.Errorf("got error %s, want %s", got, test.err)
			}
		})
	}
}

// TestQuotaState has what the sample data has not.
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
		{"none", quotaLine{Type: "user", Used: new(int32(0)), Quota: 3}, stateOK, "", "0%", "░░░░░░░░░░"},
		{"hardly any", quotaLine{Type: "user", Used: new(int32(1)), Quota: 1000}, stateOK, "", "0%", "█░░░░░░░░░"},
		{"almost all", quotaLine{Type: "user", Used: new(int32(999)), Quota: 1000}, stateCritical, "95%", "99%", "█████████░"},
		{"all", quotaLine{Type: "user", Used: new(int32(7)), Quota: 7}, stateCritical, "95%", "100%", "██████████"},
		{"all of the largest quota", quotaLine{Type: "user", Used: new(int32(math.MaxInt32)), Quota: math.MaxInt32}, stateCritical, "95%", "100%", "██████████"},
		{"more than all", quotaLine{Type: "user", Used: new(int32(21)), Quota: 7}, stateCritical, "95%", "300%", "██████████"},
		{"nothing allowed, nothing used", quotaLine{Type: "user", Used: new(int32(0)), Quota: 0}, stateOK, "", "-", "░░░░░░░░░░"},
		{"nothing allowed, something used", quotaLine{Type: "user", Used: new(int32(1)), Quota: 0}, stateCritical, "95%", "-", "██████████"},
		{"a type of its own", quotaLine{Type: "robot", Used: new(int32(2)), Quota: 100}, stateWarning, "2", "2%", "█░░░░░░░░░"},
		{"ignored", quotaLine{Type: "idp", Used: new(int32(9)), Quota: 9}, stateIgnored, "", "100%", "██████████"},
		{"use of mapping told", quotaLine{Type: "mapping", Used: new(int32(8)), Quota: 10}, stateWarning, "80%", "80%", "████████░░"},
		{"usage not reported", quotaLine{Type: "user", Quota: 10}, stateLimit, "", "", ""},
		{"per user", quotaLine{Type: "assigment_user_ep", Used: new(int32(10)), Quota: 10, Per: "user"}, stateLimit, "", "", ""},
		{"quota below zero", quotaLine{Type: "user", Used: new(int32(10)), Quota: -1}, stateLimit, "", "", ""},
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

// TestQuotasExit: of several the first of 2, 3, 1, 0 holds.
func TestQuotasExit(t *testing.T) {
	ok, warning, critical := quotaLine{State: stateOK}, quotaLine{State: stateWarning}, quotaLine{State: stateCritical}
	failed := &quotaFailure{}
	for _, test := range []struct {
		name   string
		places []*quotaPlace
		want   int
	}{
		{"nothing", nil, 0},
		{"ok, limit and ignored", []*quotaPlace{{Quotas: []quotaLine{ok, {State: stateLimit}, {State: stateIgnored}}}}, 0},
		{"warning", []*quotaPlace{{Quotas: []quotaLine{ok, warning}}, {Quotas: []quotaLine{ok}}}, 1},
		{"critical", []*quotaPlace{{Quotas: []quotaLine{critical, warning}}}, 2},
		{"failed", []*quotaPlace{{Failure: failed}, {Quotas: []quotaLine{ok}}}, 3},
		{"failed and warning", []*quotaPlace{{Quotas: []quotaLine{warning}}, {Failure: failed}}, 3},
		{"failed and critical", []*quotaPlace{{Failure: failed}, {Quotas: []quotaLine{critical}}, {Failure: failed}}, 2},
	} {
		if got := quotasExit(test.places); got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
	}
}

// TestScreens: at every width what can fit does, bars go before anything else, and no service steers the terminal.
func TestScreens(t *testing.T) {
	places := []*quotaPlace{
		{Scope: "account", Domain: "d", Quotas: []quotaLine{
			{Type: "user", Used: new(int32(10)), Quota: 50, State: stateOK},
			{Type: "group\x1b[2J\n", Used: new(int32(19)), Quota: 20, State: stateCritical, Reached: "95%"},
			{Type: "assigment_group_mp", Quota: 200, Used: new(int32(8)), Per: "group", State: stateLimit},
		}},
		{Scope: "images", Region: "cn-north-4", Quotas: []quotaLine{}, Failure: &quotaFailure{Message: "权限不足 \x1b[31m " + strings.Repeat("no ", 40), Needs: "a grant"}},
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
		if strings.Contains(b.String(), "\x1b") || hasBars != (width >= 60) || !strings.Contains(b.String(), "cn-south-1\n  no quotas in the response\n") {
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
