package contract_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const changeDocument = `openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      responses: {'200': {description: One., content: {application/json: {schema: {type: object, properties: {size: {type: string}}}}}}, '404': {description: None.}}
`

// TestChange reads a resource before and after a change: a member that the change has set in vain is a finding.
func TestChange(t *testing.T) {
	file := filepath.Join(t.TempDir(), "things.yaml")
	if err := os.WriteFile(file, []byte(changeDocument), 0o600); err != nil {
		t.Fatal(err)
	}
	judge, err := contract.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	const leak, sentLeak = "Zk7LeakOfAChange", "Qm3WhatTheChangeSent"
	for _, test := range []struct {
		name, before, sent, now string
		status                  int
		want                    []string // pointers
	}{
		{name: "changed", before: `{"name": "a"}`, sent: `{"name": "b"}`, now: `{"name": "b"}`, want: []string{}},
		{name: "in vain", before: `{"name": "a", "n": 1}`, sent: `{"name": "b", "n": 2}`, now: `{"name": "a", "n": 1.0}`,
			want: []string{"/response/body/name", "/response/body/n"}},
		{name: "normalised", before: `{"name": "a"}`, sent: `{"name": " B"}`, now: `{"name": "b"}`, want: []string{}},
		{name: "the same", before: `{"name": "a"}`, sent: `{"name": "a"}`, now: `{"name": "a"}`, want: []string{}},
		{name: "not shown", before: `{"id": 1}`, sent: `{"password": "b"}`, now: `{"id": 1}`, want: []string{}},
		{name: "a list", before: `{"tags": []}`, sent: `{"tags": ["a"]}`, now: `{"tags": []}`, want: []string{}},
		{name: "of the wrong type", before: `{"size": 1}`, sent: `{"size": "L"}`, now: `{"size": 1}`, want: []string{}},
		{name: "a refusal", before: `{"name": "a"}`, sent: `{"name": "b"}`, now: `{"name": "a"}`, status: 404, want: []string{}},
		{name: "no JSON", before: `name`, sent: `{"name": "b"}`, now: `{"name": "a"}`, want: []string{}},
		{name: "a secret", before: `{"password": "` + leak + `"}`, sent: `{"password": "` + sentLeak + `"}`, now: `{"password": "` + leak + `"}`,
			want: []string{"/response/body/password"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			header := http.Header{"Content-Type": {"application/json"}}
			status := max(test.status, 200)
			result := judge.Check(contract.Exchange{
				Request:  contract.Request{Method: "GET", Target: "/things/7", Header: http.Header{"Host": {"localhost"}}},
				Response: contract.Response{Status: status, Header: header, Body: []byte(test.now)},
				Change: &contract.Change{
					Before:  contract.Response{Status: 200, Header: header, Body: []byte(test.before)},
					Request: contract.Request{Method: "PUT", Target: "/things/7", Header: header, Body: []byte(test.sent)},
				},
			})
			got := []string{}
			for _, f := range result.Findings {
				if f.ID == "member/unchanged" {
					got = append(got, f.Pointer)
				}
				if f.ID == "member/unchanged" && f.Evidence.Grade != spec.Inferred {
					t.Errorf("grade %s", f.Evidence.Grade)
				}
				if text := f.Want + f.Got; strings.Contains(text, leak) || strings.Contains(text, sentLeak) {
					t.Errorf("a secret is shown: %s", f)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
