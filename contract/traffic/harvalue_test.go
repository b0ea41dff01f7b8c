package traffic

import (
	"encoding/json"
	"testing"
)

// TestNumber tests what is read where HAR wants a number: all that is none is 0.
func TestNumber(t *testing.T) {
	for in, want := range map[string]number{
		`1`: 1, `-1.5`: -1.5, `1e3`: 1000, `"12"`: 12, `"-1"`: -1, `""`: 0, `"12 ms"`: 0, `"x"`: 0, `null`: 0, `true`: 0, `{}`: 0, `[1]`: 0,
		`"NaN"`: 0, `"Inf"`: 0, `"-Inf"`: 0, `1e999`: 0,
	} {
		got := number(7)
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s: got %v, %v, want %v", in, got, err, want)
		}
	}
}

// TestText tests what is read where HAR wants a text: a value of another type as it is written, in UTF-8 in any case.
func TestText(t *testing.T) {
	for in, want := range map[string]text{
		`"a"`: "a", `""`: "", `"é"`: "é", `"a\nb"`: "a\nb", `"\u00e9\""`: `é"`, `"\ud800"`: "\ufffd", "\"\xff\"": "\ufffd",
		`null`: "", `"null"`: "null", `12`: "12", `1.50`: "1.50", `true`: "true", `{"a":1}`: `{"a":1}`, `[]`: "[]",
	} {
		got := text("before")
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", in, got, err, want)
		}
	}
}

// TestIsSet tests which values of a flag mean yes.
func TestIsSet(t *testing.T) {
	for in, want := range map[string]bool{`null`: false, `false`: false, `""`: false, `true`: true, `"disk"`: true, `0`: true, `{}`: true, `[]`: true} {
		var value any
		if err := json.Unmarshal([]byte(in), &value); err != nil {
			t.Fatal(err)
		}
		if got := isSet(value); got != want {
			t.Errorf("%s: got %v, want %v", in, got, want)
		}
	}
}
