package exporter

import (
	"cmp"
	"context"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	dto "github.com/prometheus/client_model/go"
)

// register makes the metrics about the exporter itself.
func (e *Exporter) register() {
	e.requests = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "huaweicloud_quota_requests_total",
		Help: "Requests for quotas, by operation and by status code; error: there was no response.",
	}, []string{"operation", "code"})
	e.reloaded = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "huaweicloud_quota_config_last_reload_successful", Help: "Whether the configuration was right when it was last read.",
	})
	e.loaded = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "huaweicloud_quota_config_last_reload_success_timestamp_seconds",
		Help: "When a right configuration was last read, in seconds since 1970.",
	})
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "huaweicloud_quota_build_info", Help: "The version of quotaspec, and of Go that compiled it. Always 1.",
		ConstLabels: prometheus.Labels{"version": e.options.Version, "goversion": runtime.Version()},
	})
	build.Set(1)
	e.own = prometheus.NewRegistry()
	e.own.MustRegister(e.requests, e.reloaded, e.loaded, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	e.Reloaded(true)
}

// Reloaded says how the configuration was read: ok, or not.
func (e *Exporter) Reloaded(ok bool) {
	if !ok {
		e.reloaded.Set(0)
		return
	}
	e.reloaded.Set(1)
	e.loaded.Set(float64(time.Now().UnixMilli()) / 1000)
}

// Gather returns all metrics, sorted by name. It is a prometheus.Gatherer. Quotas that are stale are dropped here.
func (e *Exporter) Gather() ([]*dto.MetricFamily, error) {
	families, err := e.own.Gather()
	families = append(families, e.known()...)
	slices.SortFunc(families, func(a, b *dto.MetricFamily) int { return cmp.Compare(a.GetName(), b.GetName()) })
	return families, err
}

// known returns the metrics of all places. Only pointers are copied, since the metrics of a place never change: it gets others.
func (e *Exporter) known() []*dto.MetricFamily {
	e.mu.Lock()
	defer e.mu.Unlock()
	metrics := map[string][]*dto.Metric{}
	for _, w := range e.watches {
		// The zone of a time may change, its monotonic clock does not: Since and Until use that.
		if w.known.Quotas != nil && time.Since(w.known.Success) >= e.options.Stale {
			w.known.Quotas = nil
			w.families = Families([]Known{w.known}, e.options)
		}
		for _, f := range w.families {
			metrics[f.GetName()] = append(metrics[f.GetName()], f.Metric...)
		}
	}
	return familiesOf(metrics)
}

// operationKey is the key of the operation in the context of a request.
type operationKey struct{}

func withOperation(ctx context.Context, operation string) context.Context {
	return context.WithValue(ctx, operationKey{}, operation)
}

// counting returns a function that makes a client count its requests. Accounts that share a client share the one that counts.
func (e *Exporter) counting() func(*http.Client) *http.Client {
	known := map[*http.Client]*http.Client{}
	return func(c *http.Client) *http.Client {
		if known[c] == nil {
			own := http.Client{}
			if c != nil {
				own = *c
			}
			own.Transport = counter{requests: e.requests, next: cmp.Or(own.Transport, http.DefaultTransport)}
			known[c] = &own
		}
		return known[c]
	}
}

// counter counts each request that is sent.
type counter struct {
	requests *prometheus.CounterVec
	next     http.RoundTripper
}

// RoundTrip sends a request. Its operation is in its context.
func (c counter) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.next.RoundTrip(r)
	code := "error"
	if err == nil {
		code = strconv.Itoa(response.StatusCode)
	}
	operation, _ := r.Context().Value(operationKey{}).(string)
	c.requests.WithLabelValues(operation, code).Inc()
	return response, err
}

// CloseIdleConnections closes those of the transport. http.Client looks for this method.
func (c counter) CloseIdleConnections() {
	if next, ok := c.next.(interface{ CloseIdleConnections() }); ok {
		next.CloseIdleConnections()
	}
}
