package verify

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/known"
)

// TestSelection tests that --skip wins over --only, and that a pattern or known failing id without a check is an error.
func TestSelection(t *testing.T) {
	for _, test := range []struct {
		name       string
		only, skip []string
		known      []known.Line
		want       []string // of the ids a/x, a/y and b/x
		err        string
	}{
		{name: "everything", want: []string{"a/x", "a/y", "b/x"}},
		{name: "only", only: []string{"a/*"}, want: []string{"a/x", "a/y"}},
		{name: "only, twice", only: []string{"a/y", "b/*"}, want: []string{"a/y", "b/x"}},
		{name: "skip", skip: []string{"*/x"}, want: []string{"a/y"}},
		{name: "skip wins", only: []string{"a/*"}, skip: []string{"*/x"}, want: []string{"a/y"}},
		{
			name: "only matches nothing", only: []string{"a/*", "c/*"}, want: []string{"a/x", "a/y"},
			err: `no check matches "c/*": -v lists them`,
		},
		{
			name: "skip matches nothing", skip: []string{"c/*"}, want: []string{"a/x", "a/y", "b/x"},
			err: `no check matches "c/*": -v lists them`,
		},
		{
			name: "a known failure that was skipped is known", skip: []string{"a/*"}, known: []known.Line{{ID: "a/x", Place: "f:1"}},
			want: []string{"b/x"},
		},
		{
			name: "an unknown known failure", known: []known.Line{{ID: "a/x", Place: "f:1"}, {ID: "a/z", Place: "f:2"}},
			want: []string{"a/x", "a/y", "b/x"}, err: `f:2: no check has the id "a/z": -v lists them`,
		},
		{
			name: "a glob among the known failures is no id", only: []string{"a/*"}, known: []known.Line{{ID: "a/*", Place: "f:1"}},
			want: []string{"a/x", "a/y"}, err: `f:1: no check has the id "a/*": did you mean "a/x" or "a/y"?`,
		},
		{
			name: "a skipped glob among the known failures is no id", skip: []string{"a/*"}, known: []known.Line{{ID: "a/*", Place: "f:1"}},
			want: []string{"b/x"}, err: `f:1: no check has the id "a/*": did you mean "a/x" or "a/y"?`,
		},
		{
			name: "an id that is both selected and known", only: []string{"a/x"}, known: []known.Line{{ID: "a/x", Place: "f:1"}},
			want: []string{"a/x"},
		},
		{name: "a tag", only: []string{"tag:first"}, want: []string{"a/x", "a/y"}},
		{name: "without a tag", skip: []string{"tag:first"}, want: []string{"b/x"}},
		{name: "a tag and a glob", only: []string{"tag:first", "b/*"}, skip: []string{"*/y"}, want: []string{"a/x", "b/x"}},
		{
			name: "a misspelt tag", only: []string{"tag:frist"}, want: []string{},
			err: `no operation has the tag "frist": did you mean "first"?`,
		},
		{
			name: "an unknown tag", skip: []string{"tag:none"}, want: []string{"a/x", "a/y", "b/x"},
			err: `no operation has the tag "none": want one of first, second`,
		},
		{
			name: "a tag whose operations have no check", only: []string{"tag:second"}, want: []string{},
			err: `no check matches "tag:second": -v lists them`,
		},
		{name: "another case", only: []string{"A/X"}, want: []string{}, err: `no check matches "A/X": did you mean "a/x"?`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newRun(nil, Options{Only: test.only, Skip: test.skip, Known: test.known})
			s.tags = map[string][]string{"a": {"first"}, "b": nil, "c": {"second"}}
			got := []string{}
			for _, id := range []string{"a/x", "a/y", "b/x"} {
				if s.selected(id) {
					got = append(got, id)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("selected (-want +got):\n%s", diff)
			}
			text := ""
			if err := s.unmatchedPatterns(); err != nil {
				text = err.Error()
			}
			if text != test.err {
				t.Errorf("got error %q, want %q", text, test.err)
			}
		})
	}
}
