package probe

import (
	"cmp"
	"fmt"
	"maps"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// account asks for what belongs to somebody else: a parameter of the path that principals have each their own value of.
// The reader asks for the stranger's, and the stranger for the reader's.
func (d *deriver) account() {
	own, foreign := d.principals[Reader].Values, d.principals[Stranger].Values
	others := maps.Clone(own)
	skip := fmt.Sprintf("there are no principals %q and %q with an account of their own each", Reader, Stranger)
	for _, p := range d.op.Parameters {
		value, isOwn := own[p.Name]
		other, isForeign := foreign[p.Name]
		if skip != "" && p.In == "path" && isOwn && isForeign && value != other {
			others[p.Name], skip = other, ""
		}
	}
	if skip == "" || d.names(spec.OtherAccount) {
		d.others("other-account", Reader, others, skip)
		d.others("account-of-reader", Stranger, own, skip)
	}
}

// others asks for what these values name, and once more with everything that can be asked for beside it. skip says why it
// cannot.
func (d *deriver) others(name string, role Role, values map[string]string, skip string) {
	made := d.addFor(values, name, spec.OtherAccount, role, nil)
	made.Skip = cmp.Or(skip, made.Skip)
	if more := d.further(); more != nil {
		made := d.addFor(values, name+"-with-parameters", spec.OtherAccount, role, more)
		made.Skip = cmp.Or(skip, made.Skip)
	}
}
