package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/server"
)

// verification is one run of verify: it brings the sources of exchanges to the judge, and the results into a report.
type verification struct {
	target     *url.URL // of both services; nil: those of the config
	config     *config  // nil: there is none
	document   string   // judge by this file instead of the embedded documents
	recordings string   // judge the recordings of this folder
	har        []string // judge the traffic of these files
	servers    []string // judge traffic that was sent to these URLs too
	selection  selection
	failOn     openapi.Grade
	pace       pace
	log        io.Writer // told of retries and of progress

	again string // the command line without what chooses checks or writes reports
	live  bool   // the provider is there after the run too

	allowSamples bool // send the sample credentials beyond loopback
	allowChanges bool // send what may change something at the provider of another API

	judges []*contract.Judge
	asked  *provider // the last live one; another API has no other
	misses misses    // of all files
	report *report.Report
	jobs   []job
}

// job is a check to be made.
type job struct {
	check  report.Check
	judge  *contract.Judge
	breaks []string // ids that the judge must give for the request, which is wrong on purpose
	alone  bool     // made after the others, one at a time
	// ask gets the exchange. It may be called again after an error of the connection.
	ask func(context.Context) (contract.Exchange, error)
}

// run judges what the verification is about. The report is there also beside an error, as far as it got.
func (v *verification) run(ctx context.Context) (*report.Report, error) {
	v.report = &report.Report{FailOn: v.failOn}
	if err := v.load(); err != nil {
		return v.report, err
	}
	stop, err := v.gather(ctx)
	if err != nil {
		return v.report, err
	}
	defer stop()
	for _, file := range v.har {
		if err := v.judgeHAR(ctx, file); err != nil {
			return v.report, err
		}
	}
	v.report.NotChecked = v.misses.notChecked()
	if err := v.misses.err(); err != nil {
		return v.report, err
	}
	if err := v.selection.unmatched(); err != nil {
		return v.report, err
	}
	if err := v.judgeAll(ctx); err != nil {
		return v.report, err
	}
	return v.report, v.misplaced()
}

// load reads the documents and makes a judge of each.
func (v *verification) load() error {
	if v.document != "" {
		doc, err := openapi.LoadFile(v.document)
		if err != nil {
			return err
		}
		v.report.Documents = append(v.report.Documents, doc)
	} else {
		for _, name := range openapi.Names() {
			doc, err := openapi.Embedded(name)
			if err != nil {
				return err
			}
			v.report.Documents = append(v.report.Documents, doc)
		}
	}
	for _, server := range v.servers {
		if _, err := parseTarget(server); err != nil {
			return fmt.Errorf("--server: %w", err)
		}
	}
	for _, doc := range v.report.Documents {
		judge, err := contract.New(doc, v.servers...)
		if err != nil {
			return err
		}
		v.judges = append(v.judges, judge)
	}
	return nil
}

// gather collects the jobs from the sources of exchanges. stop ends what was started for them.
func (v *verification) gather(ctx context.Context) (stop func(), err error) {
	stop = func() {}
	traffic := v.recordings != "" || len(v.har) > 0
	if v.recordings != "" {
		v.report.Subject = v.recordings
		if err := v.gatherRecordings(recordingsIn(v.recordings)); err != nil {
			return stop, err
		}
	}
	if len(v.har) > 0 {
		v.report.Subject = v.har[0]
	}
	switch {
	case v.target != nil || !traffic && v.config != nil && len(v.config.Targets) > 0:
		return stop, v.gatherLive(ctx)
	case traffic:
		return stop, nil
	case v.document != "":
		return stop, errors.New("--document takes the URL of a provider to judge, or --recordings or --har")
	}
	return v.gatherRepository(ctx)
}

// gatherRepository takes what this repository holds: the documents, the recordings and the reference server.
func (v *verification) gatherRepository(ctx context.Context) (stop func(), err error) {
	v.report.Subject = "the documents, the recordings and the reference server"
	stop = func() {}
	for _, judge := range v.judges {
		v.judgeExamples(judge)
	}
	if err := v.gatherRecordings(recordings.Embedded); err != nil {
		return stop, err
	}
	var options server.Options // with the documents that were read already
	for _, doc := range v.report.Documents {
		switch doc.Name {
		case "iam":
			options.IAM = doc
		case "ims":
			options.IMS = doc
		}
	}
	handler, err := server.New(options)
	if err != nil {
		return stop, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return stop, fmt.Errorf("start the reference server: %w", err)
	}
	serving, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(serving, listener, handler) // the probes tell what matters of its end
	}()
	stop = func() {
		cancel()
		<-done
	}
	at := &url.URL{Scheme: "http", Host: listener.Addr().String()}
	for _, judge := range v.judges {
		v.gatherProbes(judge, at, samplePrincipals())
	}
	return stop, nil
}

