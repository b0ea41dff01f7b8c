package spec

import (
	"fmt"
	"slices"
	"strings"
)

// Grade is the strength of the evidence for a promise. Compare grades with <: the zero value, Documented, is the strongest.
type Grade int

// The grades, from the strongest.
const (
	Documented   Grade = iota // stated by the vendor's pages or SDK; also if the document has no x-evidence
	Recorded                  // observed in the real service
	Inferred                  // concluded by the authors of the document
	Undocumented              // not in the document
)

var gradeNames = [...]string{"documented", "recorded", "inferred", "undocumented"}

// GradeNames lists the names of the grades, from the strongest.
func GradeNames() []string { return slices.Clone(gradeNames[:]) }

// String returns the name of the grade, such as "documented".
func (g Grade) String() string { return gradeNames[g] }

// ParseGrade returns the grade with the name. The error of an unknown name lists the names.
func ParseGrade(s string) (Grade, error) {
	if i := slices.Index(gradeNames[:], s); i >= 0 {
		return Grade(i), nil
	}
	return 0, fmt.Errorf("unknown grade %q: it is one of %s", s, strings.Join(gradeNames[:], ", "))
}

// Evidence says how sure a node or a promise is, and where it comes from: the x-evidence of the node or of the nearest one
// that contains it. Without any, the grade is [Documented] and the source is the document.
type Evidence struct {
	Grade  Grade
	Source []string // pages, or rows of them, such as iam_02_0114@2024-02/table2/type
}

// Weaker returns the evidence with the weaker grade, or a if the grades are equal. A promise is at most as strong as the node
// that contains it.
func Weaker(a, b Evidence) Evidence {
	if b.Grade > a.Grade {
		return b
	}
	return a
}
