// Package twojudges holds the judge beside others: kin-openapi and libopenapi-validator judge every exchange that we have, and
// generated values. It is a module of its own, so that nobody who uses quotaspec downloads the other judges.
package twojudges

import (
	"fmt"
	"testing"
)

// TestDisagreementIsNoticed holds that a judge which falls silent, or raises a false alarm, would be found out.
func TestDisagreementIsNoticed(t *testing.T) {
	for _, test := range []struct {
		name         string
		ours, theirs []string
		want         string
	}{
		{"both find fault", []string{"schema/type"}, []string{"schema/"}, "[]"},
		{"neither does", nil, nil, "[]"},
		{"only we, twice the same", []string{"schema/type", "schema/type", "schema/enum"}, nil,
			"[we find schema/enum at the response of x we find schema/type at the response of x]"},
		{"only they", nil, []string{"response/statusCode"}, "[they find response/statusCode at the response of x]"},
		{"what only we can see", []string{"framing/chunked"}, nil, "[]"},
		{"a false alarm beside it", []string{"framing/chunked"}, []string{"response/schema"},
			"[they find response/schema at the response of x]"},
		{"silence beside what only they see", []string{"schema/type"}, []string{"strict/undeclared-header/server"},
			"[we find schema/type at the response of x]"},
		{"listed, with another side", []string{"method/undocumented"}, nil, "[we find method/undocumented at the response of x]"},
		{"listed", []string{"header/doubled"}, nil, "[]"},
	} {
		sum := tally{kinds: make([]int, len(exchangeKinds))}
		got := fmt.Sprint(sum.add("libopenapi-validator", side{exchange: "x", name: "response", ours: test.ours, theirs: test.theirs}))
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}
