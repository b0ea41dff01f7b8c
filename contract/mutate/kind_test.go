package mutate

import "testing"

// TestKinds holds that each kind that is named has a row, and that each row is reached from the document.
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
			t.Errorf("nothing leads to %s", k)
		}
	}
}
