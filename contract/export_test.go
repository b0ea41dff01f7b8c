package contract

// PassedIDs are the ids of the promises that an exchange kept, nil if there are none.
func PassedIDs(r Result) []string {
	var ids []string
	for _, kept := range r.Passed() {
		ids = append(ids, kept.ID)
	}
	return ids
}

// CoveredPointers are the pointers of what an exchange had of the document.
func CoveredPointers(r Result) []string {
	var pointers []string
	for _, n := range r.Covered() {
		pointers = append(pointers, n.Pointer())
	}
	return pointers
}
