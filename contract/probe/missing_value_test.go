package probe_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/probe"
)

// TestMissingKeys checks the keys that a skipped probe names for the config.
func TestMissingKeys(t *testing.T) {
	own := map[string]string{"account": "a1"}
	for _, test := range []struct {
		name       string
		principals probe.Principals
		id         string
		want       [][]string
	}{
		{
			name: "a value", principals: probe.Principals{probe.Reader: {}}, id: "list/plain",
			want: [][]string{{"values", "list.account", "…"}},
		},
		{
			name:       "a value that another principal has",
			principals: probe.Principals{probe.Reader: {Values: map[string]string{}}, probe.Stranger: {Values: own}}, id: "list/plain",
			want: [][]string{{"principals", "reader", "values", "account", "…"}},
		},
		{name: "nothing", principals: probe.Principals{probe.Reader: {Values: own}}, id: "list/plain"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, p := range probe.Derive(judge(t, "accounts.yaml", accounts), test.principals) {
				if p.ID != test.id {
					continue
				}
				if diff := cmp.Diff(test.want, p.Missing); diff != "" {
					t.Errorf("missing (-want +got):\n%s", diff)
				}
				if p.SkipFor("no"); p.Missing != nil {
					t.Errorf("a probe that is skipped for another reason has %v", p.Missing)
				}
			}
		})
	}
}

// accounts is a document in which the account is a path parameter without an example.
const accounts = `openapi: 3.0.3
info: {title: Accounts, version: 1.0.0}
paths:
  /accounts/{account}/things/{thing}:
    get:
      operationId: list
      parameters:
        - {name: account, in: path, required: true, schema: {type: string}}
        - {name: thing, in: path, required: true, example: t1, schema: {type: string}}
      responses:
        '200': {description: Done.}
        '403':
          description: Not yours.
          content: {application/json: {schema: {type: object}}}
          x-error-codes: {at: /code, codes: [{code: A.1, message: Not yours., when: other-account}]}
`

// TestMissingValue checks what the skip reason tells the user to do about a missing value of a path parameter: give it to
// the principals if one of them has it, else to all.
func TestMissingValue(t *testing.T) {
	const different = `the principals "reader" and "stranger" need different values of the path parameter account or thing`
	const unknown = "since no value that exists on the provider is known for the path parameter account"
	own := map[string]string{"account": "a1"}
	for _, test := range []struct {
		name       string
		principals probe.Principals
		id, skip   string
	}{
		{
			name: "no principal has it", principals: probe.Principals{probe.Reader: {}}, id: "list/plain",
			skip: "add values: {list.account: …} to quotaspec.yaml: 3 probes of list were not sent, " + unknown,
		},
		{
			name:       "another principal has it",
			principals: probe.Principals{probe.Reader: {Values: map[string]string{}}, probe.Stranger: {Values: own}}, id: "list/plain",
			skip: "add principals: {reader: {values: {account: …}}} to quotaspec.yaml: 3 probes of list were not sent, " + unknown,
		},
		{name: "the reader has it", principals: probe.Principals{probe.Reader: {Values: own}}, id: "list/plain"},
		{
			name: "no stranger", principals: probe.Principals{probe.Reader: {Values: own}},
			id: "list/other-account", skip: different,
		},
		{
			name: "a stranger of the same account", principals: probe.Principals{probe.Reader: {Values: own}, probe.Stranger: {Values: own}},
			id: "list/other-account", skip: different,
		},
		{
			name: "a stranger of another account",
			principals: probe.Principals{
				probe.Reader: {Values: own}, probe.Stranger: {Values: map[string]string{"account": "a2"}},
			},
			id: "list/other-account",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			found := false
			for _, p := range probe.Derive(judge(t, "accounts.yaml", accounts), test.principals) {
				if p.ID != test.id {
					continue
				}
				found = true
				if p.Skip != test.skip {
					t.Errorf("got skip %q, want %q", p.Skip, test.skip)
				}
			}
			if !found {
				t.Errorf("there is no probe %s", test.id)
			}
		})
	}
}
