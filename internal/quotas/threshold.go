package quotas

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/client"
)

// State is the result of comparing a quota with its thresholds.
type State string

// The states.
const (
	StateOK       State = "ok"
	StateWarning  State = "warning"
	StateCritical State = "critical"
	StateLimit    State = "limit"   // not compared: a limit for each group, agency or user, or the usage is not reported
	StateIgnored  State = "ignored" // not compared because of --ignore
	StateFailed   State = "failed"  // of a failed request
)

// bound is one threshold: a count, or a percentage in thousandths of a percent. Integers avoid a decision by rounding: 80% is
// {80000, true}, and 40 of 50 reach it since 40·100000 ≥ 80000·50.
type bound struct {
	value   int64
	percent bool
}

// reached reports whether the usage is at least the threshold. For a quota of 0, any usage reaches any percentage.
func (b bound) reached(used, quota int32) bool {
	switch {
	case !b.percent:
		return int64(used) >= b.value
	case quota == 0:
		return used > 0
	}
	return int64(used)*100_000 >= b.value*int64(quota)
}

func (b bound) String() string {
	if !b.percent {
		return strconv.FormatInt(b.value, 10)
	}
	return strconv.FormatFloat(float64(b.value)/1000, 'f', -1, 64) + "%"
}

// parsePercent reads 80, 80% or 80.5%.
func parsePercent(text string) (bound, error) {
	value, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	isPercentage := value >= 0.001 && value <= 1000 // NaN is none
	if err != nil || !isPercentage {
		return bound{}, fmt.Errorf("%q: want a percentage from 0.001 to 1000, such as 80", text)
	}
	return bound{int64(math.Round(value * 1000)), true}, nil
}

// parseBound reads a count or a percentage with %.
func parseBound(text string) (bound, error) {
	if strings.HasSuffix(text, "%") {
		return parsePercent(text)
	}
	value, err := strconv.ParseInt(text, 10, 32)
	if err != nil || value < 1 {
		return bound{}, fmt.Errorf("%q: want a count above 0, such as 45, or a percentage, such as 45%%", text)
	}
	return bound{value, false}, nil
}

// pair is a warning and a critical threshold.
type pair struct{ warn, critical bound }

// newPair returns an error if the warning threshold is above the critical one. It cannot compare a count with a percentage
// before the quota is known.
func newPair(warn, critical bound) (pair, error) {
	if warn.percent == critical.percent && warn.value > critical.value {
		return pair{}, fmt.Errorf("the warning threshold %s is above the critical threshold %s", warn, critical)
	}
	return pair{warn, critical}, nil
}

// Thresholds are the thresholds of all quotas.
type Thresholds struct {
	standard pair            // of types without their own
	of       map[string]pair // by type
	ignored  []string        // types without thresholds
}

// ParseThresholds reads the flags --warn and --critical, and the values TYPE=W/C of --threshold. An error names the flag or
// the value. A type may have thresholds only once, and only if its usage is compared.
func ParseThresholds(warn, critical string, of, ignored []string) (t Thresholds, err error) {
	t = Thresholds{of: map[string]pair{}, ignored: ignored}
	w, err := parsePercent(warn)
	if err != nil {
		return t, fmt.Errorf("warn %w", err)
	}
	c, err := parsePercent(critical)
	if err != nil {
		return t, fmt.Errorf("critical %w", err)
	}
	if t.standard, err = newPair(w, c); err != nil {
		return t, err
	}
	for _, text := range of {
		name, bounds, _ := strings.Cut(text, "=")
		first, second, ok := strings.Cut(bounds, "/")
		if !ok || name == "" {
			return t, fmt.Errorf("threshold %q: want TYPE=W/C, such as user=45/48 or user=45%%/48%%", text)
		}
		if _, twice := t.of[name]; twice {
			return t, fmt.Errorf("threshold %q: %s already has thresholds", text, name)
		}
		if unit := (client.Quota{Type: name}).PerUnit(); unit != "" {
			return t, fmt.Errorf("threshold %q: %s is a limit for each %s, which is never compared", text, name, unit)
		}
		if w, err = parseBound(first); err == nil {
			if c, err = parseBound(second); err == nil {
				t.of[name], err = newPair(w, c)
			}
		}
		if err != nil {
			return t, fmt.Errorf("threshold %q: %w", text, err)
		}
	}
	return t, nil
}

// Judge returns the state of a quota and the threshold that its usage reached, "" if none.
func (t Thresholds) Judge(q Quota) (state State, reached string) {
	limits, ok := t.of[q.Type]
	if !ok {
		limits = t.standard
	}
	switch {
	case slices.Contains(t.ignored, q.Type):
		return StateIgnored, ""
	case !q.IsCompared():
		return StateLimit, ""
	case limits.critical.reached(*q.Used, q.Quota):
		return StateCritical, limits.critical.String()
	case limits.warn.reached(*q.Used, q.Quota):
		return StateWarning, limits.warn.String()
	}
	return StateOK, ""
}

// UnknownType returns the first type by name that has thresholds or is ignored in an account, and is neither in the documents nor
// in the results; "" if there is none. A misspelt name must not go unnoticed. An empty name is returned as "(empty)".
func UnknownType(accounts []*Account, results []Result) string {
	known := documentedTypes()
	for _, r := range results {
		for _, q := range r.Quotas {
			known = append(known, q.Type)
		}
	}
	named := []string{}
	for _, a := range accounts {
		named = slices.Concat(named, a.Limits.ignored, slices.Collect(maps.Keys(a.Limits.of)))
	}
	slices.Sort(named)
	for _, name := range named {
		if !slices.Contains(known, name) {
			return cmp.Or(name, "(empty)")
		}
	}
	return ""
}

// WorstState returns the state that decides about all results: critical, failed, warning, ok in this order. A critical quota goes
// before a failed request, since it needs action whatever the other requests would show.
func WorstState(results []Result) State {
	count := CountStates(results)
	for _, state := range []State{StateCritical, StateFailed, StateWarning} {
		if count[state] > 0 {
			return state
		}
	}
	return StateOK
}

// CountStates counts the quotas of each state, and the failed requests.
func CountStates(results []Result) map[State]int {
	count := map[State]int{}
	for _, r := range results {
		for _, q := range r.Quotas {
			count[q.State]++
		}
		if r.Failure != nil {
			count[StateFailed]++
		}
	}
	return count
}
