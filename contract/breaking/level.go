package breaking

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Level says how much a change matters.
type Level int

// The levels, the mildest first. Editorial is a change of prose. Compatible breaks nobody: more requests are right, or fewer
// responses. PossiblyBreaking has no witness, or one that a careful program stands: a member that an open schema always allowed,
// an error status of a class that programs know. Breaking has a witness.
const (
	Editorial Level = iota
	Compatible
	PossiblyBreaking
	Breaking
)

var levelNames = [...]string{"editorial", "compatible", "possibly breaking", "breaking"}

// String returns the name: editorial, compatible, possibly breaking or breaking.
func (l Level) String() string { return levelNames[l] }

// MarshalText writes the name.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Level is that of the worst finding, of those that traffic uses: Editorial if there is none.
func (c *Comparison) Level() Level {
	worst := Editorial
	for _, f := range c.Findings {
		if !f.Unused {
			worst = max(worst, f.Level)
		}
	}
	return worst
}

// Of returns the findings of a level.
func (c *Comparison) Of(level Level) []Finding {
	list := []Finding{}
	for _, f := range c.Findings {
		if f.Level == level {
			list = append(list, f)
		}
	}
	return list
}

// Version is what the change means for info.version of the document.
type Version struct {
	Old, New string // info.version of both documents
	Asked    string // the part of the version that the change raises at least: major, minor, patch or none
	Least    string // the least version that the change asks for, such as 3.0.0; "" if Old is no semantic version
	// Unchanged says that a change above editorial has left the version as it was, which fails the comparison.
	Unchanged bool
	// Enough says that New is at least Least. It is true if one of the versions is no semantic version.
	Enough bool
	// Lower says that New is lower than Old, so that Old and New may have been confused.
	Lower bool
}

// Version returns what the change means for the version. Traffic does not count here: a version is for all consumers. Before
// 1.0.0 the minor version stands for the major one (Semantic Versioning, 4).
func (c *Comparison) Version() Version {
	v := Version{Old: c.Old.InfoVersion, New: c.New.InfoVersion, Asked: "none", Enough: true}
	worst := Editorial
	for _, f := range c.Findings {
		worst = max(worst, f.Level)
		v.Asked = "patch"
	}
	v.Unchanged = worst > Editorial && v.Old == v.New
	numbers, ok := semantic(v.Old)
	isInitial := ok && numbers[0] == 0
	switch {
	case worst == Breaking && !isInitial:
		v.Asked = "major"
	case worst == Breaking, worst > Editorial && !isInitial:
		v.Asked = "minor"
	}
	if ok {
		least := raised(numbers, v.Asked)
		v.Least = fmt.Sprintf("%d.%d.%d", least[0], least[1], least[2])
		if new, ok := semantic(v.New); ok {
			v.Enough, v.Lower = slices.Compare(new[:], least[:]) >= 0, slices.Compare(new[:], numbers[:]) < 0
		}
	}
	return v
}

// semantic reads a version of three numbers; a pre-release or build is ignored.
func semantic(version string) (numbers [3]int, ok bool) {
	version, _, _ = strings.Cut(strings.TrimPrefix(version, "v"), "+")
	version, _, _ = strings.Cut(version, "-")
	words := strings.Split(version, ".")
	if len(words) != len(numbers) {
		return numbers, false
	}
	for i, word := range words {
		n, err := strconv.Atoi(word)
		if err != nil || n < 0 {
			return numbers, false
		}
		numbers[i] = n
	}
	return numbers, true
}

func raised(n [3]int, part string) [3]int {
	switch part {
	case "major":
		n = [3]int{n[0] + 1, 0, 0}
	case "minor":
		n = [3]int{n[0], n[1] + 1, 0}
	case "patch":
		n[2]++
	}
	return n
}
