package probe_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract/probe"
)

// certificate makes a certificate that parent signs; nil: it signs itself.
func certificate(t *testing.T, template x509.Certificate, parent *tls.Certificate) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber, template.BasicConstraintsValid = big.NewInt(time.Now().UnixNano()), true
	if template.NotAfter.IsZero() {
		template.NotAfter = time.Now().Add(time.Hour)
	}
	issuer, signer := &template, key
	if parent != nil {
		issuer, signer = parent.Leaf, parent.PrivateKey.(*ecdsa.PrivateKey)
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, issuer, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// TestTLS tests that a provider with a valid certificate is reached, and that an error names what is wrong with any other.
func TestTLS(t *testing.T) {
	named := func(name string) pkix.Name { return pkix.Name{CommonName: name} }
	loopback := []net.IP{net.IPv4(127, 0, 0, 1)}
	authority := certificate(t, x509.Certificate{Subject: named("The Authority"), IsCA: true, KeyUsage: x509.KeyUsageCertSign}, nil)
	trusted := x509.NewCertPool()
	trusted.AddCert(authority.Leaf)
	day := func(years int) time.Time { return time.Date(time.Now().Year()+years, 3, 1, 0, 0, 0, 0, time.UTC) }
	for _, test := range []struct {
		name     string
		template x509.Certificate
		alone    bool // it signs itself
		roots    *x509.CertPool
		config   *tls.Config // nil: that of Go
		want     string
		isFault  bool // of the certificate
	}{
		{name: "valid", template: x509.Certificate{IPAddresses: loopback}, roots: trusted},
		{
			name: "expired", template: x509.Certificate{IPAddresses: loopback, NotAfter: day(-1)}, roots: trusted, isFault: true,
			want: "it expired on " + day(-1).Format(time.DateOnly),
		},
		{
			name: "not yet valid", template: x509.Certificate{IPAddresses: loopback, NotBefore: day(1), NotAfter: day(2)}, roots: trusted,
			isFault: true, want: "it is valid only from " + day(1).Format(time.DateOnly) + " on",
		},
		{
			name: "for other hosts", template: x509.Certificate{DNSNames: []string{"a.example.com", "b.example.com"}}, roots: trusted,
			isFault: true, want: "it is for a.example.com, b.example.com, not for 127.0.0.1",
		},
		{
			name: "for many hosts", template: x509.Certificate{DNSNames: strings.Fields("a.net b.net c.net d.net e.net f.net")}, roots: trusted,
			isFault: true, want: "it is for a.net, b.net, c.net, d.net and 2 more, not for 127.0.0.1",
		},
		{name: "for no host", template: x509.Certificate{Subject: named("h")}, roots: trusted, isFault: true, want: "it is for no host, not for"},
		{
			name: "of an unknown authority", template: x509.Certificate{IPAddresses: loopback}, isFault: true,
			want: `its authority "The Authority" is unknown: name the authority's file as ca in the config`,
		},
		{
			name: "self-signed", template: x509.Certificate{IPAddresses: loopback, Subject: named("h")}, alone: true, roots: trusted,
			isFault: true, want: "it is self-signed: name its file as ca in the config",
		},
		{
			name: "old TLS", template: x509.Certificate{IPAddresses: loopback}, roots: trusted,
			config: &tls.Config{MaxVersion: tls.VersionTLS11}, want: "TLS: the provider supports neither TLS 1.2 nor TLS 1.3",
		},
		{
			name: "a client certificate", template: x509.Certificate{IPAddresses: loopback}, roots: trusted,
			config: &tls.Config{ClientAuth: tls.RequireAnyClientCert},
			want:   "TLS: the provider asks for a client certificate, which quotaspec cannot send",
		},
		{
			name: "a client certificate, TLS 1.2", template: x509.Certificate{IPAddresses: loopback}, roots: trusted,
			config: &tls.Config{ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12},
			want:   "TLS: the provider ",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			parent := &authority
			if test.alone {
				parent = nil
			}
			server := httptest.NewUnstartedServer(http.NotFoundHandler())
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			if server.TLS = test.config.Clone(); server.TLS == nil {
				server.TLS = &tls.Config{}
			}
			server.TLS.Certificates = []tls.Certificate{certificate(t, test.template, parent)}
			server.TLS.MinVersion = tls.VersionTLS10
			server.StartTLS()
			t.Cleanup(server.Close)
			at, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			roots := test.roots
			if roots == nil {
				roots = x509.NewCertPool()
			}
			responded, err := probe.Target{URL: at, Timeout: time.Minute, CAs: roots}.Reach(t.Context())
			if responded != (test.want == "") || (err == nil) != responded {
				t.Fatalf("responded: %t, %v", responded, err)
			}
			if err == nil {
				return
			}
			if !strings.Contains(err.Error(), test.want) || !errors.Is(err, probe.ErrUnreachable) {
				t.Errorf("got %q, want %q", err, test.want)
			}
			if errors.Is(err, probe.ErrCertificate) != test.isFault {
				t.Errorf("a fault of the certificate: got %t", !test.isFault)
			}
		})
	}
}

// TestFields tests which headers and cookies of a principal are sent, if the document describes some of them as parameters and
// probes have values of their own for these.
func TestFields(t *testing.T) {
	judge := judge(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      parameters:
        - {name: X-Tenant, in: header, required: true, schema: {type: string, maxLength: 6}}
        - {name: session, in: cookie, required: true, schema: {type: string}}
      responses: {'200': {description: Done.}, '400': {description: Wrong.}}
`)
	sent := make(chan string, 1)
	target := serve(t, func(conn net.Conn) {
		defer conn.Close()
		sent <- readHead(conn)
		_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
	})
	principals := probe.Principals{probe.Anonymous: {Fields: []probe.Field{
		{Name: "x-tenant", Value: "secret", Env: "QS_TENANT"}, {Name: "session", Value: "cookie", Cookie: true}, {Name: "Accept", Value: "a/b"},
	}}}
	want := map[string]string{ // the tenant
		"listThings/plain": "secret", "listThings/X-Tenant-too-long": "other", "listThings/X-Tenant-missing": "",
		"listThings/method-HEAD": "secret",
	}
	for _, p := range probe.Derive(judge, principals) {
		tenant, isTested := want[p.ID]
		if !isTested {
			continue
		}
		delete(want, p.ID)
		if p.Skip != "" {
			t.Errorf("%s: %s", p.ID, p.Skip)
			continue
		}
		if _, err := target.Run(t.Context(), p, principals); err != nil {
			t.Fatal(err)
		}
		head := <-sent
		_, got, _ := strings.Cut(head, "X-Tenant: ")
		got, _, _ = strings.Cut(got, "\r\n")
		isOther := tenant == "other" && got != "secret" && got != ""
		if got != tenant && !isOther {
			t.Errorf("%s: got the tenant %q, want %q", p.ID, got, tenant)
		}
		if strings.Count(head, "\r\nCookie: session=cookie\r\n") != 1 || !strings.Contains(head, "\r\nAccept: a/b\r\n") {
			t.Errorf("%s: the cookie or Accept is missing:\n%s", p.ID, head)
		}
		curl := target.Curl(p, principals[probe.Anonymous])
		if strings.Contains(curl, "secret") || (tenant == "secret") != strings.Contains(curl, `-H "X-Tenant: $QS_TENANT"`) {
			t.Errorf("%s: got %s", p.ID, curl)
		}
	}
	if len(want) > 0 {
		t.Errorf("no probe: %v", want)
	}
}
