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
		{name: "both find fault", ours: []string{"schema/type"}, theirs: []string{"schema/"}, want: "[]"},
		{name: "neither does", want: "[]"},
		{
			name: "only we, twice the same", ours: []string{"schema/type", "schema/type", "schema/enum"},
			want: "[we find schema/enum at the response of x we find schema/type at the response of x]",
		},
		{name: "only they", theirs: []string{"response/statusCode"}, want: "[they find response/statusCode at the response of x]"},
		{name: "what only we can see", ours: []string{"framing/chunked"}, want: "[]"},
		{
			name: "a false alarm beside it", ours: []string{"framing/chunked"}, theirs: []string{"response/schema"},
			want: "[they find response/schema at the response of x]",
		},
		{
			name: "silence beside what only they see", ours: []string{"schema/type"},
			theirs: []string{"strict/undeclared-header/server"}, want: "[we find schema/type at the response of x]",
		},
		{
			name: "listed, with another side", ours: []string{"method/undocumented"},
			want: "[we find method/undocumented at the response of x]",
		},
		{name: "listed", ours: []string{"header/doubled"}, want: "[]"},
	} {
		sum := tally{kinds: make([]int, len(exchangeKinds))}
		got := fmt.Sprint(sum.add("libopenapi-validator", side{exchange: "x", name: "response", ours: test.ours, theirs: test.theirs}))
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}
