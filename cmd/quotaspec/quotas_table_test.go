package main

import "testing"

// TestQuotaLine tests the lines of quotas that are not compared.
func TestQuotaLine(t *testing.T) {
	for _, test := range []struct {
		name string
		line quotaLine
		want string
	}{
		{
			name: "usage not reported", line: quotaLine{Type: "mapping", Quota: 10, State: stateLimit},
			want: "  mapping  limit 10, usage not reported",
		},
		{
			name: "a limit for each user",
			line: quotaLine{Type: "roles", Used: new(int32(3)), Quota: 10, Per: "user", State: stateLimit},
			want: "  roles  limit 10 for each user",
		},
		{
			name: "a quota below zero", line: quotaLine{Type: "image", Used: new(int32(3)), Quota: -1, State: stateLimit},
			want: "  image  limit -1",
		},
		{name: "letters beyond ASCII", line: quotaLine{Type: "a…ü", Quota: 10, State: stateLimit}, want: "  a…ü  limit 10, usage not reported"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := screen{width: 80}
			if got := s.line(test.line, s.columns([]*quotaPlace{{Quotas: []quotaLine{test.line}}})); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
