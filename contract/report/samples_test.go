package report_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// parcels is a small document of another API.
func parcels(t *testing.T) *spec.Document {
	t.Helper()
	data, err := os.ReadFile("testdata/parcels.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return document(t, "testdata/parcels.yaml", string(data))
}

// parcelFinding is a finding at a place in the document.
func parcelFinding(doc *spec.Document, id string, grade spec.Grade, pointer, node, want, got string) contract.Finding {
	return contract.Finding{
		ID: id, Evidence: spec.Evidence{Grade: grade, Source: []string{"guide/show"}},
		Pointer: pointer, Node: doc.Root.At(node), Want: want, Got: got,
	}
}

const (
	showPointer   = "/paths/~1parcels~1{parcel_id}/get"
	parcelPointer = "/components/schemas/Parcel"
)

// greenReport is a report without failures.
func greenReport(t *testing.T) *report.Report { return greenReportBy(parcels(t)) }

func greenReportBy(doc *spec.Document) *report.Report {
	r := &report.Report{Subject: "http://127.0.0.1:8080", Documents: []*spec.Document{doc}, FailOn: spec.Recorded}
	r.AddJudged(report.Check{ID: "showParcel/examples", Suite: report.Documents}, contract.Result{Judged: true, Operation: "showParcel"})
	judged(r, report.Check{
		ID: "showParcel/plain", Suite: report.Probes, HTTP: 200,
		Repeat:   "curl -i -H 'X-Key: ******' 'http://127.0.0.1:8080/parcels/7'",
		Request:  "GET /parcels/7\nX-Key: ******\n",
		Response: "200 OK\nContent-Type: application/json\n\n{\"id\":\"7\",\"weight\":12}",
	}, contract.Result{Judged: true, Operation: "showParcel"}, rules(doc, "showParcel/own-parcel", "parcels/no-redirect", "parcels/weight"),
		nodes(doc, showPointer, showPointer+"/parameters/0", showPointer+"/responses/200",
			showPointer+"/responses/200/content/application~1json"))
	judged(r, report.Check{ID: "showParcel/method-PUT", Suite: report.Probes, HTTP: 405}, contract.Result{Judged: true},
		rules(doc, "parcels/no-redirect"), nil)
	return r
}

// redReport is a report with every kind of check.
func redReport(t *testing.T) *report.Report { return redReportBy(parcels(t)) }

func redReportBy(doc *spec.Document) *report.Report {
	r := greenReportBy(doc)
	own := parcelFinding(doc, "showParcel/own-parcel", spec.Documented, "/response", showPointer+"/x-rules/0",
		"The parcel in the response is the requested one, by its `id`.", `status 200 {"id":"8"}`)
	weight := parcelFinding(doc, "parcels/weight", spec.Inferred, "/response/body", parcelPointer+"/x-rules/0",
		"A parcel weighs something, `weight` > 0.", `{"id":"8","weight":0}`)
	required := parcelFinding(doc, "schema/required", spec.Documented, "/response/body/id", parcelPointer+"/required", "the member id", "none")
	add := func(check report.Check, status report.Status, findings ...contract.Finding) {
		check.Suite, check.HTTP, check.Repeat = report.Probes, 200, "curl -i 'http://127.0.0.1:8080/parcels/7'"
		added := judged(r, check, contract.Result{Judged: true, Operation: "showParcel", Findings: findings}, nil,
			nodes(doc, showPointer, showPointer+"/responses/200"))
		if status != "" {
			added.Status = status
		}
	}
	add(report.Check{ID: "showParcel/unit=g", Request: "GET /parcels/7?unit=g\n", Response: "200 OK\n\n{\"id\":\"8\",\"weight\":0}"}, "", own,
		weight)
	add(report.Check{ID: "showParcel/unit=kg", Times: 3}, "", required)
	add(report.Check{ID: "showParcel/light"}, "", weight)
	add(report.Check{ID: "showParcel/known", Reason: "ticket 4711"}, report.Known, own)
	add(report.Check{ID: "showParcel/stale", Reason: "it is listed as known failing, and passes"}, report.Fail)
	r.Add(report.Check{ID: "DELETE /parcels/plain", Suite: report.Probes, Status: report.Skip, Reason: `there is no principal "admin"`})
	r.Add(report.Check{ID: "showParcel/repeat", Suite: report.Probes, Status: report.Error, Reason: "read the response: timeout"})
	const unread, unknown = "the judge does not look at it", "the document has no such path"
	r.NotChecked = []report.NotChecked{
		{Part: "webhooks of parcels", Reason: unread},
		{Part: "callbacks", Operation: "listParcels", Reason: unread, Times: 1},
		{Part: "response body in application/xml", Operation: "listParcels", Reason: unread, Times: 3},
		{Method: "GET", Origin: "https://parcels.example.com", Path: "/favicon.ico", Reason: unknown, Times: 2},
		{Method: "POST", Path: "/elsewhere", Reason: unknown, Times: 1},
	}
	return r
}

// emptyReport is a report of nothing.
func emptyReport(*testing.T) *report.Report { return &report.Report{} }

// stoppedReport is of a run that ended before anything was judged.
func stoppedReport(t *testing.T) *report.Report {
	return &report.Report{Subject: "http://127.0.0.1:8080", Documents: []*spec.Document{parcels(t)},
		Error: "http://127.0.0.1:8080: unreachable: connection refused"}
}

// evil contains text that could break a format.
const evil = "\x00\x01\x1b[31m\u202e\u2028\u0085\ufffe\xff]]> --> </script></style></pre></details> | `` ` ``` <img src=x " +
	"onerror=alert(1)> & &amp; \" ' \r\n\n# h \\ * _ ~ [a](javascript:x) {{.}} 👩‍🚀 é"

// hostileReport is a report with such text in every field.
func hostileReport(t *testing.T) *report.Report {
	doc := document(t, "\x1b[31m\u202e]]></pre>|`.yaml", things)
	long := evil + strings.Repeat("long ", 20_000)
	d := contract.Finding{
		ID: "schema/" + evil, Evidence: spec.Evidence{Source: []string{evil}}, Pointer: "/response" + evil, Node: doc.Root.At("/paths"),
		Want: evil, Got: long,
	}
	r := &report.Report{Subject: evil, Error: evil, Documents: []*spec.Document{doc}, NotChecked: []report.NotChecked{
		{Part: evil, Operation: long, Reason: evil, Times: 1}, {Method: evil, Origin: evil, Path: long, Reason: evil, Times: 1},
	}}
	for _, status := range []report.Status{report.Pass, report.Fail, report.Known, report.Skip, report.Error} {
		r.Add(report.Check{
			ID: string(status) + "/" + evil, Suite: report.Suite("probes" + evil), Operation: evil, HTTP: 299, Status: status, Reason: evil,
			Failures: []contract.Finding{d}, Warnings: []contract.Finding{d}, Passed: []*spec.Rule{{ID: evil}}, Repeat: long, Request: long,
			Response: long,
		})
	}
	return r
}

// sourced is the document of parcels that says which pages its sources are, in texts that a format could trip over.
func sourced(t *testing.T) *spec.Document {
	data, err := os.ReadFile("testdata/parcels.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return document(t, "testdata/parcels.yaml", string(data)+`
x-sources:
  guide: {title: 'The guide | <b>, [parcels](x)', url: 'https://example.com/guide_(1)?a=b&c="d"|e', edition: 'June | <i>2026'}
  authors: {title: Concluded, url: 'https://example.com/authors', edition: '1'}
  wild: {title: Seen, url: 'https://example.com/seen', edition: '2'}
`)
}

// sourcedReport is the red report by such a document.
func sourcedReport(t *testing.T) *report.Report {
	return redReportBy(sourced(t))
}

// mixedReport is a report by two documents of a run that was stopped: of each thing that the red report has once it has several
// or another one, and what comes last there comes first.
func mixedReport(t *testing.T) *report.Report {
	doc, other := sourced(t), document(t, "things.yaml", things+`
x-sources:
  manual: {title: The manual, url: 'https://example.com/manual', edition: '3'}
  wild: {title: Seen, url: 'https://example.com/seen', edition: '2'}
  us: {title: Concluded, url: 'https://example.com/us', edition: '1'}
`)
	r := &report.Report{
		Subject: "https://parcels.example.com and https://things.example.com", Documents: []*spec.Document{doc, other},
		FailOn: spec.Documented, Error: "stopped after 5m0s",
	}
	own := parcelFinding(doc, "showParcel/own-parcel", spec.Documented, "/response", showPointer+"/x-rules/0",
		"The parcel in the response is the requested one, by its `id`.", `status 200 {"id":"8"}`)
	own.Evidence.Source = []string{"guide/show", "guide/id"}
	redirect := parcelFinding(doc, "parcels/no-redirect", spec.Recorded, "/response", "/x-rules/0", "status 200", "status 302")
	closed := parcelFinding(doc, "http/closed", spec.Documented, "/response", showPointer, "a response", "the connection was closed")
	unit := parcelFinding(doc, "parameter/enum", spec.Documented, "/request/query/unit", showPointer+"/parameters/1/schema/enum",
		"one of g, kg", `"lb"`)
	add := func(source report.Suite, id, operation string, status int, kept []string, findings ...contract.Finding) *report.Check {
		seen := []*spec.Node{}
		if operation == "showParcel" {
			seen = nodes(doc, showPointer, showPointer+"/parameters/1", showPointer+"/responses/200")
		}
		return judged(r, report.Check{ID: id, Suite: source, HTTP: status},
			contract.Result{Judged: true, Operation: operation, Findings: findings},
			slices.Concat(rules(doc, kept...), rules(other, kept...)), seen)
	}
	r.Add(report.Check{ID: "showParcel/first", Suite: report.Recordings, Status: report.Skip, Reason: "no key"})
	known := add(report.Recordings, "showParcel/recording=known", "showParcel", 200, nil, own, redirect)
	known.Status, known.Reason, known.Times = report.Known, "ticket 4712", 2
	unread := add(report.Traffic, "showParcel/traffic=200", "showParcel", 200, []string{"showParcel/own-parcel"}, unit)
	unread.Times, unread.Unchecked = 2, nodes(doc, showPointer+"/responses/200/headers/Parcel-Seen")
	add(report.Traffic, "traffic/GET /elsewhere", "", 302, nil, redirect, closed)
	add(report.Traffic, "showParcel/traffic=302", "showParcel", 302, []string{"parcels/weight", "parcels/no-redirect"}).Times = 3
	add(report.Traffic, "showParcel/traffic=none", "showParcel", 0, nil, closed, own)
	add(report.Probes, "listThings/a", "listThings", 404, []string{"things/order", "things/bounds"})
	for i := range 4 {
		c := add(report.Probes, fmt.Sprint("showParcel/unit=", i), "showParcel", 200, nil, own, unit)
		c.Repeat, c.Request, c.Response = "curl -i 'https://parcels.example.com/parcels/7'", "GET /parcels/7\n", "200 OK\n\n{}\n"
	}
	add(report.Probes, "listThings/b", "listThings", 200, nil)
	add(report.Documents, "listThings/examples", "listThings", 0, nil, redirect, redirect)
	r.Add(report.Check{ID: "showParcel/stale", Suite: report.Probes, Status: report.Fail, Reason: "it is listed as known failing, and passes"})
	r.Add(report.Check{ID: "traffic/dropped", Suite: report.Traffic, Status: report.Error,
		Reason: "3 exchanges came faster than they could be judged", Repeat: "quotaspec proxy"})
	r.Add(report.Check{ID: "listThings/c", Suite: report.Probes, Operation: "listThings", Status: report.Skip, Reason: "no key"})
	r.NotChecked = []report.NotChecked{{Method: "POST", Path: "/elsewhere", Reason: "the document has no such path", Times: 3}}
	return r
}

// consumerReport is a report of traffic that judges the consumer: a wrong request alone, one beside a wrong response, a wrong
// response alone, a near miss, and a known failure.
func consumerReport(t *testing.T) *report.Report {
	doc := parcels(t)
	r := &report.Report{Subject: "traffic.har", Documents: []*spec.Document{doc}, Side: contract.Consumer, FailOn: spec.Recorded}
	unit := parcelFinding(doc, "parameter/enum", spec.Documented, "/request/query/unit", showPointer+"/parameters/1/schema/enum",
		"one of g, kg", `"lb"`)
	header := parcelFinding(doc, "header/undocumented", spec.Undocumented, "/request/headers/x-trace", showPointer, "no such header", "1")
	own := parcelFinding(doc, "showParcel/own-parcel", spec.Documented, "/response", showPointer+"/x-rules/0",
		"The parcel in the response is the requested one, by its `id`.", `status 200 {"id":"8"}`)
	near := parcelFinding(doc, "path/near-miss", spec.Documented, "/request/path", showPointer, "the path /parcels/{parcel_id}", "/Parcels/7")
	add := func(id string, entry int, target string, nearMiss bool, findings ...contract.Finding) *report.Check {
		return judged(r, report.Check{
			ID: "showParcel/traffic=" + id, Suite: report.Traffic, HTTP: 200, Times: entry, NearMiss: nearMiss,
			Repeat:  fmt.Sprintf("entry %d of traffic.har: GET https://parcels.example.com%s", entry, target),
			Request: "GET " + target + "\n", Response: "200 OK\n\n{\"id\":\"8\"}",
		}, contract.Result{Judged: !nearMiss, Operation: "showParcel", Findings: findings}, nil,
			nodes(doc, showPointer, showPointer+"/parameters/1", showPointer+"/responses/200"))
	}
	add("200:header/undocumented,parameter/enum", 1, "/parcels/7?unit=lb", false, unit, header)
	add("200:parameter/enum,showParcel/own-parcel", 2, "/parcels/7?unit=lb", false, unit, own)
	add("200:showParcel/own-parcel", 3, "/parcels/7", false, own)
	add("404:path/near-miss", 4, "/Parcels/7", true, near)
	known := add("200:parameter/enum", 5, "/parcels/7?unit=t", false, unit)
	known.Status, known.Reason = report.Known, "ticket 4711"
	return r
}

// samples are all of the above.
func samples(t *testing.T) map[string]*report.Report {
	return map[string]*report.Report{
		"green": greenReport(t), "red": redReport(t), "empty": emptyReport(t), "stopped": stoppedReport(t), "hostile": hostileReport(t),
		"sourced": sourcedReport(t), "mixed": mixedReport(t), "consumer": consumerReport(t),
	}
}
