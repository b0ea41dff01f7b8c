package known

import (
	"strings"
	"testing"
	"time"
)

// TestExpires tests that a known failure expires after its last day.
func TestExpires(t *testing.T) {
	known, err := Parse("known", "a/until until=2028-02-29 # a leap day\na/always # no end\n")
	if err != nil {
		t.Fatal(err)
	}
	until, always := known[0], known[1]
	for _, test := range []struct {
		name string
		now  time.Time
		want bool
	}{
		{name: "the day before", now: time.Date(2028, 2, 28, 12, 0, 0, 0, time.Local)},
		{name: "the last day begins", now: time.Date(2028, 2, 29, 0, 0, 0, 0, time.Local)},
		{name: "the last day ends", now: time.Date(2028, 2, 29, 23, 59, 59, 999_999_999, time.Local)},
		{name: "the day after begins", now: time.Date(2028, 3, 1, 0, 0, 0, 0, time.Local), want: true},
		{name: "a year later", now: time.Date(2029, 2, 28, 0, 0, 0, 0, time.Local), want: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := until.Expired(test.now); got != test.want {
				t.Errorf("until 2028-02-29: got expired %t, want %t", got, test.want)
			}
			if always.Expired(test.now) {
				t.Error("a known failure without an end has expired")
			}
		})
	}
}

// TestParse tests the forms of a line, and that String writes what is read.
func TestParse(t *testing.T) {
	for _, test := range []struct{ name, line, want string }{
		{name: "a check", line: "a/x # r", want: "a/x # r"},
		{name: "spaces", line: "  a/x   until=2026-12-31   #   r s ", want: "a/x until=2026-12-31 # r s"},
		{name: "a finding", line: "a schema/type # r", want: "a schema/type # r"},
		{name: "a place with indexes", line: "a schema/type /response/body/3/name # r", want: "a schema/type /response/body/*/name # r"},
		{name: "quotes", line: `"GET /a" "schema/type" "/response/body/a # \"b\"" # r`, want: `"GET /a" schema/type "/response/body/a # \"b\"" # r`},
		{name: "a method and a path", line: "GET /a/{b} schema/type /response/body # r", want: `"GET /a/{b}" schema/type /response/body # r`},
		{name: "a check of them", line: "DELETE /a/204 # r", want: `"DELETE /a/204" # r`},
		{name: "a hash in the reason", line: "a/x # see # 7", want: "a/x # see # 7"},
		{name: "no reason", line: "a/x"},
		{name: "an empty reason", line: "a/x #"},
		{name: "no id", line: "until=2026-12-31 # r"},
		{name: "no pointer", line: "a schema/type name # r"},
		{name: "four words", line: "a schema/type /response/body more # r"},
		{name: "an open quote", line: `"GET /a # r`},
		{name: "quotes alone", line: `"GET /a"`},
		{name: "a day that does not exist", line: "a/x until=2026-02-30 # r"},
	} {
		t.Run(test.name, func(t *testing.T) {
			list, err := Parse("known", test.line)
			switch {
			case test.want == "" && (err == nil || !strings.HasPrefix(err.Error(), "known:1: ")):
				t.Errorf("got %v, %v", list, err)
			case test.want != "" && err != nil:
				t.Error(err)
			case test.want != "" && list[0].String() != test.want:
				t.Errorf("got %s, want %s", list[0], test.want)
			}
		})
	}
}
