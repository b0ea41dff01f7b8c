package openapi_test

import (
	"embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

//go:embed testdata/*.csv
var tables embed.FS

// rows reads a table of testdata. A row maps the names of columns to cells.
func rows(t *testing.T, name string) []map[string]string {
	t.Helper()
	file, err := tables.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	list := []map[string]string{}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		list = append(list, row)
	}
	return list
}

// TestRegions compares the servers of the documents with the regions of the vendor's SDK (testdata/regions.csv).
func TestRegions(t *testing.T) {
	tests := []struct {
		document, column string
		rows, inEnum     int
		more             string // a server without a region
	}{
		// eu-west-101 has a server of its own
		{document: "iam", column: "iam_v3_url", rows: 28, inEnum: 27, more: "https://iam.myhuaweicloud.com"},
		{document: "ims", column: "ims_v2_url", rows: 33, inEnum: 33},
	}
	for _, test := range tests {
		want := []string{}
		for _, row := range rows(t, "regions.csv") {
			if url := row[test.column]; url != "" {
				want = append(want, url)
			}
		}
		if len(want) != test.rows {
			t.Errorf("%s: the table has %d regions, want %d", test.document, len(want), test.rows)
		}
		if test.more != "" {
			want = append(want, test.more)
		}
		got, inEnum := []string{}, []string{}
		for _, server := range listAt(plain(t, test.document), "servers") {
			url, region := textAt(server, "url"), objectAt(server, "variables", "region")
			if region == nil {
				got = append(got, url)
				continue
			}
			ids := textsOf(region["enum"])
			inEnum = append(inEnum, ids...)
			for _, id := range ids {
				got = append(got, strings.ReplaceAll(url, "{region}", id))
			}
			if !slices.Contains(ids, textAt(region, "default")) {
				t.Errorf("%s: the default %s is not in the enum", test.document, region["default"])
			}
		}
		if len(inEnum) != test.inEnum || !slices.IsSorted(inEnum) {
			t.Errorf("%s: the enum has %d regions, sorted %t; want %d, sorted", test.document, len(inEnum), slices.IsSorted(inEnum), test.inEnum)
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: servers (-table +document):\n%s", test.document, diff)
		}
	}
}

// notListed lists the rows of the vendor's tables that a document leaves out or words differently, with the reason.
var notListed = map[string]string{
	"iam 401 APIGW.0301 Incorrect IAM authentication information.":         "replaced by the longer texts of api-sign, one for each cause",
	"ims 401 APIGW.0301 Incorrect IAM authentication information.":         "replaced by the longer texts of api-sign, one for each cause",
	"iam 404 APIGW.0101 The API does not exist.":                           "the shorter text of another edition of the table",
	"ims 404 APIGW.0101 The API does not exist.":                           "the shorter text of another edition of the table",
	"ims 403 APIGW.0302 The IAM user is not authorized to access the API.": "the gateway's flat shape, where 403 has the nested one of IMS",
	"ims 403 APIGW.0306 API access denied.":                                "the gateway's flat shape, where 403 has the nested one of IMS",
}

// TestErrorCodes compares the codes of the documents, with status and message, with the vendor's tables
// (testdata/error_codes.csv).
func TestErrorCodes(t *testing.T) {
	used := map[string]bool{}
	for _, name := range []string{"iam", "ims"} {
		doc := plain(t, name)
		responses := slices.Concat(operation(t, doc), []string{"responses"})
		statuses, listed := map[string]bool{}, map[string]bool{}
		for status := range objectAt(doc, responses...) {
			statuses[status] = true
			for _, c := range listAt(doc, slices.Concat(responses, []string{status, "x-error-codes", "codes"})...) {
				listed[fmt.Sprintf("%s %s %s %s", name, status, c["code"], c["message"])] = true
			}
		}
		known, checked := map[string]bool{}, 0
		for _, row := range rows(t, "error_codes.csv") {
			isOfService := row["source"] == strings.ToUpper(name) || row["source"] == "gateway"
			if !isOfService || !statuses[row["http_status"]] {
				continue
			}
			checked++
			known[row["http_status"]+" "+row["code"]] = true
			entry := fmt.Sprintf("%s %s %s %s", name, row["http_status"], row["code"], row["message"])
			used[entry] = true
			switch reason := notListed[entry]; {
			case !listed[entry] && reason == "":
				t.Errorf("%s: not listed in x-error-codes", entry)
			case listed[entry] && reason != "":
				t.Errorf("%s: listed, but an exception here: %s", entry, reason)
			}
		}
		if checked < 20 {
			t.Errorf("%s: only %d rows of the table are about it", name, checked)
		}
		for entry := range listed {
			words := strings.SplitN(entry, " ", 4)
			if !known[words[1]+" "+words[2]] {
				t.Errorf("%s: the vendor's tables have no such code with this status", entry)
			}
		}
	}
	for entry := range notListed {
		if !used[entry] {
			t.Errorf("%s: an exception, but no row of the table", entry)
		}
	}
}
