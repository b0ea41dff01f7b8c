package main

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/expfmt"

	"github.com/quotaspec/quotaspec/internal/exporter"
	"github.com/quotaspec/quotaspec/internal/quotas"
	"github.com/quotaspec/quotaspec/internal/text"
)

// quotaReport is what a format of --output prints.
type quotaReport struct {
	all      []quotas.Result     // of all requests, in the order of the places
	limits   []quotas.Thresholds // of each of them
	shown    []quotas.Result     // those to print, as --sort and --problems have it
	problem  string              // why the run is no success although each request may have been; "" if it is one
	finished time.Time
}

// quotaFormatNames are the values of --output.
var quotaFormatNames = []string{formatTable, "json", "csv", formatNagios, formatPrometheus}

const (
	formatTable      = "table"
	formatNagios     = "nagios"
	formatPrometheus = "prometheus"
)

// quotaFormats are the formats of --output.
var quotaFormats = map[string]func(io.Writer, quotaReport) error{
	formatTable:      func(w io.Writer, r quotaReport) error { return screenOf(w).table(r) },
	"json":           quotasJSON,
	"csv":            quotasCSV,
	formatNagios:     quotasNagios,
	formatPrometheus: quotasPrometheus,
}

// quotasCSV writes a row for each quota, and a row without numbers for each failed request. What is not reported or not compared
// is empty.
func quotasCSV(w io.Writer, report quotaReport) error {
	rows := [][]string{{"scope", "domain", "region", "project", "type", "used", "quota", "min", "max", "per", "state", "message",
		"account", "service", "left", "ratio"}}
	number := func(n int32) string { return strconv.Itoa(int(n)) }
	for _, r := range report.shown {
		place := []string{r.Scope, textCell(r.Domain), textCell(r.Region), textCell(r.Project)}
		owner := []string{textCell(r.Account), r.Service()}
		for _, q := range r.Quotas {
			used, left, ratio := "", "", ""
			if q.Used != nil {
				used = number(*q.Used)
			}
			if n, ok := leftOf(q); ok {
				left = strconv.FormatInt(n, 10)
			}
			if share, ok := ratioOf(q); ok {
				ratio = strconv.FormatFloat(share, 'f', -1, 64)
			}
			row := []string{textCell(q.Type), used, number(q.Quota), number(q.Min), number(q.Max), q.Per, string(q.State), ""}
			rows = append(rows, slices.Concat(place, row, owner, []string{left, ratio}))
		}
		if r.Failure != nil {
			message := r.Failure.Message
			if r.Failure.Needs != "" {
				message += " (needs " + r.Failure.Needs + ")"
			}
			row := []string{"", "", "", "", "", "", string(quotas.StateFailed), textCell(message)}
			rows = append(rows, slices.Concat(place, row, owner, []string{"", ""}))
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// textCell returns a text for a cell of CSV, on one line. A spreadsheet runs a cell that begins with =, +, - or @ as a formula, which
// a service could use to run programs; with ' before it, it is text.
func textCell(s string) string {
	s = text.Printable(s)
	if s == "" || strings.IndexByte("=+-@", s[0]) < 0 {
		return s
	}
	return "'" + s
}

// quotasPrometheus writes the metrics of the exporter as text, for the textfile collector of node_exporter. A failed request has
// no quotas, and the metric up is 0. Characters that control a terminal are escaped before the text is made: afterwards, the
// VisibleWriter would escape them in a way that this format does not have.
func quotasPrometheus(w io.Writer, report quotaReport) error {
	known := []exporter.Known{}
	for _, r := range report.all {
		k := exporter.Known{Place: r.Place, Quotas: slices.Clone(r.Quotas), Up: r.Failure == nil}
		k.Account, k.Region, k.Project = text.Visible(k.Account), text.Visible(k.Region), text.Visible(k.Project)
		for i := range k.Quotas {
			k.Quotas[i].Type = text.Visible(k.Quotas[i].Type)
		}
		if k.Up {
			k.Success = report.finished
		}
		known = append(known, k)
	}
	for _, family := range exporter.Families(known, exporter.Options{}) {
		if _, err := expfmt.MetricFamilyToText(w, family); err != nil {
			return err
		}
	}
	return nil
}
