package contract_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestAllow compares the lists of methods in 405 and in responses to OPTIONS with the methods of the path.
func TestAllow(t *testing.T) {
	judge := newJudge(t, `openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things/mine:
    get: {responses: {'200': {description: x}}}
    post: {responses: {'200': {description: x}}}
  /things/{name}:
    parameters: [{name: name, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: x}}}
    delete: {responses: {'200': {description: x}, '405': {description: x}}}
    options: {responses: {'204': {description: x}}}
`)
	for _, test := range []struct {
		name, method, target string
		status               int
		allow                []string // header lines
		probe                spec.Probe
		want                 []string
	}{
		{name: "all", method: "PUT", target: "/things/mine", status: 405, allow: []string{"GET, POST"}},
		{name: "all, with those of every server", method: "PUT", target: "/things/mine", status: 405, allow: []string{"GET,HEAD", "OPTIONS, POST"}},
		{
			name: "one is missing", method: "PUT", target: "/things/mine", status: 405, allow: []string{"GET"},
			want: []string{"header/allow inferred: want the methods of the path: GET, POST, got GET"},
		},
		{
			name: "none", method: "PUT", target: "/things/mine", status: 405, allow: []string{""},
			want: []string{"header/allow inferred: want the methods of the path: GET, POST, got "},
		},
		{
			name: "one more", method: "PUT", target: "/things/mine", status: 405, allow: []string{"GET, PURGE, POST, TRACE"},
			want: []string{"header/allow undocumented: want no method PURGE, got GET, PURGE, POST, TRACE"},
		},
		{
			name: "one of a path that matches less exactly", method: "PUT", target: "/things/mine", status: 405,
			allow: []string{"GET, POST, DELETE"},
			want:  []string{"header/allow undocumented: want no method DELETE, got GET, POST, DELETE"},
		},
		{
			name: "methods in lower case", method: "PUT", target: "/things/mine", status: 405, allow: []string{"get, POST"},
			want: []string{
				"header/allow inferred: want the methods of the path: GET, POST, got get, POST",
				"header/allow undocumented: want no method get, got get, POST",
			},
		},
		{
			name: "options lack one", method: "OPTIONS", target: "/things/mine", status: 200, allow: []string{"GET, OPTIONS"},
			want: []string{"header/allow inferred: want the methods of the path: GET, POST, got GET, OPTIONS"},
		},
		{name: "documented options", method: "OPTIONS", target: "/things/a", status: 204, allow: []string{"GET, DELETE"}},
		{name: "documented options lack none", method: "PUT", target: "/things/a", status: 405, allow: []string{"GET, DELETE, OPTIONS"}},
		{
			name: "options lack another", method: "OPTIONS", target: "/things/a", status: 204, allow: []string{"GET"},
			want: []string{"header/allow inferred: want the methods of the path: DELETE, GET, got GET"},
		},
		{name: "a documented method", method: "DELETE", target: "/things/a", status: 405, allow: []string{"GET"}},
		{name: "another status", method: "PUT", target: "/things/mine", status: 404, allow: []string{"GET"}},
		{name: "an unknown path", method: "PUT", target: "/thing", status: 405, allow: []string{"GET"}, probe: spec.UnknownPath},
	} {
		ex := contract.Exchange{
			Probe: spec.OtherMethod, Request: contract.Request{Method: test.method, Target: test.target},
			Response: contract.Response{Status: test.status, Header: http.Header{"Allow": test.allow}},
		}
		if test.probe != "" {
			ex.Probe = test.probe
		}
		var got []string
		for _, f := range judge.Check(ex).Findings {
			if f.ID == "header/allow" {
				got = append(got, fmt.Sprintf("%s %s: want %s, got %s", f.ID, f.Evidence.Grade, f.Want, f.Got))
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
