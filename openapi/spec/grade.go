package spec

import (
	"fmt"
	"slices"
	"strings"
)

// Grade says how sure a promise is. The zero value is the surest; grades compare with <.
type Grade int

// The ladder of grades.
const (
	Documented   Grade = iota // the vendor's pages or its own SDK say it
	Recorded                  // seen in the real service
	Inferred                  // the authors of the document conclude it
	Undocumented              // the document does not know it
)

var gradeNames = [...]string{"documented", "recorded", "inferred", "undocumented"}

// String is the name of the grade.
func (g Grade) String() string { return gradeNames[g] }

// ParseGrade reads the name of a grade.
func ParseGrade(s string) (Grade, error) {
	if i := slices.Index(gradeNames[:], s); i >= 0 {
		return Grade(i), nil
	}
	return 0, fmt.Errorf("unknown grade %q: it is one of %s", s, strings.Join(gradeNames[:], ", "))
}

// Evidence is what stands behind a node of a document.
type Evidence struct {
	Grade  Grade
	Source []string // pages, or rows of them, such as iam_02_0114@2024-02/table2/type
}

// Weaker returns the less sure of two pieces of evidence: a promise is no surer than the node that holds it.
func Weaker(a, b Evidence) Evidence {
	if b.Grade > a.Grade {
		return b
	}
	return a
}
