package report_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi"
)

// TestGrid holds what a cell shows: a promise at a status, seen or not, and nothing where it says nothing.
func TestGrid(t *testing.T) {
	loose := greenReport(t)
	loose.Judged(report.Check{ID: "GET /elsewhere", Source: report.Traffic, HTTP: 302}, contract.Verdict{Judged: true, Deviations: []contract.Deviation{
		{ID: "parcels/no-redirect", Evidence: openapi.Evidence{Grade: openapi.Recorded}, Pointer: "/response"},
	}})
	consumer := greenReport(t)
	consumer.Judged(report.Check{ID: "showParcel/GET 400", Source: report.Traffic, HTTP: 400}, contract.Verdict{Judged: true, Operation: "showParcel", Deviations: []contract.Deviation{
		{ID: "parameter/enum", Pointer: "/request/query/unit"},
	}})
	const unseen = `DELETE /parcels: 204 default
  as declared: never-seen never-seen
  parcels/no-redirect: never-seen never-seen
`
	for _, test := range []struct {
		name string
		r    *report.Report
		want string
	}{
		{"empty", emptyReport(t), ""},
		{"green: the answer to another method is in a column of its range", greenReport(t), `showParcel: 200 4XX
  as declared: kept kept
  showParcel/own-parcel: kept says-nothing
  showParcel/repeatable: never-seen says-nothing
  parcels/no-redirect: kept kept
  parcels/weight: kept says-nothing
` + unseen},
		{"red: one broken exchange is enough", redReport(t), `showParcel: 200 4XX
  as declared: broken kept
  showParcel/own-parcel: broken says-nothing
  showParcel/repeatable: never-seen says-nothing
  parcels/no-redirect: kept kept
  parcels/weight: warned says-nothing
` + unseen},
		{"an exchange of no operation", loose, `showParcel: 200 4XX
  as declared: kept kept
  showParcel/own-parcel: kept says-nothing
  showParcel/repeatable: never-seen says-nothing
  parcels/no-redirect: kept kept
  parcels/weight: kept says-nothing
` + unseen + `of no operation: 302*
  parcels/no-redirect: broken
`},
		{"what the consumer did wrong", consumer, `showParcel: 200 4XX
  as declared: kept kept
  showParcel/own-parcel: kept says-nothing
  showParcel/repeatable: never-seen says-nothing
  parcels/no-redirect: kept kept
  parcels/weight: kept says-nothing
` + unseen},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.r.GridText()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestGridRepeat tests that a promise about asking twice is open at every success that the document lists, a range too, and says
// nothing of the others.
func TestGridRepeat(t *testing.T) {
	r := &report.Report{FailOn: openapi.Recorded, Documents: []*openapi.Document{document(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      x-rules:
        - {id: repeatable, says: Asking again changes nothing., grade: inferred, source: authors, probe: repeat}
      responses:
        '200': {description: Things.}
        '202': {description: Things will come.}
        2XX: {description: Things of another kind.}
        '301': {description: Elsewhere.}
        '404': {description: None.}
        default: {description: Anything else.}
`)}}
	want := `listThings: 200 202 2XX 301 404 default
  as declared: never-seen never-seen never-seen never-seen never-seen never-seen
  listThings/repeatable: never-seen never-seen never-seen says-nothing says-nothing says-nothing
`
	if diff := cmp.Diff(want, r.GridText()); diff != "" {
		t.Error(diff)
	}
}

// TestGridOfTheLongestName tests that a check which names no operation is shown with the one whose whole name begins its id, not with
// one that is named alike as far as it goes.
func TestGridOfTheLongestName(t *testing.T) {
	doc := document(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get: {responses: {'200': {description: Things.}}}
  /things/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: A thing.}}
`)
	for _, test := range []struct{ name, id, want string }{
		{"the shorter", "GET /things/plain", "GET /things: 200\n  as declared: kept\nGET /things/{id}: 200\n  as declared: never-seen\n"},
		{"the longer", "GET /things/{id}/plain", "GET /things: 200\n  as declared: never-seen\nGET /things/{id}: 200\n  as declared: kept\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{FailOn: openapi.Recorded, Documents: []*openapi.Document{doc}}
			r.Judged(report.Check{ID: test.id, Source: report.Probes, HTTP: 200}, contract.Verdict{Judged: true})
			if diff := cmp.Diff(test.want, r.GridText()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