// provider is a live provider of the API of one document.
type provider struct {
	judge      *contract.Judge
	at         *url.URL
	principals probe.Principals
}

// gatherLive takes the probes of live providers. Nothing is sent to one before it is known who asks each.
func (v *verification) gatherLive(ctx context.Context) error {
	v.live = true
	providers, err := v.providers()
	if err != nil {
		return err
	}
	for _, p := range providers {
		if v.report.Subject == "" {
			v.report.Subject = p.at.String()
		} else if v.report.Subject != p.at.String() {
			v.report.Subject += " and " + p.at.String()
		}
		if err := (probe.Target{URL: p.at, Timeout: v.pace.timeout}).Reach(ctx); err != nil {
			return fmt.Errorf("%s: %w", p.at, err)
		}
		v.gatherProbes(p.judge, p.at, p.principals)
		v.asked = &p
	}
	return nil
}

// providers are those of the documents that have a target.
func (v *verification) providers() ([]provider, error) {
	names, list := []string{}, []provider{}
	for _, judge := range v.judges {
		name := judge.Document().Name
		names = append(names, name)
		at := v.target
		if at == nil {
			text, ok := v.config.Targets[name]
			if !ok {
				continue
			}
			at, _ = parseTarget(text) // it was read before
		}
		principals, err := v.principals(name, at)
		if err != nil {
			return nil, err
		}
		list = append(list, provider{judge, at, principals})
	}
	if v.target == nil {
		for name := range v.config.Targets {
			if !slices.Contains(names, name) {
				return nil, fmt.Errorf("targets: no document %q: there are %v", name, names)
			}
		}
	}
	return list, nil
}

// principals are those of the config, else the sample ones. Credentials of the config go where nobody reads them on the
// way; the sample ones go to loopback, and to no other API.
func (v *verification) principals(document string, at *url.URL) (probe.Principals, error) {
	switch {
	case v.config != nil && len(v.config.Principals) > 0:
		principals, err := v.config.configured(document)
		secret := len(principals) > 1 // beside the impostor's, which nobody holds
		if err != nil || !secret || v.config.AllowHTTP {
			return principals, err
		}
		if err := checkSecret(at); err != nil {
			return nil, fmt.Errorf("target %w, elsewhere only with allow_http: true in %s", err, defaultConfig)
		}
		return principals, nil
	case v.document != "":
		return probe.Principals{}, nil
	case !isLoopback(at.Hostname()) && !v.allowSamples:
		return nil, fmt.Errorf("target %q is not on loopback, and the sample credentials are sent there only with --allow-sample-credentials: name your own in %s", at, defaultConfig)
	}
	return samplePrincipals(), nil
}

func (v *verification) gatherProbes(judge *contract.Judge, at *url.URL, principals probe.Principals) {
	target := probe.Target{URL: at, Timeout: v.pace.timeout}
	probes := probe.Derive(judge.Document(), principals)
	v.judgeRefusals(judge, probes)
	for _, p := range probes {
		check := report.Check{ID: p.ID, Source: report.Probes, Operation: p.Operation.ID}
		if !v.selection.wanted(p.ID) {
			continue
		}
		// Our own documents promise that nothing is there but what reads. Nobody promises that of another API, nor that what
		// stands behind a port of loopback is no more than a trial.
		changes := v.document != "" && p.Changes()
		if changes && p.Skip == "" && !v.allowChanges {
			p.Skip = "it may change something at the provider: only --allow-changes sends it"
		}
		if p.Skip != "" {
			check.Status, check.Reason = report.Skip, p.Skip
			v.report.Add(check)
			continue
		}
		if v.live && p.Kind != openapi.Repeat { // which one request does not show
			check.Repeat = target.Curl(p, principals[p.Role])
		}
		if check.Repeat == "" {
			check.Repeat = v.again + " --only " + quote(p.ID)
		}
		v.jobs = append(v.jobs, job{check: check, judge: judge, alone: changes, ask: func(ctx context.Context) (contract.Exchange, error) {
			ex, err := target.Run(ctx, p, principals)
			if err == nil && ex.Response.Status == http.StatusTooManyRequests {
				err = errors.New("the provider throttles (status 429): lower --rate")
			}
			return ex, err
		}})
	}
}

