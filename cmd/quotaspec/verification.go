package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/server"
)

// verification is one run of verify: it brings the sources of exchanges to the judge, and the verdicts into a report.
type verification struct {
	document   string // judge by this file instead of the embedded documents
	only, skip []string
	failOn     openapi.Grade
	timeout    time.Duration

	judges  []*contract.Judge
	report  *report.Report
	matched map[string]bool // globs that matched a check
}

// run judges the provider at target, or without one the repository itself.
func (v *verification) run(ctx context.Context, target *url.URL) (*report.Report, error) {
	v.report, v.matched = &report.Report{FailOn: v.failOn}, map[string]bool{}
	if err := v.load(); err != nil {
		return nil, err
	}
	switch {
	case target != nil:
		v.report.Subject = target.String()
		if err := v.probes(ctx, target); err != nil {
			return nil, err
		}
	case v.document != "":
		return nil, fmt.Errorf("--document takes the URL of a provider to judge")
	default:
		v.report.Subject = "the documents, the recordings and the reference server"
		if err := v.repository(ctx); err != nil {
			return nil, err
		}
	}
	for _, glob := range slices.Concat(v.only, v.skip) {
		if !v.matched[glob] {
			return nil, fmt.Errorf("no check matches %q: verify -v names them", glob)
		}
	}
	return v.report, nil
}

// load reads the documents and makes a judge of each.
func (v *verification) load() error {
	docs := []*openapi.Document{}
	if v.document != "" {
		doc, err := openapi.LoadFile(v.document)
		if err != nil {
			return err
		}
		docs = append(docs, doc)
	} else {
		for _, name := range openapi.Names() {
			doc, err := openapi.Embedded(name)
			if err != nil {
				return err
			}
			docs = append(docs, doc)
		}
	}
	for _, doc := range docs {
		judge, err := contract.New(doc)
		if err != nil {
			return err
		}
		v.judges = append(v.judges, judge)
	}
	v.report.Documents = docs
	return nil
}

// repository judges what this repository holds.
func (v *verification) repository(ctx context.Context) error {
	for _, judge := range v.judges {
		v.examples(judge)
	}
	all, err := recordings.Embedded()
	if err != nil {
		return err
	}
	for _, r := range all {
		v.recording(r)
	}
	handler, err := server.New(server.Options{})
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("start the reference server: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = serve(ctx, listener, handler) // the probes tell what matters of its end
	}()
	defer func() {
		cancel()
		<-done
	}()
	return v.probes(ctx, &url.URL{Scheme: "http", Host: listener.Addr().String()})
}

// examples judges the named examples of a document by the document: its own check, which counts as no traffic.
func (v *verification) examples(judge *contract.Judge) {
	for _, op := range judge.Document().Operations {
		check := report.Check{ID: op.ID + "/examples", Source: report.Documents}
		if !v.selected(check.ID) {
			continue
		}
		whole := contract.Verdict{Judged: true, Operation: op.ID}
		for _, ex := range judge.Examples(op) {
			whole.Deviations = append(whole.Deviations, judge.Exchange(ex).Deviations...)
		}
		v.report.Judged(check, whole)
	}
}

// recording judges a recorded answer. What is wrong with its request was put there on purpose, and must be found.
func (v *verification) recording(r recordings.Recording) {
	check := report.Check{ID: r.Operation + "/recording=" + r.Name(), Source: report.Recordings}
	judge := v.judgeOf(r.Operation)
	if !v.selected(check.ID) {
		return
	}
	if judge == nil {
		v.report.Add(errorCheck(check, fmt.Errorf("no document has the operation %q", r.Operation)))
		return
	}
	verdict := judge.Exchange(r.Exchange())
	found := []string{}
	for _, d := range verdict.Deviations {
		if d.Request() {
			found = append(found, d.ID)
		}
	}
	if !slices.Equal(found, r.Breaks) {
		v.report.Add(errorCheck(check, fmt.Errorf("the manifest says that the request breaks %v, the judge found %v", r.Breaks, found)))
		return
	}
	check.HTTP = r.Status
	v.conclude(check, verdict)
}

// probes asks the provider everything that the documents give to ask.
func (v *verification) probes(ctx context.Context, at *url.URL) error {
	target := probe.Target{URL: at, Timeout: v.timeout}
	principals := samplePrincipals()
	for _, judge := range v.judges {
		for _, p := range probe.Derive(judge.Document(), principals) {
			check := report.Check{ID: p.ID, Source: report.Probes}
			if !v.selected(p.ID) {
				continue
			}
			if p.Skip != "" {
				check.Status, check.Reason = report.Skip, p.Skip
				v.report.Add(check)
				continue
			}
			check.Repeat = target.Curl(p, principals[p.Role])
			ex, err := target.Run(ctx, p, principals)
			switch {
			case ctx.Err() != nil:
				return fmt.Errorf("stopped: %w", context.Cause(ctx))
			case errors.Is(err, probe.ErrUnreachable) && !v.report.JudgedTraffic():
				return fmt.Errorf("%s: %w", at, err)
			case err != nil:
				v.report.Add(errorCheck(check, err))
			case ex.Response.Status == http.StatusTooManyRequests:
				v.report.Add(errorCheck(check, fmt.Errorf("the provider throttles: status 429")))
			default:
				check.HTTP = ex.Response.Status
				v.conclude(check, judge.Exchange(ex))
			}
		}
	}
	return nil
}

// conclude puts a verdict into the report. What is wrong with the request is the prober's doing, not the provider's.
func (v *verification) conclude(check report.Check, verdict contract.Verdict) {
	switch {
	case len(verdict.Errors) > 0:
		v.report.Add(errorCheck(check, verdict.Errors[0]))
	case !verdict.Judged:
		v.report.Add(errorCheck(check, fmt.Errorf("the document does not know the path")))
	default:
		v.report.Judged(check, verdict)
	}
}

func errorCheck(check report.Check, err error) report.Check {
	check.Status, check.Reason = report.Error, oneLine(err)
	return check
}

func (v *verification) judgeOf(operation string) *contract.Judge {
	for _, judge := range v.judges {
		if judge.Document().Operation(operation) != nil {
			return judge
		}
	}
	return nil
}

// selected says whether a check is to be made, and notes which globs matched it.
func (v *verification) selected(id string) bool {
	wanted := len(v.only) == 0
	for _, glob := range v.only {
		if matches(glob, id) {
			wanted, v.matched[glob] = true, true
		}
	}
	for _, glob := range v.skip {
		if matches(glob, id) {
			wanted, v.matched[glob] = false, true
		}
	}
	return wanted
}

// matches holds an id against a glob, in which * stands for any text.
func matches(glob, id string) bool {
	parts := strings.Split(glob, "*")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile("^" + strings.Join(parts, ".*") + "$").MatchString(id)
}
