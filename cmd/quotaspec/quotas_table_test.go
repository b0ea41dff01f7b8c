package main

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/internal/quotas"
)

// TestQuotaLine tests the lines of quotas that are not compared.
func TestQuotaLine(t *testing.T) {
	for _, test := range []struct {
		name string
		line quotas.Quota
		want string
	}{
		{
			name: "usage not reported", line: quotas.Quota{Type: "mapping", Quota: 10, State: quotas.StateLimit},
			want: "  mapping  limit 10, usage not reported",
		},
		{
			name: "a limit for each user",
			line: quotas.Quota{Type: "roles", Used: new(int32(3)), Quota: 10, Per: "user", State: quotas.StateLimit},
			want: "  roles  limit 10 for each user",
		},
		{
			name: "a quota below zero", line: quotas.Quota{Type: "image", Used: new(int32(3)), Quota: -1, State: quotas.StateLimit},
			want: "  image  limit -1",
		},
		{name: "letters beyond ASCII", line: quotas.Quota{Type: "a…ü", Quota: 10, State: quotas.StateLimit}, want: "  a…ü  limit 10, usage not reported"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := screen{width: 80}
			if got := s.line(test.line, s.columns([]quotas.Result{{Quotas: []quotas.Quota{test.line}}})); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestQuotaBar tests the percentage and the bar of quotas that the sample data does not have.
func TestQuotaBar(t *testing.T) {
	for _, test := range []struct {
		name    string
		line    quotas.Quota
		percent string
		bar     string
	}{
		{name: "none", line: quotas.Quota{Type: "user", Used: new(int32(0)), Quota: 3}, percent: "0%", bar: "░░░░░░░░░░"},
		{name: "hardly any", line: quotas.Quota{Type: "user", Used: new(int32(1)), Quota: 1000}, percent: "0%", bar: "█░░░░░░░░░"},
		{
			name: "almost all", line: quotas.Quota{Type: "user", Used: new(int32(999)), Quota: 1000},
			percent: "99%", bar: "█████████░",
		},
		{
			name: "all", line: quotas.Quota{Type: "user", Used: new(int32(7)), Quota: 7},
			percent: "100%", bar: "██████████",
		},
		{
			name: "all of the largest quota", line: quotas.Quota{Type: "user", Used: new(int32(math.MaxInt32)), Quota: math.MaxInt32}, percent: "100%", bar: "██████████",
		},
		{
			name: "more than the quota", line: quotas.Quota{Type: "user", Used: new(int32(21)), Quota: 7},
			percent: "300%", bar: "██████████",
		},
		{name: "ten times the quota", line: quotas.Quota{Type: "user", Used: new(int32(70)), Quota: 7}, percent: ">999%", bar: "██████████"},
		{name: "fewer than none", line: quotas.Quota{Type: "user", Used: new(int32(-1)), Quota: 7}, percent: "<0%", bar: "░░░░░░░░░░"},
		{
			name: "nothing allowed, nothing used", line: quotas.Quota{Type: "user", Used: new(int32(0)), Quota: 0},
			percent: "-", bar: "░░░░░░░░░░",
		},
		{
			name: "nothing allowed, something used", line: quotas.Quota{Type: "user", Used: new(int32(1)), Quota: 0}, percent: "-", bar: "██████████",
		},
		{
			name: "a type of its own", line: quotas.Quota{Type: "robot", Used: new(int32(2)), Quota: 100}, percent: "2%", bar: "█░░░░░░░░░",
		},
		{name: "ignored", line: quotas.Quota{Type: "idp", Used: new(int32(9)), Quota: 9}, percent: "100%", bar: "██████████"},
		{
			name: "usage of mapping reported", line: quotas.Quota{Type: "mapping", Used: new(int32(8)), Quota: 10}, percent: "80%", bar: "████████░░",
		},
		{name: "usage not reported", line: quotas.Quota{Type: "user", Quota: 10}},
		{name: "per user", line: quotas.Quota{Type: "assigment_user_ep", Used: new(int32(10)), Quota: 10, Per: "user"}},
		{name: "quota below zero", line: quotas.Quota{Type: "user", Used: new(int32(10)), Quota: -1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.line.IsCompared() != (test.bar != "") {
				t.Fatalf("has a bar: got %t", test.line.IsCompared())
			}
			if test.bar == "" {
				return
			}
			if got := percent(test.line); got != test.percent {
				t.Errorf("got %s, want %s", got, test.percent)
			}
			if diff := cmp.Diff(test.bar, bar(test.line, 10)); diff != "" {
				t.Errorf("bar (-want +got):\n%s", diff)
			}
		})
	}
}

// TestScreens tests tables at every width from 40 columns on: each line fits, each quota that is compared has a bar, and no text of
// a service controls the terminal. Narrower ones have no bars.
func TestScreens(t *testing.T) {
	places := []quotas.Result{
		{Place: quotas.Place{Scope: "account", Domain: "d"}, Quotas: []quotas.Quota{
			{Type: "user", Used: new(int32(10)), Quota: 50, State: quotas.StateOK},
			{Type: "group\x1b[2J\n", Used: new(int32(19)), Quota: 20, State: quotas.StateCritical, Reached: "95%"},
			{Type: "assigment_group_mp", Quota: 200, Used: new(int32(8)), Per: "group", State: quotas.StateLimit},
			{Type: "mapping", Quota: 10, State: quotas.StateLimit},
		}},
		{
			Place: quotas.Place{Scope: "images", Region: "cn-north-4"}, Quotas: []quotas.Quota{},
			Failure: &quotas.Failure{Message: strings.Repeat("权限不足", 30) + " \x1b[31m " + strings.Repeat("no ", 40), Needs: "a grant"},
		},
		{Place: quotas.Place{Scope: "images", Region: "cn-south-1"}, Quotas: []quotas.Quota{}},
	}
	long := []quotas.Result{{
		Place: quotas.Place{Scope: "account", Account: "生产 " + strings.Repeat("a-long-name", 20), Domain: "d"},
		Quotas: []quotas.Quota{
			{Type: "the_largest", Used: new(int32(math.MaxInt32)), Quota: math.MaxInt32, State: quotas.StateCritical, Reached: "2147483647"},
			{Type: "over", Used: new(int32(math.MaxInt32)), Quota: 1, State: quotas.StateCritical, Reached: "95%"},
			{Type: strings.Repeat("镜像", 50), Used: new(int32(1)), Quota: 3, State: quotas.StateIgnored},
			{Type: strings.Repeat("镜像", 50), Quota: math.MinInt32, State: quotas.StateLimit},
			{Type: strings.Repeat("long", 50), Quota: math.MaxInt32, Used: new(int32(1)), Per: "agency", State: quotas.StateLimit},
		},
	}}
	for width := 1; width <= 200; width++ {
		for _, results := range [][]quotas.Result{places, long} {
			var b strings.Builder
			if err := (screen{w: &b, width: width}).table(reportOf(results)); err != nil {
				t.Fatal(err)
			}
			bars := 0
			for line := range strings.Lines(b.String()) {
				if length := cells(strings.TrimSuffix(line, "\n")); width >= leastWidth && length > width {
					t.Fatalf("width %d: %d wide: %s", width, length, line)
				}
				if strings.ContainsAny(line, "█░") {
					bars++
				}
			}
			want := 0
			for _, q := range results[0].Quotas {
				if q.IsCompared() && width >= leastWidth {
					want++
				}
			}
			if strings.Contains(b.String(), "\x1b") || bars != want {
				t.Fatalf("width %d: %d bars, want %d:\n%s", width, bars, want, b.String())
			}
		}
	}
	var b strings.Builder
	if err := (screen{w: &b, width: 80, colours: true}).table(reportOf(places)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\x1b[32m██", "\x1b[31;1m██", "\x1b[31;1mcritical at 95%\x1b[0m", "\x1b[1maccount d\x1b[0m"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
