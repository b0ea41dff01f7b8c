package main

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/internal/quotas"
)

// reportOf returns a report of all results, whose thresholds are those by default.
func reportOf(results []quotas.Result) quotaReport {
	limits, err := limitFlags{}.parse()
	if err != nil {
		panic(err)
	}
	return quotaReport{all: results, shown: results, limits: slices.Repeat([]quotas.Thresholds{limits}, len(results)),
		finished: time.Unix(1_780_000_000, 0)}
}

// manyPlaces returns a quota of each state and with each unusual number, and a place with each result.
func manyPlaces() []quotas.Result {
	quota := func(name string, used, quota int32, per string) quotas.Quota {
		return quotas.Quota{Type: name, Used: &used, Quota: quota, Min: 1, Max: 1000, Per: per}
	}
	account := []quotas.Quota{
		quota("nothing-used", 0, 50, ""), quota("one-used", 1, 1000, ""), quota("below", 39, 50, ""), quota("warning", 40, 50, ""),
		quota("below-critical", 94, 100, ""), quota("critical", 95, 100, ""), quota("full", 50, 50, ""), quota("over", 51, 50, ""),
		quota("nothing-allowed", 0, 0, ""), quota("over-nothing", 1, 0, ""), quota("fewer-than-none", -40, 50, ""), quota("unlimited", 3, -1, ""),
		quota("largest", math.MaxInt32, math.MaxInt32, ""), quota("own-count", 4, 100, ""), quota("own-percent", 5, 100, ""),
		quota("ignored", 50, 50, ""),
		quota("per-user", 8, 500, "user"), {Type: "not-reported", Quota: 10, Min: 10, Max: 100}, quota("größe…\x1b[2J", 1, 3, ""),
		quota("<a> & \"b\", c", 1, 3, ""),
	}
	limits, err := quotas.ParseThresholds("80", "95%", []string{"own-count=4/5", "own-percent=4.5%/5%"}, []string{"ignored"})
	if err != nil {
		panic(err)
	}
	for i := range account {
		account[i].State, account[i].Reached = limits.Judge(account[i])
	}
	return []quotas.Result{
		{Place: quotas.Place{Scope: "account", Domain: "d78cbac186b744899480f25bd022f468"}, Quotas: account},
		{Place: quotas.Place{Scope: "images", Region: "cn-north-4", Project: "p"}, Quotas: []quotas.Quota{}, Failure: &quotas.Failure{
			Message: "showImageQuota: status 403, code IMG.0026: " + strings.Repeat("The rôle is invalid. ", 7), Status: 403, Code: "IMG.0026",
			RequestID: "the-request", Needs: "a grant of ims:quotas:get",
		}},
		{Place: quotas.Place{Scope: "images", Region: "cn-south-1"}, Quotas: []quotas.Quota{}, Failure: &quotas.Failure{Message: "no answer\x1b[2J"}},
		{Place: quotas.Place{Scope: "images"}, Quotas: []quotas.Quota{}},
	}
}

// TestQuotaFormats compares the output of each format, and the bars at the widths at which they change: they appear at 40
// columns, and the states stand beside them from 76 columns on.
func TestQuotaFormats(t *testing.T) {
	table := func(s screen) string {
		var b strings.Builder
		s.w = &b
		if err := s.table(reportOf(manyPlaces())); err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(b.String(), "\x1b", "ESC")
	}
	written := func(format string) string {
		var b strings.Builder
		if err := quotaFormats[format](&b, reportOf(manyPlaces())); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	bars := ""
	for _, width := range []int{20, 39, 40, 41, 75, 76, 77, 96, 97} {
		_, lines, _ := strings.Cut(table(screen{width: width}), "\n  warning")
		lines, _, _ = strings.Cut(lines, "\n  below")
		bars += fmt.Sprintf("%d columns:\n  warning%s\n", width, lines)
	}
	small := []quotas.Result{{Place: quotas.Place{Scope: "images"}, Quotas: []quotas.Quota{{Type: "a", Used: new(int32(1)), Quota: 5, State: quotas.StateWarning},
		{Type: "b", Quota: 5, State: quotas.StateLimit}}}}
	for _, s := range []screen{{width: 80}, {width: 20, colours: true}} {
		var b strings.Builder
		s.w = &b
		if err := s.table(reportOf(small)); err != nil {
			t.Fatal(err)
		}
		bars += strings.ReplaceAll(b.String(), "\x1b", "ESC")
	}
	for name, text := range map[string]string{
		"quotas-table.txt": written("table"), "quotas-colours.txt": table(screen{width: 80, colours: true}), "quotas-bars.txt": bars,
		"quotas.json": written("json"), "quotas.csv": written("csv"),
		"quotas-nagios.txt": written("nagios"), "quotas.prom": written("prometheus"), "quotas-40.txt": table(screen{width: 40}),
	} {
		t.Run(name, func(t *testing.T) { compareFile(t, filepath.Join("testdata", "golden", name), text) })
	}
}
