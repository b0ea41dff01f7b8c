package verify

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A lifecycle is a sequence of jobs that share its state: each sends the next request on one thing (contract/probe). A step
// whose thing does not exist is not sent:
//
//	createPet/lifecycle-create   500               its finding
//	getPet/lifecycle-read        skipped: createPet/lifecycle-create created nothing: status 500
//
// All steps are sent if one of them is selected, since none can be sent alone; the others are in no report.

// lifecycle is the state of one sequence.
type lifecycle struct {
	makes *maker
	thing probe.Thing
	// Why the thing does not exist, why it was not changed and why it was not deleted; "" if it does or was.
	absent, unchanged, undeleted string

	before  contract.Response // the last read
	change  *contract.Change  // made since the last read
	waiting bool              // the provider has accepted something and may not have done it yet (status 202)
}

// lifecycles adds the jobs of each resource. It returns the steps that cannot be sent, as probes with the reason to skip them.
func (r *run) lifecycles(makes *maker) (skipped []probe.Probe) {
	for _, resource := range makes.resources {
		create := makes.maker().Create(resource, "")
		if !r.AllowChanges {
			create.SkipFor(needsChanges)
		}
		if create.Skip == "" {
			r.lifecycle(makes, resource)
			continue
		}
		for _, step := range resource.Steps() {
			if create.ID = step.ID(); r.selected(create.ID) {
				skipped = append(skipped, create)
			}
		}
	}
	return skipped
}

// lifecycle adds the jobs of one resource.
func (r *run) lifecycle(makes *maker, resource probe.Resource) {
	l := &lifecycle{makes: makes, absent: "it was not created"}
	first, isSelected := len(r.jobs), false
	for _, step := range resource.Steps() {
		check := report.Check{ID: step.ID(), Suite: report.Probes, Operation: step.Operation.ID, Repeat: r.RepeatCommand(step.ID())}
		isListed := r.selected(check.ID)
		isSelected = isSelected || isListed
		r.jobs = append(r.jobs, job{
			check: check, judge: makes.at.Judge, alone: true, unlisted: !isListed,
			from: senderOf(makes.at, makes.maker().Role(step.Operation)),
			send: func(ctx context.Context) (contract.Exchange, error) { return l.send(ctx, step, resource) },
		})
	}
	if !isSelected {
		r.jobs = r.jobs[:first]
	}
}

// send sends the request of a step and learns from the response what the next steps need.
func (l *lifecycle) send(ctx context.Context, step probe.Step, resource probe.Resource) (ex contract.Exchange, err error) {
	if step.Stage == probe.Create {
		return l.create(ctx, step, resource)
	}
	if why := l.obstacle(step.Stage); why != "" {
		return ex, notSent(why)
	}
	p := l.makes.maker().Step(step, l.thing)
	if p.Skip != "" {
		l.learn(step, contract.Exchange{}, "was not sent")
		return ex, notSent(p.Skip)
	}
	ex, err = l.sendUntilDone(ctx, p, step.Stage)
	switch {
	case err != nil:
		l.learn(step, ex, "has no response")
	case step.Stage == probe.ReadDeleted && marksDeleted(l.before.Body, ex.Response.Body):
		ex.Probe = spec.ValidRequest // the provider keeps deleted things, and says which they are
	default:
		l.learn(step, ex, fmt.Sprintf("status %d", ex.Response.Status))
	}
	isRefusal := ex.Response.Status/100 != 2
	switch step.Stage {
	case probe.ReadChanged, probe.ReadPatched:
		ex.Change = l.change
	case probe.DeleteAgain:
		if isRefusal { // either is right: the thing is gone, or DELETE is idempotent (RFC 9110, 9.2.2)
			ex.Probe = spec.UnknownResource
		}
	}
	return ex, err
}

// obstacle is the reason why a step cannot be sent; "" if it can.
func (l *lifecycle) obstacle(stage probe.Stage) string {
	switch stage {
	case probe.ReadChanged, probe.ReadPatched:
		if l.absent == "" {
			return l.unchanged
		}
	case probe.DeleteAgain, probe.ReadDeleted:
		if l.absent == "" {
			return l.undeleted
		}
	}
	return l.absent
}

// create sends the first step. If the provider refuses the thing because it has another like it (409), or returns one that may
// not be new, the request is sent again with texts that nothing else has.
func (l *lifecycle) create(ctx context.Context, step probe.Step, resource probe.Resource) (ex contract.Exchange, err error) {
	created := false
	for _, tag := range []string{"", newTag()} {
		p := l.makes.maker().Create(resource, tag)
		if p.Skip != "" {
			l.absent = p.Skip
			return ex, notSent(p.Skip)
		}
		if ex, err = l.makes.send(ctx, p); err != nil {
			l.absent = step.ID() + " has no response"
			return ex, err
		}
		l.thing, created = l.makes.created(resource, ex, tag)
		isOld := ex.Response.Status == http.StatusConflict || ex.Response.Status == http.StatusOK
		if created || !isOld || ctx.Err() != nil {
			break
		}
	}
	l.waiting = ex.Response.Status == http.StatusAccepted
	switch {
	case created:
		l.absent = ""
	case ex.Response.Status == http.StatusCreated:
		l.absent = step.ID() + ": the response has no id of what was created"
	case ex.Response.Status/100 == 2:
		l.absent = fmt.Sprintf("%s: the response with status %d does not show that something was created", step.ID(), ex.Response.Status)
	default:
		l.absent = fmt.Sprintf("%s created nothing: status %d", step.ID(), ex.Response.Status)
	}
	return ex, nil
}

// learn keeps what a response says about the thing. why names a failure in words.
func (l *lifecycle) learn(step probe.Step, ex contract.Exchange, why string) {
	succeeded := ex.Response.Status/100 == 2
	why = step.ID() + ": " + why
	switch step.Stage {
	case probe.Read:
		l.before = ex.Response
	case probe.ReadChanged:
		if succeeded {
			l.before = ex.Response
		}
	case probe.Change:
		l.unchanged, l.change = why, nil
		if succeeded {
			l.unchanged, l.change = "", &contract.Change{Before: l.before, Request: ex.Request}
		}
	case probe.Delete:
		if l.undeleted = why; succeeded {
			l.undeleted = ""
			l.makes.forget(l.thing)
		}
	case probe.ReadDeleted:
		if succeeded {
			l.makes.leave(l.thing, "it can be read after a successful DELETE")
		}
	}
	switch isAccepted := ex.Response.Status == http.StatusAccepted; step.Stage {
	case probe.Change, probe.Delete:
		l.waiting = isAccepted
	case probe.DeleteAgain:
		l.waiting = l.waiting || isAccepted
	}
}

// maxWait is how long a provider may take to do what it has accepted with status 202.
const maxWait = 3 * time.Second

// sendUntilDone sends a request, and again while the provider may not have done yet what it has accepted.
func (l *lifecycle) sendUntilDone(ctx context.Context, p probe.Probe, stage probe.Stage) (contract.Exchange, error) {
	for until := time.Now().Add(maxWait); ; pause(ctx, maxWait/10) {
		ex, err := l.makes.send(ctx, p)
		isAbsent := ex.Response.Status == http.StatusNotFound
		isEarly := isAbsent != (stage == probe.ReadDeleted) && stage != probe.DeleteAgain
		if err != nil || ctx.Err() != nil || !l.waiting || !isEarly || time.Now().After(until) {
			return ex, err
		}
	}
}
