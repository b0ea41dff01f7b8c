package traffic

import (
	"testing"
)

// TestNumberOf tests what is read where HAR wants a number: all that is none is 0.
func TestNumberOf(t *testing.T) {
	for in, want := range map[string]float64{
		`1`: 1, `-1.5`: -1.5, `1e3`: 1000, `"12"`: 12, `"-1"`: -1, `""`: 0, `"12 ms"`: 0, `"x"`: 0,
		`null`: 0, `true`: 0, `{}`: 0, `[1]`: 0,
		`"NaN"`: 0, `"Inf"`: 0, `"-Inf"`: 0, `1e999`: 0, ``: 0,
	} {
		if got := numberOf(in); got != want {
			t.Errorf("%s: got %v, want %v", in, got, want)
		}
	}
}

// TestTextOf tests what is read where HAR wants a text: a value of another type as it is written, in UTF-8 in any case.
func TestTextOf(t *testing.T) {
	for in, want := range map[string]string{
		`"a"`: "a", `""`: "", `"é"`: "é", `"a\nb"`: "a\nb", `"\u00e9\""`: `é"`, `"\ud800"`: "\ufffd",
		"\"\xff\xff\"": "\ufffd\ufffd",
		`null`:         "", `"null"`: "null", `12`: "12", `1.50`: "1.50", `true`: "true", `{"a":1}`: `{"a":1}`, `[]`: "[]", ``: "",
	} {
		if got := textOf(in); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

// TestIsSet tests which values of a flag mean yes.
func TestIsSet(t *testing.T) {
	for in, want := range map[string]bool{
		``: false, `null`: false, `false`: false, `""`: false, `true`: true, `"disk"`: true, `0`: true, `{}`: true, `[]`: true,
	} {
		if got := isSet(in); got != want {
			t.Errorf("%s: got %v, want %v", in, got, want)
		}
	}
}
