package main

import "testing"

// TestQuotaLine tests what a table says of a quota where there is nothing to compare.
func TestQuotaLine(t *testing.T) {
	for _, test := range []struct {
		name string
		line quotaLine
		want string
	}{
		{"usage not reported", quotaLine{Type: "mapping", Quota: 10, State: stateLimit}, "  mapping  limit 10, usage not reported"},
		{"a limit for each user", quotaLine{Type: "roles", Used: new(int32(3)), Quota: 10, Per: "user", State: stateLimit}, "  roles  limit 10 for each user"},
		{"a quota below zero", quotaLine{Type: "image", Used: new(int32(3)), Quota: -1, State: stateLimit}, "  image  limit -1"},
		{"letters beyond ASCII", quotaLine{Type: "a…ü", Quota: 10, State: stateLimit}, "  a…ü  limit 10, usage not reported"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := screen{width: 80}
			if got := s.line(test.line, s.columns([]*quotaPlace{{Quotas: []quotaLine{test.line}}})); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
