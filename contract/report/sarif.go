package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// SARIF writes findings as results of static analysis (SARIF 2.1.0). Each points to the line of the document that makes the
// promise. Checks that passed are listed in the properties of the run, because GitHub shows results of kind pass as alerts.
// A finding that fails its check has the level error, one that does not has the level warning, and one of a known failing check
// is suppressed. Checks without a judgement are notifications of the invocation.
func SARIF(w io.Writer, r *Report) error {
	rules := sarifRules(r)
	run := sarifRun{
		Tool: map[string]sarifDriver{
			"driver": {Name: "quotaspec", InformationURI: "https://github.com/quotaspec/quotaspec", Rules: rules},
		},
		Invocations: []sarifInvocation{{
			ExecutionSuccessful: r.Error == "" && r.JudgedAny() && r.Count("", Error) == 0, Notifications: []sarifNotification{},
		}},
		Artifacts: mapped(r.Documents, func(d *spec.Document) map[string]sarifFile {
			return map[string]sarifFile{"location": {fileURI(d.File)}}
		}),
		Results: []sarifResult{}, ColumnKind: "utf16CodeUnits",
		Properties: sarifRunProperties{
			Subject: r.Subject, Side: cmp.Or(r.Side, contract.Provider), Conclusion: r.Conclusion(),
			Checks:   mapped(r.Checks, func(c Check) sarifCheck { return sarifCheck{c.ID, c.Suite, c.Status} }),
			Coverage: mapped(r.Coverage(), newJSONPart),
		},
	}
	if r.Error != "" {
		run.Invocations[0].notify("error", r.Error)
	}
	fingerprints := map[string]int{} // how often each occurred
	for _, c := range r.Checks {
		switch {
		case c.Status == Skip:
			run.Invocations[0].notify("note", c.ID+": "+c.Reason)
		case c.Status == Error, c.Status == Fail && c.Reason != "":
			run.Invocations[0].notify("error", c.ID+": "+c.Reason)
		}
		for i, d := range c.findings() {
			run.Results = append(run.Results, newSARIFResult(c, d, i < len(c.Failures), rules, fingerprints))
		}
	}
	for _, n := range r.NotChecked {
		run.Invocations[0].notify("note", "not checked: "+n.String())
	}
	return writeJSON(w, sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	})
}

func (i *sarifInvocation) notify(level, text string) {
	i.Notifications = append(i.Notifications, sarifNotification{level, sarifText{text}})
}

// sarifRules lists every promise of the documents, then the other ids of findings in alphabetical order.
func sarifRules(r *Report) []sarifRule {
	rules, known, others := []sarifRule{}, map[string]bool{}, map[string]bool{}
	for _, d := range r.Documents {
		for _, rule := range d.Rules {
			if known[rule.ID] {
				continue
			}
			known[rule.ID] = true
			e := rule.Evidence
			promised := fmt.Sprintf("%s Promised by %s; %s: %s.", rule.Says, rule.Node.Place(), e.Grade, strings.Join(e.Source, ", "))
			rules = append(rules, sarifRule{
				ID: rule.ID, Short: sarifText{rule.Says}, Full: sarifText{promised}, HelpURI: helpURI(d, e.Source),
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
		text := sarifText{"What plain OpenAPI, HTTP or JSON promise: " + id + "."}
		rules = append(rules, sarifRule{ID: id, Short: text, Full: text, Properties: map[string][]string{"tags": {}}})
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

// newSARIFResult converts one finding. The findings of a known failing check are suppressed, with its reason.
func newSARIFResult(c Check, d contract.Finding, failure bool, rules []sarifRule, count map[string]int) sarifResult {
	text := fmt.Sprintf("%s%s: want %s, got %s (at %s; %s).", whose(d), c.ID, d.Want, d.Got, d.Pointer, evidence(d))
	if c.Repeat != "" {
		text += " Repeat: " + c.Repeat
	}
	place, pointer := spec.Place{Line: 1}, "" // GitHub rejects a result without a line
	if d.Node != nil {
		place, pointer = d.Node.Place(), d.Node.Pointer()
	}
	out := sarifResult{
		RuleID: d.ID, RuleIndex: slices.IndexFunc(rules, func(rule sarifRule) bool { return rule.ID == d.ID }),
		Level: "warning", Message: sarifText{text},
		Locations: []sarifLocation{{
			Physical: sarifPhysical{sarifFile{fileURI(place.File)}, map[string]int{"startLine": place.Line}},
			Logical:  []map[string]string{{"fullyQualifiedName": c.ID}},
		}},
		Fingerprints: map[string]string{"quotaspec/v1": fingerprint(count, string(c.Suite), c.ID, d.ID, d.Pointer, pointer)},
		Suppressions: []sarifSuppression{}, // either all results have them or none
		Properties:   map[string]contract.Side{"side": d.Side()},
	}
	if failure && c.Status == Fail {
		out.Level = "error"
	}
	if c.Status == Known {
		out.Suppressions = []sarifSuppression{{"external", c.Reason}}
	}
	return out
}

// fingerprint identifies a result across runs. It does not depend on the line or on what was got, which change while the cause
// stays; it does depend on the pointer in the document. Equal results are numbered in their order.
func fingerprint(count map[string]int, parts ...string) string {
	key := strings.Join(parts, "\x00")
	count[key]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, count[key]))
	return hex.EncodeToString(sum[:16])
}

// fileURI returns the URI of a file for SARIF: a relative path as it is, an absolute one with its scheme.
func fileURI(file string) string {
	uri := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		uri.Scheme, uri.Path = "file", "/"+strings.TrimPrefix(uri.Path, "/")
	}
	return uri.String()
}
