package formats

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/contract/internal/sarif"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// SARIF writes findings as results of static analysis (SARIF 2.1.0): what breaks as errors, what possibly breaks as warnings,
// what the traffic does not use or what is compatible as notes. What is tolerated is suppressed. Editorial findings are no
// results.
//
// Each result points to the line of the new document, or of the old one for what was removed. The fingerprint of a result does
// not depend on lines.
func SARIF(w io.Writer, c *breaking.Comparison, o Options) error {
	v := newView(c, o)
	word, says := v.conclusion()
	rules := v.sarifRules()
	run := sarif.Run{
		Tool: sarif.NewDriver(v.Options.Version, rules), Results: []sarif.Result{}, ColumnKind: "utf16CodeUnits",
		Invocations: []sarif.Invocation{{ExecutionSuccessful: v.Error == "", Notifications: []sarif.Notification{}}},
		Artifacts:   []map[string]sarif.File{},
		Properties: map[string]any{
			"conclusion": word, "says": says, "passed": v.passed(), "level": v.Level().String(), "version": jsonVersion(v.version),
		},
	}
	for _, d := range []*spec.Document{v.Old, v.New} {
		file := map[string]sarif.File{"location": v.sarifFile(d.File)}
		isListed := len(run.Artifacts) > 0 && maps.Equal(run.Artifacts[0], file) // two revisions of one file
		if d.File != "" && !isListed {
			run.Artifacts = append(run.Artifacts, file)
		}
	}
	if v.Error != "" {
		run.Invocations[0].Notify("error", v.Error)
	}
	for _, line := range v.Stale {
		run.Invocations[0].Notify("error", "tolerated, but not found any more: "+line)
	}
	if v.version.Unchanged {
		run.Invocations[0].Notify("error", "info.version "+v.versions())
	}
	indexes, count := map[string]int{}, map[string]int{} // of rules; how often each fingerprint occurred
	for i, rule := range rules {
		indexes[rule.ID] = i
	}
	for _, f := range v.findings {
		if f.group != editorial {
			run.Results = append(run.Results, v.sarifResult(f, indexes[f.ID], count))
		}
	}
	return text.WriteJSON(w, sarif.NewLog(run))
}

// sarifRules has a rule for each id that occurs, in alphabetical order.
func (v *view) sarifRules() []sarif.Rule {
	ids := map[string]bool{}
	for _, f := range v.findings {
		if f.group != editorial {
			ids[f.ID] = true
		}
	}
	return mapped(slices.Sorted(maps.Keys(ids)), func(id string) sarif.Rule {
		says := sarif.Text{Text: "A change of the document: " + means(id) + "."}
		return sarif.Rule{ID: id, Short: says, Full: says, HelpURI: HelpPage, Properties: map[string][]string{"tags": {}}}
	})
}

// means is what an id means; an id that is not listed is its own meaning.
func means(id string) string {
	for _, kind := range breaking.Kinds() {
		if kind.ID == id {
			return kind.Means
		}
	}
	return id
}

var sarifLevels = map[group]string{
	breaksConsumers: "error", breaksProviders: "error", possibly: "warning",
	unused: "note", tolerated: "warning", compatible: "note",
}

func (v *view) sarifResult(f finding, index int, count map[string]int) sarif.Result {
	place := v.sarifPlace(f)
	out := sarif.Result{
		RuleID: f.ID, RuleIndex: index, Level: sarifLevels[f.group], Message: sarif.Text{Text: sarifMessage(f)},
		Occurrences: 1 + len(f.Also),
		Locations: []sarif.Location{{
			Physical: sarif.Physical{File: v.sarifFile(place.File), Region: sarif.Region(place)},
			Logical:  []map[string]string{{"fullyQualifiedName": f.Check}},
		}},
		Fingerprints: map[string]string{"quotaspec/breaking/v1": sarif.Fingerprint(count, f.ID, f.Check, f.Pointer, f.Says)},
		Suppressions: []sarif.Suppression{}, // either all results have them or none
		Properties:   map[string]string{"side": string(f.Side), "level": f.Level.String()},
	}
	if f.group == tolerated {
		out.Suppressions = []sarif.Suppression{{Kind: "external", Justification: f.known}}
	}
	return out
}

// sarifPlace is the place of a result. If a part was removed from a file, and old is another revision of that file, it is the
// place of the nearest part above it that the new revision has: the lines of the old one are others now.
func (v *view) sarifPlace(f finding) spec.Place {
	node := nodeOf(f)
	switch {
	case node == nil:
		return spec.Place{File: v.New.File, Line: 1} // GitHub rejects a result without a line
	case f.New == nil && node.Place().File == v.Old.File && v.sarifFile(v.Old.File) == v.sarifFile(v.New.File):
		pointer := node.Pointer()
		for v.New.Root.At(pointer) == nil {
			pointer = pointer[:strings.LastIndexByte(pointer, '/')]
		}
		return v.New.Root.At(pointer).Place()
	}
	return node.Place()
}

// sarifMessage is a finding in some lines of text:
//
//	Breaks consumers: listPets/200 /response/body/*/kind: "bird" is new. Also in getPet/200.
//	GET /pets, 200 application/json [{"kind":"bird"}]
//	The old document refuses it: schema/enum at …; the new one accepts it.
func sarifMessage(f finding) string {
	out := fmt.Sprintf("%s: %s.", sarifHeads[f.group], f.line())
	if len(f.Also) > 0 {
		out += " Also in " + f.also(3) + "."
	}
	if w := f.Witness; w != nil {
		request, response := messages(f)
		out += "\n" + sarifLine(request)
		if response != nil {
			out += " → " + sarifLine(*response)
		}
		out += fmt.Sprintf("\nThe old document %s. The new document %s.", verdict(w.Old), verdict(w.New))
	}
	if f.Why != "" {
		out += "\nWhy: " + f.Why
	}
	if f.Probe != "" {
		out += "\nProbe: " + f.Probe
	}
	return out
}

var sarifHeads = map[group]string{
	breaksConsumers: "Breaks consumers", breaksProviders: "Breaks providers", possibly: "Possibly breaks",
	unused: "Not used by the traffic", tolerated: "Tolerated", compatible: "Compatible",
}

// sarifLine is a message in one line. The other formats have the headers, and a long body.
func sarifLine(m message) string {
	return strings.TrimSpace(m.first + " " + excerpt(m.body, m.bodyAt, 300, m.size))
}

// nodeOf is the part of the new document that has changed, or of the old one if only that has it; nil: neither.
func nodeOf(f finding) *spec.Node { return cmp.Or(f.New, f.Old) }

// sarifFile is the location of a document. That of a file in another revision is the file in the working directory:
//
//	main:openapi/pets.yaml    openapi/pets.yaml
func (v *view) sarifFile(file string) sarif.File {
	before, after, isRevision := strings.Cut(file, ":")
	isAddress := strings.HasPrefix(after, "//")
	isDrive := len(before) == 1
	if isRevision && !isAddress && !isDrive {
		file = filepath.Clean(after)
	}
	return sarif.NewFile(file, v.Folder)
}
