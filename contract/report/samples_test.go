package report_test

import (
	"os"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi"
)

// parcels is a small document of another kind than ours.
func parcels(t *testing.T) *openapi.Document {
	t.Helper()
	data, err := os.ReadFile("testdata/parcels.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi.Load("testdata/parcels.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// parcelDeviation is one of a place in the document.
func parcelDeviation(doc *openapi.Document, id string, grade openapi.Grade, pointer, node, want, got string) contract.Deviation {
	return contract.Deviation{
		ID: id, Evidence: openapi.Evidence{Grade: grade, Source: []string{"guide/show"}},
		Pointer: pointer, Place: doc.Place(node), Node: node, Want: want, Got: got,
	}
}

const (
	showPointer   = "/paths/~1parcels~1{parcel_id}/get"
	parcelPointer = "/components/schemas/Parcel"
)

// greenReport is a report in which everything was kept, as far as it was seen.
func greenReport(t *testing.T) *report.Report {
	doc := parcels(t)
	r := &report.Report{Subject: "http://127.0.0.1:8080", Documents: []*openapi.Document{doc}, FailOn: openapi.Recorded}
	r.Judged(report.Check{ID: "showParcel/examples", Source: report.Documents}, contract.Verdict{Judged: true, Operation: "showParcel"})
	r.Judged(report.Check{
		ID: "showParcel/plain", Source: report.Probes, HTTP: 200,
		Repeat:   "curl -i -H 'X-Key: ******' 'http://127.0.0.1:8080/parcels/7'",
		Asked:    "GET /parcels/7\nX-Key: ******\n",
		Answered: "200 OK\nContent-Type: application/json\n\n{\"id\":\"7\",\"weight\":12}",
	}, contract.Verdict{
		Judged: true, Operation: "showParcel", Kept: []string{"showParcel/own-parcel", "parcels/no-redirect", "parcels/weight"},
		Seen: []string{showPointer, showPointer + "/parameters/0", showPointer + "/responses/200", showPointer + "/responses/200/content/application~1json"},
	})
	r.Judged(report.Check{ID: "showParcel/method-PUT", Source: report.Probes, HTTP: 405}, contract.Verdict{Judged: true, Kept: []string{"parcels/no-redirect"}})
	return r
}

// redReport is a report with everything that a report can have.
func redReport(t *testing.T) *report.Report {
	r := greenReport(t)
	doc := r.Documents[0]
	own := parcelDeviation(doc, "showParcel/own-parcel", openapi.Documented, "/response", showPointer+"/x-rules/0",
		"The parcel that is answered is the one that was asked for, by its `id`.", `status 200 {"id":"8"}`)
	weight := parcelDeviation(doc, "parcels/weight", openapi.Inferred, "/response/body", parcelPointer+"/x-rules/0", "A parcel weighs something, `weight` > 0.", `{"id":"8","weight":0}`)
	required := parcelDeviation(doc, "schema/required", openapi.Documented, "/response/body/id", parcelPointer+"/required", "the member id", "none")
	verdict := contract.Verdict{Judged: true, Operation: "showParcel", Seen: []string{showPointer, showPointer + "/responses/200"}}
	add := func(check report.Check, status report.Status, deviations ...contract.Deviation) {
		verdict.Deviations = deviations
		check.Source, check.HTTP, check.Repeat = report.Probes, 200, "curl -i 'http://127.0.0.1:8080/parcels/7'"
		r.Judged(check, verdict)
		if status != "" {
			r.Checks[len(r.Checks)-1].Status = status
		}
	}
	add(report.Check{ID: "showParcel/unit=g", Asked: "GET /parcels/7?unit=g\n", Answered: "200 OK\n\n{\"id\":\"8\",\"weight\":0}"}, "", own, weight)
	add(report.Check{ID: "showParcel/unit=kg", Times: 3}, "", required)
	add(report.Check{ID: "showParcel/light"}, "", weight)
	add(report.Check{ID: "showParcel/known", Reason: "ticket 4711"}, report.Known, own)
	add(report.Check{ID: "showParcel/stale", Reason: "it is listed as known failing, and passes"}, report.Fail)
	r.Add(report.Check{ID: "DELETE /parcels/plain", Source: report.Probes, Status: report.Skip, Reason: `there is no principal "admin"`})
	r.Add(report.Check{ID: "showParcel/repeat", Source: report.Probes, Status: report.Error, Reason: "read the answer: timeout"})
	r.NotChecked = []report.NotChecked{{Method: "GET", Origin: "https://parcels.example.com", Path: "/favicon.ico", Times: 2}, {Method: "POST", Path: "/elsewhere", Times: 1}}
	return r
}

// emptyReport is a report of nothing.
func emptyReport(*testing.T) *report.Report { return &report.Report{} }

// stoppedReport is of a run that ended before anything was judged.
func stoppedReport(t *testing.T) *report.Report {
	return &report.Report{Subject: "http://127.0.0.1:8080", Documents: []*openapi.Document{parcels(t)}, Error: "http://127.0.0.1:8080: unreachable: connection refused"}
}

// evil is everything that a format could trip over.
const evil = "\x00\x01\x1b[31m\u202e\u2028\u0085\ufffe\xff]]> --> </script></style></pre></details> | `` ` ``` <img src=x onerror=alert(1)> & &amp; \" ' \r\n\n# h \\ * _ ~ [a](javascript:x) {{.}} 👩‍🚀 é"

// nastyReport is a report with such text in every field.
func nastyReport(t *testing.T) *report.Report {
	doc := parcels(t)
	long := evil + strings.Repeat("long ", 20_000)
	d := contract.Deviation{
		ID: "schema/" + evil, Evidence: openapi.Evidence{Source: []string{evil}}, Pointer: "/response" + evil, Place: evil + ":7", Want: evil, Got: long,
	}
	r := &report.Report{Subject: evil, Error: evil, Documents: []*openapi.Document{doc}, NotChecked: []report.NotChecked{{Method: evil, Origin: evil, Path: long, Times: 1}}}
	for _, status := range []report.Status{report.Pass, report.Fail, report.Known, report.Skip, report.Error} {
		r.Add(report.Check{
			ID: string(status) + "/" + evil, Source: report.Source("probes" + evil), Operation: evil, HTTP: 299, Status: status, Reason: evil,
			Failures: []contract.Deviation{d}, Warnings: []contract.Deviation{d}, Kept: []string{evil}, Repeat: long, Asked: long, Answered: long,
		})
	}
	return r
}

// sourcedReport is the red report by a document that says which pages its sources are, in texts that a format could trip
// over.
func sourcedReport(t *testing.T) *report.Report {
	data, err := os.ReadFile("testdata/parcels.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi.Load("testdata/parcels.yaml", append(data, `
x-sources:
  guide: {title: 'The guide | <b>, [parcels](x)', url: 'https://example.com/guide_(1)?a=b&c="d"|e', edition: 'June | <i>2026'}
  authors: {title: Concluded, url: 'https://example.com/authors', edition: '1'}
  wild: {title: Seen, url: 'https://example.com/seen', edition: '2'}
`...))
	if err != nil {
		t.Fatal(err)
	}
	r := redReport(t)
	r.Documents = []*openapi.Document{doc}
	return r
}

// samples are all of the above.
func samples(t *testing.T) map[string]*report.Report {
	return map[string]*report.Report{"green": greenReport(t), "red": redReport(t), "empty": emptyReport(t), "stopped": stoppedReport(t), "nasty": nastyReport(t), "sourced": sourcedReport(t)}
}
