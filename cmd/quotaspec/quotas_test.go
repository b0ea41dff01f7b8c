package main

import (
	"testing"

	"github.com/quotaspec/quotaspec/internal/quotas"
)

// TestQuotasExit tests the order of the exit codes: 2, 3, 1, 0.
func TestQuotasExit(t *testing.T) {
	ok, warning, critical := quotas.Quota{State: quotas.StateOK}, quotas.Quota{State: quotas.StateWarning}, quotas.Quota{State: quotas.StateCritical}
	failed := &quotas.Failure{}
	for _, test := range []struct {
		name   string
		places []quotas.Result
		want   int
	}{
		{name: "nothing"},
		{name: "ok, limit and ignored", places: []quotas.Result{{Quotas: []quotas.Quota{ok, {State: quotas.StateLimit}, {State: quotas.StateIgnored}}}}},
		{name: "warning", places: []quotas.Result{{Quotas: []quotas.Quota{ok, warning}}, {Quotas: []quotas.Quota{ok}}}, want: 1},
		{name: "critical", places: []quotas.Result{{Quotas: []quotas.Quota{critical, warning}}}, want: 2},
		{name: "failed", places: []quotas.Result{{Failure: failed}, {Quotas: []quotas.Quota{ok}}}, want: 3},
		{name: "failed and warning", places: []quotas.Result{{Quotas: []quotas.Quota{warning}}, {Failure: failed}}, want: 3},
		{name: "failed and critical", places: []quotas.Result{{Failure: failed}, {Quotas: []quotas.Quota{critical}}, {Failure: failed}}, want: 2},
	} {
		if got := exitOf(quotas.WorstState(test.places)); got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
	}
}
