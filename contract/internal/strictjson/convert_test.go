package strictjson

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFromAny(t *testing.T) {
	for _, test := range []struct {
		name string
		from any
		want any
	}{
		{name: "nothing"},
		{
			name: "with UseNumber", from: map[string]any{"b": []any{json.Number("1e400"), true, nil}, "a": "x"},
			want: map[string]any{"b": []any{json.Number("1e400"), true, nil}, "a": "x"},
		},
		{name: "an int", from: 7, want: json.Number("7")},
		{name: "an int64", from: int64(math.MinInt64), want: json.Number("-9223372036854775808")},
		{name: "a uint64", from: uint64(math.MaxUint64), want: json.Number("18446744073709551615")},
		{
			name: "a float64", from: []any{1.0, 0.1, 1e21, 1e-7},
			want: []any{json.Number("1"), json.Number("0.1"), json.Number("1e+21"), json.Number("1e-7")},
		},
		{name: "no number of JSON", from: math.NaN()},
		{name: "no value of JSON", from: []any{struct{}{}, "x"}, want: []any{nil, "x"}},
		{name: "empty containers", from: []any{map[string]any{}, []any{}}, want: []any{map[string]any{}, []any{}}},
	} {
		got := FromAny(test.from)
		if diff := cmp.Diff(test.want, got.Any()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if !got.Exists() {
			t.Errorf("%s: no value", test.name)
		}
	}
}

// TestFromText tests that a text is a string as it is, alone and at the cost of one allocation.
func TestFromText(t *testing.T) {
	for _, text := range []string{"", "7", `"\n`, "é\x00"} {
		v := FromText(text)
		if v.Kind() != String || v.Text() != text || v.Len() != 0 || !Equal(v, FromAny(text)) {
			t.Errorf("%q: got %s %q", text, v.Kind(), v.Text())
		}
		if got := testing.AllocsPerRun(100, func() { FromText(text) }); got > 1 {
			t.Errorf("%q: %v allocations", text, got)
		}
	}
}
