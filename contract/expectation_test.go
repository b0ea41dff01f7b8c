package contract_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi/spec"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// ranges is a document that lists refusals as a range, a default and exact statuses.
const ranges = `openapi: 3.0.3
info: {title: Ranges, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        default:
          description: Ours.
          x-error-codes: {at: /code, codes: [{code: T.1, message: No., when: no-permission}]}
        4XX:
          description: Yours.
          x-error-codes: {at: /code, codes: [{code: T.2, message: No., when: [no-credentials, other-account]}]}
        2XX: {description: Done.}
        '204': {description: None.}
        '401':
          description: Who?
          x-error-codes: {at: /code, codes: [{code: T.3, message: No., when: no-permission}]}
        '404':
          description: None.
          x-error-codes: {at: /code, codes: [{code: T.4, message: No., when: other-account}]}
    put:
      operationId: putThing
      responses:
        default: {description: Ours.}
        '204': {description: Put.}
        '409': {description: It is there.}
`

// TestStatusesOfProbes checks which status is right for a probe: the most exact response of the document decides what a
// status is for.
func TestStatusesOfProbes(t *testing.T) {
	judge := newJudge(t, ranges)
	for _, test := range []struct {
		name         string
		probe        spec.Probe
		method       string
		right, wrong []int
	}{
		{
			name: "a range names the probe", probe: "no-credentials", method: "GET", right: []int{400, 403, 499},
			wrong: []int{200, 401, 404, 429, 500},
		},
		{
			name: "a range and an exact status name the probe", probe: "other-account", method: "GET", right: []int{403, 404},
			wrong: []int{401, 429, 503},
		},
		{
			name: "a default and an exact status name the probe", probe: "no-permission", method: "GET", right: []int{401},
			wrong: []int{200, 204, 302, 403, 404, 500},
		},
		{
			name: "success by a range and an exact status", probe: spec.ValidRequest, method: "GET", right: []int{200, 204, 299},
			wrong: []int{302, 400, 500},
		},
		{
			name: "success by an exact status, a conflict beside it", probe: spec.ValidRequest, method: "PUT",
			right: []int{204, 409}, wrong: []int{200, 400},
		},
		{name: "a probe that no response names", probe: "no-credentials", method: "PUT", right: []int{401, 403}, wrong: []int{204, 404}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var right []int
			for _, status := range slices.Sorted(slices.Values(slices.Concat(test.right, test.wrong))) {
				v := judge.Check(contract.Exchange{
					Probe: test.probe, Request: contract.Request{
						Method: test.method, Target: "/things"}, Response: contract.Response{Status: status},
				})
				ids := idsOf(v)
				if !slices.Contains(ids, "status/"+string(test.probe)) && !slices.Contains(ids, "status/server-error") {
					right = append(right, status)
				}
			}
			if diff := cmp.Diff(test.right, right); diff != "" {
				t.Errorf("right statuses (-want +got):\n%s", diff)
			}
		})
	}
}

// TestProbeRulesOfOneOperation checks that a rule about a probe concerns the probes of the operation that carries it and
// of no other, with an expression and without.
func TestProbeRulesOfOneOperation(t *testing.T) {
	for _, rule := range []string{"probe: no-permission", "probe: no-permission, " + cel("response.status == 403")} {
		judge := newJudge(t, withRules("operation", rule))
		for _, test := range []struct {
			name, method   string
			status         int
			broken, passed []string
		}{
			{name: "its own, broken", method: "GET", status: 404, broken: []string{"listThings/operation-1"}},
			{name: "its own, passed", method: "GET", status: 403, passed: []string{"listThings/operation-1"}},
			{name: "another's, refused otherwise", method: "PUT", status: 404, broken: []string{"status/no-permission"}},
			{name: "another's, refused alike", method: "PUT", status: 403},
		} {
			ex := as("no-permission", get(test.status, ``))
			ex.Request.Method, ex.Response.Header = test.method, nil
			v := judge.Check(ex)
			var broken []string
			for _, f := range v.Findings {
				if strings.HasPrefix(f.ID, "status/") || strings.HasSuffix(f.ID, "-1") {
					broken = append(broken, f.ID)
				}
			}
			if diff := cmp.Diff(test.broken, broken); diff != "" {
				t.Errorf("%s, %s: broken (-want +got):\n%s", rule, test.name, diff)
			}
			if diff := cmp.Diff(test.passed, contract.PassedIDs(v)); diff != "" {
				t.Errorf("%s, %s: passed (-want +got):\n%s", rule, test.name, diff)
			}
		}
	}
}

