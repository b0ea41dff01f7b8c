// Package exporter serves the quotas of accounts as Prometheus metrics. It asks in the background, and answers a scrape from
// memory.
//
// Each place, which is one request for quotas, is asked when it is due (turns.go). After each answer its metrics are made anew
// (ask.go), and a scrape collects those of all places (families.go, gather.go). One place that fails or hangs touches no other.
// Numbers that are not known have no series: they are never 0.
package exporter

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/quotaspec/quotaspec/internal/quotas"
)

// Options say which metrics there are, and how often they are asked for. Families needs Bounds alone.
type Options struct {
	Bounds   bool          // also the least and the largest limit that may be set
	Interval time.Duration // between two requests for the same quotas
	Stale    time.Duration // quotas are dropped if their last success is this long ago
	Version  string        // of the program, for the build info
	Log      *slog.Logger  // gets a line whenever a place begins to fail or works again; nil: no log
}

// Exporter asks for the quotas of accounts, and serves what it knows. Use New.
type Exporter struct {
	options  Options
	own      *prometheus.Registry // the metrics about the exporter itself
	requests *prometheus.CounterVec
	reloaded prometheus.Gauge
	loaded   prometheus.Gauge

	replaced chan []*quotas.Account
	ended    chan struct{} // a request has

	mu       sync.Mutex // guards all that follows, and all that it refers to
	watches  []*watch
	doubtful int // requests in progress of places whose last one did not succeed
}

// watch is a place that is asked again and again, and what is known of it.
type watch struct {
	account  *quotas.Account
	target   *target
	known    Known
	families []*dto.MetricFamily // of known
	failures int                 // since the last success
	state    string              // that was logged last
	next     time.Time           // when the next request is due

	isAsked, isDoubtful bool // a request is in progress, and the one before did not succeed
}

// target is what a service limits: the requests of an account to a service in a region.
type target struct {
	asked int       // requests in progress
	pause time.Time // no request before: Retry-After of a response
}

// targetKey identifies a target. Behind another endpoint is another service.
type targetKey struct{ account, service, region, endpoint string }

// placeKey identifies what is known across a reload: the numbers of another endpoint are those of another cloud.
type placeKey struct {
	quotas.Place

	endpoint string
}

const (
	maxConcurrent = 32 // requests at once
	maxDoubtful   = 16 // those whose last one did not succeed: a provider that hangs leaves the other slots to those that work
	maxOfTarget   = 4  // requests at once of a target
)

// New returns an exporter for these accounts. It asks nothing before Run.
func New(o Options, accounts []*quotas.Account) *Exporter {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	e := &Exporter{
		options:  o,
		replaced: make(chan []*quotas.Account), ended: make(chan struct{}, 1),
	}
	e.register()
	e.replace(accounts)
	return e
}

// Run asks until the context ends.
func (e *Exporter) Run(ctx context.Context) {
	for ctx.Err() == nil {
		e.runUntilReplaced(ctx)
	}
}

// runUntilReplaced asks until the context ends or Replace has other accounts. Requests in progress are then given up.
func (e *Exporter) runUntilReplaced(ctx context.Context) {
	asking, stop := context.WithCancel(ctx)
	var all sync.WaitGroup
	all.Go(func() { e.askInTurn(asking) })
	var accounts []*quotas.Account
	select {
	case <-ctx.Done():
	case accounts = <-e.replaced:
	}
	stop()
	all.Wait()
	for _, w := range e.watches { // the new accounts have connections of their own
		w.account.Client.HTTPClient.CloseIdleConnections()
	}
	if ctx.Err() == nil {
		e.replace(accounts)
	}
}

// Replace replaces the accounts. All are asked anew soon, but none before a Retry-After is over. What is known of places that stay
// at their endpoints is kept. It returns when Run, which must be running, has taken the accounts, or when the context ends.
func (e *Exporter) Replace(ctx context.Context, accounts []*quotas.Account) {
	select {
	case e.replaced <- accounts:
	case <-ctx.Done():
	}
}

// replace makes the watches of the accounts. No place is asked meanwhile.
func (e *Exporter) replace(accounts []*quotas.Account) {
	e.mu.Lock()
	defer e.mu.Unlock()
	before, targets := map[placeKey]*watch{}, map[targetKey]*target{}
	for _, w := range e.watches {
		before[placeKey{w.known.Place, w.account.Endpoint(w.known.Place)}] = w
		targets[keyOf(w.known.Place, w.account)] = w.target
	}
	e.watches = []*watch{}
	count, seen := e.counting(), map[quotas.Place]bool{}
	for _, a := range accounts {
		own := *a
		own.Client.HTTPClient = count(a.Client.HTTPClient)
		own.Client.Retries = -1 // a retry would wait in its slot
		for _, p := range a.Places() {
			if seen[p] {
				continue
			}
			seen[p] = true
			w := before[placeKey{p, a.Endpoint(p)}]
			if w == nil {
				w = &watch{known: Known{Place: p}}
			}
			w.account, w.target = &own, targets[keyOf(p, a)]
			if w.target == nil {
				w.target = &target{}
				targets[keyOf(p, a)] = w.target
			}
			e.watches = append(e.watches, w)
		}
	}
}

func keyOf(p quotas.Place, a *quotas.Account) targetKey {
	return targetKey{p.Account, p.Service(), p.Region, a.Endpoint(p)}
}