// judgeRefusals warns of each operation that lists no refusal and has probes that need one: the warning is about the
// document, so no grade makes it a failure of the provider.
func (v *verification) judgeRefusals(judge *contract.Judge, probes []probe.Probe) {
	for _, op := range judge.Document().Operations {
		check := report.Check{ID: op.ID + "/refusals", Source: report.Documents, Status: report.Pass}
		needed := slices.ContainsFunc(probes, func(p probe.Probe) bool { return p.Operation == op && contract.NeedsRefusal(p.Kind) })
		if op.ListsRefusal() || !needed || !v.selection.wanted(check.ID) {
			continue
		}
		check.Warnings = []contract.Finding{judge.NoRefusal(op)}
		v.report.Add(check)
	}
}

func recordingsIn(folder string) func() ([]recordings.Recording, error) {
	return func() ([]recordings.Recording, error) {
		list, err := recordings.Load(os.DirFS(folder))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", folder, err)
		}
		return list, nil
	}
}

func (v *verification) gatherRecordings(load func() ([]recordings.Recording, error)) error {
	list, err := load()
	if err != nil {
		return err
	}
	for _, r := range list {
		check := report.Check{ID: recordingID(r), Source: report.Recordings, Operation: r.Operation}
		if !v.selection.wanted(check.ID) {
			continue
		}
		judge := v.judgeOf(r.Operation)
		if judge == nil {
			v.report.Add(errorCheck(check, fmt.Errorf("no document has the operation %q", r.Operation)))
			continue
		}
		ask := func(context.Context) (contract.Exchange, error) { return r.Exchange(), nil }
		v.jobs = append(v.jobs, job{check: check, judge: judge, breaks: r.Breaks, ask: ask})
	}
	return nil
}

// recordingID names the check of a recording.
func recordingID(r recordings.Recording) string { return r.Operation + "/recording=" + r.Name() }

func (v *verification) judgeOf(operation string) *contract.Judge {
	for _, judge := range v.judges {
		if judge.Document().Operation(operation) != nil {
			return judge
		}
	}
	return nil
}

// judgeExamples judges the named examples of a document by the document: its own check, which counts as no traffic.
func (v *verification) judgeExamples(judge *contract.Judge) {
	for _, op := range judge.Document().Operations {
		check := report.Check{ID: op.ID + "/examples", Source: report.Documents}
		if !v.selection.wanted(check.ID) {
			continue
		}
		whole := contract.Result{Judged: true, Operation: op.ID}
		for _, ex := range judge.Examples(op) {
			result := judge.Check(ex)
			whole.Findings = append(whole.Findings, result.Findings...)
			whole.Errors = append(whole.Errors, result.Errors...)
		}
		v.conclude(check, whole)
	}
}

// conclude puts a result into the report. What is wrong with the request is the prober's doing, not the provider's.
func (v *verification) conclude(check report.Check, result contract.Result) {
	switch {
	case len(result.Errors) > 0:
		v.report.Add(errorCheck(check, result.Errors[0]))
	case !result.Judged && !check.NearMiss:
		v.report.Add(errorCheck(check, errors.New("the document does not know the path")))
	default:
		v.report.Judged(check, result)
		v.applyKnown(&v.report.Checks[len(v.report.Checks)-1])
	}
}

// applyKnown changes the status of a check that is listed as known to fail: it must still fail.
func (v *verification) applyKnown(check *report.Check) {
	reason := v.selection.knownReason(check.ID)
	switch {
	case reason == "":
	case check.Status == report.Fail:
		check.Status, check.Reason = report.Known, reason
	case check.Status == report.Pass:
		check.Status, check.Reason = report.Fail, "it is listed as known to fail, and it passes: take it off the list"
	}
}

func errorCheck(check report.Check, err error) report.Check {
	check.Status, check.Reason = report.Error, oneLine(err)
	return check
}

const defaultTimeout = 10 * time.Second
