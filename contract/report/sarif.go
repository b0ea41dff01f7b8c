package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sarif"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// SARIF writes causes as results of static analysis (SARIF 2.1.0). Each points to the line of the document that makes the promise,
// or that describes the parameter which was tested. A cause that fails checks has the level error, one of warnings the level
// warning, and one of known failing checks is suppressed. Checks that passed are listed in the properties of the run, because
// GitHub shows results of kind pass as alerts. Checks without a judgement are notifications of the invocation.
//
// Code scanning shows a result at a file of the repository in which it runs. A document below the working directory is one of
// them. One that was read from the web, or that is embedded in quotaspec, is not: its results have the path that it has there,
// relative to the root of the repository. Code scanning lists such a result without the line; its rule has a link that explains
// it. We do not move it to another file, such as the config, whose lines have nothing to do with it.
func SARIF(w io.Writer, r *Report) error {
	rules := sarifRules(r)
	run := sarif.Run{
		Tool: sarif.NewDriver(r.Version, rules),
		Invocations: []sarif.Invocation{{
			ExecutionSuccessful: r.Error == "" && r.JudgedAny() && r.Count("", Error) == 0, Notifications: []sarif.Notification{},
			Start: r.started(), End: r.ended(),
		}},
		Artifacts: mapped(r.Documents, func(d *spec.Document) map[string]sarif.File {
			return map[string]sarif.File{"location": sarif.NewFile(d.File, r.Folder)}
		}),
		Results: []sarif.Result{}, ColumnKind: "utf16CodeUnits",
		Properties: sarifRunProperties{
			Subject: r.Subject, Side: cmp.Or(r.Side, contract.Provider), Conclusion: r.Conclusion(),
			Checks:   mapped(r.Checks, func(c Check) sarifCheck { return sarifCheck{c.ID, c.Suite, c.Status} }),
			Coverage: mapped(r.Coverage(), newJSONPart),
		},
	}
	if r.Error != "" {
		run.Invocations[0].Notify("error", r.Error)
	}
	for _, c := range r.Checks {
		switch {
		case c.Status == Skip:
			run.Invocations[0].Notify("note", c.ID+": "+c.Reason)
		case c.Status == Error, c.Status == Fail && c.Reason != "":
			run.Invocations[0].Notify("error", c.ID+": "+c.Reason)
		}
	}
	indexes, fingerprints := map[string]int{}, map[string]int{} // of rules; how often each occurred
	for i, rule := range rules {
		indexes[rule.ID] = i
	}
	for _, c := range r.Causes() {
		if c.Findings > 0 {
			run.Results = append(run.Results, r.newSARIFResult(&c, indexes, fingerprints))
		}
	}
	for _, n := range r.NotChecked {
		run.Invocations[0].Notify("note", "not checked: "+n.String())
	}
	return text.WriteJSON(w, sarif.NewLog(run))
}

// sarifRules lists every promise of the documents, then the other ids of findings in alphabetical order.
func sarifRules(r *Report) []sarif.Rule {
	rules, known, others := []sarif.Rule{}, map[string]bool{}, map[string]bool{}
	for _, d := range r.Documents {
		for _, rule := range d.Rules {
			if known[rule.ID] {
				continue
			}
			known[rule.ID] = true
			e := rule.Evidence
			promised := fmt.Sprintf("%s Promised by %s; %s: %s.", rule.Says, rule.Node.Place(), e.Grade, strings.Join(e.Source, ", "))
			rules = append(rules, sarif.Rule{
				ID: rule.ID, Short: sarif.Text{Text: rule.Says}, Full: sarif.Text{Text: promised}, HelpURI: helpURI(d, e.Source),
				Properties: map[string][]string{"tags": {e.Grade.String()}},
			})
		}
	}
	for _, c := range r.Checks {
		for _, d := range c.findings() {
			if !known[d.ID] {
				others[d.ID] = true
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(others)) {
		text, help := sarif.Text{Text: "What plain OpenAPI, HTTP or JSON promise: " + id + "."}, ""
		if kind, ok := kindOf(id); ok {
			text, help = sarif.Text{Text: kind.Says + " See " + kind.Clause + "."}, kind.Page()
		}
		rules = append(rules, sarif.Rule{ID: id, Short: text, Full: text, HelpURI: help, Properties: map[string][]string{"tags": {}}})
	}
	return rules
}

// helpURI returns the address of the first source that has one.
func helpURI(d *spec.Document, sources []string) string {
	if page := cmp.Or(mapped(sources, d.Page)...); page != nil {
		return page.URL
	}
	return ""
}

// newSARIFResult converts one cause. That of known failing checks is suppressed, with its reason.
func (r *Report) newSARIFResult(c *Cause, indexes, count map[string]int) sarif.Result {
	d := c.Finding
	text := fmt.Sprintf("%s%s: want %s, got %s (at %s; %s)", whose(d), c.Example.ID, d.Want, d.Got, c.Pointer, evidence(d))
	if c.Findings > 1 {
		text += ", " + c.times()
	}
	if text += "."; c.Example.Repeat != "" {
		text += " Repeat: " + c.Example.Repeat
	}
	node := cmp.Or(c.About, d.Node)
	place, pointer := spec.Place{Line: 1}, "" // GitHub rejects a result without a line
	if node != nil {
		place, pointer = node.Place(), node.Pointer()
	}
	out := sarif.Result{
		RuleID: d.ID, RuleIndex: indexes[d.ID], Level: "warning", Message: sarif.Text{Text: text}, Occurrences: c.Findings,
		Locations: []sarif.Location{{
			Physical: sarif.Physical{File: sarif.NewFile(place.File, r.Folder), Region: sarif.Region(place)},
			Logical:  []map[string]string{{"fullyQualifiedName": c.Example.ID}},
		}},
		Fingerprints: map[string]string{
			"quotaspec/v2": sarif.Fingerprint(count, d.ID, pointer, c.key.operation, c.key.name, c.key.got, fmt.Sprint(c.key.ofDocument)),
		},
		Suppressions: []sarif.Suppression{}, // either all results have them or none
		Properties:   map[string]string{"side": string(d.Side())},
	}
	if c.Status == Fail {
		out.Level = "error"
	}
	if c.Status == Known {
		out.Suppressions = []sarif.Suppression{{Kind: "external", Justification: c.Reason}}
	}
	return out
}

// ended is the time at which the run ended, in UTC; "" if it is unknown.
func (r *Report) ended() string {
	if r.Started.IsZero() {
		return ""
	}
	return r.Started.Add(r.Took).UTC().Format(time.RFC3339)
}

// The properties are our own: SARIF has no other place for them.
type (
	sarifRunProperties struct {
		Subject    string        `json:"subject"`
		Side       contract.Side `json:"side"`
		Conclusion string        `json:"conclusion"`
		Checks     []sarifCheck  `json:"checks"`
		Coverage   []jsonPart    `json:"coverage"`
	}
	sarifCheck struct {
		ID     string `json:"id"`
		Source Suite  `json:"source"`
		Status Status `json:"status"`
	}
)
