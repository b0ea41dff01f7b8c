package probe

import (
	"fmt"
	"maps"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// account asks for what belongs to somebody else: a parameter of the path that principals have each their own value of.
// The reader asks for the stranger's, and the stranger for the reader's.
func (d *deriver) account() {
	for _, p := range d.op.Parameters {
		if p.In != "path" {
			continue
		}
		own, isOwn := d.principals[Reader].Values[p.Name]
		foreign, isForeign := d.principals[Stranger].Values[p.Name]
		if isOwn && isForeign && own != foreign {
			others := maps.Clone(d.principals[Reader].Values)
			others[p.Name] = foreign
			d.others("other-account", Reader, others)
			d.others("account-of-reader", Stranger, d.principals[Reader].Values)
			return
		}
	}
	if !d.names(spec.OtherAccount) {
		return
	}
	from := len(d.probes)
	d.others("other-account", Reader, nil)
	d.others("account-of-reader", Stranger, nil)
	for i := range d.probes[from:] {
		d.probes[from+i].Skip = fmt.Sprintf("there are no principals %q and %q with an account of their own each", Reader, Stranger)
	}
}

// others asks for what these values name, and once more with everything that can be asked for beside it.
func (d *deriver) others(name string, role Role, values map[string]string) {
	d.addFor(values, name, spec.OtherAccount, role, nil)
	if more := d.further(); more != nil {
		d.addFor(values, name+"-with-parameters", spec.OtherAccount, role, more)
	}
}
