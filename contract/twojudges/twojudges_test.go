// Package twojudges compares the judge with two other validators, kin-openapi and libopenapi-validator. All three judge the
// corpus, the recordings, every mutant of them, mutated documents, and generated schemas and values.
//
// Wherever one judge finds something wrong and another does not, a table must have the kind of the disagreement with the
// reason and the clause of the standard that decides: docs/agreement.md for exchanges and values, documents.txt for mutated
// documents. A disagreement of no kind fails the test, and so does a kind that no longer occurs. With -update the tests
// write their tables.
//
// TestJudges lets these three, and validators in other languages, judge the same exchanges, and measures them: make bench-judge.
//
// The tests of package contracttest with other frameworks and beside both validators are here, too (handlertests_test.go).
//
// It is a module of its own, so that users of quotaspec do not download the other validators and the frameworks.
package twojudges

import (
	"fmt"
	"testing"
)

// TestTallyFindsDisagreements checks that a missing finding or a false alarm of one judge is reported.
func TestTallyFindsDisagreements(t *testing.T) {
	for _, test := range []struct {
		name         string
		ours, theirs []string
		want         string
	}{
		{name: "both find something", ours: []string{"schema/type"}, theirs: []string{"schema/"}, want: "[]"},
		{name: "neither finds anything", want: "[]"},
		{
			name: "only we, with a duplicate", ours: []string{"schema/type", "schema/type", "schema/enum"},
			want: "[we find schema/enum at the response of x we find schema/type at the response of x]",
		},
		{name: "only they", theirs: []string{"response/statusCode"}, want: "[they find response/statusCode at the response of x]"},
		{name: "what only we check", ours: []string{"framing/chunked"}, want: "[]"},
		{
			name: "a false alarm beside it", ours: []string{"framing/chunked"}, theirs: []string{"response/schema"},
			want: "[they find response/schema at the response of x]",
		},
		{
			name: "nothing found beside what only they check", ours: []string{"schema/type"},
			theirs: []string{"strict/undeclared-header/server"}, want: "[we find schema/type at the response of x]",
		},
		{
			name: "listed for the other side", ours: []string{"method/undocumented"},
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