// TestStatusOfProbes checks the status of probes that no rule is about.
func TestStatusOfProbes(t *testing.T) {
	const no = `{"size":1,"code":"T.1"}`
	withDefault := strings.Replace(withRules(), "        '404': {description: None.}", "        default: {description: Any other.}", 1)
	for _, test := range []struct {
		name, document string
		ex             contract.Exchange
		want           []string
	}{
		{name: "a valid request", document: withRules(), ex: as(spec.ValidRequest, get(200, `{}`))},
		{
			name: "a valid request, refused", document: withRules(), ex: as(spec.ValidRequest, get(403, no)),
			want: []string{"status/valid-request"},
		},
		{
			name: "a valid request, throttled", document: withRules(), ex: as(spec.ValidRequest, get(429, ``)),
			want: []string{"status/valid-request"},
		},
		{name: "a valid request, sent again", document: withRules(), ex: as("repeat", get(500, ``)), want: []string{"status/server-error"}},
		{name: "a probe with statuses", document: withRules(), ex: as("no-permission", get(403, no))},
		{
			name: "a probe with statuses, granted", document: withRules(), ex: as("no-permission", get(200, `{}`)),
			want: []string{"status/no-permission"},
		},
		{
			name: "a probe with statuses, another", document: withRules(), ex: as("no-permission", get(404, ``)),
			want: []string{"status/no-permission"},
		},
		{name: "a probe without statuses", document: withRules(), ex: as("invalid-parameter", get(404, ``))},
		{
			name: "a probe without statuses, granted", document: withRules(), ex: as("invalid-parameter", get(200, `{}`)),
			want: []string{"status/invalid-parameter"},
		},
		{
			name: "a probe without statuses, throttled", document: withRules(), ex: as("invalid-parameter", get(429, ``)),
			want: []string{"status/invalid-parameter"},
		},
		{
			name: "a probe without statuses, failed", document: withRules(), ex: as("invalid-parameter", get(500, ``)),
			want: []string{"status/server-error"},
		},
		{name: "a probe with only the default", document: withDefault, ex: as("invalid-parameter", get(400, ``))},
		{
			name: "a probe with only the default, granted", document: withDefault,
			ex: as("invalid-parameter", get(200, `{}`)), want: []string{"status/invalid-parameter"},
		},

		// A rule of the probe that does not apply to the response does not make it right.
		{
			name:     "a premise that does not hold",
			document: withRules("operation", "probe: no-permission, "+cel("response.status == 403 ? response.body.size == 1 : true")),
			ex:       as("no-permission", get(200, `{}`)), want: []string{"status/no-permission"},
		},
		{
			name:     "a body that cannot be judged",
			document: withRules("operation", "probe: no-permission, "+cel("response.status == 403 && response.body.size == 1")),
			ex:       as("no-permission", get(200, `{"items":1}`)), want: []string{"schema/type", "status/no-permission"},
		},
		{
			name: "a rule that decides", document: withRules("operation", "probe: no-permission, "+cel("response.status == 403")),
			ex: as("no-permission", get(200, `{}`)), want: []string{"listThings/operation-1"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := newJudge(t, test.document).Check(test.ex)
			if diff := cmp.Diff(test.want, idsOfAll(v)); diff != "" || len(v.Errors) > 0 {
				t.Errorf("ids (-want +got):\n%serrors %v\n%s", diff, v.Errors, lines(v))
			}
			for _, f := range v.Findings {
				if strings.TrimSpace(f.Want) == "" {
					t.Errorf("%s does not say what it wants", f.ID)
				}
			}
		})
	}
}

// idsOfAll is nil where there are none.
func idsOfAll(v contract.Result) []string { return append([]string(nil), idsOf(v)...) }
