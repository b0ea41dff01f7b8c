package contract_test

import (
	"fmt"
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
		{name: "undocumented, traffic", responses: `'200': {description: x}`, status: 500, want: []string{failed}},
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
