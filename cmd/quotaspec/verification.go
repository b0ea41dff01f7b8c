package main

import (
	"cmp"
	"context"
	"errors"
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
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/server"
)

// verification is one run of verify: what is judged, and how. The method sources chooses the exchanges:
//
//	verify                    examples, recordings and the reference server
//	verify URL                probes of the provider there
//	verify, targets in config probes of those providers
//	verify --har, --recordings  that traffic; with a URL its provider too
//	verify --document         the document alone
type verification struct {
	command.Judging
	target     *url.URL // of both services; nil for the targets of the config
	config     *config  // nil if there is none
	recordings string   // folder of recordings to judge
	har        []string // HAR files to judge
	record     string   // HAR file or folder to write the exchanges to
	recorded   *recording

	allowSamples bool   // send the sample credentials beyond loopback
	configFile   string // prepare reads it
}

const (
	defaultTimeout     = 10 * time.Second
	defaultConcurrency = 4
)

// run judges all exchanges. It returns a report also with an error: of what was judged until then.
func (v *verification) run(ctx context.Context) (*report.Report, error) {
	serving, stop := context.WithCancel(ctx)
	defer stop() // ends the reference server
	if len(v.targets()) > 0 {
		defer v.tearDown(ctx)
		if err := v.setUp(ctx); err != nil {
			return verify.NewReport(nil, v.Options), err
		}
	}
	judges, err := v.Judges(ctx, httpClient(v.Options.CAs))
	if err == nil {
		err = v.config.hideSecrets(judges)
	}
	var from verify.Inputs
	subject := ""
	if err == nil {
		from, subject, err = v.sources(serving, judges)
	}
	if err != nil {
		return verify.NewReport(judges, v.Options), err
	}
	if len(from.HAR) > 0 {
		// Reading a HAR leaves much garbage and little else. Collecting it less often takes some 15 MB more and saves a fifth
		// of the time.
		defer debug.SetGCPercent(debug.SetGCPercent(400))
	}
	if v.recorded, err = newRecording(v.record, judges); err != nil {
		return verify.NewReport(judges, v.Options), err
	}
	v.Options.Record = func(e traffic.Entry, principal string) { _ = v.recorded.write(e, principal) } // close returns its error
	result, err := verify.Run(ctx, judges, from, v.Options)
	if missing := (*verify.NotFoundError)(nil); v.Document == "" && errors.As(err, &missing) {
		err = fmt.Errorf("%s: nothing was judged: no response was that of a quota endpoint; for another API, give --document FILE",
			missing.URL)
		if missing.Refused {
			err = fmt.Errorf("%w; for other credentials than the samples, --config FILE", err)
		}
	}
	err = cmp.Or(err, v.recorded.close())
	result.Subject = subject
	if err == nil && !result.JudgedAny() && result.Count("", report.Fail) == 0 && haveNoOperations(judges) {
		err = fmt.Errorf("%s: the document has no operations", judges[0].Document().File)
	}
	return result, err
}

// haveNoOperations reports whether no document has an operation, so that nothing can be judged.
func haveNoOperations(judges []*contract.Judge) bool {
	return !slices.ContainsFunc(judges, func(j *contract.Judge) bool { return len(j.Document().Operations) > 0 })
}

// sources returns where the exchanges come from, and the same in words for the first line of the report.
func (v *verification) sources(ctx context.Context, judges []*contract.Judge) (from verify.Inputs, subject string, err error) {
	subjects := []string{}
	if v.recordings != "" {
		if from.Recordings, err = forVerify(recordings.Load(os.DirFS(v.recordings))); err != nil {
			return from, "", fmt.Errorf("%s: %w", v.recordings, err)
		}
		subjects = []string{v.recordings}
	}
	for _, file := range v.har {
		if command.SameFile(v.record, file) {
			return from, "", fmt.Errorf("--record %s would overwrite the HAR that --har reads", v.record)
		}
		from.HAR = append(from.HAR, verify.HAR{Name: file, Open: func() (io.ReadCloser, error) { return os.Open(file) }})
	}
	if len(v.har) > 0 {
		subjects = []string{namesOf(v.har)}
	}
	traffic := len(subjects) > 0
	configured := v.config != nil && len(v.config.Targets) > 0
	targeted := configured && !traffic // traffic without a URL is judged alone
	live := v.target != nil || targeted
	switch {
	case v.record != "" && !live && len(v.har) == 0:
		err = errors.New("--record needs a provider, by its URL or a config, or --har: there is nothing else to record")
	case live:
		from.Providers, err = v.providers(judges)
		for _, p := range from.Providers {
			if at := p.URL.String(); !slices.Contains(subjects, at) {
				subjects = append(subjects, at)
			}
		}
	case traffic:
	case v.Document != "":
		subjects = []string{"the document, without a server"}
	default:
		from, err = embeddedSources(ctx, judges)
		subjects = []string{"the documents, the recordings and the reference server"}
	}
	return from, strings.Join(subjects, " and "), err
}

