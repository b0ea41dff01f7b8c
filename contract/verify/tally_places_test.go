package verify

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestTallyOfOtherPlace tests that a tally that was made with the document at one place is the same as with a copy at another: the
// report names the file of its own reader.
func TestTallyOfOtherPlace(t *testing.T) {
	tallyAt := func(file string) *Tally {
		doc, err := spec.Read(file, []byte(things), nil)
		if err != nil {
			t.Fatal(err)
		}
		judge, err := contract.New(doc)
		if err != nil {
			t.Fatal(err)
		}
		return NewTally([]*contract.Judge{judge})
	}
	there, here, want := tallyAt("/etc/quotaspec/things.yaml"), tallyAt("things.yaml"), tallyAt("things.yaml")
	for _, tally := range []*Tally{there, want} {
		for status := 200; status < 206; status++ {
			add(tally, entry("/things", status, `{"kind":"c","n":"x"}`))
		}
	}
	if err := here.Merge(there); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(findingsOf(t, want), findingsOf(t, here)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// findingsOf lists findings with their sources and places.
func findingsOf(t *testing.T, of *Tally) (list []string) {
	t.Helper()
	r, err := of.Report(Options{FailOn: spec.Recorded}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, check := range r.Checks {
		for _, f := range append(check.Failures, check.Warnings...) {
			list = append(list, f.String()+" "+f.Evidence.Source[0]+" "+f.Place())
		}
	}
	if len(list) == 0 {
		t.Fatal("no findings")
	}
	return list
}
