package main

import (
	"encoding/json"
	"io"

	"github.com/quotaspec/quotaspec/internal/quotas"
)

// quotasVersion is the version of the JSON format. It changes only if programs that read it must change.
const quotasVersion = 1

// The JSON of quotas is described by docs/quotas.schema.json. It has the members of package quotas, and what programs would have
// to work out: the service, the state of a place, and how much is left.
type (
	quotasObject struct {
		Version int                  `json:"version"`
		State   quotas.State         `json:"state"`             // decides the exit code
		Problem string               `json:"problem,omitempty"` // of the run, not of a place
		Counts  map[quotas.State]int `json:"counts"`            // of all, shown or not
		Places  []placeObject        `json:"places"`
	}
	placeObject struct {
		quotas.Place
		Service string          `json:"service"`
		State   quotas.State    `json:"state"`
		Quotas  []quotaObject   `json:"quotas"`
		Failure *quotas.Failure `json:"failure,omitempty"`
	}
	quotaObject struct {
		quotas.Quota
		Left  *int64   `json:"left"`
		Ratio *float64 `json:"ratio"`
	}
)

// quotasJSON writes one object with all places that are shown.
func quotasJSON(w io.Writer, report quotaReport) error {
	object := quotasObject{Version: quotasVersion, State: report.state(), Problem: report.problem, Counts: map[quotas.State]int{},
		Places: []placeObject{}}
	counts := quotas.CountStates(report.all)
	for _, state := range quotaStates {
		object.Counts[state] = counts[state] // 0, too
	}
	for _, r := range report.shown {
		place := placeObject{Place: r.Place, Service: r.Service(), State: quotas.WorstState([]quotas.Result{r}), Quotas: []quotaObject{},
			Failure: r.Failure}
		for _, q := range r.Quotas {
			quota := quotaObject{Quota: q}
			if left, ok := leftOf(q); ok {
				quota.Left = &left
			}
			if ratio, ok := ratioOf(q); ok {
				quota.Ratio = &ratio
			}
			place.Quotas = append(place.Quotas, quota)
		}
		object.Places = append(object.Places, place)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(object)
}

// quotaStates are all states of a quota or request.
var quotaStates = []quotas.State{
	quotas.StateOK, quotas.StateWarning, quotas.StateCritical, quotas.StateLimit, quotas.StateIgnored, quotas.StateFailed,
}

// state returns the state that decides the exit code. A problem of the run counts as a failed request.
func (r quotaReport) state() quotas.State {
	state := quotas.WorstState(r.all)
	if r.problem != "" && state != quotas.StateCritical {
		return quotas.StateFailed
	}
	return state
}

// leftOf returns how many more may be created, and whether that is known. It is below 0 if more are used than allowed.
func leftOf(q quotas.Quota) (left int64, ok bool) {
	if !q.IsCompared() {
		return 0, false
	}
	return int64(q.Quota) - int64(*q.Used), true
}

// ratioOf returns the used part of a quota: 1 if nothing is left. It has none if the usage is not compared or the quota is 0.
func ratioOf(q quotas.Quota) (ratio float64, ok bool) {
	if !q.IsCompared() || q.Quota == 0 {
		return 0, false
	}
	return float64(*q.Used) / float64(q.Quota), true
}
