package breaking

// shown is what exchanges show of a change.
type shown struct {
	level   Level
	witness *Witness
	why     string
	probe   string
}

// show looks for an exchange that shows a change.
func (c *Comparer) show(ch change) shown { return shown{} }
