package probe

import (
	"cmp"
	"fmt"
	"maps"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// account adds requests for resources of another account: the reader requests those of the stranger, and the stranger those
// of the reader. The account is the first path parameter for which both principals have a value, and different ones.
func (d *deriver) account() {
	own, foreign := d.principals[Reader].Values, d.principals[Stranger].Values
	others := maps.Clone(own)
	names := []string{}
	for _, p := range d.op.Parameters {
		if p.In == "path" {
			names = append(names, p.Name)
		}
	}
	skip := "no path parameter names an account"
	if len(names) > 0 {
		skip = fmt.Sprintf("the principals %q and %q need different values of the path parameter %s",
			Reader, Stranger, strings.Join(names, " or "))
	}
	for _, p := range d.op.Parameters {
		value, isOwn := own[p.Name]
		other, isForeign := foreign[p.Name]
		isAccount := p.In == "path" && isOwn && isForeign && value != other
		if skip != "" && isAccount {
			others[p.Name], skip = other, ""
		}
	}
	if skip == "" || d.hasStatus(spec.OtherAccount) {
		d.addAccount("other-account", Reader, others, skip)
		d.addAccount("account-of-reader", Stranger, own, skip)
	}
}

// addAccount adds a request with these values, and one that has all optional query parameters too. With a reason to skip,
// both are skipped.
func (d *deriver) addAccount(name string, role Role, values map[string]string, skip string) {
	made := d.addFor(values, name, spec.OtherAccount, role, nil)
	made.Skip = cmp.Or(skip, made.Skip)
	if more := d.withOptional(); more != nil {
		made := d.addFor(values, name+"-with-parameters", spec.OtherAccount, role, more)
		made.Skip = cmp.Or(skip, made.Skip)
	}
}