// maxNamed is how many files the first line of a report names.
const maxNamed = 3

// namesOf lists files in the order of their names, whatever the order of the flags: "a.har, b.har and 4 more files".
func namesOf(files []string) string {
	names := slices.Sorted(slices.Values(files))
	if more := len(names) - maxNamed; more > 0 {
		return strings.Join(names[:maxNamed], ", ") + " and " + text.Count(more, "more file", "more files")
	}
	return strings.Join(names, ", ")
}

// embeddedSources returns the examples of the documents, the embedded recordings and a reference server, which runs until the
// context ends.
func embeddedSources(ctx context.Context, judges []*contract.Judge) (from verify.Inputs, err error) {
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
		_ = server.Serve(ctx, listener, handler) // probes fail if it ends early
	}()
	at := &url.URL{Scheme: "http", Host: listener.Addr().String()}
	for _, judge := range judges {
		provider := verify.Provider{Judge: judge, URL: at, Principals: samplePrincipals(), Temporary: true, ReadOnly: true}
		from.Providers = append(from.Providers, provider)
	}
	return from, nil
}

// forVerify converts recordings to those of package verify. It passes the error of the reader on.
func forVerify(all []recordings.Recording, err error) ([]verify.Recording, error) {
	list := []verify.Recording{}
	for _, r := range all {
		list = append(list, verify.Recording{Name: r.Name(), Operation: r.Operation, Breaks: r.Breaks, Exchange: r.Exchange()})
	}
	return list, err
}

// providers returns a provider for each document with a target. It checks the principals of all of them before a request is
// sent to any.
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
			at, _ = command.ParseTarget(text) // config.check has parsed it
		}
		principals, err := v.principals(name, at)
		if err != nil {
			return nil, err
		}
		// Our documents promise that only GET exists, so probes with other methods change nothing. Another API makes no such
		// promise, and a port on loopback may lead to production.
		provider := verify.Provider{Judge: judge, URL: at, Principals: principals, ReadOnly: v.Document == ""}
		if v.config != nil {
			provider.Values = v.config.Values
		}
		list = append(list, provider)
	}
	if v.target == nil {
		for name := range v.config.Targets {
			if !slices.Contains(names, name) {
				return nil, fmt.Errorf("targets: %w", text.Unknown("document", name, names))
			}
		}
	}
	return list, nil
}

// principals returns the principals of the config, or the sample principals if it has none. Credentials of the config are sent
// only over https or to loopback, unless allow_http permits more. The sample credentials are sent to loopback only, unless a
// flag permits more, and never to another API.
func (v *verification) principals(document string, at *url.URL) (probe.Principals, error) {
	switch {
	case v.config != nil && len(v.config.Principals) > 0:
		principals, err := v.config.principals(document, v.Options)
		if err != nil || !haveSecrets(principals) || v.config.AllowHTTP {
			return principals, err
		}
		if err := checkSecret(at); err != nil {
			return nil, fmt.Errorf("target %w, unless %s has allow_http: true", err, defaultConfig)
		}
		return principals, nil
	case v.Document != "":
		principals := probe.Principals{}
		err := v.config.addFields(principals)
		if err == nil && haveSecrets(principals) && !v.config.AllowHTTP {
			err = checkSecret(at)
		}
		return principals, err
	case !isLoopback(at.Hostname()) && !v.allowSamples:
		return nil, fmt.Errorf("target %q is not on loopback: name your own credentials in %s, "+
			"or send the sample credentials with --allow-sample-credentials", at, defaultConfig)
	}
	principals := samplePrincipals()
	return principals, v.config.addFields(principals)
}
