package report

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// SchemaID is where the schema of the JSON format is published; docs/report.schema.json is the same.
const SchemaID = "https://raw.githubusercontent.com/quotaspec/quotaspec/main/docs/report.schema.json"

// FormatVersion grows when a program that reads the JSON format must change.
const FormatVersion = 1

// The JSON format. Every member is always there, and a list is never null.
type (
	jsonReport struct {
		Schema        string         `json:"$schema"`
		FormatVersion int            `json:"format_version"`
		Subject       string         `json:"subject"`
		Documents     []jsonDocument `json:"documents"`
		FailOn        string         `json:"fail_on"`
		Conclusion    string         `json:"conclusion"`
		Error         string         `json:"error"`
		Counts        jsonCounts     `json:"counts"`
		Checks        []jsonCheck    `json:"checks"`
		NotChecked    []jsonMiss     `json:"not_checked"`
		Coverage      []jsonPart     `json:"coverage"`
		Sources       []jsonSource   `json:"sources"`
	}
	jsonDocument struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		File    string `json:"file"`
	}
	jsonSource struct {
		Document string `json:"document"`
		Name     string `json:"name"`
		Title    string `json:"title"`
		URL      string `json:"url"`
		Edition  string `json:"edition"`
	}
	jsonCounts struct {
		Checks   int `json:"checks"`
		Pass     int `json:"pass"`
		Fail     int `json:"fail"`
		Known    int `json:"known"`
		Skip     int `json:"skip"`
		Error    int `json:"error"`
		Warnings int `json:"warnings"`
	}
	jsonCheck struct {
		ID         string        `json:"id"`
		Source     Source        `json:"source"`
		Operation  string        `json:"operation"`
		HTTPStatus *int          `json:"http_status"`
		Times      int           `json:"times"`
		Status     Status        `json:"status"`
		Reason     string        `json:"reason"`
		Failures   []jsonFinding `json:"failures"`
		Warnings   []jsonFinding `json:"warnings"`
		Kept       []string      `json:"kept"`
		Repeat     string        `json:"repeat"`
		Asked      string        `json:"asked"`
		Answered   string        `json:"answered"`
	}
	jsonMiss struct {
		Method string `json:"method"`
		Origin string `json:"origin"`
		Path   string `json:"path"`
		Times  int    `json:"times"`
	}
	jsonFinding struct {
		ID      string   `json:"id"`
		Grade   string   `json:"grade"`
		Sources []string `json:"sources"`
		Pointer string   `json:"pointer"`
		Place   string   `json:"place"`
		Want    string   `json:"want"`
		Got     string   `json:"got"`
	}
	jsonPart struct {
		Kind      Kind         `json:"kind"`
		Document  string       `json:"document"`
		Operation string       `json:"operation"`
		Label     string       `json:"label"`
		State     State        `json:"state"`
		Place     string       `json:"place"`
		Promise   *jsonPromise `json:"promise"`
	}
	jsonPromise struct {
		Says    string   `json:"says"`
		Grade   string   `json:"grade"`
		Sources []string `json:"sources"`
	}
)

// JSON writes a report for programs: the format of docs/report.schema.json.
func JSON(w io.Writer, r *Report) error {
	out := jsonReport{
		Schema: SchemaID, FormatVersion: FormatVersion, Subject: r.Subject, Documents: []jsonDocument{},
		FailOn: r.FailOn.String(), Conclusion: r.Conclusion(), Error: r.Error,
		Counts: jsonCounts{
			Checks: len(r.Checks), Pass: r.Count("", Pass), Fail: r.Count("", Fail), Known: r.Count("", Known),
			Skip: r.Count("", Skip), Error: r.Count("", Error), Warnings: r.Warnings(),
		},
		Checks: []jsonCheck{}, NotChecked: []jsonMiss{}, Coverage: []jsonPart{}, Sources: []jsonSource{},
	}
	for _, d := range r.Documents {
		out.Documents = append(out.Documents, jsonDocument{d.Name, d.InfoVersion, d.File})
		for _, p := range d.Sources {
			out.Sources = append(out.Sources, jsonSource{d.Name, p.Name, p.Title, p.URL, p.Edition})
		}
	}
	for _, c := range r.Checks {
		out.Checks = append(out.Checks, newJSONCheck(c))
	}
	for _, n := range r.NotChecked {
		out.NotChecked = append(out.NotChecked, jsonMiss(n))
	}
	for _, p := range r.Coverage() {
		out.Coverage = append(out.Coverage, jsonPart{p.Kind, p.Document.Name, p.Operation, p.Label, p.State, p.Place, newJSONPromise(p.Rule)})
	}
	return writeJSON(w, out)
}

func newJSONCheck(c Check) jsonCheck {
	out := jsonCheck{
		ID: c.ID, Source: c.Source, Operation: c.Operation, Times: c.times(), Status: c.Status, Reason: c.Reason,
		Failures: newJSONFindings(c.Failures), Warnings: newJSONFindings(c.Warnings), Kept: idsOf(c.Kept),
		Repeat: c.Repeat, Asked: c.Asked, Answered: c.Answered,
	}
	if c.HTTP != 0 {
		out.HTTPStatus = &c.HTTP
	}
	return out
}

func newJSONFindings(findings []contract.Finding) []jsonFinding {
	out := []jsonFinding{}
	for _, d := range findings {
		out = append(out, jsonFinding{d.ID, d.Evidence.Grade.String(), list(d.Evidence.Source), d.Pointer, d.Place(), d.Want, d.Got})
	}
	return out
}

func newJSONPromise(rule *spec.Rule) *jsonPromise {
	if rule == nil {
		return nil
	}
	return &jsonPromise{rule.Says, rule.Evidence.Grade.String(), list(rule.Evidence.Source)}
}

func idsOf(rules []*spec.Rule) []string {
	ids := []string{}
	for _, rule := range rules {
		ids = append(ids, rule.ID)
	}
	return ids
}

func list(s []string) []string { return append([]string{}, s...) }

// writeJSON writes for people too: indented, < and > as they are, and nothing that a terminal would obey.
func writeJSON(w io.Writer, value any) error {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := io.WriteString(w, text.Visible(b.String()))
	return err
}
