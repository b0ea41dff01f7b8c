package fleet

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are those of a worker. All that count exchanges count committed ones, so that the sums over workers are those of the report,
// as long as no worker is killed between its commit and the next scrape.
type Metrics struct {
	registry   *prometheus.Registry
	exchanges  prometheus.Counter
	unreadable prometheus.Counter
	lost       prometheus.Counter
	findings   *prometheus.CounterVec
	behind     *prometheus.GaugeVec
	tallyBytes *prometheus.GaugeVec
	commits    *prometheus.CounterVec
	seconds    prometheus.Histogram
	rebalances prometheus.Counter
}

// NewMetrics returns the metrics of a program of this version.
func NewMetrics(version string) *Metrics {
	opts := func(name, help string) prometheus.Opts {
		return prometheus.Opts{Namespace: "quotaspec_fleet", Name: name, Help: help}
	}
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts(opts(name, help)))
	}
	m := &Metrics{
		registry:   prometheus.NewRegistry(),
		exchanges:  counter("exchanges_total", "Records that were judged or found to be no exchange, and committed."),
		unreadable: counter("unreadable_total", "Records that are no exchange."),
		lost:       counter("lost_total", "Records that were deleted before they were judged."),
		findings: prometheus.NewCounterVec(prometheus.CounterOpts(opts("findings_total",
			"Exchanges that break the contract, by the ids of their findings: once for each id.")), []string{"finding", "operation", "grade", "side"}),
		behind: prometheus.NewGaugeVec(prometheus.GaugeOpts(opts("lag",
			"Records of a partition of this worker that are not judged yet.")), []string{"partition"}),
		tallyBytes: prometheus.NewGaugeVec(prometheus.GaugeOpts(opts("tally_bytes",
			"Size of the tally of a partition of this worker, as of its last commit.")), []string{"partition"}),
		commits: prometheus.NewCounterVec(prometheus.CounterOpts(opts("commits_total", "Commits, by their result.")), []string{"result"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "quotaspec_fleet", Name: "commit_seconds", Help: "Time of a commit.",
			Buckets: []float64{0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30},
		}),
		rebalances: counter("rebalances_total", "Assignments of partitions to this worker."),
	}
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: "quotaspec_fleet", Name: "build_info", Help: "The version of the program. Always 1.",
		ConstLabels: prometheus.Labels{"version": version},
	})
	info.Set(1)
	for _, result := range []string{committedResult, failedResult} {
		m.commits.WithLabelValues(result)
	}
	m.registry.MustRegister(m.exchanges, m.unreadable, m.lost, m.findings, m.behind, m.tallyBytes, m.commits, m.seconds, m.rebalances, info)
	return m
}

const (
	committedResult = "committed"
	failedResult    = "failed"
)

// Serve serves the page /metrics until the context ends.
func (m *Metrics) Serve(ctx context.Context, listener net.Listener) error {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// loaded begins with other partitions, whose ends are known.
func (m *Metrics) loaded(parts map[int32]*partition, ends bounds) {
	m.behind.Reset()
	m.tallyBytes.Reset()
	for number, p := range parts {
		m.lag(p, ends.ends[number].Offset)
	}
}

// lag sets how far a partition is behind its end.
func (m *Metrics) lag(p *partition, end int64) {
	m.behind.WithLabelValues(strconv.Itoa(int(p.number))).Set(float64(max(0, end-p.next)))
}

// commit counts a commit and its time.
func (m *Metrics) commit(committed bool, took time.Duration) {
	result := failedResult
	if committed {
		result = committedResult
	}
	m.commits.WithLabelValues(result).Inc()
	m.seconds.Observe(took.Seconds())
}

// committed counts what is committed of a partition.
func (m *Metrics) committed(p *partition) {
	m.exchanges.Add(float64(p.fresh))
	m.lost.Add(float64(p.freshLost))
	m.tallyBytes.WithLabelValues(strconv.Itoa(int(p.number))).Set(float64(p.bytes))
	if p.delta == nil {
		return
	}
	_, unread := p.delta.Unreadable()
	m.unreadable.Add(float64(unread))
	for _, found := range p.delta.Found() {
		counted := map[string]bool{} // all exchanges of a group have findings with the same ids
		for _, f := range found.Findings {
			if !counted[f.ID] {
				counted[f.ID] = true
				m.findings.WithLabelValues(f.ID, found.Operation, f.Evidence.Grade.String(), string(f.Side())).Add(float64(found.Times))
			}
		}
	}
}
