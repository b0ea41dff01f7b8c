package fleet

import "testing"

// TestSkipBatch tests how many records are lost with a batch from offset 22 to 282.
func TestSkipBatch(t *testing.T) {
	for _, test := range []struct {
		name              string
		judgedTo, startAt int64 // the offset after the last record that was judged, the start of the topic
		lost, next        int64
	}{
		{"the next one", 22, 0, 260, 282},
		{"after what was aborted", 20, 0, 260, 282},
		{"after what was deleted", 18, 20, 262, 282},
		{"the first of the topic", 18, 22, 264, 282},
		{"judged in part, by another worker", 30, 0, 252, 282},
		{"judged", 300, 0, 0, 300},
	} {
		p := &partition{next: test.judgedTo}
		p.skipBatch(test.startAt, 22, 282)
		if p.lost != test.lost || p.freshLost != test.lost || p.next != test.next {
			t.Errorf("%s: %d lost, %d of them new, next is %d, want %d and %d", test.name, p.lost, p.freshLost, p.next, test.lost, test.next)
		}
	}
}
