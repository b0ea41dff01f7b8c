package main

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/internal/quotas"
)

// TestQuotasCSVFormulas tests that no text of a service or config is a formula for a spreadsheet, and that numbers stay numbers.
func TestQuotasCSVFormulas(t *testing.T) {
	quota := quotas.Quota{Type: `=cmd|'/C calc'!A0`, Used: new(int32(-5)), Quota: -1, State: quotas.StateLimit}
	results := []quotas.Result{
		{Place: quotas.Place{Scope: "account", Account: "@SUM(A1)", Domain: "+1"}, Quotas: []quotas.Quota{quota, {Type: "\t=1"}, {Type: "a=1"}}},
		{
			Place:   quotas.Place{Scope: "images", Region: "-2", Project: "=3"},
			Failure: &quotas.Failure{Message: "=HYPERLINK(\"http://127.0.0.1\")\r\n"},
		},
	}
	var b strings.Builder
	if err := quotasCSV(&b, reportOf(results)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"account", "'+1", "", "", `'=cmd|'/C calc'!A0`, "-5", "-1", "0", "0", "", "limit", "", "'@SUM(A1)", "iam", "", ""},
		{"account", "'+1", "", "", "·=1", "", "0", "0", "0", "", "", "", "'@SUM(A1)", "iam", "", ""},
		{"account", "'+1", "", "", "a=1", "", "0", "0", "0", "", "", "", "'@SUM(A1)", "iam", "", ""},
		{"images", "", "'-2", "'=3", "", "", "", "", "", "", "failed", `'=HYPERLINK("http://127.0.0.1")··`, "", "ims", "", ""},
	}
	if diff := cmp.Diff(want, rows[1:]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
