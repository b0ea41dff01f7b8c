package report_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestCoverageByTheJudge checks that coverage lists what the judge covered, passed and found.
func TestCoverageByTheJudge(t *testing.T) {
	doc := parcels(t)
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, body, want string
	}{
		{name: "kept", body: `{"id":"7","weight":3}`,
			want: "operation showParcel kept, parameter parcel_id in path kept, parameter unit in query kept, status 200 kept, " +
				"media type 200 application/json kept, header 200 Parcel-Seen kept, enum value schema g kept, promise showParcel/own-parcel kept, " +
				"promise parcels/no-redirect kept, promise parcels/weight kept"},
		{name: "two promises broken", body: `{"id":"8","weight":0}`,
			want: "operation showParcel broken, parameter parcel_id in path kept, parameter unit in query kept, status 200 broken, " +
				"media type 200 application/json kept, header 200 Parcel-Seen kept, enum value schema g kept, promise showParcel/own-parcel broken, " +
				"promise parcels/no-redirect kept, promise parcels/weight warned"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{Documents: []*spec.Document{doc}, FailOn: spec.Recorded}
			r.AddJudged(report.Check{ID: "showParcel/plain", Suite: report.Probes, HTTP: 200}, judge.Check(contract.Exchange{
				Request: contract.Request{Method: http.MethodGet, Target: "/parcels/7?unit=g", Header: http.Header{}},
				Response: contract.Response{
					Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}, "Parcel-Seen": {"today"}}, Body: []byte(test.body),
				},
			}))
			got := []string{}
			for _, p := range r.Coverage() {
				if p.State != report.NotObserved {
					got = append(got, string(p.Kind)+" "+p.Label+" "+string(p.State))
				}
			}
			if diff := cmp.Diff(strings.Split(test.want, ", "), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestCoverageOfSharedHeaders checks that a wrong header breaks the part of its own response, not that of the other
// responses with the same header.
func TestCoverageOfSharedHeaders(t *testing.T) {
	doc := document(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        '200': {description: Things., headers: {Left: {$ref: '#/components/headers/Left'}}}
        '404': {description: None., headers: {Left: {$ref: '#/components/headers/Left'}}}
components: {headers: {Left: {required: true, schema: {type: integer}}}}
`)
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		header http.Header
		want   string
	}{
		{name: "wrong", header: http.Header{"Left": {"many"}}, want: "200 Left broken, 404 Left not observed"},
		{name: "missing", header: http.Header{}, want: "200 Left broken, 404 Left not observed"},
		{name: "right", header: http.Header{"Left": {"7"}}, want: "200 Left kept, 404 Left not observed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{Documents: []*spec.Document{doc}, FailOn: spec.Recorded}
			r.AddJudged(report.Check{ID: "listThings/plain", Suite: report.Probes, HTTP: 200}, judge.Check(contract.Exchange{
				Request:  contract.Request{Method: http.MethodGet, Target: "/things", Header: http.Header{}},
				Response: contract.Response{Status: http.StatusOK, Header: test.header},
			}))
			got := []string{}
			for _, p := range r.Coverage() {
				if p.Kind == report.KindHeader {
					got = append(got, p.Label+" "+string(p.State))
				}
			}
			if strings.Join(got, ", ") != test.want {
				t.Errorf("got %s, want %s", strings.Join(got, ", "), test.want)
			}
		})
	}
}

// TestPromisesOfOneName checks that two documents may have promises with the same id. Each is kept or broken on its own.
func TestPromisesOfOneName(t *testing.T) {
	one, other := document(t, "one/things.yaml", things),
		document(t, "other/things.yaml", strings.ReplaceAll(things, "listThings", "countThings"))
	r := &report.Report{Documents: []*spec.Document{one, other}, FailOn: spec.Recorded}
	judged(r, report.Check{ID: "listThings/plain", Suite: report.Probes, HTTP: 200},
		contract.Result{Judged: true, Operation: "listThings", Findings: []contract.Finding{
			{ID: "things/bounds", Pointer: "/response", Node: one.Rules[0].Node},
		}}, one.Rules[1:2], nil)
	got := []string{}
	for _, p := range r.Coverage() {
		if p.Kind == report.KindPromise {
			got = append(got, p.Place+" "+string(p.State))
		}
	}
	want := []string{
		"one/things.yaml:4 broken", "one/things.yaml:5 kept", "one/things.yaml:6 not observed",
		"other/things.yaml:4 not observed", "other/things.yaml:5 not observed", "other/things.yaml:6 not observed",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("promises (-want +got):\n%s", diff)
	}
	r.AddJudged(report.Check{ID: "traffic/GET /elsewhere", Suite: report.Traffic, HTTP: 404},
		contract.Result{Judged: true, Findings: []contract.Finding{
			{ID: "things/bounds", Pointer: "/response", Node: one.Rules[0].Node},
		}})
	const rows = "things/bounds: broken\n  things/order: not-observed\n  things/repeatable: not-observed\n  things/bounds: not-observed\n"
	if _, grid, _ := strings.Cut(r.GridText(), "of no operation:"); !strings.Contains(grid, rows) {
		t.Errorf("got %s\nwant in it %s", grid, rows)
	}
}

// TestCoverageOfRefused checks that an operation that cannot be judged is one part, which is not observed.
func TestCoverageOfRefused(t *testing.T) {
	doc := document(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get: {operationId: listThings, parameters: [{$ref: '#/none'}], responses: {'200': {description: Things.}}}
`)
	got := []string{}
	for _, p := range (&report.Report{Documents: []*spec.Document{doc}}).Coverage() {
		got = append(got, string(p.Kind)+" "+p.Label+" "+string(p.State))
	}
	if diff := cmp.Diff([]string{"operation listThings not observed"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestSourcesOfFurtherFiles checks that a finding in a further file of the document has the pages of the document.
func TestSourcesOfFurtherFiles(t *testing.T) {
	doc, err := spec.Read("things.yaml", []byte(`openapi: 3.0.3
info: {title: Things, version: '1'}
x-sources: {manual: {title: The manual, url: 'https://example.com/manual', edition: '3'}}
paths: {/things: {$ref: item.yaml}}
`), func(string) ([]byte, error) {
		return []byte("get: {operationId: listThings, responses: {'200': {description: Things.}}}\n"), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r := &report.Report{Documents: []*spec.Document{parcels(t), doc}, FailOn: spec.Recorded}
	r.AddJudged(probed("a"), broken(contract.Finding{
		ID: "status/undocumented", Evidence: spec.Evidence{Source: []string{"manual/table1"}}, Pointer: "/response/status",
		Node: doc.Operations[0].Node,
	}))
	if out, want := write(t, "markdown", r), "promise: `item.yaml:1`, documented: "+
		"[manual/table1](https://example.com/manual)"; !strings.Contains(out, want) {
		t.Errorf("no %s in\n%s", want, out)
	}
}
