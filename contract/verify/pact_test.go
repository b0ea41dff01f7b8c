package verify

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// pactOf is a Pact file with these interactions.
func pactOf(interactions ...string) HAR {
	file := `{"consumer":{"name":"a"},"interactions":[` + strings.Join(interactions, ",") + `],"provider":{"name":"b"}}`
	return HAR{Name: "a-b.json", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(file)), nil }}
}

// interaction is a GET whose response has a body.
func interaction(description, path, body string) string {
	return fmt.Sprintf(`{"description":%q,"request":{"method":"GET","path":%q},`+
		`"response":{"status":200,"headers":{"Content-Type":"application/json"},"body":%s}}`, description, path, body)
}

// TestPact tests that each interaction is a check with an id and a place of its own, and that its findings fail the consumer.
func TestPact(t *testing.T) {
	const token = `"headers":{"Authorization":"Bearer tok-123456789"}`
	file := pactOf(
		interaction("all things", "/things", `{"kind":"a"}`),
		interaction("a  wrong-kind!", "/things", `{"kind":"c"}`),
		interaction("a wrong kind", "/things", `{"kind":"d"}`),
		interaction("", "/things", `{"kind":"e"}`),
		interaction("the owner", "/owners", `{}`),
		interaction("almost things", "/thing", `{}`),
		strings.Replace(interaction("with tok-123456789", "/things", `{}`), `"path"`, token+`,"path"`, 1),
	)
	const failed, passed = report.Fail, report.Pass
	want := []string{
		`listThings/pact=all-things interaction 1 "all things" of a-b.json: GET /things`,
		`listThings/pact=a-wrong-kind interaction 2 "a  wrong-kind!" of a-b.json: GET /things: schema/enum`,
		`listThings/pact=a-wrong-kind-2 interaction 3 "a wrong kind" of a-b.json: GET /things: schema/enum`,
		`listThings/pact=interaction-4 interaction 4 of a-b.json: GET /things: schema/enum`,
		`things/pact=the-owner interaction 5 "the owner" of a-b.json: GET /owners: path/undocumented`,
		`listThings/pact=almost-things interaction 6 "almost things" of a-b.json: GET /thing: path/near-miss`,
		`listThings/pact=with-redacted interaction 7 "with REDACTED" of a-b.json: GET /things`,
	}
	for _, test := range []struct {
		side contract.Side
		want report.Status // of an interaction with a finding
	}{
		{side: contract.Provider, want: passed},
		{side: contract.Consumer, want: failed},
		{side: contract.Both, want: failed},
	} {
		t.Run(string(test.side), func(t *testing.T) {
			r, err := Run(t.Context(), newTestJudges(t), Inputs{HAR: []HAR{file}}, Options{Side: test.side, FailOn: spec.Recorded})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range r.Checks {
				if c.Suite != report.Traffic {
					continue
				}
				line := c.ID + " " + c.Repeat
				wantStatus := passed
				for _, f := range append(c.Failures, c.Warnings...) {
					line += ": " + f.ID
					wantStatus = test.want
				}
				if c.Status != wantStatus {
					t.Errorf("%s has the status %s, want %s", c.ID, c.Status, wantStatus)
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(r.NotChecked) > 0 {
				t.Errorf("not checked: %v", r.NotChecked)
			}
		})
	}
}

// TestPactOfManyInteractions tests that the last of many interactions is judged, also if all have the same words.
func TestPactOfManyInteractions(t *testing.T) {
	list := []string{interaction("a thing 2", "/things", `{}`)}
	for range maxGroups + 1 {
		list = append(list, interaction("a thing", "/things", `{}`))
	}
	file := pactOf(append(list, interaction("a thing", "/things", `{"kind":"c"}`))...)
	r, err := Run(t.Context(), newTestJudges(t), Inputs{HAR: []HAR{file}}, Options{Side: contract.Consumer, FailOn: spec.Recorded})
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, c := range r.Checks {
		ids[c.ID] = true
	}
	last := r.Checks[len(r.Checks)-1]
	if last.Status != report.Fail || last.ID != fmt.Sprintf("listThings/pact=a-thing-%d", maxGroups+3) || len(ids) != len(r.Checks) {
		t.Errorf("got %d ids of %d checks, the last is %s and has the status %s", len(ids), len(r.Checks), last.ID, last.Status)
	}
}

// TestPactOfSeveralDocuments tests that a near miss of any document explains an unknown path better than none.
func TestPactOfSeveralDocuments(t *testing.T) {
	const others = `{openapi: 3.0.3, info: {title: a, version: b}, paths: {/owners: {get: {operationId: listOwners, responses: {'200': {}}}}}}`
	doc, err := spec.Read("owners.yaml", []byte(others), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	judges := append(newTestJudges(t), judge)
	for _, test := range []struct{ name, path, want string }{
		{name: "in the first", path: "/thing", want: "path/near-miss things.yaml:5"},
		{name: "in the last", path: "/owner", want: "path/near-miss owners.yaml:1:56"},
		{name: "in none", path: "/roads", want: "path/undocumented things.yaml:4"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			file := pactOf(interaction("it", test.path, "{}"), interaction("things", "/things", "{}"))
			r, err := Run(t.Context(), judges, Inputs{HAR: []HAR{file}}, Options{Side: contract.Consumer, FailOn: spec.Recorded})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range r.Checks {
				for _, f := range c.Failures {
					got = append(got, f.ID+" "+f.Place())
				}
			}
			if diff := cmp.Diff([]string{test.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
