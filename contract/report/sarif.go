package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// SARIF writes what was broken as results of static analysis (SARIF 2.1.0): each points at the line of the document that
// makes the promise. What was kept is named under the run's properties: GitHub would take a result of kind pass for an alert.
func SARIF(w io.Writer, r *Report) error {
	rules := sarifRules(r)
	run := sarifRun{
		Tool: sarifTool{sarifDriver{Name: "quotaspec", InformationURI: "https://github.com/quotaspec/quotaspec", Rules: rules}},
		Invocations: []sarifInvocation{{
			ExecutionSuccessful: r.Error == "" && r.JudgedAny() && r.Count("", Error) == 0, Notifications: []sarifNotification{},
		}},
		Artifacts: []sarifArtifact{}, Results: []sarifResult{}, ColumnKind: "utf16CodeUnits",
		Properties: sarifRunProperties{Subject: r.Subject, Conclusion: r.Conclusion(), Checks: []sarifCheck{}, Coverage: []sarifPart{}},
	}
	if r.Error != "" {
		run.Invocations[0].notify("error", r.Error)
	}
	for _, d := range r.Documents {
		run.Artifacts = append(run.Artifacts, sarifArtifact{sarifFile{fileURI(d.File)}})
	}
	seen := map[string]int{}
	for _, c := range r.Checks {
		run.Properties.Checks = append(run.Properties.Checks, sarifCheck{c.ID, c.Source, c.Status})
		switch {
		case c.Status == Skip:
			run.Invocations[0].notify("note", c.ID+": "+c.Reason)
		case c.Status == Error, c.Status == Fail && len(c.Failures) == 0:
			run.Invocations[0].notify("error", c.ID+": "+c.Reason)
		}
		for i, d := range c.findings() {
			run.Results = append(run.Results, newSARIFResult(c, d, i < len(c.Failures), rules, seen))
		}
	}
	for _, n := range r.NotChecked {
		run.Invocations[0].notify("note", "not checked: "+n.String())
	}
	for _, p := range r.Coverage() {
		run.Properties.Coverage = append(run.Properties.Coverage, sarifPart{p.Kind, p.Document.Name, p.Operation, p.Label, p.State, p.Place})
	}
	return writeJSON(w, sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	})
}

func (i *sarifInvocation) notify(level, text string) {
	i.Notifications = append(i.Notifications, sarifNotification{level, sarifText{text}})
}

// sarifRules lists every promise of the documents, and then the other ids that were found, in the order of the alphabet.
func sarifRules(r *Report) []sarifRule {
	rules, known := []sarifRule{}, map[string]bool{}
	for _, d := range r.Documents {
		for _, rule := range d.Rules {
			if known[rule.ID] {
				continue
			}
			known[rule.ID] = true
			rules = append(rules, sarifRule{
				ID: rule.ID, Short: sarifText{rule.Says}, HelpURI: helpURI(d, rule),
				Full:       sarifText{fmt.Sprintf("%s Promised by %s; %s: %s.", rule.Says, rule.Node.Place(), rule.Evidence.Grade, strings.Join(rule.Evidence.Source, ", "))},
				Properties: sarifRuleProperties{Tags: []string{rule.Evidence.Grade.String()}},
			})
		}
	}
	others := []sarifRule{}
	for _, c := range r.Checks {
		for _, d := range c.findings() {
			if known[d.ID] {
				continue
			}
			known[d.ID] = true
			text := sarifText{"What plain OpenAPI, HTTP or JSON promise: " + d.ID + "."}
			others = append(others, sarifRule{ID: d.ID, Short: text, Full: text, Properties: sarifRuleProperties{Tags: []string{}}})
		}
	}
	slices.SortFunc(others, func(a, b sarifRule) int { return strings.Compare(a.ID, b.ID) })
	return append(rules, others...)
}

// helpURI is the address of the first source of a promise that has one.
func helpURI(d *spec.Document, rule *spec.Rule) string {
	for _, source := range rule.Evidence.Source {
		if p := d.Page(source); p != nil {
			return p.URL
		}
	}
	return ""
}

// newSARIFResult is one finding. A known failure is a result that is suppressed, with its reason.
func newSARIFResult(c Check, d contract.Finding, failure bool, rules []sarifRule, seen map[string]int) sarifResult {
	text := fmt.Sprintf("%s: want %s, got %s (at %s; %s).", c.ID, d.Want, d.Got, d.Pointer, evidence(d))
	if c.Repeat != "" {
		text += " Repeat: " + c.Repeat
	}
	out := sarifResult{
		RuleID: d.ID, RuleIndex: slices.IndexFunc(rules, func(rule sarifRule) bool { return rule.ID == d.ID }),
		Level: "warning", Message: sarifText{text},
		Locations:    []sarifLocation{newSARIFLocation(c, d)},
		Fingerprints: sarifFingerprints{fingerprint(c, d, seen)},
		Suppressions: []sarifSuppression{}, // either all results have them or none
	}
	if failure && c.Status == Fail {
		out.Level = "error"
	}
	if c.Status == Known {
		out.Suppressions = []sarifSuppression{{"external", c.Reason}}
	}
	return out
}

func newSARIFLocation(c Check, d contract.Finding) sarifLocation {
	place := spec.Place{Line: 1} // GitHub refuses a result without a line
	if d.Node != nil {
		place = d.Node.Place()
	}
	return sarifLocation{
		Physical: sarifPhysical{sarifFile{fileURI(place.File)}, sarifRegion{place.Line}},
		Logical:  []sarifLogical{{c.ID}},
	}
}

// fingerprint tells whether a result is the same as one of another run: neither the line nor what was got counts, since
// they change while the fault stays. Of several alike, the order counts.
func fingerprint(c Check, d contract.Finding, seen map[string]int) string {
	key := strings.Join([]string{string(c.Source), c.ID, d.ID, d.Pointer, pointerOf(d.Node)}, "\x00")
	seen[key]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, seen[key]))
	return hex.EncodeToString(sum[:16])
}

// pointerOf is where a node stands in its file, which stays when lines move.
func pointerOf(n *spec.Node) string {
	if n == nil {
		return ""
	}
	return n.Pointer()
}

// fileURI writes a file as SARIF wants it: relative as it is, absolute with its scheme.
func fileURI(file string) string {
	slashed := filepath.ToSlash(file)
	if !filepath.IsAbs(file) {
		return (&url.URL{Path: slashed}).String()
	}
	return (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(slashed, "/")}).String()
}
