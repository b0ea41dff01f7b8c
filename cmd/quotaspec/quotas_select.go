package main

import (
	"cmp"
	"math"
	"slices"

	"github.com/quotaspec/quotaspec/internal/quotas"
)

// quotaOrders are the values of --sort.
var quotaOrders = []string{orderResponse, orderRatio}

const (
	orderResponse = "response" // as the service has it
	orderRatio    = "ratio"    // the fullest first
)

// selected returns the results to print. It changes none of those given.
func selected(results []quotas.Result, order string, problems bool) []quotas.Result {
	shown := []quotas.Result{}
	for _, r := range results {
		r.Quotas = slices.Clone(r.Quotas)
		if problems {
			r.Quotas = slices.DeleteFunc(r.Quotas, func(q quotas.Quota) bool { return !isProblem(q) })
			if len(r.Quotas) == 0 && r.Failure == nil {
				continue
			}
		}
		shown = append(shown, r)
	}
	if order == orderRatio {
		sortByRatio(shown)
	}
	return shown
}

func isProblem(q quotas.Quota) bool {
	return q.State == quotas.StateWarning || q.State == quotas.StateCritical
}

// sortByRatio puts the fullest quota of a place first, and the place with the fullest quota. What has no ratio, such as a failed
// request, goes last. Equals keep their order.
func sortByRatio(results []quotas.Result) {
	fullest := func(r quotas.Result) float64 {
		if len(r.Quotas) == 0 {
			return math.Inf(-1)
		}
		return fullness(r.Quotas[0])
	}
	for _, r := range results {
		slices.SortStableFunc(r.Quotas, func(a, b quotas.Quota) int { return cmp.Compare(fullness(b), fullness(a)) })
	}
	slices.SortStableFunc(results, func(a, b quotas.Result) int { return cmp.Compare(fullest(b), fullest(a)) })
}

// fullness returns the ratio of a quota: infinite if something is used although nothing is allowed, and below all others if the
// quota is not compared.
func fullness(q quotas.Quota) float64 {
	ratio, ok := ratioOf(q)
	switch {
	case ok:
		return ratio
	case !q.IsCompared():
		return math.Inf(-1)
	case *q.Used > 0:
		return math.Inf(1)
	}
	return 0
}
