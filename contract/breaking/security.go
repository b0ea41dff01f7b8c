package breaking

import "github.com/quotaspec/quotaspec/openapi/spec"

// security compares the security requirements of an operation.
func (c *Comparer) security(old, new *spec.Operation) []change { return nil }

// showSecurity says what a change of the security requirements breaks.
func (c *Comparer) showSecurity(ch change) shown { return shown{} }
