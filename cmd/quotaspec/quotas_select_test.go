package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/internal/quotas"
)

// TestSelected tests what --sort and --problems print, and that they change none of the results.
func TestSelected(t *testing.T) {
	results := []quotas.Result{
		{Place: quotas.Place{Domain: "failed"}, Failure: &quotas.Failure{Message: "no"}},
		{Place: quotas.Place{Domain: "empty"}},
		{Place: quotas.Place{Domain: "low"}, Quotas: []quotas.Quota{
			{Type: "limit", Quota: 10, State: quotas.StateLimit},
			{Type: "a third", Used: new(int32(1)), Quota: 3, State: quotas.StateOK},
			{Type: "also a third", Used: new(int32(2)), Quota: 6, State: quotas.StateOK},
			{Type: "none of none", Used: new(int32(0)), Quota: 0, State: quotas.StateOK},
			{Type: "half", Used: new(int32(1)), Quota: 2, State: quotas.StateWarning},
		}},
		{Place: quotas.Place{Domain: "high"}, Quotas: []quotas.Quota{
			{Type: "all", Used: new(int32(2)), Quota: 2, State: quotas.StateIgnored},
			{Type: "one of none", Used: new(int32(1)), Quota: 0, State: quotas.StateCritical},
			{Type: "twice", Used: new(int32(4)), Quota: 2, State: quotas.StateCritical},
		}},
	}
	names := func(results []quotas.Result) (list []string) {
		for _, r := range results {
			list = append(list, "place "+r.Domain)
			for _, q := range r.Quotas {
				list = append(list, q.Type)
			}
		}
		return list
	}
	before := names(results)
	for _, test := range []struct {
		name, order string
		problems    bool
		want        []string
	}{
		{name: "as they are", order: orderResponse, want: before},
		{name: "by ratio", order: orderRatio, want: []string{
			"place high", "one of none", "twice", "all",
			"place low", "half", "a third", "also a third", "none of none", "limit",
			"place failed", "place empty",
		}},
		{name: "problems", order: orderResponse, problems: true, want: []string{
			"place failed", "place low", "half", "place high", "one of none", "twice",
		}},
		{name: "problems by ratio", order: orderRatio, problems: true, want: []string{
			"place high", "one of none", "twice", "place low", "half", "place failed",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, names(selected(results, test.order, test.problems))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, names(results)); diff != "" {
				t.Errorf("the results have changed:\n%s", diff)
			}
		})
	}
}

// TestCells tests the widths of characters on a terminal.
func TestCells(t *testing.T) {
	for text, want := range map[string]int{"": 0, "user": 4, "größe": 5, "e\u0301": 1, "镜像": 4, "ｆ": 2, "한": 2, "か": 2, "█░…·": 4, "🙂": 2} {
		if got := cells(text); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
	if got := lastCells("a line\n镜"); got != 2 {
		t.Errorf("last line: got %d", got)
	}
}
