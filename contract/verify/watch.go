package verify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Some runs prove nothing about a provider: its name is that of another host, or a tester's token has expired. Hundreds of
// failures would hide that, so the run ends at once, with one line:
//
//	http://127.0.0.1:9000: nothing answered: no response in time (4 requests)
//	principal reader was refused by iam: is QS_READER still valid?
//
// The first requests decide. So those are sent first that must succeed, of each principal and of different operations. A
// provider that has responded once to anything, or has accepted the principal once, is judged by everything that follows.

const (
	// minPatience is how many requests without a response, and none with one, end a run at least.
	minPatience = 3
	// scouts is how many requests of a principal decide whether it was refused, and how many of each are sent first.
	scouts = 3
)

// doubt is what to report if all requests of the principal of a probe get 401, or "" if this probe must not be counted, since
// 401 may be the right response.
func doubt(p probe.Probe, at Provider) string {
	principal := at.Principals[p.Role]
	mustPass := p.Kind == spec.ValidRequest || p.Kind == spec.Repeat || p.Kind == spec.NoPermission
	if principal.Doubt == "" || !mustPass || !p.NeedsCredentials() {
		return ""
	}
	name := cmp.Or(principal.Name, string(p.Role))
	return fmt.Sprintf("principal %s was refused by %s: %s", name, at.Judge.Document().Name, principal.Doubt)
}

// sendingOrder returns the jobs in the order in which they are sent: first some of each principal, of different operations if
// possible, whose number it returns, then the others as they are listed.
func sendingOrder(jobs []job) (order []*job, inFront int) {
	type key struct{ doubt, operation string }
	byPrincipal, byOperation := map[string]int{}, map[key]int{}
	first := map[*job]bool{}
	for again := range scouts { // one of each operation, then two, then three
		for i := range jobs {
			j := &jobs[i]
			of := key{j.doubt, j.check.Operation}
			isScout := j.doubt != "" && !j.alone && byPrincipal[j.doubt] < scouts && byOperation[of] <= again
			if isScout && !first[j] {
				first[j] = true
				byPrincipal[j.doubt]++
				byOperation[of]++
			}
		}
	}
	for i := range jobs {
		order = append(order, &jobs[i])
	}
	slices.SortStableFunc(order, func(a, b *job) int { return cmp.Compare(rank(first[a]), rank(first[b])) })
	return order, len(first)
}

func rank(first bool) int {
	if first {
		return 0
	}
	return 1
}

// watch looks at each response until it knows whether the run can prove anything.
type watch struct {
	stop     context.CancelCauseFunc
	patience int

	mu       sync.Mutex
	err      error           // that ended the run
	isVoid   func(*job) bool // whether a job proves nothing after all
	answered map[string]bool // URLs that responded
	silent   map[string]int  // requests without a response, by URL
	why      map[string]string
	accepted map[string]bool // by doubt
	refused  map[string]int
}

func newWatch(patience int, stop context.CancelCauseFunc) *watch {
	return &watch{
		stop: stop, patience: patience, answered: map[string]bool{}, silent: map[string]int{}, why: map[string]string{},
		accepted: map[string]bool{}, refused: map[string]int{},
	}
}

// saw notes how a job ended, and ends the run if that makes it futile.
func (w *watch) saw(j *job) {
	w.mu.Lock()
	defer w.mu.Unlock()
	isProbe := j.check.Suite == report.Probes && j.done
	if !isProbe || w.err != nil {
		return
	}
	if errors.Is(j.err, probe.ErrToken) {
		w.end(j.err, func(*job) bool { return false })
	}
	if j.err != nil {
		return
	}
	origin := j.from.origin
	if why, is := silence(j.result); is {
		w.silent[origin]++
		w.why[origin] = why
	} else {
		w.answered[origin] = true
	}
	if w.silent[origin] >= w.patience && !w.answered[origin] {
		w.endSilent(origin)
	}
	if j.doubt == "" || j.check.HTTP == 0 {
		return
	}
	if j.check.HTTP == http.StatusUnauthorized {
		w.refused[j.doubt]++
	} else {
		w.accepted[j.doubt] = true
	}
	if w.refused[j.doubt] >= scouts && !w.accepted[j.doubt] {
		w.endRefused(j)
	}
}

// silence reports whether no byte of a response came, and why.
func silence(r contract.Result) (why string, is bool) {
	for _, f := range r.Findings {
		if f.ID == contract.NoResponse {
			return f.Got, true
		}
	}
	return "", false
}

func (w *watch) end(err error, isVoid func(*job) bool) {
	w.err, w.isVoid = err, isVoid
	w.stop(err)
}

func (w *watch) endSilent(origin string) {
	n := text.Count(w.silent[origin], "request", "requests")
	w.end(fmt.Errorf("%s: nothing answered: %s (%s)", origin, w.why[origin], n),
		func(j *job) bool { return j.from.origin == origin })
}

// endRefused ends the run because of a refused principal. The probes of its document prove nothing, nor do those of another
// document in which nothing has been accepted yet either.
func (w *watch) endRefused(refused *job) {
	w.end(errors.New(refused.doubt), func(j *job) bool {
		isRefusedToo := w.refused[j.doubt] > 0 && !w.accepted[j.doubt]
		return j.judge == refused.judge || isRefusedToo
	})
}

// verdict is the error of a futile run, or nil. It makes the probes undone that prove nothing. A run with few requests is
// futile if none was accepted, or if none was answered by a provider that had not responded to the very first request either.
func (w *watch) verdict(jobs []job, unreached map[string]bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range jobs {
		j := &jobs[i]
		origin := j.from.origin
		isSilent := w.silent[origin] > 0 && !w.answered[origin] && unreached[origin]
		isRefused := w.refused[j.doubt] > 0 && !w.accepted[j.doubt]
		switch {
		case w.err != nil:
		case isSilent:
			w.endSilent(origin)
		case isRefused:
			w.endRefused(j)
		}
	}
	if w.err == nil {
		return nil
	}
	for i := range jobs {
		if j := &jobs[i]; j.check.Suite == report.Probes && w.isVoid(j) {
			j.done = false
		}
	}
	return w.err
}
