package probe

import (
	"maps"

	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// sample makes a value for a schema: an example of the document, else the simplest value that fits. all includes optional
// members. ok is false if no simple value fits.
func (d *deriver) sample(s *spec.Schema, all bool) (value any, ok bool) { return d.maker(all).Value(s) }

// maker makes values that the judge takes.
func (d *deriver) maker(all bool) sample.Maker {
	return sample.Maker{Takes: d.takes, All: all, Made: d.madeOthers()}
}

// madeOthers are the ids of things that exist, but for those of what the operation creates: a new flow wants a new flow_id.
func (d *deriver) madeOthers() Values {
	path := segments(pathOf(d.op))
	if len(d.known.Made) == 0 || len(path) == 0 {
		return nil
	}
	others, own := maps.Clone(d.known.Made), singular(sample.PlainName(path[len(path)-1]))
	delete(others, own+"id")
	delete(others, own+"uuid")
	return others
}
