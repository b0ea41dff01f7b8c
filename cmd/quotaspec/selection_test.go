package main

import (
	"bufio"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestKnownFailingExpires tests that a known failure holds through its last day and no longer.
func TestKnownFailingExpires(t *testing.T) {
	file := writeFile(t, "known", "a/until until=2028-02-29 # a leap day\na/always # no end\n")
	known, err := readKnownFailing(file)
	if err != nil {
		t.Fatal(err)
	}
	until, always := known[0], known[1]
	for _, test := range []struct {
		name string
		now  time.Time
		want bool
	}{
		{"the day before", time.Date(2028, 2, 28, 12, 0, 0, 0, time.Local), false},
		{"the last day begins", time.Date(2028, 2, 29, 0, 0, 0, 0, time.Local), false},
		{"the last day ends", time.Date(2028, 2, 29, 23, 59, 59, 999_999_999, time.Local), false},
		{"the day after begins", time.Date(2028, 3, 1, 0, 0, 0, 0, time.Local), true},
		{"a year later", time.Date(2029, 2, 28, 0, 0, 0, 0, time.Local), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := until.expired(test.now); got != test.want {
				t.Errorf("until 2028-02-29: got expired %t, want %t", got, test.want)
			}
			if always.expired(test.now) {
				t.Error("a known failure without an end has expired")
			}
		})
	}
}

// TestKnownFailingUnreadable tests that a list which cannot be read to its end is refused: what follows would fail the run, or pass
// unseen.
func TestKnownFailingUnreadable(t *testing.T) {
	long := "a/first # one\na/long # " + strings.Repeat("x", bufio.MaxScanTokenSize) + "\na/last # another\n"
	for _, test := range []struct{ name, file, want string }{
		{"a folder", t.TempDir(), "read the known failures: "},
		{"a line too long", writeFile(t, "known", long), ":2: the line is longer than 65536 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			known, err := readKnownFailing(test.file)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), test.file) {
				t.Errorf("got %d known failures and the error %v, want %s with the file", len(known), err, test.want)
			}
		})
	}
}

// TestSelection tests that --skip wins over --only, whichever matched, and that a word that matched nothing is an error.
func TestSelection(t *testing.T) {
	for _, test := range []struct {
		name       string
		only, skip []string
		known      []knownFailing
		want       []string // of the ids a/x, a/y and b/x
		err        string
	}{
		{name: "everything", want: []string{"a/x", "a/y", "b/x"}},
		{name: "only", only: []string{"a/*"}, want: []string{"a/x", "a/y"}},
		{name: "only, twice", only: []string{"a/y", "b/*"}, want: []string{"a/y", "b/x"}},
		{name: "skip", skip: []string{"*/x"}, want: []string{"a/y"}},
		{name: "skip wins", only: []string{"a/*"}, skip: []string{"*/x"}, want: []string{"a/y"}},
		{name: "only matches nothing", only: []string{"a/*", "c/*"}, want: []string{"a/x", "a/y"}, err: `no check matches "c/*": verify -v names them`},
		{name: "skip matches nothing", skip: []string{"c/*"}, want: []string{"a/x", "a/y", "b/x"}, err: `no check matches "c/*": verify -v names them`},
		{
			name: "a known failure that was skipped is known", skip: []string{"a/*"}, known: []knownFailing{{id: "a/x", place: "f:1"}},
			want: []string{"b/x"},
		},
		{
			name: "an unknown known failure", known: []knownFailing{{id: "a/x", place: "f:1"}, {id: "a/z", place: "f:2"}},
			want: []string{"a/x", "a/y", "b/x"}, err: `f:2: no check has the id "a/z": verify -v names them`,
		},
		{
			name: "a glob among the known failures is no id", only: []string{"a/*"}, known: []knownFailing{{id: "a/*", place: "f:1"}},
			want: []string{"a/x", "a/y"}, err: `f:1: no check has the id "a/*": verify -v names them`,
		},
		{
			name: "a skipped glob among the known failures is no id", skip: []string{"a/*"}, known: []knownFailing{{id: "a/*", place: "f:1"}},
			want: []string{"b/x"}, err: `f:1: no check has the id "a/*": verify -v names them`,
		},
		{
			name: "an id that is both selected and known", only: []string{"a/x"}, known: []knownFailing{{id: "a/x", place: "f:1"}},
			want: []string{"a/x"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := selection{only: test.only, skip: test.skip, known: test.known}
			got := []string{}
			for _, id := range []string{"a/x", "a/y", "b/x"} {
				if s.wanted(id) {
					got = append(got, id)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("selected (-want +got):\n%s", diff)
			}
			text := ""
			if err := s.unmatched(); err != nil {
				text = err.Error()
			}
			if text != test.err {
				t.Errorf("got error %q, want %q", text, test.err)
			}
		})
	}
}
