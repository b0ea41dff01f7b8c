package client

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// TestSpellings redacts the table of cases that also tests the judge's redactor.
func TestSpellings(t *testing.T) {
	text, err := os.ReadFile("../contract/internal/redact/testdata/spellings.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ Name, Secret, Text, Want string }
	if err := json.Unmarshal(text, &cases); err != nil || len(cases) < 20 {
		t.Fatalf("read %d cases: %v", len(cases), err)
	}
	for _, tt := range cases {
		want := strings.ReplaceAll(tt.Want, "<secret>", mask)
		if got := redact(tt.Text, "", "another-secret", tt.Secret); got != want {
			t.Errorf("%s:\n got %s\nwant %s", tt.Name, got, want)
		}
	}
}
