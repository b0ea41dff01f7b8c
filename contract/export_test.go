package contract

// PassedIDs returns the ids of the rules that a result passed, nil if there are none.
func PassedIDs(r Result) []string {
	var ids []string
	for _, rule := range r.Passed() {
		ids = append(ids, rule.ID)
	}
	return ids
}

// CoveredPointers returns the pointers of the parts of the document that a result covers.
func CoveredPointers(r Result) []string {
	var pointers []string
	for _, n := range r.Covered() {
		pointers = append(pointers, n.Pointer())
	}
	return pointers
}
