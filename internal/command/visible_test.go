package command

import (
	"bytes"
	"testing"
)

// TestVisibleWriter tests that a text becomes visible however it is split into writes, and that visible text is unchanged.
func TestVisibleWriter(t *testing.T) {
	const text, want = "😀云\x1b[2J\u202e█\xe4\xba!\xff\n云\xe4", `😀云\x1b[2J\u202e█\xe4\xba!\xff` + "\n" + `云\xe4`
	for size := 1; size <= len(text); size++ {
		var b bytes.Buffer
		w := &VisibleWriter{to: &b}
		for rest := text; rest != ""; rest = rest[min(size, len(rest)):] {
			if n, err := w.Write([]byte(rest[:min(size, len(rest))])); err != nil || n != min(size, len(rest)) {
				t.Fatalf("%d, %v", n, err)
			}
		}
		w.end()
		if b.String() != want {
			t.Errorf("in pieces of %d: got %s, want %s", size, b.String(), want)
		}
	}
}
