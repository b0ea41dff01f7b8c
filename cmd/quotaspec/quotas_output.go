package main

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"

	"github.com/quotaspec/quotaspec/internal/text"
)

// quotaFormatNames are the values of --output.
var quotaFormatNames = []string{"table", "json", "csv"}

// quotaFormats are the formats of --output.
var quotaFormats = map[string]func(io.Writer, []*quotaPlace) error{
	"table": func(w io.Writer, places []*quotaPlace) error { return screenOf(w).table(places) },
	"json":  quotasJSON,
	"csv":   quotasCSV,
}

// quotasJSON writes all places as one object, with the state that decides the exit code.
func quotasJSON(w io.Writer, places []*quotaPlace) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		State  quotaState    `json:"state"`
		Places []*quotaPlace `json:"places"`
	}{worstState(places), places})
}

// quotasCSV writes a row for each quota, and a row without numbers for each failed request. An unreported usage is empty.
func quotasCSV(w io.Writer, places []*quotaPlace) error {
	rows := [][]string{
		{"scope", "domain", "region", "project", "type", "used", "quota", "min", "max", "per", "state", "message"},
	}
	number := func(n int32) string { return strconv.Itoa(int(n)) }
	for _, p := range places {
		place := []string{p.Scope, p.Domain, p.Region, p.Project}
		for _, line := range p.Quotas {
			used := ""
			if line.Used != nil {
				used = number(*line.Used)
			}
			row := []string{text.Printable(line.Type), used, number(line.Quota), number(line.Min), number(line.Max)}
			rows = append(rows, slices.Concat(place, row, []string{line.Per, string(line.State), ""}))
		}
		if p.Failure != nil {
			message := p.Failure.Message
			if p.Failure.Needs != "" {
				message += " (needs " + p.Failure.Needs + ")"
			}
			rows = append(rows, append(place, "", "", "", "", "", "", string(stateFailed), text.Printable(message)))
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}
