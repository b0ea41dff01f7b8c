package exporter

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/quotaspec/quotaspec/internal/quotas"
)

const (
	requestTimeout = 10 * time.Second
	firstBackoff   = 30 * time.Second // after the first failure; doubled after each further one, up to the interval
	longestPause   = 24 * time.Hour   // after any Retry-After: one of a century is a mistake that nobody would notice
)

// ask sends the request of a place.
func ask(ctx context.Context, w *watch) quotas.Result {
	ctx, cancel := context.WithTimeout(withOperation(ctx, w.known.Operation()), requestTimeout)
	defer cancel()
	return w.account.Ask(ctx, w.known.Place)
}

// record keeps the result of a request, and when the next one is due. The caller has locked mu.
func (e *Exporter) record(w *watch, result quotas.Result) {
	wait, before := e.options.Interval, w.known
	if f := result.Failure; f == nil {
		w.known.Quotas, w.known.Up, w.known.Success, w.failures = result.Quotas, true, time.Now(), 0
	} else {
		w.known.Up = false
		if isRefusal(f) {
			w.known.Quotas = nil
		}
		wait = backoff(w.failures, e.options.Interval)
		if w.failures++; f.RetryAfter > 0 {
			w.target.pause = later(w.target.pause, time.Now().Add(min(f.RetryAfter, longestPause)))
		}
	}
	w.renew(before.Quotas, e.options)
	wait = earlier(wait)
	w.next = time.Now().Add(wait)
	e.logChange(w, result.Failure, max(wait, time.Until(w.target.pause)))
}

// renew makes the metrics of a place anew. If its quotas are those before, so stay their metrics, which are most.
func (w *watch) renew(before []quotas.Quota, o Options) {
	if w.families == nil || !slices.EqualFunc(before, w.known.Quotas, isEqual) {
		w.families = Families([]Known{w.known}, o)
		return
	}
	place := w.known
	place.Quotas = nil
	families := Families([]Known{place}, o)
	for _, f := range w.families {
		if name := f.GetName(); name != metricUp && name != metricSuccess {
			families = append(families, f)
		}
	}
	w.families = families // known sorts those of all places
}

// isEqual reports whether two quotas have the same numbers.
func isEqual(a, b quotas.Quota) bool {
	sameUse := a.Used == b.Used || a.Used != nil && b.Used != nil && *a.Used == *b.Used
	a.Used, b.Used = nil, nil
	return sameUse && a == b
}

// isRefusal reports whether the service will not show these quotas: what it showed before is not known any more. After all other
// failures it may, so that the last numbers stand until they are stale.
func isRefusal(f *quotas.Failure) bool {
	isClientError := f.Status/100 == 4
	return isClientError && f.Status != http.StatusRequestTimeout && f.Status != http.StatusTooManyRequests
}

// logChange logs how requests of a place end, if that is not as it was.
func (e *Exporter) logChange(w *watch, f *quotas.Failure, wait time.Duration) {
	before, state := w.state, stateOf(f)
	w.state = state
	place := []any{"service", w.known.Service()}
	for _, label := range []struct{ name, value string }{
		{"account", w.known.Account}, {"region", w.known.Region}, {"project", w.known.Project},
	} {
		if label.value != "" {
			place = append(place, label.name, label.value)
		}
	}
	switch {
	case before == state, before == "" && f == nil: // as before, or right from the start
	case f == nil:
		e.options.Log.Info("quotas are known again", place...)
	default:
		if f.Needs != "" {
			place = append(place, "needs", f.Needs)
		}
		e.options.Log.Warn("request for quotas failed",
			append(place, "error", f.Message, slog.String("retry_in", wait.Round(time.Second).String()))...)
	}
}

// stateOf names how a request ended. A refusal is another state for each status; what may pass is one state, since a service in
// trouble fails in many ways.
func stateOf(f *quotas.Failure) string {
	switch {
	case f == nil:
		return "works"
	case isRefusal(f):
		return fmt.Sprintf("refused %d", f.Status)
	}
	return "fails"
}

// spread returns when the place i of so many is asked first. The requests of many are spread: 200 in a second.
func spread(i, of int, interval time.Duration) time.Duration {
	over := min(time.Duration(of)*5*time.Millisecond, interval)
	return over * time.Duration(i) / time.Duration(of)
}

// backoff returns how long to wait after a failure, with so many failures before it.
func backoff(failures int, interval time.Duration) time.Duration {
	return min(firstBackoff<<min(failures, 20), interval)
}

// earlier returns a time that is shorter by up to a tenth, so that requests which coincide drift apart. It is never longer: quotas
// are as old as the interval at most.
func earlier(d time.Duration) time.Duration {
	return d - rand.N(max(d/10, 1)) //nolint:gosec // no secret
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
