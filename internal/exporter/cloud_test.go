package exporter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/internal/quotas"
	"github.com/quotaspec/quotaspec/server"
)

// cloud is the reference provider behind a network in memory, for tests with the clock of testing/synctest: client, HTTP and
// provider are the real ones, and hours pass at once.
type cloud struct {
	connections chan net.Conn
	provider    http.Handler

	mu       sync.Mutex
	trouble  func(http.ResponseWriter, *http.Request, http.Handler) // of requests with the reader's token; nil: none
	down     bool                                                   // for the reader
	requests []time.Time                                            // with the reader's token
}

const (
	troubled = server.SampleDomainID // the account that has troubles
	beside   = server.StrangerDomainID
)

// newCloud starts the provider. It ends with the test.
func newCloud(t *testing.T) *cloud {
	t.Helper()
	provider, err := server.New(server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := &cloud{connections: make(chan net.Conn), provider: provider}
	s := &http.Server{Handler: c, ReadHeaderTimeout: time.Minute}
	go func() { _ = s.Serve(c) }()
	t.Cleanup(func() { _ = s.Close() })
	return c
}

func (c *cloud) Accept() (net.Conn, error) {
	if conn, ok := <-c.connections; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}
func (c *cloud) Close() error   { close(c.connections); return nil }
func (c *cloud) Addr() net.Addr { return &net.TCPAddr{} }

// account returns an account that is asked for with a token. The clients of accounts have connections of their own.
func (c *cloud) account(t *testing.T, domain string, token func() string) *quotas.Account {
	t.Helper()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		c.mu.Lock()
		down := c.down && domain == troubled
		c.mu.Unlock()
		if down {
			return nil, errors.New("connection refused")
		}
		ours, theirs := net.Pipe()
		select {
		case c.connections <- theirs:
			return ours, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return &quotas.Account{
		Domain: domain, Projects: []quotas.Project{{}},
		Client: client.Client{
			HTTPClient: &http.Client{Transport: transport},
			IAMURL:     "http://cloud.test", IMSURL: "http://cloud.test",
			TokenSource: func(context.Context) (string, error) { return token(), nil },
		},
	}
}

// always returns a source of one token.
func always(token string) func() string { return func() string { return token } }

func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	trouble := c.trouble
	if r.Header.Get("X-Auth-Token") == server.StrangerToken {
		trouble = nil
	} else {
		c.requests = append(c.requests, time.Now())
	}
	c.mu.Unlock()
	if trouble == nil {
		c.provider.ServeHTTP(w, r)
		return
	}
	trouble(w, r, c.provider)
}

// begin begins a trouble, or ends all: nil.
func (c *cloud) begin(trouble func(http.ResponseWriter, *http.Request, http.Handler)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trouble, c.requests = trouble, nil
}

// seen returns when requests of the troubled account came since begin.
func (c *cloud) seen() []time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.requests)
}

// log collects lines.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// lines returns the lines since the last call.
func (l *log) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := slices.Collect(strings.Lines(l.text.String()))
	l.text.Reset()
	return lines
}

// start runs an exporter until the test ends.
func start(t *testing.T, o Options, accounts ...*quotas.Account) (*Exporter, *log) {
	t.Helper()
	lines := &log{}
	o.Log = slog.New(slog.NewTextHandler(lines, nil))
	o.Interval, o.Stale = 5*time.Minute, 15*time.Minute
	e := New(o, accounts)
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { e.Run(ctx) })
	t.Cleanup(func() { stop(); all.Wait() })
	return e, lines
}

// scrape returns the series about quotas: their values by name and labels, as in huaweicloud_quota_up{service="iam"}. The account
// is left out, and so are series of other accounts.
func scrape(t *testing.T, e *Exporter, account string) map[string]float64 {
	t.Helper()
	handler, err := e.Handler()
	if err != nil {
		t.Fatal(err)
	}
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(response.Body)
	if err != nil || response.Code != http.StatusOK {
		t.Fatalf("%d, %v", response.Code, err)
	}
	series := map[string]float64{}
	for name, family := range families {
		for _, m := range family.Metric {
			labels, of := []string{}, ""
			for _, l := range m.Label {
				if l.GetName() == "account" {
					of = l.GetValue()
					continue
				}
				labels = append(labels, fmt.Sprintf("%s=%q", l.GetName(), l.GetValue()))
			}
			if of == account {
				series[strings.TrimPrefix(name, "huaweicloud_quota_")+"{"+strings.Join(labels, ",")+"}"] = m.Gauge.GetValue()
			}
		}
	}
	return series
}
