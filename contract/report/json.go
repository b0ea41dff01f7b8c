package report

import (
	"cmp"
	"io"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// SchemaID is where the schema of the JSON format is published; docs/report.schema.json is the same.
const SchemaID = "https://raw.githubusercontent.com/quotaspec/quotaspec/main/docs/report.schema.json"

// FormatVersion changes when programs that read the JSON format must change.
const FormatVersion = 1

// The JSON format. Every member is always present, and a list is never null. The keys are those of the published schema,
// whatever the Go names are: "source" is the suite, "kept" the promises that passed, "asked" and "answered" the texts of the
// exchange.
type (
	jsonReport struct {
		Schema        string         `json:"$schema"`
		FormatVersion int            `json:"format_version"`
		Tool          jsonTool       `json:"tool"`
		Started       string         `json:"started"`
		Seconds       float64        `json:"seconds"`
		Subject       string         `json:"subject"`
		Documents     []jsonDocument `json:"documents"`
		Side          contract.Side  `json:"side"`
		FailOn        string         `json:"fail_on"`
		Conclusion    string         `json:"conclusion"`
		Error         string         `json:"error"`
		Counts        jsonCounts     `json:"counts"`
		Causes        []jsonCause    `json:"causes"`
		Checks        []jsonCheck    `json:"checks"`
		NotChecked    []NotChecked   `json:"not_checked"`
		Coverage      []jsonCovered  `json:"coverage"`
		Sources       []jsonSource   `json:"sources"`
	}
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	jsonCause struct {
		Status     Status   `json:"status"`
		Reason     string   `json:"reason"`
		Operations []string `json:"operations"`
		Subject    string   `json:"subject"`
		About      string   `json:"about"`
		jsonFinding
		Help      string `json:"help"`
		Findings  int    `json:"findings"`
		Checks    int    `json:"checks"`
		Exchanges int    `json:"exchanges"`
		Check     string `json:"check"`
		Repeat    string `json:"repeat"`
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
		Source     Suite         `json:"source"`
		Operation  string        `json:"operation"`
		HTTPStatus *int          `json:"http_status"`
		Times      int           `json:"times"`
		Status     Status        `json:"status"`
		Reason     string        `json:"reason"`
		Seconds    float64       `json:"seconds"`
		Failures   []jsonFinding `json:"failures"`
		Warnings   []jsonFinding `json:"warnings"`
		Kept       []string      `json:"kept"`
		Repeat     string        `json:"repeat"`
		Asked      string        `json:"asked"`
		Answered   string        `json:"answered"`
	}
	jsonFinding struct {
		ID      string        `json:"id"`
		Side    contract.Side `json:"side"`
		Grade   string        `json:"grade"`
		Sources []string      `json:"sources"`
		Pointer string        `json:"pointer"`
		Place   string        `json:"place"`
		Want    string        `json:"want"`
		Got     string        `json:"got"`
	}
	jsonPart struct {
		Kind      Kind   `json:"kind"`
		Document  string `json:"document"`
		Operation string `json:"operation"`
		Label     string `json:"label"`
		State     State  `json:"state"`
		Place     string `json:"place"`
	}
	jsonCovered struct {
		jsonPart
		Promise *jsonPromise `json:"promise"`
	}
	jsonPromise struct {
		Says    string   `json:"says"`
		Grade   string   `json:"grade"`
		Sources []string `json:"sources"`
	}
)

// JSON writes a report for programs, in the format of docs/report.schema.json.
func JSON(w io.Writer, r *Report) error {
	out := jsonReport{
		Schema: SchemaID, FormatVersion: FormatVersion, Subject: r.Subject,
		Documents: mapped(r.Documents, func(d *spec.Document) jsonDocument { return jsonDocument{d.Name, d.InfoVersion, d.File} }),
		Side:      cmp.Or(r.Side, contract.Provider),
		FailOn:    r.FailOn.String(), Conclusion: r.Conclusion(), Error: r.Error,
		Counts: jsonCounts{
			Checks: len(r.Checks), Pass: r.Count("", Pass), Fail: r.Count("", Fail), Known: r.Count("", Known),
			Skip: r.Count("", Skip), Error: r.Count("", Error), Warnings: r.Warnings(),
		},
		Tool: jsonTool{"quotaspec", r.Version}, Started: r.started(), Seconds: seconds(r.Took),
		Causes: mapped(r.Causes(), r.newJSONCause),
		Checks: mapped(r.Checks, newJSONCheck), NotChecked: list(r.NotChecked), Coverage: mapped(r.Coverage(), newJSONCovered),
		Sources: []jsonSource{},
	}
	for _, d := range r.Documents {
		for _, p := range d.Sources {
			out.Sources = append(out.Sources, jsonSource{d.Name, p.Name, p.Title, p.URL, p.Edition})
		}
	}
	return text.WriteJSON(w, out)
}

// newJSONCheck converts a check. The status of a check without a response is null, not 0.
func newJSONCheck(c Check) jsonCheck {
	out := jsonCheck{
		Seconds: seconds(c.Took), ID: c.ID, Source: c.Suite, Operation: c.Operation, Times: max(c.Times, 1), Status: c.Status, Reason: c.Reason,
		Failures: mapped(c.Failures, newJSONFinding), Warnings: mapped(c.Warnings, newJSONFinding),
		Kept:   mapped(c.Passed, func(rule *spec.Rule) string { return rule.ID }),
		Repeat: c.Repeat, Asked: c.Request, Answered: c.Response,
	}
	if c.HTTP != 0 {
		out.HTTPStatus = &c.HTTP
	}
	return out
}

// newJSONCause converts a cause. That of checks which failed without a finding has an empty id and grade.
func (r *Report) newJSONCause(c Cause) jsonCause {
	out := jsonCause{
		Status: c.Status, Reason: c.Reason, Operations: list(c.Operations), Subject: c.Subject(), jsonFinding: jsonFinding{Sources: []string{}},
		Findings: c.Findings, Checks: c.Checks, Exchanges: c.Exchanges, Check: c.Example.ID, Repeat: c.Example.Repeat,
	}
	if c.About != nil {
		out.About = c.About.Place().String()
	}
	if c.Findings > 0 {
		out.jsonFinding, out.Help = newJSONFinding(c.Finding), r.help(c.Finding)
		out.Pointer = c.Pointer
	}
	return out
}

// started is the time at which the run started, in UTC; "" if it is unknown.
func (r *Report) started() string {
	if r.Started.IsZero() {
		return ""
	}
	return r.Started.UTC().Format(time.RFC3339)
}

// seconds rounds a duration to milliseconds.
func seconds(d time.Duration) float64 { return float64(d.Milliseconds()) / 1000 }

func newJSONFinding(d contract.Finding) jsonFinding {
	return jsonFinding{d.ID, d.Side(), d.Evidence.Grade.String(), list(d.Evidence.Source), d.Pointer, d.Place(), d.Want, d.Got}
}

func newJSONPart(p Part) jsonPart {
	return jsonPart{p.Kind, p.Document.Name, p.Operation, p.Label, p.State, p.Place}
}

func newJSONCovered(p Part) jsonCovered {
	out := jsonCovered{jsonPart: newJSONPart(p)}
	if p.Rule != nil {
		out.Promise = &jsonPromise{p.Rule.Says, p.Rule.Evidence.Grade.String(), list(p.Rule.Evidence.Source)}
	}
	return out
}

// list returns a copy that is written as [] when empty, not as null.
func list[T any](s []T) []T { return append([]T{}, s...) }
