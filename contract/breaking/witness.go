package breaking

import "github.com/quotaspec/quotaspec/contract"

// shown is what exchanges show of a change.
type shown struct {
	level   Level
	witness *Witness
	why     string
	probe   string
	side    contract.Side // "": that of the part
}

// show looks for an exchange that shows a change.
func (c *Comparer) show(ch change) shown { return shown{} }
