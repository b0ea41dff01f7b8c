package probe

import (
	"fmt"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// public is a folder beside the repository with published OpenAPI documents. The tests are skipped without it.
const public = "../../../shared/documents/"

// publicRun sums up all documents.
type publicRun struct {
	table              string
	operations, judged map[int]int         // by minor version of OpenAPI
	alarms             map[string][]string // findings graded documented in correct exchanges, by id
	broken             map[string]int      // broken responses, by keyword
}

// TestPublicDocuments makes exchanges for each operation of published documents: a valid request with each response that has a
// sample. At least 95 % of the operations must be judged, each as itself and without findings. If one place of a response is
// broken, a finding must name it. With -v the test prints a table.
func TestPublicDocuments(t *testing.T) {
	files, _ := filepath.Glob(public + "*.*")
	if len(files) == 0 {
		t.Skip("no documents beside the repository")
	}
	run := publicRun{
		table:      "| document | OpenAPI | operations | judged | refused or not judged |\n|---|---|---|---|---|\n",
		operations: map[int]int{}, judged: map[int]int{}, alarms: map[string][]string{}, broken: map[string]int{},
	}
	for _, file := range append(files, public+"redocly-starter/openapi/openapi.yaml", public+"../cases/documents/swagger2.yaml") {
		if filepath.Ext(file) != ".md" {
			run.document(t, file)
		}
	}
	t.Log("\n" + run.table)
	for _, minor := range slices.Sorted(maps.Keys(run.operations)) {
		t.Logf("OpenAPI 3.%d: %d of %d operations are judged", minor, run.judged[minor], run.operations[minor])
		if run.judged[minor]*100 < run.operations[minor]*95 {
			t.Errorf("OpenAPI 3.%d: want at least 95 %%", minor)
		}
	}
	t.Logf("broken responses by keyword: %v", run.broken)
	for _, what := range []string{"required", "type", "enum", "minimum", "maximum", "minLength", "maxLength"} {
		if run.broken[what] == 0 {
			t.Errorf("no response was broken by %s", what)
		}
	}
	for id, list := range run.alarms {
		t.Errorf("%d × %s, such as %s", len(list), id, list[0])
	}
}

// document judges the exchanges of one document.
func (run *publicRun) document(t *testing.T, file string) {
	name := strings.TrimPrefix(file, public)
	d, err := loadPublic(file)
	if err != nil {
		if !strings.Contains(err.Error(), "Swagger 2.0") || strings.Contains(err.Error(), "\n") || hasLibraryText(err.Error()) {
			t.Errorf("%s: %v", name, err)
		}
		run.table += fmt.Sprintf("| %s | – | – | – | %s |\n", name, strings.TrimPrefix(err.Error(), public))
		return
	}
	doc, reasons, judged := d.judge.Document(), []string{}, 0
	for _, f := range doc.Findings {
		if hasLibraryText(f.String()) {
			t.Errorf("the message has the text of a library: %s", f)
		}
	}
	for _, op := range doc.Operations {
		var reason string
		if op.Refused != nil {
			reason = op.Refused.String()
		} else {
			reason = run.operation(t, d, op)
		}
		if reason == "" {
			judged++
		} else {
			reasons = append(reasons, reason)
		}
	}
	run.operations[doc.Version.Minor] += len(doc.Operations)
	run.judged[doc.Version.Minor] += judged
	run.table += fmt.Sprintf("| %s | %s | %d | %d | %s |\n",
		name, doc.Version.Text, len(doc.Operations), judged, strings.Join(reasons, "<br>"))
}

// operation judges the exchanges of one operation, and returns the reason if one was not judged as this operation.
func (run *publicRun) operation(t *testing.T, d publicDocument, op *spec.Operation) (reason string) {
	exchanges, missing := d.exchanges(op)
	for _, ex := range exchanges {
		result := d.judge.Check(ex)
		if !result.Judged || result.Operation != op.ID || len(result.Errors) > 0 {
			return fmt.Sprintf("%s: %s %s is %q", op.ID, ex.Request.Method, ex.Request.Target, result.Operation)
		}
		for _, f := range result.Findings {
			if hasLibraryText(f.String()) {
				t.Errorf("the message has the text of a library: %s", f)
			}
			if isExpected := missing != "" && f.Side() == contract.Consumer; f.Evidence.Grade == spec.Documented && !isExpected {
				run.alarms[f.ID] = append(run.alarms[f.ID], fmt.Sprintf("%s %d: %s", op.ID, ex.Response.Status, f))
			}
		}
		run.breakResponse(t, d, op, ex)
	}
	return ""
}

// TestLoadOfLargeDocument logs the time and memory of loading a document of 8 MB.
func TestLoadOfLargeDocument(t *testing.T) {
	const file = public + "stripe.json"
	if files, _ := filepath.Glob(file); len(files) == 0 {
		t.Skip("no documents beside the repository")
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	begin := time.Now()
	judge, err := contract.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(begin)
	runtime.GC()
	runtime.ReadMemStats(&after)
	t.Logf("%d operations: %.2f s, %d MB allocated, %d MB in use", len(judge.Document().Operations), took.Seconds(),
		(after.TotalAlloc-before.TotalAlloc)>>20, (after.HeapAlloc-before.HeapAlloc)>>20)
}
