package schema

import (
	"fmt"
	"strings"
	"testing"
)

// TestUniqueItems checks pairs of elements alone and at the end of a long array.
func TestUniqueItems(t *testing.T) {
	doc := document(t, v30, `A: {uniqueItems: true}`)
	c := New(doc).Checker(component(t, doc, "A"))
	others := make([]string, 20000)
	for i := range others {
		others[i] = fmt.Sprintf(`%d, "text %d", {"a": %d}, [%d, 0], 1e%d`, i+2, i, i, i, i+400)
	}
	for _, test := range []struct {
		two  string
		want bool
	}{
		{two: `1, "1"`, want: true},
		{two: `1, 1.0`},
		{two: `0, -0`},
		{two: `10000000000000000000, 1e19`},
		{two: `0.5, 0.50000000000000000000000000001`, want: true},
		{two: `{"x": 1, "y": 2}, {"y": 2.0, "x": 1}`},
		{two: `{"x": 1, "y": 2}, {"x": 2, "y": 1}`, want: true},
		{two: `[true, null], [true, null]`},
		{two: `[[1], 2], [1, [2]]`, want: true},
		{two: `"é", "\u00e9"`},
	} {
		for _, list := range []string{`[` + test.two + `]`, `[` + strings.Join(others, ",") + `,` + test.two + `]`} {
			if got := c.Valid(value(t, list), Options{}); got != test.want {
				t.Errorf("%s in %d bytes: got %t", test.two, len(list), got)
			}
		}
	}
}
