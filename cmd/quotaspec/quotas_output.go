package main

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"

	"github.com/quotaspec/quotaspec/internal/quotas"
	"github.com/quotaspec/quotaspec/internal/text"
)

// quotaFormatNames are the values of --output.
var quotaFormatNames = []string{"table", "json", "csv"}

// quotaFormats are the formats of --output.
var quotaFormats = map[string]func(io.Writer, []quotas.Result) error{
	"table": func(w io.Writer, results []quotas.Result) error { return screenOf(w).table(results) },
	"json":  quotasJSON,
	"csv":   quotasCSV,
}

// quotasJSON writes all places as one object, with the state that decides the exit code.
func quotasJSON(w io.Writer, results []quotas.Result) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		State  quotas.State    `json:"state"`
		Places []quotas.Result `json:"places"`
	}{quotas.WorstState(results), results})
}

// quotasCSV writes a row for each quota, and a row without numbers for each failed request. An unreported usage is empty.
func quotasCSV(w io.Writer, results []quotas.Result) error {
	rows := [][]string{
		{"scope", "domain", "region", "project", "type", "used", "quota", "min", "max", "per", "state", "message"},
	}
	number := func(n int32) string { return strconv.Itoa(int(n)) }
	for _, r := range results {
		place := []string{r.Scope, r.Domain, r.Region, r.Project}
		for _, q := range r.Quotas {
			used := ""
			if q.Used != nil {
				used = number(*q.Used)
			}
			row := []string{text.Printable(q.Type), used, number(q.Quota), number(q.Min), number(q.Max)}
			rows = append(rows, slices.Concat(place, row, []string{q.Per, string(q.State), ""}))
		}
		if r.Failure != nil {
			message := r.Failure.Message
			if r.Failure.Needs != "" {
				message += " (needs " + r.Failure.Needs + ")"
			}
			rows = append(rows, append(place, "", "", "", "", "", "", string(quotas.StateFailed), text.Printable(message)))
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}
