package verify

import (
	"context"
	"fmt"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Recording is a recorded exchange.
type Recording struct {
	Name      string
	Operation string   // the operation's id
	Breaks    []string // ids of the findings that the judge must report about the request; nil: it is right
	Exchange  contract.Exchange
}

// ID is the id of the check of a recording.
func (r Recording) ID() string { return r.Operation + "/recording=" + r.Name }

// recordings adds a job for each recording.
func (r *run) recordings(list []Recording) {
	for _, recording := range list {
		check := report.Check{ID: recording.ID(), Suite: report.Recordings, Operation: recording.Operation}
		if !r.selected(check.ID) {
			continue
		}
		judge, op := r.operation(recording.Operation)
		switch {
		case op == nil:
			r.addUnjudged(check, report.Error, fmt.Sprintf("no document has the operation %q", recording.Operation))
			continue
		case op.Refused != nil:
			r.addUnjudged(check, report.Skip, op.Refused.String())
			continue
		}
		send := func(context.Context) (contract.Exchange, error) { return recording.Exchange, nil }
		r.jobs = append(r.jobs, job{check: check, judge: judge, breaks: recording.Breaks, send: send})
	}
}

// operation finds an operation and the judge of its document.
func (r *run) operation(id string) (*contract.Judge, *spec.Operation) {
	return operationOf(r.judges, id)
}

// operationOf finds an operation and the judge of its document; nil if no document has it.
func operationOf(judges []*contract.Judge, id string) (*contract.Judge, *spec.Operation) {
	for _, judge := range judges {
		if op := judge.Document().Operation(id); op != nil {
			return judge, op
		}
	}
	return nil, nil
}
