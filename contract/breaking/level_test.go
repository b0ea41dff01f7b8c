package breaking

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestVersion checks which version a change asks for, and whether the new one is enough.
func TestVersion(t *testing.T) {
	for _, test := range []struct {
		old, new string
		level    Level
		want     Version
	}{
		{old: "1.2.0", new: "2.0.0", level: Breaking, want: Version{Asked: "major", Least: "2.0.0", Enough: true}},
		{old: "1.2.0", new: "1.10.0", level: Breaking, want: Version{Asked: "major", Least: "2.0.0"}},
		{old: "1.2.0", new: "1.10.0", level: Compatible, want: Version{Asked: "minor", Least: "1.3.0", Enough: true}},
		{old: "1.10.0", new: "1.9.0", level: Editorial, want: Version{Asked: "patch", Least: "1.10.1", Lower: true}},
		{old: "0.2.0", new: "0.3.0-beta", level: Breaking, want: Version{Asked: "minor", Least: "0.3.0", Enough: true}},
		{old: "0.2.0", new: "0.2.0", level: Breaking, want: Version{Asked: "minor", Least: "0.3.0", Unchanged: true}},
		{old: "2024-01", new: "2023-01", level: Breaking, want: Version{Asked: "major", Enough: true}},
		{old: "1.2.0", new: "next", level: Breaking, want: Version{Asked: "major", Least: "2.0.0", Enough: true}},
	} {
		c := Comparison{
			Old: &spec.Document{InfoVersion: test.old}, New: &spec.Document{InfoVersion: test.new}, Findings: []Finding{{Level: test.level}},
		}
		test.want.Old, test.want.New = test.old, test.new
		if diff := cmp.Diff(test.want, c.Version()); diff != "" {
			t.Errorf("%s → %s, %s: %s", test.old, test.new, test.level, diff)
		}
	}
}
