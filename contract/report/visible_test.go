package report_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract/report"
)

// TestVisibleFormats checks that no format contains a character that a terminal obeys, whatever the report contains.
func TestVisibleFormats(t *testing.T) {
	for _, name := range report.FormatNames() {
		text := write(t, name, hostileReport(t))
		for i, r := range text {
			isVisible := unicode.IsPrint(r) && r != utf8.RuneError
			if !isVisible && r != '\n' && r != '\t' {
				t.Errorf("%s: %U at %q", name, r, text[max(0, i-40):i])
				break
			}
		}
	}
}

// TestVisibleJSON checks that the texts in JSON can be read back unchanged.
func TestVisibleJSON(t *testing.T) {
	var got struct{ Checks []struct{ Reason string } }
	if err := json.Unmarshal([]byte(write(t, "json", hostileReport(t))), &got); err != nil {
		t.Fatal(err)
	}
	if want := strings.ToValidUTF8(evil, "\ufffd"); len(got.Checks) == 0 || got.Checks[0].Reason != want {
		t.Errorf("got %+q, want %+q", got.Checks, want)
	}
}
