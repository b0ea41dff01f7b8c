package quotas

import (
	"fmt"
	"math"
	"testing"
)

// TestBound tests that an equal usage reaches a threshold, and that nothing is rounded.
func TestBound(t *testing.T) {
	for _, test := range []struct {
		bound       string
		used, quota int32
		want        bool
	}{
		{bound: "45", used: 44, quota: 50}, {bound: "45", used: 45, quota: 50, want: true}, {bound: "45", used: 45, want: true},
		{bound: "80%", used: 39, quota: 50}, {bound: "80%", used: 40, quota: 50, want: true}, {bound: "80%", used: 41, quota: 50, want: true},
		{
			bound: "33.3%", used: 333, quota: 1000, want: true}, {bound: "33.3%", used: 332, quota: 1000}, {bound: "33.4%", used: 1,
			quota: 3}, {bound: "33.3%", used: 1, quota: 3, want: true},
		{
			bound: "29%", used: 29, quota: 100, want: true}, {bound: "0.1%", used: 1, quota: 1000, want: true}, {bound: "0.1%", used: 1,
			quota: 1001}, {bound: "0.001%", quota: 1},
		{bound: "1.001%", used: 1001, quota: 100_000, want: true}, {bound: "1.001%", used: 1000, quota: 100_000},
		{bound: "100%", used: math.MaxInt32, quota: math.MaxInt32, want: true}, {bound: "100%", used: math.MaxInt32 - 1, quota: math.MaxInt32},
		{bound: "1000%", used: math.MaxInt32, quota: math.MaxInt32}, {bound: "1000%", used: math.MaxInt32, quota: 1, want: true},
		{bound: "80%"}, {bound: "80%", used: 1, want: true},
	} {
		b, err := parseBound(test.bound)
		if err != nil || b.String() != test.bound {
			t.Fatalf("%s: got %s, %v", test.bound, b, err)
		}
		if got := b.reached(test.used, test.quota); got != test.want {
			t.Errorf("%s reached by %d of %d: got %t", test.bound, test.used, test.quota, got)
		}
	}
}

// TestPairs tests that a warning threshold above the critical one is an error. A count and a percentage cannot be compared
// before the quota is known.
func TestPairs(t *testing.T) {
	const none = "<nil>"
	for _, test := range []struct{ name, threshold, err string }{
		{name: "counts", threshold: "user=45/48", err: none},
		{name: "counts, the same", threshold: "user=45/45", err: none},
		{
			name: "counts, the other way round", threshold: "user=48/45",
			err: `threshold "user=48/45": the warning threshold 48 is above the critical threshold 45`,
		},
		{name: "percent", threshold: "user=80%/95%", err: none},
		{name: "percent, the same", threshold: "user=80%/80%", err: none},
		{
			name: "percent, the other way round", threshold: "user=95%/80.5%",
			err: `threshold "user=95%/80.5%": the warning threshold 95% is above the critical threshold 80.5%`,
		},
		{name: "a count, then percent", threshold: "user=45/1%", err: none},
		{name: "percent, then a count", threshold: "user=80%/48", err: none},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ParseThresholds("80", "95", []string{test.threshold}, nil)
			if got := fmt.Sprint(err); got != test.err {
				t.Errorf("got error %s, want %s", got, test.err)
			}
		})
	}
}

// TestQuotaState tests the state of quotas that the sample data does not have.
func TestQuotaState(t *testing.T) {
	limits, err := ParseThresholds("80", "95", []string{"robot=2/3"}, []string{"idp"})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		line    Quota
		want    State
		reached string
	}{
		{name: "none", line: Quota{Type: "user", Used: new(int32(0)), Quota: 3}, want: StateOK},
		{name: "hardly any", line: Quota{Type: "user", Used: new(int32(1)), Quota: 1000}, want: StateOK},
		{
			name: "almost all", line: Quota{Type: "user", Used: new(int32(999)), Quota: 1000}, want: StateCritical, reached: "95%",
		},
		{
			name: "all", line: Quota{Type: "user", Used: new(int32(7)), Quota: 7}, want: StateCritical, reached: "95%",
		},
		{
			name: "all of the largest quota", line: Quota{Type: "user", Used: new(int32(math.MaxInt32)), Quota: math.MaxInt32},
			want: StateCritical, reached: "95%",
		},
		{
			name: "more than the quota", line: Quota{Type: "user", Used: new(int32(21)), Quota: 7}, want: StateCritical, reached: "95%",
		},
		{
			name: "nothing allowed, nothing used", line: Quota{Type: "user", Used: new(int32(0)), Quota: 0}, want: StateOK,
		},
		{
			name: "nothing allowed, something used", line: Quota{Type: "user", Used: new(int32(1)), Quota: 0}, want: StateCritical,
			reached: "95%",
		},
		{
			name: "a type of its own", line: Quota{Type: "robot", Used: new(int32(2)), Quota: 100}, want: StateWarning,
			reached: "2",
		},
		{name: "ignored", line: Quota{Type: "idp", Used: new(int32(9)), Quota: 9}, want: StateIgnored},
		{
			name: "usage of mapping reported", line: Quota{Type: "mapping", Used: new(int32(8)), Quota: 10}, want: StateWarning,
			reached: "80%",
		},
		{name: "usage not reported", line: Quota{Type: "user", Quota: 10}, want: StateLimit},
		{name: "per user", line: Quota{Type: "assigment_user_ep", Used: new(int32(10)), Quota: 10, Per: "user"}, want: StateLimit},
		{name: "quota below zero", line: Quota{Type: "user", Used: new(int32(10)), Quota: -1}, want: StateLimit},
	} {
		t.Run(test.name, func(t *testing.T) {
			state, reached := limits.Judge(test.line)
			if state != test.want || reached != test.reached {
				t.Errorf("got %s at %q, want %s at %q", state, reached, test.want, test.reached)
			}
		})
	}
}

// TestUnknownTypeIsNamed tests that an empty type, as a config may have, is not returned like none.
func TestUnknownTypeIsNamed(t *testing.T) {
	for ignored, want := range map[string]string{"": "(empty)", "imgae": "imgae", "image": ""} {
		if got := UnknownType([]*Account{{Limits: Thresholds{ignored: []string{ignored}}}}, nil); got != want {
			t.Errorf("%q: got %q, want %q", ignored, got, want)
		}
	}
}
