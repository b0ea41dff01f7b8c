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
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
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
	run := sarifRun{
		Tool: map[string]sarifDriver{
			"driver": {
				Name: "quotaspec", Version: r.Version, SemanticVersion: semantic.FindString(r.Version),
				InformationURI: "https://github.com/quotaspec/quotaspec", Rules: rules,
			},
		},
		Invocations: []sarifInvocation{{
			ExecutionSuccessful: r.Error == "" && r.JudgedAny() && r.Count("", Error) == 0, Notifications: []sarifNotification{},
			Start: r.started(), End: r.ended(),
		}},
		Artifacts: mapped(r.Documents, func(d *spec.Document) map[string]sarifFile {
			return map[string]sarifFile{"location": r.sarifFile(d.File)}
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
	for _, c := range r.Checks {
		switch {
		case c.Status == Skip:
			run.Invocations[0].notify("note", c.ID+": "+c.Reason)
		case c.Status == Error, c.Status == Fail && c.Reason != "":
			run.Invocations[0].notify("error", c.ID+": "+c.Reason)
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
		text, help := sarifText{"What plain OpenAPI, HTTP or JSON promise: " + id + "."}, ""
		if kind, ok := kindOf(id); ok {
			text, help = sarifText{kind.Says + " See " + kind.Clause + "."}, kind.Page()
		}
		rules = append(rules, sarifRule{ID: id, Short: text, Full: text, HelpURI: help, Properties: map[string][]string{"tags": {}}})
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
func (r *Report) newSARIFResult(c *Cause, indexes, count map[string]int) sarifResult {
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
	out := sarifResult{
		RuleID: d.ID, RuleIndex: indexes[d.ID], Level: "warning", Message: sarifText{text}, Occurrences: c.Findings,
		Locations: []sarifLocation{{
			Physical: sarifPhysical{r.sarifFile(place.File), sarifRegion(place)},
			Logical:  []map[string]string{{"fullyQualifiedName": c.Example.ID}},
		}},
		Fingerprints: map[string]string{
			"quotaspec/v2": fingerprint(count, d.ID, pointer, c.key.operation, c.key.name, c.key.got, fmt.Sprint(c.key.ofDocument)),
		},
		Suppressions: []sarifSuppression{}, // either all results have them or none
		Properties:   map[string]contract.Side{"side": d.Side()},
	}
	if c.Status == Fail {
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

// sourceRoot is the root of the repository in which the run took place.
const sourceRoot = "%SRCROOT%"

// sarifFile returns the location of a file: relative to the root of the repository if the file is in it or on the web, and
// otherwise with the scheme file.
func (r *Report) sarifFile(file string) sarifFile {
	if address, err := url.Parse(file); err == nil && (address.Scheme == "http" || address.Scheme == "https") {
		return sarifFile{strings.TrimPrefix(address.EscapedPath(), "/"), sourceRoot}
	}
	if below, err := filepath.Rel(r.Folder, file); r.Folder != "" && err == nil && filepath.IsLocal(below) {
		file = below
	}
	uri := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		uri.Scheme, uri.Path = "file", "/"+strings.TrimPrefix(uri.Path, "/")
		return sarifFile{URI: uri.String()}
	}
	if !filepath.IsLocal(file) {
		return sarifFile{URI: uri.String()}
	}
	return sarifFile{uri.String(), sourceRoot}
}

// semantic matches the version of a release.
var semantic = regexp.MustCompile(`[0-9]+\.[0-9]+\.[0-9]+\S*`)

// ended is the time at which the run ended, in UTC; "" if it is unknown.
func (r *Report) ended() string {
	if r.Started.IsZero() {
		return ""
	}
	return r.Started.Add(r.Took).UTC().Format(time.RFC3339)
}

// sarifRegion is the line of a place, and in the first line its column: a document may have one line only.
func sarifRegion(place spec.Place) map[string]int {
	region := map[string]int{"startLine": place.Line}
	if place.Line == 1 && place.Column > 1 {
		region["startColumn"] = place.Column
	}
	return region
}
