package traffic

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReasons tests the texts of the reasons, which recorded HAR files contain, and that callers may change the list.
func TestReasons(t *testing.T) {
	want := []Reason{
		"not HTTP", "no answer", "cut off", "another protocol", "answered from a cache", "a preflight of a browser", "larger than what is kept",
	}
	Reasons()[0] = "changed"
	if diff := cmp.Diff(want, Reasons()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestHasNoBody tests which responses have no body in HTTP.
func TestHasNoBody(t *testing.T) {
	for _, tt := range []struct {
		method string
		status int
		want   bool
	}{
		{method: "GET", status: 100, want: true},
		{method: "GET", status: 199, want: true},
		{method: "GET", status: 200},
		{method: "GET", status: 203},
		{method: "GET", status: 204, want: true},
		{method: "GET", status: 205},
		{method: "GET", status: 303},
		{method: "GET", status: 304, want: true},
		{method: "GET", status: 305},
		{method: "HEAD", status: 200, want: true},
		{method: "HEAD", status: 404, want: true},
		{method: "OPTIONS", status: 200},
		{method: "head", status: 200},
	} {
		if got := hasNoBody(tt.method, tt.status); got != tt.want {
			t.Errorf("%s %d: got %v, want %v", tt.method, tt.status, got, tt.want)
		}
	}
}
