package report_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// shop is a document with two operations that share a schema.
const shop = `openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /items:
    get:
      operationId: listItems
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: size, in: query, schema: {type: string}}
      responses: {'200': {description: Items., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Item'}}}}}}
  /items/{id}:
    get:
      operationId: showItem
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: An item., content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}}
components:
  schemas:
    Item: {type: object, required: [id, name], properties: {id: {type: string}, name: {$ref: '#/components/schemas/Name'}, alias: {$ref: '#/components/schemas/Name'}}}
    Name: {type: string, enum: [a, b]}
`

const (
	atList, atShow = "/paths/~1items/get/", "/paths/~1items~1{id}/get/"
	atItem         = "/components/schemas/Item/"
	atName         = "/components/schemas/Name/"
)

// seen is a finding of a check: operation/check, id, pointer in the exchange, pointer in the document, what was got.
type seen struct {
	check, id, pointer, node, got string
	about                         string // the pointer of what the probe tests
	warns                         bool
}

// shopReport makes a report of findings; those of one check stand beside each other.
func shopReport(t *testing.T, list ...seen) *report.Report {
	doc := document(t, "shop.yaml", shop)
	r := &report.Report{FailOn: spec.Recorded, Documents: []*spec.Document{doc}}
	for i, s := range list {
		if i == 0 || list[i-1].check != s.check {
			operation, _, _ := strings.Cut(s.check, "/")
			c := report.Check{ID: s.check, Operation: operation, Suite: report.Probes, Status: report.Pass}
			if s.about != "" {
				c.About = doc.Root.At(s.about)
			}
			r.Checks = append(r.Checks, c)
		}
		c := &r.Checks[len(r.Checks)-1]
		f := contract.Finding{ID: s.id, Pointer: s.pointer, Node: doc.Root.At(s.node), Got: s.got}
		if s.warns {
			c.Warnings = append(c.Warnings, f)
		} else {
			c.Status, c.Failures = report.Fail, append(c.Failures, f)
		}
	}
	return r
}

