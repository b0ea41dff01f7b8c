package main

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

// quotaState is the result of comparing a quota with its thresholds.
type quotaState string

const (
	stateOK       quotaState = "ok"
	stateWarning  quotaState = "warning"
	stateCritical quotaState = "critical"
	stateLimit    quotaState = "limit"   // not compared: a limit for each group, agency or user, or the usage is not reported
	stateIgnored  quotaState = "ignored" // not compared because of --ignore
	stateFailed   quotaState = "failed"  // of a failed request
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

// thresholds are the thresholds of all quotas.
type thresholds struct {
	standard pair            // of types without their own
	of       map[string]pair // by type
	ignored  []string        // types without thresholds
}

// parseThresholds reads the flags --warn and --critical, and the values TYPE=W/C of --threshold. An error names the flag or
// the value. A type may have thresholds only once, and only if its usage is compared.
func parseThresholds(warn, critical string, of, ignored []string) (t thresholds, err error) {
	t = thresholds{of: map[string]pair{}, ignored: ignored}
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

// judge sets the state of a quota and the threshold that its usage reached.
func (t thresholds) judge(line *quotaLine) {
	limits, ok := t.of[line.Type]
	if !ok {
		limits = t.standard
	}
	switch {
	case slices.Contains(t.ignored, line.Type):
		line.State = stateIgnored
	case line.Used == nil || line.Per != "" || line.Quota < 0:
		line.State = stateLimit
	case limits.critical.reached(*line.Used, line.Quota):
		line.State, line.Reached = stateCritical, limits.critical.String()
	case limits.warn.reached(*line.Used, line.Quota):
		line.State, line.Reached = stateWarning, limits.warn.String()
	default:
		line.State = stateOK
	}
}

// unknownType returns the first type by name that a flag names and that is not known, or "". A misspelt --ignore or --threshold
// must not go unnoticed. An empty name is returned as "(empty)".
func (t thresholds) unknownType(known []string) string {
	named := slices.Concat(t.ignored, slices.Collect(maps.Keys(t.of)))
	slices.Sort(named)
	for _, name := range named {
		if !slices.Contains(known, name) {
			return cmp.Or(name, "(empty)")
		}
	}
	return ""
}
