package contract

// KeptIDs are the ids of the promises that an exchange kept, nil if there are none.
func KeptIDs(r Result) []string {
	var ids []string
	for _, kept := range r.Passed() {
		ids = append(ids, kept.ID)
	}
	return ids
}

// SeenPointers are the pointers of what an exchange had of the document.
func SeenPointers(r Result) []string {
	var pointers []string
	for _, n := range r.Covered() {
		pointers = append(pointers, n.Pointer())
	}
	return pointers
}
