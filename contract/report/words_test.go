package report

import "testing"

// TestWords checks numbers and lists in words where the form changes, such as at one and at none.
func TestWords(t *testing.T) {
	begin := func(s string) func() string {
		return func() string { return capital(s) }
	}
	for _, test := range []struct {
		name string
		word func() string
		want string
	}{
		{name: "a capital", word: begin("kept, as far"), want: "Kept, as far"},
		{name: "a capital alone", word: begin("k"), want: "K"},
		{name: "a capital of another script", word: begin("énd"), want: "Énd"},
		{name: "a capital of nothing", word: begin("")},
		{name: "the reason phrase of a status", word: func() string { return (&column{Status: "404"}).Text() }, want: "Not Found"},
		{name: "of a range", word: func() string { return (&column{Status: "4XX"}).Text() }},
		{name: "of no status", word: func() string { return (&column{Status: "none"}).Text() }},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.word(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
