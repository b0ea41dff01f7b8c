package contract_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// listing makes a document of one operation with these responses.
func listing(responses string) string {
	return `openapi: 3.1.0
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses: {` + responses + `}
`
}

// probed judges a response without a body to a probe of listThings.
func probed(t *testing.T, responses string, probe spec.Probe, status int) contract.Result {
	t.Helper()
	return newJudge(t, listing(responses)).Check(contract.Exchange{
		Probe: probe, Request: contract.Request{Method: "GET", Target: "/things"}, Response: contract.Response{Status: status},
	})
}

// TestServerErrors judges failures of the provider: an undocumented one has an id of its own in traffic, and each has it as the
// response to a probe, also if the document lists the status.
func TestServerErrors(t *testing.T) {
	const failed = "status/server-error documented"
	for _, test := range []struct {
		name      string
		responses string
		probe     spec.Probe
		status    int
		want      []string // id and grade
	}{
		{name: "undocumented, traffic", responses: `'200': {description: x}`, status: 500, want: []string{"status/undocumented documented"}},
		{name: "documented, traffic", responses: `'200': {description: x}, '503': {description: x}`, status: 503},
		{name: "by default, traffic", responses: `'200': {description: x}, default: {description: x}`, status: 500},
		{
			name: "undocumented, valid request", responses: `'200': {description: x}`, probe: spec.ValidRequest, status: 502,
			want: []string{failed},
		},
		{
			name: "documented, valid request", responses: `'200': {description: x}, '503': {description: x}`,
			probe: spec.ValidRequest, status: 503, want: []string{failed},
		},
		{
			name: "undocumented, wrong request", responses: `'200': {description: x}, '400': {description: x}`,
			probe: spec.InvalidParameter, status: 500, want: []string{failed},
		},
		{
			name: "by default, wrong request", responses: `'200': {description: x}, default: {description: x}`,
			probe: spec.InvalidParameter, status: 500, want: []string{failed},
		},
		{
			name: "no refusal is listed, wrong request", responses: `'200': {description: x}`, probe: spec.InvalidParameter, status: 500,
			want: []string{failed},
		},
		{
			name: "by default, unknown resource", responses: `'200': {description: x}, default: {description: x}`,
			probe: spec.UnknownResource, status: 500, want: []string{failed},
		},
		{
			name: "nothing is listed", probe: spec.ValidRequest, status: 500,
			want: []string{"status/server-error undocumented", failed},
		},
	} {
		v := probed(t, test.responses, test.probe, test.status)
		var got []string
		for _, f := range v.Findings {
			got = append(got, f.ID+" "+f.Evidence.Grade.String())
			if !f.IsServerError() {
				t.Errorf("%s: %s is no server error", test.name, f.ID)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: ids and grades (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestIsServerError asks findings whether the provider failed.
func TestIsServerError(t *testing.T) {
	for _, test := range []struct {
		name    string
		finding contract.Finding
		want    bool
	}{
		{name: "by a rule of the document", finding: contract.Finding{ID: "api/rule", Pointer: "/response/status", Got: "500"}, want: true},
		{name: "a refusal", finding: contract.Finding{ID: "status/undocumented", Pointer: "/response/status", Got: "404"}},
		{name: "an invalid status", finding: contract.Finding{ID: "status/invalid", Pointer: "/response/status", Got: "5000"}},
		{name: "another method", finding: contract.Finding{ID: "status/no-answer", Pointer: "/response/status", Got: "501"}},
		{name: "a number elsewhere", finding: contract.Finding{ID: "schema/type", Pointer: "/response/body", Got: "500"}},
	} {
		if got := test.finding.IsServerError(); got != test.want {
			t.Errorf("%s: got %t, want %t", test.name, got, test.want)
		}
	}
}

// TestOperationsWithoutSuccess judges probes of operations that list no 2XX: what is listed is what they expect.
func TestOperationsWithoutSuccess(t *testing.T) {
	for _, test := range []struct {
		name, responses string
		probe           spec.Probe
		right, wrong    []int
	}{
		{name: "only a refusal", responses: `'401': {description: x}`, probe: spec.ValidRequest, right: []int{401}, wrong: []int{200, 404}},
		{
			name: "only a refusal, wrong request", responses: `'401': {description: x}`, probe: spec.InvalidParameter, right: []int{401},
			wrong: []int{200, 400},
		},
		{
			name: "only a range of refusals", responses: `4XX: {description: x}`, probe: spec.ValidRequest, right: []int{400, 404},
			wrong: []int{200, 500},
		},
		{name: "only a failure", responses: `'501': {description: x}`, probe: spec.ValidRequest, right: []int{501}, wrong: []int{200, 500}},
		{
			name: "only the default", responses: `default: {description: x}`, probe: spec.ValidRequest, right: []int{200, 302, 404},
			wrong: []int{429, 500},
		},
		{
			name: "only the default, wrong request", responses: `default: {description: x}`, probe: spec.InvalidParameter, right: []int{400},
			wrong: []int{200, 500},
		},
		{
			name: "the default and a refusal", responses: `default: {description: x}, '404': {description: x}`, probe: spec.ValidRequest,
			right: []int{200, 204, 302}, wrong: []int{400, 404, 500},
		},
		{
			name: "a success and the default", responses: `default: {description: x}, '200': {description: x}`, probe: spec.ValidRequest,
			right: []int{200}, wrong: []int{201, 302, 404},
		},
	} {
		var right []int
		for _, status := range slices.Concat(test.right, test.wrong) {
			if v := probed(t, test.responses, test.probe, status); len(v.Findings) == 0 {
				right = append(right, status)
			}
		}
		if diff := cmp.Diff(test.right, right); diff != "" {
			t.Errorf("%s: right statuses (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestMethodsThatNobodyHas judges failures at an undocumented method: they prove nothing, and break no documented promise.
func TestMethodsThatNobodyHas(t *testing.T) {
	for _, test := range []struct {
		name   string
		probe  spec.Probe
		target string
		status int
		want   []string
	}{
		{name: "not implemented", probe: spec.OtherMethod, target: "/things", status: 501, want: []string{"status/no-answer inferred"}},
		{name: "failed", probe: spec.OtherMethod, target: "/things", status: 500, want: []string{"status/no-answer inferred"}},
		{name: "throttled", probe: spec.OtherMethod, target: "/things", status: 429, want: []string{"status/no-answer documented"}},
		{name: "refused", probe: spec.OtherMethod, target: "/things", status: 404},
		{name: "an unknown path", probe: spec.UnknownPath, target: "/thing", status: 500, want: []string{"status/no-answer documented"}},
	} {
		v := newJudge(t, listing(`'200': {description: x}`)).Check(contract.Exchange{
			Probe: test.probe, Request: contract.Request{Method: "PUT", Target: test.target},
			Response: contract.Response{Status: test.status},
		})
		var got []string
		for _, f := range v.Findings {
			got = append(got, fmt.Sprint(f.ID, " ", f.Evidence.Grade))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestInventedValues judges refusals of requests with values that nobody said to be right.
func TestInventedValues(t *testing.T) {
	const responses = "'200': {description: Some.}, '4XX': {description: No.}"
	const only200, only404 = "'200': {description: Some.}", "'200': {description: Some.}, '404': {description: No.}"
	for _, test := range []struct {
		name      string
		responses string
		probe     spec.Probe
		status    int
		known     bool // the values are not invented
		want      []string
	}{
		{name: "documented", responses: responses, probe: spec.ValidRequest, status: 404, want: []string{"status/valid-request inferred"}},
		{name: "known", responses: responses, probe: spec.ValidRequest, status: 404, known: true,
			want: []string{"status/valid-request documented"}},
		{name: "taken", responses: responses, probe: spec.ValidRequest, status: 423, want: []string{"status/valid-request inferred"}},
		{name: "credentials", responses: responses, probe: spec.ValidRequest, status: 401,
			want: []string{"status/valid-request documented"}},
		{name: "media type", responses: responses, probe: spec.ValidRequest, status: 415,
			want: []string{"status/valid-request documented"}},
		{name: "undocumented", responses: only200, probe: spec.ValidRequest, status: 404, want: []string{"status/undocumented documented"}},
		{name: "undocumented and known", responses: only200, probe: spec.ValidRequest, status: 404, known: true,
			want: []string{"status/undocumented documented", "status/valid-request documented"}},
		{name: "server error", responses: responses, probe: spec.ValidRequest, status: 500, want: []string{"status/server-error documented"}},
		{name: "another success", responses: only404, probe: spec.ValidRequest, status: 201,
			want: []string{"status/undocumented documented", "status/valid-request documented"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := []string{}
			result := newJudge(t, listing(test.responses)).Check(contract.Exchange{
				Probe: test.probe, Invented: !test.known, Request: contract.Request{Method: "GET", Target: "/things"},
				Response: contract.Response{Status: test.status, Header: http.Header{"Www-Authenticate": {"Basic"}}},
			})
			for _, f := range result.Findings {
				got = append(got, f.ID+" "+f.Evidence.Grade.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("ids and grades (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRefusedTwice judges the probe repeat of a request that the provider refuses: the plain request shows that already.
func TestRefusedTwice(t *testing.T) {
	const responses = "'200': {description: Some.}, '4XX': {description: No.}"
	for _, test := range []struct {
		first, second int
		want          []string
	}{
		{first: 404, second: 404, want: nil},
		{first: 404, second: 200, want: []string{"status/repeat"}},
		{first: 200, second: 404, want: []string{"status/repeat"}},
		{first: 500, second: 500, want: []string{"status/server-error"}},
	} {
		result := newJudge(t, listing(responses)).Check(contract.Exchange{
			Probe: spec.Repeat, Request: contract.Request{Method: "GET", Target: "/things"},
			Previous: &contract.Response{Status: test.first}, Response: contract.Response{Status: test.second},
		})
		if got := idsOf(result); !slices.Equal(got, test.want) {
			t.Errorf("%d and %d: got %s, want %s", test.first, test.second, got, test.want)
		}
	}
}

// TestUnknownFilter judges responses to an id that nothing has: an empty list has nothing of what does not exist.
func TestUnknownFilter(t *testing.T) {
	for _, test := range []struct {
		body string
		want []string
	}{
		{body: " [ ]\n", want: nil},
		{body: "[{}]", want: []string{"status/unknown-resource"}},
		{body: "{}", want: []string{"status/unknown-resource"}},
	} {
		responses := "'200': {description: Some., content: {application/json: {}}}, '404': {description: No.}"
		result := newJudge(t, listing(responses)).Check(contract.Exchange{
			Probe: spec.UnknownResource, Request: contract.Request{Method: "GET", Target: "/things"},
			Response: contract.Response{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(test.body)},
		})
		if got := idsOf(result); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %s, want %s", test.body, got, test.want)
		}
	}
}
