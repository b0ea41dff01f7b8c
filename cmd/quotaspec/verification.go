package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/openapi/spec"
	"github.com/quotaspec/quotaspec/server"
)

// verification says what a run of verify judges, and how.
type verification struct {
	target     *url.URL // of both services; nil: those of the config
	config     *config  // nil: there is none
	document   string   // judge by this file or URL instead of the embedded documents
	recordings string   // judge the recordings of this folder
	har        []string // judge the traffic of these files
	servers    []string // judge traffic that was sent to these URLs too

	allowSamples bool // send the sample credentials beyond loopback
	options      verify.Options
}

const (
	defaultTimeout     = 10 * time.Second
	defaultConcurrency = 4
)

// run judges what the verification is about. The report is there also beside an error, as far as it got.
func (v *verification) run(ctx context.Context) (*report.Report, error) {
	judges, err := loadJudges(ctx, v.document, v.servers)
	if err != nil {
		return &report.Report{FailOn: v.options.FailOn}, err
	}
	from, subject, stop, err := v.sources(ctx, judges)
	if err != nil {
		return newReport(v.options.FailOn, judges), err
	}
	defer stop()
	if len(from.HAR) > 0 {
		// Much is thrown away here and little kept: to collect it less often takes some 15 MB and saves a fifth of the time.
		defer debug.SetGCPercent(debug.SetGCPercent(400))
	}
	result, err := verify.Run(ctx, judges, from, v.options)
	result.Subject = subject
	return result, err
}

// newReport is the report of a run that did not begin.
func newReport(failOn spec.Grade, judges []*contract.Judge) *report.Report {
	r := &report.Report{FailOn: failOn}
	for _, judge := range judges {
		r.Documents = append(r.Documents, judge.Document())
	}
	return r
}

// sources are where the exchanges come from, and what they are in words. stop ends what was started for them.
func (v *verification) sources(ctx context.Context, judges []*contract.Judge) (from verify.Sources, subject string, stop func(), err error) {
	stop = func() {}
	subjects := []string{}
	if v.recordings != "" {
		if from.Recordings, err = recordingsOf(os.DirFS(v.recordings)); err != nil {
			return from, "", stop, fmt.Errorf("%s: %w", v.recordings, err)
		}
		subjects = append(subjects, v.recordings)
	}
	for _, file := range v.har {
		from.HAR = append(from.HAR, verify.HAR{Name: file, Open: func() (io.ReadCloser, error) { return os.Open(file) }})
	}
	if len(v.har) > 0 {
		subjects = append(subjects[:0], v.har[0])
	}
	traffic := len(subjects) > 0
	switch {
	case v.target != nil || !traffic && v.config != nil && len(v.config.Targets) > 0:
		if from.Providers, err = v.providers(judges); err != nil {
			return from, "", stop, err
		}
		for _, p := range from.Providers {
			if at := p.URL.String(); !slices.Contains(subjects, at) {
				subjects = append(subjects, at)
			}
		}
		return from, strings.Join(subjects, " and "), stop, nil
	case traffic:
		return from, subjects[0], stop, nil
	case v.document != "":
		return from, "the document", stop, nil
	}
	from, stop, err = repository(ctx, judges)
	return from, "the documents, the recordings and the reference server", stop, err
}

// repository is what this repository holds: the documents' examples, the recordings and the reference server.
func repository(ctx context.Context, judges []*contract.Judge) (from verify.Sources, stop func(), err error) {
	stop = func() {}
	from.Examples = true
	if from.Recordings, err = embeddedRecordings(); err != nil {
		return from, stop, err
	}
	handler, err := server.New(server.Options{})
	if err != nil {
		return from, stop, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return from, stop, fmt.Errorf("start the reference server: %w", err)
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
	for _, judge := range judges {
		from.Providers = append(from.Providers, verify.Provider{Judge: judge, URL: at, Principals: samplePrincipals(), Temporary: true, ReadOnly: true})
	}
	return from, stop, nil
}

// recordingsOf reads the recordings of a folder.
func recordingsOf(folder fs.FS) ([]verify.Recording, error) {
	all, err := recordings.Load(folder)
	return forVerify(all), err
}

func embeddedRecordings() ([]verify.Recording, error) {
	all, err := recordings.Embedded()
	return forVerify(all), err
}

func forVerify(all []recordings.Recording) []verify.Recording {
	list := []verify.Recording{}
	for _, r := range all {
		list = append(list, verify.Recording{Name: r.Name(), Operation: r.Operation, Breaks: r.Breaks, Exchange: r.Exchange()})
	}
	return list
}

// providers are those of the documents that have a target. It is known who asks each before anything is sent to one.
func (v *verification) providers(judges []*contract.Judge) ([]verify.Provider, error) {
	names, list := []string{}, []verify.Provider{}
	for _, judge := range judges {
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
		// Our own documents promise that nothing is there but what reads. Nobody promises that of another API, nor that what
		// stands behind a port of loopback is no more than a trial.
		list = append(list, verify.Provider{Judge: judge, URL: at, Principals: principals, ReadOnly: v.document == ""})
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