// TestCauses tests which findings have one cause.
func TestCauses(t *testing.T) {
	status := func(check, id, got, about string) seen {
		operation := atList
		if strings.HasPrefix(check, "showItem") {
			operation = atShow
		}
		return seen{check: check, id: "status/" + id, pointer: "/response/status", node: operation + "responses", got: got, about: about}
	}
	const limit, size = atList + "parameters/0", atList + "parameters/1"
	for _, test := range []struct {
		name string
		list []seen
		want []string
	}{
		{name: "a missing member of a shared schema, in a list and alone", list: []seen{
			{check: "listItems/plain", id: "schema/required", pointer: "/response/body/0/name", node: atItem + "required"},
			{check: "listItems/plain", id: "schema/required", pointer: "/response/body/1/name", node: atItem + "required"},
			{check: "showItem/plain", id: "schema/required", pointer: "/response/body/name", node: atItem + "required"},
		}, want: []string{"fail schema/required listItems (and 1 more) name /response/body/*/name 3"}},
		{name: "two missing members", list: []seen{
			{check: "showItem/plain", id: "schema/required", pointer: "/response/body/name", node: atItem + "required"},
			{check: "showItem/plain", id: "schema/required", pointer: "/response/body/id", node: atItem + "required"},
		}, want: []string{
			"fail schema/required showItem name /response/body/name 1", "fail schema/required showItem id /response/body/id 1",
		}},
		{name: "two members that share a schema", list: []seen{
			{check: "showItem/plain", id: "schema/type", pointer: "/response/body/name", node: atName + "type"},
			{check: "showItem/plain", id: "schema/type", pointer: "/response/body/alias", node: atName + "type"},
		}, want: []string{
			"fail schema/type showItem name /response/body/name 1", "fail schema/type showItem alias /response/body/alias 1",
		}},
		{name: "null is no string and not in the enum", list: []seen{
			{check: "showItem/plain", id: "schema/type", pointer: "/response/body/name", node: atName + "type"},
			{check: "showItem/plain", id: "schema/enum", pointer: "/response/body/name", node: atName + "enum"},
		}, want: []string{"fail schema/type showItem name /response/body/name 2"}},
		{name: "invalid input of two parameters", list: []seen{
			status("listItems/limit-no-number", "invalid-parameter", "200", limit),
			status("listItems/limit-empty", "invalid-parameter", "200", limit),
			status("listItems/size-empty", "invalid-parameter", "200", size),
		}, want: []string{
			"fail status/invalid-parameter listItems limit /response/status 2",
			"fail status/invalid-parameter listItems size /response/status 1",
		}},
		{name: "server errors come first and explain the rest of the exchange", list: []seen{
			status("showItem/plain", "undocumented", "202", ""),
			status("listItems/limit-empty", "invalid-parameter", "500", limit),
			status("listItems/limit-empty", "server-error", "500", limit),
			{check: "listItems/limit-empty", id: "media-type/undocumented", pointer: "/response/headers/content-type", node: atList + "responses"},
		}, want: []string{
			"fail status/server-error listItems limit /response/status 3", "fail status/undocumented showItem status 202 /response/status 1",
		}},
		{name: "an operation that fails for the plain request", list: []seen{
			status("listItems/plain", "valid-request", "500", ""), status("listItems/plain", "server-error", "500", ""),
			status("listItems/limit-empty", "server-error", "500", limit),
		}, want: []string{"fail status/server-error listItems status 500 /response/status 3"}},
		{name: "another success than the documented one, and wrong input accepted with it", list: []seen{
			status("listItems/plain", "undocumented", "202", ""), status("listItems/plain", "valid-request", "202", ""),
			status("listItems/limit-empty", "undocumented", "202", limit), status("listItems/limit-empty", "invalid-parameter", "202", limit),
		}, want: []string{
			"fail status/undocumented listItems status 202 /response/status 2",
			"fail status/invalid-parameter listItems limit /response/status 2",
		}},
		{name: "wrong statuses of two operations", list: []seen{
			status("listItems/plain", "undocumented", "202", ""), status("showItem/plain", "undocumented", "202", ""),
		}, want: []string{
			"fail status/undocumented listItems status 202 /response/status 1",
			"fail status/undocumented showItem status 202 /response/status 1",
		}},
		{name: "credentials that are not looked at", list: []seen{
			status("listItems/no-credentials", "no-credentials", "200", ""),
			status("listItems/unknown-credentials", "unknown-credentials", "200", ""),
		}, want: []string{"fail status/no-credentials listItems status 200 /response/status 2"}},
		{name: "a failure and a warning", list: []seen{
			{check: "showItem/plain", id: "member/undocumented", pointer: "/response/body/x", node: atItem, warns: true},
			{check: "showItem/again", id: "schema/type", pointer: "/response/body/name", node: atName + "type"},
		}, want: []string{
			"fail schema/type showItem name /response/body/name 1", "warn member/undocumented showItem x /response/body/x 1",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := []string{}
			for _, c := range shopReport(t, test.list...).Causes() {
				operation := strings.Join(c.Operations, " ")
				if len(c.Operations) > 1 {
					operation = fmt.Sprintf("%s (and %d more)", c.Operations[0], len(c.Operations)-1)
				}
				got = append(got, fmt.Sprint(c.Status, " ", c.Finding.ID, " ", operation, " ", c.Subject(), " ", c.Pointer, " ", c.Findings))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestCausesOfManyOperations tests that a status that many operations have alike is one cause, and that plain requests that fail
// are not.
func TestCausesOfManyOperations(t *testing.T) {
	const n = 9
	var text strings.Builder
	text.WriteString("openapi: 3.0.3\ninfo: {title: Many, version: '1'}\npaths:\n")
	for i := range n {
		fmt.Fprintf(&text, "  /a%d:\n    get:\n      operationId: op%d\n      parameters: [{name: limit, in: query, schema: {type: integer}}, "+
			"{name: p%d, in: query, schema: {type: integer}}]\n      responses: {'200': {description: It.}}\n", i, i, i)
	}
	doc := document(t, "many.yaml", text.String())
	for _, test := range []struct {
		name, id, got string
		about         int // index of the parameter; -1: none
		operations    int
		want          int
	}{
		{name: "an undocumented status of eight", id: "status/undocumented", got: "404", about: -1, operations: n - 1, want: n - 1},
		{name: "an undocumented status of nine", id: "status/undocumented", got: "404", about: -1, operations: n, want: 1},
		{name: "a parameter of one name", id: "status/invalid-parameter", got: "200", operations: n, want: 1},
		{name: "a server error with a parameter of one name", id: "status/server-error", got: "500", operations: n, want: 1},
		{name: "parameters of other names", id: "status/invalid-parameter", got: "200", about: 1, operations: n, want: n},
		{name: "no credentials", id: "status/no-credentials", got: "200", about: -1, operations: n, want: 1},
		{name: "plain requests that fail", id: "status/server-error", got: "500", about: -1, operations: n, want: n},
		{name: "plain requests that are refused", id: "status/valid-request", got: "400", about: -1, operations: n, want: n},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{FailOn: spec.Recorded, Documents: []*spec.Document{doc}}
			for _, op := range doc.Operations[:test.operations] {
				c := report.Check{ID: op.ID + "/x", Operation: op.ID, Suite: report.Probes, Status: report.Fail, Failures: []contract.Finding{
					{ID: test.id, Pointer: "/response/status", Node: op.Node.Member("responses"), Got: test.got},
				}}
				if test.about >= 0 {
					c.About = op.Parameters[test.about].Node
				}
				r.Checks = append(r.Checks, c)
			}
			causes, findings := r.Causes(), 0
			for _, c := range causes {
				findings += c.Findings
			}
			if len(causes) != test.want || findings != test.operations || test.want == 1 && len(causes[0].Operations) != test.operations {
				t.Errorf("got %d causes of %d findings, the first of %v; want %d", len(causes), findings, causes[0].Operations, test.want)
			}
		})
	}
}

// TestCausesAtKeysOfMaps tests that the place of a cause has * for what differs.
func TestCausesAtKeysOfMaps(t *testing.T) {
	for _, test := range []struct{ name, first, second, want string }{
		{name: "keys", first: "/response/body/data/en/name", second: "/response/body/data/de/name", want: "/response/body/data/*/name"},
		{name: "indexes", first: "/response/body/0/name", second: "/response/body/1/name", want: "/response/body/*/name"},
		{name: "an index and a key", first: "/response/body/0/x/name", second: "/response/body/1/y/name", want: "/response/body/*/*/name"},
		{name: "another depth", first: "/response/body/0/name", second: "/response/body/name", want: "/response/body/*/name"},
		{name: "once", first: "/response/body/0/name", second: "/response/body/0/name", want: "/response/body/0/name"},
		{name: "a request and a response", first: "/response/body/a/name", second: "/request/body/a/name", want: "/response/body/a/name"},
	} {
		t.Run(test.name, func(t *testing.T) {
			causes := shopReport(t,
				seen{check: "showItem/a", id: "schema/type", pointer: test.first, node: atName + "type"},
				seen{check: "showItem/b", id: "schema/type", pointer: test.second, node: atName + "type"}).Causes()
			if len(causes) != 1 || causes[0].Pointer != test.want {
				t.Errorf("got %d causes, the first at %s; want %s", len(causes), causes[0].Pointer, test.want)
			}
		})
	}
}

// TestExamplesOfEachKind tests that many causes of one kind do not take the space of the examples of others.
func TestExamplesOfEachKind(t *testing.T) {
	list := []seen{}
	for i := range 20 {
		list = append(list, seen{check: fmt.Sprint("showItem/n", i), id: "schema/type", pointer: fmt.Sprint("/response/body/x", i),
			node: []string{atName + "type", atItem, atShow + "responses", atList + "responses"}[i%4]})
	}
	list = append(list, seen{check: "showItem/last", id: "schema/required", pointer: "/response/body/name", node: atItem + "required"})
	if out := text(t, shopReport(t, list...), false); !strings.Contains(out, "FAIL   showItem/last (probes)\n       schema/required at") {
		t.Errorf("no example of the last cause:\n%s", out)
	}
}

// TestGatesInSummary tests that the summary names a gate that failed.
func TestGatesInSummary(t *testing.T) {
	r := shopReport(t)
	reason := "50 % of 4 parts: " + strings.Repeat("GET /things/{id}; ", 20) + "end"
	r.Add(report.Check{ID: "coverage", Suite: report.Documents, Status: report.Fail, Reason: reason})
	r.Add(report.Check{ID: "showItem/plain", Operation: "showItem", Suite: report.Probes, Status: report.Fail, Reason: "it passes"})
	out := text(t, r, false)
	for _, want := range []string{"; end\n\n", "\nFAIL   coverage                   -", "\nFAIL   known failing, but passes  showItem"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q:\n%s", want, out)
		}
	}
}

// TestCausesOfMaps tests that many names at one place are one cause: they are keys of a map.
func TestCausesOfMaps(t *testing.T) {
	for names, want := range map[int]int{8: 8, 9: 1} {
		list := []seen{}
		for i := range names {
			list = append(list, seen{check: "showItem/plain", id: "member/undocumented", pointer: fmt.Sprint("/response/body/x", i), node: atItem})
		}
		causes := shopReport(t, list...).Causes()
		if len(causes) != want || causes[0].Checks != 1 || want == 1 && causes[0].Pointer != "/response/body/*" {
			t.Errorf("%d names: got %d causes, the first at %s in %d checks", names, len(causes), causes[0].Pointer, causes[0].Checks)
		}
	}
}

// TestLargeReports makes each report of 30,000 checks with as many findings: the text is short, the Markdown fits, and the numbers
// of the causes add up.
func TestLargeReports(t *testing.T) {
	const checks = 30_000
	list := []seen{}
	for i := range checks {
		list = append(list, seen{
			check: fmt.Sprint("showItem/n", i), id: fmt.Sprint("schema/k", i%500), pointer: fmt.Sprint("/response/body/", i, "/name"),
			node: atName + "type", got: strings.Repeat("x", i%300), warns: i%3 == 0,
		})
	}
	r := shopReport(t, list...)
	for i := range 400 {
		r.Add(report.Check{ID: fmt.Sprint("showItem/s", i), Suite: report.Probes, Status: report.Skip, Reason: fmt.Sprint("no value ", i%40)})
	}
	sum, began := 0, time.Now()
	for _, c := range r.Causes() {
		sum += c.Findings
	}
	if sum != checks {
		t.Errorf("the numbers of the causes add up to %d, want %d", sum, checks)
	}
	if lines := strings.Count(write(t, "text", &report.Report{}), "\n") + strings.Count(text(t, r, false), "\n"); lines > 200 {
		t.Errorf("the text has %d lines", lines)
	}
	if n := len(write(t, "markdown", r)); n > 60_000 {
		t.Errorf("the Markdown has %d bytes", n)
	}
	if took := time.Since(began); took > time.Minute {
		t.Errorf("took %s", took)
	}
}

// TestTimesOfRuns tests that JSON, JUnit and SARIF say when a run was, with which version, and how long each check took.
func TestTimesOfRuns(t *testing.T) {
	r := redReport(t)
	r.Version, r.Started, r.Took = "v1.2.3", time.Date(2026, 11, 26, 14, 0, 0, 0, time.UTC), 1500*time.Millisecond
	r.Checks[1].Took = 20 * time.Millisecond
	for format, wants := range map[string][]string{
		"json":     {`"version": "v1.2.3"`, `"started": "2026-11-26T14:00:00Z"`, `"seconds": 1.5`, `"seconds": 0.02`},
		"junit":    {`time="1.500"`, `timestamp="2026-11-26T14:00:00"`, `time="0.020"`},
		"sarif":    {`"version": "v1.2.3"`, `"semanticVersion": "1.2.3"`, `"startTimeUtc": "2026-11-26T14:00:00Z"`, `"endTimeUtc": "2026-11-26T14:00:01Z"`},
		"markdown": {"Written by quotaspec v1.2.3 on 2026-11-26 14:00 UTC, in 1.5 s."},
		"html":     {"Written by quotaspec verify v1.2.3 on 2026-11-26 14:00 UTC, in 1.5 s."},
	} {
		out := write(t, format, r)
		for _, want := range wants {
			if !strings.Contains(out, want) {
				t.Errorf("%s: no %s", format, want)
			}
		}
	}
}

// TestSARIFOccurrences tests that a cause is one result, which counts its findings and points to the parameter that was tested.
func TestSARIFOccurrences(t *testing.T) {
	const limit = atList + "parameters/0"
	list := []seen{}
	for i := range 3 {
		list = append(list, seen{
			check: fmt.Sprint("listItems/limit-", i), id: "status/invalid-parameter", pointer: "/response/status", node: atList + "responses",
			got: "200", about: limit,
		})
	}
	type location struct {
		PhysicalLocation struct {
			ArtifactLocation struct{ URI, URIBaseID string }
			Region           struct{ StartLine int }
		}
	}
	var log struct {
		Runs []struct {
			Results []struct {
				OccurrenceCount int
				Locations       []location
			}
		}
	}
	if err := json.Unmarshal([]byte(write(t, "sarif", shopReport(t, list...))), &log); err != nil {
		t.Fatal(err)
	}
	results := log.Runs[0].Results
	if len(results) != 1 || results[0].OccurrenceCount != 3 {
		t.Fatalf("got %+v, want one result with three occurrences", results)
	}
	at := results[0].Locations[0].PhysicalLocation
	if at.ArtifactLocation.URI != "shop.yaml" || at.ArtifactLocation.URIBaseID != "%SRCROOT%" || at.Region.StartLine != 8 {
		t.Errorf("got %+v", at)
	}
}
