package verify

import (
	"testing"
	"time"
)

// TestKnownFailingExpires tests that a known failure expires after its last day.
func TestKnownFailingExpires(t *testing.T) {
	known, err := ParseKnownFailing("known", "a/until until=2028-02-29 # a leap day\na/always # no end\n")
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
