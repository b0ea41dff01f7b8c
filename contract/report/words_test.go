package report

import "testing"

// TestWords tests the small words of the formats at their bounds.
func TestWords(t *testing.T) {
	begin := func(s string) func() string {
		return func() string { return capital(s) }
	}
	for _, test := range []struct {
		name string
		word func() string
		want string
	}{
		{"a capital", begin("kept, as far"), "Kept, as far"},
		{"a capital alone", begin("k"), "K"},
		{"a capital of another script", begin("énd"), "Énd"},
		{"a capital of nothing", begin(""), ""},
		{"the reason phrase of a status", func() string { return (&column{Status: "404"}).Text() }, "Not Found"},
		{"of a range", func() string { return (&column{Status: "4XX"}).Text() }, ""},
		{"of no status", func() string { return (&column{Status: "none"}).Text() }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.word(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
