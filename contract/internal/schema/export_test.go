package schema

// CompareRead and CompareMutants are for tests outside of the package.
var (
	CompareRead    = compareRead
	CompareMutants = compareMutants
)
