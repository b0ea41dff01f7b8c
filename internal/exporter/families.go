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

// helps has the metrics that Families returns, sorted by name, each with its help.
var helps = []struct{ name, help string }{
	{metricSuccess, "When a request for quotas last succeeded, in seconds since 1970."},
	{metricLimit, "Limit of a type of resource. With the label per, each group, agency or user has this limit."},
	{metricMax, "Largest value that the limit may be set to."},
	{metricMin, "Least value that the limit may be set to."},
	{metricUp, "Whether the last request for quotas succeeded."},
	{metricUsed, "How many of the resources exist. There is no series where the service does not report it."},
}

// Families returns the metrics of all places, sorted by name, in the order of the places. Quotas that are ignored have none. If a
// response has a quota twice, the first counts: Prometheus refuses a page that has a series twice.
//
// The metrics of a quota share their labels, and those of a place share the labels of the place, to save memory.
func Families(known []Known, o Options) []*dto.MetricFamily {
	metrics := map[string][]*dto.Metric{}
	add := func(name string, labels []*dto.LabelPair, value float64) {
		metrics[name] = append(metrics[name], &dto.Metric{Label: labels, Gauge: &dto.Gauge{Value: &value}})
	}
	for _, k := range known {
		place := labelsOf(k.Place)
		add(metricUp, place, map[bool]float64{true: 1}[k.Up])
		if !k.Success.IsZero() {
			add(metricSuccess, place, float64(k.Success.UnixMilli())/1000)
		}
		seen := map[[2]string]bool{}
		for _, q := range k.Quotas {
			series := [2]string{q.Type, q.Per}
			if q.State == quotas.StateIgnored || seen[series] {
				continue
			}
			seen[series] = true
			labels := with(place, "type", q.Type, "per", q.Per)
			add(metricLimit, labels, float64(q.Quota))
			if q.Used != nil && q.Per == "" {
				add(metricUsed, labels, float64(*q.Used))
			}
			if o.Bounds {
				add(metricMin, labels, float64(q.Min))
				add(metricMax, labels, float64(q.Max))
			}
		}
	}
	return familiesOf(metrics)
}

// familiesOf returns the families of metrics that exist, sorted by name.
func familiesOf(metrics map[string][]*dto.Metric) []*dto.MetricFamily {
	families := []*dto.MetricFamily{}
	for i := range helps {
		if of := metrics[helps[i].name]; len(of) > 0 {
			families = append(families, &dto.MetricFamily{Name: &helps[i].name, Help: &helps[i].help,
				Type: dto.MetricType_GAUGE.Enum(), Metric: of})
		}
	}
	return families
}

// labelsOf returns the labels of a place that have a value, sorted by name.
func labelsOf(p quotas.Place) []*dto.LabelPair {
	return with(nil, "account", p.Account, "project", p.Project, "region", p.Region, "service", p.Service())
}

// with returns labels with more of them, given as names and values. One without a value is left out.
func with(labels []*dto.LabelPair, namesAndValues ...string) []*dto.LabelPair {
	all := slices.Grow(slices.Clone(labels), len(namesAndValues)/2)
	for pair := range slices.Chunk(namesAndValues, 2) {
		if pair[1] != "" {
			all = append(all, &dto.LabelPair{Name: &pair[0], Value: &pair[1]})
		}
	}
	slices.SortFunc(all, func(a, b *dto.LabelPair) int { return cmp.Compare(a.GetName(), b.GetName()) })
	return all
}
