package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/spf13/pflag"

	"github.com/quotaspec/quotaspec/internal/command"
)

// useConfig sets what the config says about a run and no flag does. With a document and a target it is a whole run:
//
//	document: openapi.yaml
//	target:   http://127.0.0.1:9000/v1
//	timeout:  5s
func (v *verification) useConfig(flags *pflag.FlagSet, hasTraffic bool) error {
	c := v.config
	if c == nil {
		return nil
	}
	if c.Document != "" && !flags.Changed("document") {
		v.Document = c.Document
	}
	if c.Target != "" && !hasTraffic { // traffic without a URL is judged alone
		v.target, _ = command.ParseTarget(c.Target) // config.check has parsed it
	}
	if c.Rate != 0 && !flags.Changed("rate") {
		v.Options.Rate = c.Rate
	}
	if c.Concurrency != 0 && !flags.Changed("concurrency") {
		v.Options.Concurrency = c.Concurrency
	}
	if c.Timeout != 0 && !flags.Changed("timeout") {
		v.Options.Timeout = time.Duration(c.Timeout)
	}
	if c.AllowChanges && !flags.Changed("allow-changes") {
		v.Options.AllowChanges = true
	}
	v.Options.Wait = time.Duration(c.Wait)
	if c.CA != "" {
		pool, err := readCA(c.CA)
		if err != nil {
			return fmt.Errorf("ca: %w", err)
		}
		v.Options.CAs = pool
	}
	return nil
}

// httpClient returns a client that names this tool as User-Agent and trusts these certificate authorities; nil: those of the
// system.
func httpClient(trusted *x509.CertPool) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns // of 2, most connections to the one provider would serve one request
	transport.TLSClientConfig = &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}
	return &http.Client{Transport: ownTransport{transport}}
}

// ownTransport sends requests with our User-Agent.
type ownTransport struct{ *http.Transport }

// RoundTrip sets the header in a copy, since a transport must not change a request.
func (t ownTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	own := req.Clone(req.Context())
	own.Header.Set("User-Agent", userAgent())
	return t.Transport.RoundTrip(own)
}

// readCA returns the certificate authorities of the system and those in a PEM file.
func readCA(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New(file + ": it has no certificate: want PEM, -----BEGIN CERTIFICATE-----")
	}
	return pool, nil
}
