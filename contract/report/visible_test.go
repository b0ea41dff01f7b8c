package report_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract/report"
)

func TestVisible(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"plain", "a line\nand\ta tab — 云 █", "a line\nand\ta tab — 云 █"},
		{"an escape sequence", "\x1b[2J\a", `\x1b[2J\x07`},
		{"a carriage return", "a\rb\r\n", `a\x0db\x0d` + "\n"},
		{"delete", "\x7f", `\u007f`},
		{"the second set of controls", "\u009b31m", `\u009b31m`},
		{"the other direction", "a\u202eb\u2066", `a\u202eb\u2066`},
		{"no width", "a\u200bb\ufeff", `a\u200bb\ufeff`},
		{"beyond the first plane", "a\U000e0001b", `a\udb40\udc01b`},
		{"no UTF-8", "a\xff\xc3b\xe4\xba", `a\xff\xc3b\xe4\xba`},
		{"what stands for it", "a\ufffdb", `a\ufffdb`},
	} {
		if got := report.Visible(test.text); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// TestVisibleFormats holds that no format has a character that a terminal obeys, whatever stands in a report.
func TestVisibleFormats(t *testing.T) {
	for _, name := range report.FormatNames() {
		text := write(t, name, nastyReport(t))
		for i, r := range text {
			if r != '\n' && r != '\t' && (r == utf8.RuneError || !unicode.IsPrint(r)) {
				t.Errorf("%s: %U at %q", name, r, text[max(0, i-40):i])
				break
			}
		}
	}
}

// TestVisibleJSON holds that the texts in JSON stay what they are.
func TestVisibleJSON(t *testing.T) {
	var got struct{ Checks []struct{ Reason string } }
	if err := json.Unmarshal([]byte(write(t, "json", nastyReport(t))), &got); err != nil {
		t.Fatal(err)
	}
	if want := strings.ToValidUTF8(evil, "\ufffd"); len(got.Checks) == 0 || got.Checks[0].Reason != want {
		t.Errorf("got %+q, want %+q", got.Checks, want)
	}
}
