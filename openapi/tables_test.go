package openapi

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

// rows reads a table of testdata, each row by the names of its columns.
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

// The servers of the documents are the regions of the vendor's SDK (testdata/regions.csv).
func TestRegions(t *testing.T) {
	tests := []struct {
		document, column string
		rows, inEnum     int
		more             string // a server that is no region
	}{
		{"iam", "iam_v3_url", 28, 27, "https://iam.myhuaweicloud.com"}, // eu-west-101 has a server of its own
		{"ims", "ims_v2_url", 33, 33, ""},
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
		for _, server := range embedded(t, test.document).T.Servers {
			region := server.Variables["region"]
			if region == nil {
				got = append(got, server.URL)
				continue
			}
			inEnum = append(inEnum, region.Enum...)
			for _, id := range region.Enum {
				got = append(got, strings.ReplaceAll(server.URL, "{region}", id))
			}
			if !slices.Contains(region.Enum, region.Default) {
				t.Errorf("%s: the default %s is not in the enum", test.document, region.Default)
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

// notListed are the rows of the vendor's tables that a document leaves out or words otherwise, and why.
var notListed = map[string]string{
	"iam 401 APIGW.0301 Incorrect IAM authentication information.":         "the longer texts of api-sign stand for it, one a fault",
	"ims 401 APIGW.0301 Incorrect IAM authentication information.":         "the longer texts of api-sign stand for it, one a fault",
	"iam 404 APIGW.0101 The API does not exist.":                           "the shorter text of another edition of the table",
	"ims 404 APIGW.0101 The API does not exist.":                           "the shorter text of another edition of the table",
	"ims 403 APIGW.0302 The IAM user is not authorized to access the API.": "the gateway's flat shape, where 403 has the nested one of IMS",
	"ims 403 APIGW.0306 API access denied.":                                "the gateway's flat shape, where 403 has the nested one of IMS",
}

// The codes of the documents are those of the vendor's tables (testdata/error_codes.csv), each with its status and message.
func TestErrorCodes(t *testing.T) {
	used := map[string]bool{}
	for _, name := range Names() {
		op := embedded(t, name).Operations[0]
		statuses, listed := map[string]bool{}, map[string]bool{}
		for _, r := range op.Responses {
			statuses[r.Status] = true
			if r.Codes == nil {
				continue
			}
			for _, c := range r.Codes.Codes {
				listed[fmt.Sprintf("%s %s %s %s", name, r.Status, c.Code, c.Message)] = true
			}
		}
		known, checked := map[string]bool{}, 0
		for _, row := range rows(t, "error_codes.csv") {
			if row["source"] != strings.ToUpper(name) && row["source"] != "gateway" || !statuses[row["http_status"]] {
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
