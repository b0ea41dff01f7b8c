package mutate

import "testing"

// TestKinds checks that each kind that a row refers to has a row itself, and that each row is reached from the document.
func TestKinds(t *testing.T) {
	reached := map[kind]bool{"document": true, "rules": true, "evidence": true}
	for k, row := range kinds {
		for key, child := range row.below {
			reached[child] = true
			if _, ok := kinds[child]; !ok {
				t.Errorf("%s: %q leads to %q, which has no row", k, key, child)
			}
		}
	}
	for k := range kinds {
		if !reached[k] {
			t.Errorf("no kind leads to %s", k)
		}
	}
}
