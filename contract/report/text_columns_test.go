package report_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/report"
)

// TestTextColumns tests that the table of causes fits into a line: places are cut in the middle, counts never.
func TestTextColumns(t *testing.T) {
	const place = "http://127.0.0.1:8000/openapi.json:1:"
	for _, test := range []struct {
		name string
		rows [][]string
		want []string
	}{
		{
			name: "short", rows: [][]string{{"FAIL", "a", "op", "limit", "a.yaml:8", "once"}, {"warn", "bb", "op", "id", "a.yaml:10", "2 times"}},
			want: []string{"FAIL   a   op  limit  a.yaml:8   once", "warn   bb  op  id     a.yaml:10  2 times"},
		},
		{
			name: "a long place", rows: [][]string{
				{"FAIL", "status/undocumented", "delete_todos__id__delete", "status 401", place + "1933", "4 times"},
				{"warn", "header/allow", "list_todos_todos_get (and 1 more)", "allow", place + "72", "10 times"},
			},
			want: []string{
				"FAIL   status/undocumented  delete_todos__id__delete           status 401  http://127.…000/openapi.json:1:1933  4 times",
				"warn   header/allow         list_todos_todos_get (and 1 more)  allow       http://127.…:8000/openapi.json:1:72  10 times",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := report.Aligned(test.rows)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, line := range got {
				if n := len([]rune(line)); n > 120 {
					t.Errorf("%d characters: %s", n, line)
				}
			}
		})
	}
}
