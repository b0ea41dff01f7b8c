// Package exporter serves the quotas of accounts as Prometheus metrics. It asks in the background, and answers a scrape from
// memory.
package exporter

import (
	"cmp"
	"slices"
	"time"

	dto "github.com/prometheus/client_model/go"

	"github.com/quotaspec/quotaspec/internal/quotas"
)

// Known is what is known of a place: the quotas of the last request that succeeded, and how the last request of all ended.
type Known struct {
	quotas.Place
	Quotas  []quotas.Quota // none before the first success, after a refusal, and if they are stale
	Up      bool           // whether the last request succeeded
	Success time.Time      // of the last request that succeeded; zero: none has
}

// Options select metrics.
type Options struct {
	Bounds bool // also the least and the largest limit that may be set
}

// The metrics of each quota have the same labels: service, type, account, project and region. So a ratio of two of them needs no
// matching in PromQL. A label without a value is left out, as is a number that is not reported: never is it 0.
const (
	metricLimit   = "huaweicloud_quota_limit"
	metricUsed    = "huaweicloud_quota_used"
	metricMin     = "huaweicloud_quota_min"
	metricMax     = "huaweicloud_quota_max"
	metricUp      = "huaweicloud_quota_up"
	metricSuccess = "huaweicloud_quota_last_success_timestamp_seconds"
)

// Families returns the metrics of all places, sorted by name, in the order of the places. Quotas that are ignored have none.
func Families(known []Known, o Options) []*dto.MetricFamily {
	families := []*dto.MetricFamily{}
	for _, f := range []struct {
		name, help string
		of         func(Known, quotas.Quota) (float64, bool) // of each quota; nil: of the place
		place      func(Known) (float64, bool)
	}{
		{
			name: metricLimit, help: "Limit of a type of resource. With the label per, each group, agency or user has this limit.",
			of: func(_ Known, q quotas.Quota) (float64, bool) { return float64(q.Quota), true },
		},
		{
			name: metricUsed, help: "How many of the resources exist. There is no series where the service does not report it.",
			of: func(_ Known, q quotas.Quota) (float64, bool) {
				if q.Used == nil || q.Per != "" {
					return 0, false
				}
				return float64(*q.Used), true
			},
		},
		{
			name: metricMin, help: "Least value that the limit may be set to.",
			of: func(_ Known, q quotas.Quota) (float64, bool) { return float64(q.Min), o.Bounds },
		},
		{
			name: metricMax, help: "Largest value that the limit may be set to.",
			of: func(_ Known, q quotas.Quota) (float64, bool) { return float64(q.Max), o.Bounds },
		},
		{
			name: metricUp, help: "Whether the last request for quotas succeeded.",
			place: func(k Known) (float64, bool) { return map[bool]float64{true: 1}[k.Up], true },
		},
		{
			name: metricSuccess, help: "When a request for quotas last succeeded, in seconds since 1970.",
			place: func(k Known) (float64, bool) { return float64(k.Success.UnixMilli()) / 1000, !k.Success.IsZero() },
		},
	} {
		family := &dto.MetricFamily{Name: &f.name, Help: &f.help, Type: dto.MetricType_GAUGE.Enum()}
		for _, k := range known {
			labels := labelsOf(k.Place)
			if f.place != nil {
				if value, ok := f.place(k); ok {
					family.Metric = append(family.Metric, &dto.Metric{Label: labels, Gauge: &dto.Gauge{Value: &value}})
				}
				continue
			}
			for _, q := range k.Quotas {
				if value, ok := f.of(k, q); ok && q.State != quotas.StateIgnored {
					family.Metric = append(family.Metric, &dto.Metric{Label: with(labels, "type", q.Type, "per", q.Per),
						Gauge: &dto.Gauge{Value: &value}})
				}
			}
		}
		if len(family.Metric) > 0 {
			families = append(families, family)
		}
	}
	slices.SortFunc(families, func(a, b *dto.MetricFamily) int { return cmp.Compare(a.GetName(), b.GetName()) })
	return families
}

// labelsOf returns the labels of a place that have a value, sorted by name.
func labelsOf(p quotas.Place) []*dto.LabelPair {
	return with(nil, "account", p.Account, "project", p.Project, "region", p.Region, "service", p.Service())
}

// with returns labels with more of them, given as names and values. One without a value is left out.
func with(labels []*dto.LabelPair, namesAndValues ...string) []*dto.LabelPair {
	all := slices.Clone(labels)
	for pair := range slices.Chunk(namesAndValues, 2) {
		if pair[1] != "" {
			all = append(all, &dto.LabelPair{Name: &pair[0], Value: &pair[1]})
		}
	}
	slices.SortFunc(all, func(a, b *dto.LabelPair) int { return cmp.Compare(a.GetName(), b.GetName()) })
	return all
}
