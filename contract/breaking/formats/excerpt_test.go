package formats_test

import (
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/breaking"
)

// TestBrokenPlaceIsShown checks that a body and a query that are too long show what the document refuses, wherever it is.
func TestBrokenPlaceIsShown(t *testing.T) {
	long := strings.Repeat(`{"id":1,"name":"Ünï, a name with \"quotes\" and [brackets]"},`, 60)
	query := strings.Repeat("&origin=efdbb9d1-02c2-4bc3-afb7-6788d8782b1e", 20)
	for _, test := range []struct {
		name, pointer, target, body string
		want                        string
	}{
		{
			name: "a value at the end", pointer: "/response/body/61/kind", target: "/pets",
			body: "[" + long + `{"id":2},{"id":3,"kind":"bird"}]`, want: `"kind":"bird"}] (`,
		},
		{
			name: "a value in the middle", pointer: "/response/body/61/kind", target: "/pets",
			body: "[" + long + `{"id":2},{"id":3,"kind":"bird"},` + long + "1]", want: `"kind":"bird"`,
		},
		{
			name: "at the beginning", pointer: "/response/body/0/kind", target: "/pets",
			body: `[{"id":3,"kind":"bird"},` + long + "1]", want: `[{"id":3,"kind":"bird"},`,
		},
		{
			name: "a member that is missing", pointer: "/response/body/60/kind", target: "/pets",
			body: "[" + long + `{"id":777},` + long + "1]", want: `{"id":777}`,
		},
		{
			name: "no JSON", pointer: "/response/body/7/kind", target: "/pets",
			body: "<html>" + long, want: "<html>",
		},
		{
			name: "a parameter", pointer: "/request/query/date", target: "/trips?page=1" + query + "&date=today" + query,
			body: "[]", want: "&date=today&",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			side := contract.Consumer
			if strings.HasPrefix(test.pointer, "/request") {
				side = contract.Provider
			}
			c := comparison(t)
			ex := exchange("GET "+test.target, "", 200, test.body)
			c.Findings = []breaking.Finding{{
				ID: "enum/added", Level: breaking.Breaking, Side: side, Check: "listPets/200", Says: "it is new",
				Witness: &breaking.Witness{Exchange: ex, Old: []contract.Finding{{ID: "schema/enum", Pointer: test.pointer}}},
			}}
			for _, format := range []string{"text", "sarif"} {
				if format == "sarif" && side == contract.Provider {
					continue // it has the whole query
				}
				want := test.want
				if format == "sarif" {
					want = strings.ReplaceAll(want, `"`, `\"`)
				}
				text := sample{comparison: c}.write(t, format)
				if joined := strings.ReplaceAll(strings.ReplaceAll(text, "\n", ""), "              ", ""); !strings.Contains(joined, want) {
					t.Errorf("%s: no %s in\n%s", format, want, text)
				}
				if len(text) > 8000 {
					t.Errorf("%s has %d bytes", format, len(text))
				}
			}
		})
	}
}

// TestManyChecksInJSON checks that JSON lists a hundred other checks of a finding, and counts all.
func TestManyChecksInJSON(t *testing.T) {
	c := comparison(t)
	c.Findings[0].Also = strings.Split(strings.Repeat("getPet/404,", 899)+"getPet/404", ",")
	text := sample{comparison: c}.write(t, "json")
	if n := strings.Count(text, `"getPet/404"`); n > 110 || !strings.Contains(text, `"also_count": 900,`) {
		t.Errorf("%d checks are listed", n)
	}
	if err := validator(t)(text); err != nil {
		t.Error(err)
	}
}
