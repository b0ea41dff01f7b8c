package main

import (
	"context"
	"fmt"
	"io"
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

	configFile, knownFile, failOn string   // as the flags have them
	reports                       []string // FORMAT=FILE
	verbose                       bool
}

const (
	defaultTimeout     = 10 * time.Second
	defaultConcurrency = 4
)

// run judges what the verification is about. The report is there also beside an error, as far as it got.
func (v *verification) run(ctx context.Context) (*report.Report, error) {
	serving, stop := context.WithCancel(ctx)
	defer stop() // the reference server
	judges, err := loadJudges(ctx, v.document, v.servers)
	var from verify.Inputs
	subject := ""
	if err == nil {
		from, subject, err = v.sources(serving, judges)
	}
	if err != nil {
		return verify.NewReport(judges, v.options.FailOn), err
	}
	if len(from.HAR) > 0 {
		// Much is thrown away here and little kept: to collect it less often takes some 15 MB and saves a fifth of the time.
		defer debug.SetGCPercent(debug.SetGCPercent(400))
	}
	result, err := verify.Run(ctx, judges, from, v.options)
	result.Subject = subject
	return result, err
}

// sources are where the exchanges come from, and what they are in words.
func (v *verification) sources(ctx context.Context, judges []*contract.Judge) (from verify.Inputs, subject string, err error) {
	subjects := []string{}
	if v.recordings != "" {
		if from.Recordings, err = forVerify(recordings.Load(os.DirFS(v.recordings))); err != nil {
			return from, "", fmt.Errorf("%s: %w", v.recordings, err)
		}
		subjects = []string{v.recordings}
	}
	for _, file := range v.har {
		from.HAR = append(from.HAR, verify.HAR{Name: file, Open: func() (io.ReadCloser, error) { return os.Open(file) }})
		subjects = []string{v.har[0]}
	}
	traffic := len(subjects) > 0
	switch {
	case v.target != nil || !traffic && v.config != nil && len(v.config.Targets) > 0:
		from.Providers, err = v.providers(judges)
		for _, p := range from.Providers {
			if at := p.URL.String(); !slices.Contains(subjects, at) {
				subjects = append(subjects, at)
			}
		}
	case traffic:
	case v.document != "":
		subjects = []string{"the document"}
	default:
		from, err = repository(ctx, judges)
		subjects = []string{"the documents, the recordings and the reference server"}
	}
	return from, strings.Join(subjects, " and "), err
}

// repository is what this repository holds: the documents' examples, the recordings and the reference server, which ends with
// the context.
func repository(ctx context.Context, judges []*contract.Judge) (from verify.Inputs, err error) {
	from.Examples = true
	if from.Recordings, err = forVerify(recordings.Embedded()); err != nil {
		return from, err
	}
	handler, err := server.New(server.Options{})
	if err != nil {
		return from, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return from, fmt.Errorf("start the reference server: %w", err)
	}
	go func() {
		_ = server.Serve(ctx, listener, handler) // the probes tell what matters of its end
	}()
	at := &url.URL{Scheme: "http", Host: listener.Addr().String()}
	for _, judge := range judges {
		from.Providers = append(from.Providers, verify.Provider{Judge: judge, URL: at, Principals: samplePrincipals(), Temporary: true, ReadOnly: true})
	}
	return from, nil
}

// forVerify gives recordings as a run takes them.
func forVerify(all []recordings.Recording, err error) ([]verify.Recording, error) {
	list := []verify.Recording{}
	for _, r := range all {
		list = append(list, verify.Recording{Name: r.Name(), Operation: r.Operation, Breaks: r.Breaks, Exchange: r.Exchange()})
	}
	return list, err
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
