package probe

import (
	"fmt"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// account adds requests for resources of another account: the reader requests those of the stranger, and the stranger those
// of the reader. The account is the first path parameter for which both principals have a value, and different ones.
func (d *deriver) account() {
	own, foreign := d.principals[Reader].Values, d.principals[Stranger].Values
	others := own
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
		value, isOwn := own.of(d.op, p)
		other, isForeign := foreign.of(d.op, p)
		isAccount := p.In == "path" && isOwn && isForeign && value != other
		if skip != "" && isAccount {
			others, skip = d.withValue(own, p, other), ""
		}
	}
	if skip == "" || d.hasStatus(spec.OtherAccount) {
		d.addAccount("other-account", Reader, others, skip)
		d.addAccount("account-of-reader", Stranger, own, skip)
	}
}

// addAccount adds a request with these values, and one that has all optional query parameters too. With a reason to skip,
// both are skipped.
func (d *deriver) addAccount(name string, role Role, values Values, skip string) {
	add := func(name string, change func(*contract.Request)) {
		if made := d.addFor(values, name, spec.OtherAccount, role, change); skip != "" {
			made.SkipFor(skip)
		}
	}
	add(name, nil)
	if more := d.withOptional(); more != nil {
		add(name+"-with-parameters", more)
	}
}
