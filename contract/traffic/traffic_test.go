package traffic

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReasons tests the words of the reasons, which stand in reports and in recorded HAR, and that a caller may change the list.
func TestReasons(t *testing.T) {
	want := []Reason{
		"not HTTP", "no answer", "cut off", "another protocol", "answered from a cache", "a preflight of a browser", "larger than what is kept",
	}
	Reasons()[0] = "changed"
	if diff := cmp.Diff(want, Reasons()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestHasNoBody tests the answers that have no body by HTTP.
func TestHasNoBody(t *testing.T) {
	for _, tt := range []struct {
		method string
		status int
		want   bool
	}{
		{"GET", 100, true}, {"GET", 199, true}, {"GET", 200, false}, {"GET", 203, false}, {"GET", 204, true}, {"GET", 205, false},
		{"GET", 303, false}, {"GET", 304, true}, {"GET", 305, false}, {"HEAD", 200, true}, {"HEAD", 404, true}, {"OPTIONS", 200, false}, {"head", 200, false},
	} {
		if got := hasNoBody(tt.method, tt.status); got != tt.want {
			t.Errorf("%s %d: got %v, want %v", tt.method, tt.status, got, tt.want)
		}
	}
}
