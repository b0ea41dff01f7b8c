package report

// Observed splits the parts of the documents, as Coverage lists them, into those that exchanges had and that were checked, whether
// they were kept or broken, and the others. The share of the first ones is the coverage that a gate compares with its minimum.
func (r *Report) Observed() (observed, missing []Part) {
	for _, part := range r.Coverage() {
		if part.State == NotObserved || part.State == Unchecked {
			missing = append(missing, part)
		} else {
			observed = append(observed, part)
		}
	}
	return observed, missing
}
