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

// quotaState says what a quota asks of its owner.
type quotaState string

const (
	stateOK       quotaState = "ok"
	stateWarning  quotaState = "warning"
	stateCritical quotaState = "critical"
	stateLimit    quotaState = "limit"   // for each of something, or its use is not told: nothing to compare
	stateIgnored  quotaState = "ignored" // the user said so
	stateFailed   quotaState = "failed"  // of a question that has no answer
)

// bound is one threshold. A count, or thousandths of a percent, so that no rounding decides.
type bound struct {
	value   int64
	percent bool
}

// reached says whether as much is used, or more. Where nothing may be, anything is too much.
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
	if err != nil || !(value >= 0.001 && value <= 1000) {
		return bound{}, fmt.Errorf("%q: want percent above 0, such as 80", text)
	}
	return bound{int64(math.Round(value * 1000)), true}, nil
}

// parseBound reads a count, or percent.
func parseBound(text string) (bound, error) {
	if strings.HasSuffix(text, "%") {
		return parsePercent(text)
	}
	value, err := strconv.ParseInt(text, 10, 32)
	if err != nil || value < 1 {
		return bound{}, fmt.Errorf("%q: want a count above 0, such as 45, or percent, such as 45%%", text)
	}
	return bound{value, false}, nil
}

// pair is a warning and an alarm.
type pair struct{ warn, critical bound }

func newPair(warn, critical bound) (pair, error) {
	if warn.percent == critical.percent && warn.value > critical.value {
		return pair{}, fmt.Errorf("the warning at %s comes after critical at %s", warn, critical)
	}
	return pair{warn, critical}, nil
}

// thresholds say when what is alarmed.
type thresholds struct {
	standard pair
	of       map[string]pair
	ignored  []string
}

func parseThresholds(warn, critical string, of, ignored []string) (t thresholds, err error) {
	t = thresholds{of: map[string]pair{}, ignored: ignored}
	var w, c bound
	if w, err = parsePercent(warn); err != nil {
		return t, fmt.Errorf("warn %w", err)
	}
	if c, err = parsePercent(critical); err != nil {
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
			return t, fmt.Errorf("threshold %q: %s has thresholds already", text, name)
		}
		if unit := (client.Quota{Type: name}).PerUnit(); unit != "" {
			return t, fmt.Errorf("threshold %q: %s is a limit for each %s, so that nothing reaches it", text, name, unit)
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

// judge sets the state of a quota, and the threshold that it reached.
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

// unseen gives a type that the user named and nobody knows: a misspelt word must not silence an alarm, or never raise one.
func (t thresholds) unseen(seen []string) string {
	named := slices.Concat(t.ignored, slices.Collect(maps.Keys(t.of)))
	slices.Sort(named)
	for _, name := range named {
		if !slices.Contains(seen, name) {
			return cmp.Or(name, "(empty)")
		}
	}
	return ""
}
