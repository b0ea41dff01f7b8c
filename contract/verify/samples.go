package verify

import (
	"cmp"
	"maps"
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/traffic"
)

// The exchanges of a group have findings with the same ids, but maybe at other places. A report shows all findings of the first
// exchange, and one sample of each finding at a place where the first exchange has none:
//
//	entry 1    schema/type at /response/body/0/name, …/1/name    both are shown
//	entry 2    schema/type at /response/body/3/name              the same place: indexes are folded
//	entry 3    schema/type at /response/body/0/size              shown, too

// sampleKey names a finding at a place, without its indexes.
type sampleKey struct {
	id, place string
	expected  bool
}

// sample is the finding of the first exchange that has it there.
type sample struct {
	finding contract.Finding
	file    string
	number  int
	index   int // in the findings of the exchange
}

// maxSamples bounds the samples of a group. Those with the smallest keys are kept.
const maxSamples = 20

func keyOf(f contract.Finding) sampleKey {
	return sampleKey{f.ID, pointer.Folded(f.Pointer), f.Expected}
}

func compareSampleKeys(a, b sampleKey) int {
	return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.place, b.place), falseFirst(a.expected, b.expected))
}

// compareSamples orders samples by their exchanges.
func compareSamples(a, b sample) int {
	return cmp.Or(cmp.Compare(a.file, b.file), a.number-b.number, a.index-b.index, compareFindings(a.finding, b.finding))
}

// addSamples adds the findings of an exchange.
func (g *group) addSamples(e traffic.Entry, findings []contract.Finding) {
	for i, f := range findings {
		g.addSample(keyOf(f), sample{f, e.File, e.Number, i})
	}
}

func (g *group) addSample(key sampleKey, s sample) {
	old, known := g.samples[key]
	if known && compareSamples(old, s) <= 0 {
		return
	}
	if g.samples == nil {
		g.samples = map[sampleKey]sample{}
	}
	g.samples[key] = s
	if len(g.samples) > maxSamples {
		delete(g.samples, slices.MaxFunc(slices.Collect(maps.Keys(g.samples)), compareSampleKeys))
	}
}

// findings returns what a report shows: the findings of the first exchange, then the samples from others.
func (g *group) findings() []contract.Finding {
	shown := map[sampleKey]bool{}
	for _, f := range g.shown.findings {
		shown[keyOf(f)] = true
	}
	further := []sample{}
	for key, s := range g.samples {
		if !shown[key] {
			further = append(further, s)
		}
	}
	slices.SortFunc(further, compareSamples)
	list := slices.Clone(g.shown.findings)
	for _, s := range further {
		list = append(list, s.finding)
	}
	return list
}
