package oasdiff

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// opinion is the worst that a comparison finds: the level in its own words, and the ids of the findings of that level, sorted.
type opinion struct {
	level string
	ids   []string
}

const nothing = "nothing" // the level if there are no findings

// ourLevels and theirLevels are all levels, the worst first.
var (
	ourLevels   = []string{"breaking", "possibly breaking", "compatible", "editorial", nothing}
	theirLevels = []string{"ERR", "WARN", "INFO", nothing}
)

func (o opinion) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s", o.level, strings.Join(o.ids, " ")))
}

// ours compares two documents by contract/breaking. The second result has every id.
func ours(p pair) (worst opinion, all []string, err error) {
	before, errOld := spec.Load(p.old)
	after, errNew := spec.Load(p.new)
	if err := errors.Join(errOld, errNew); err != nil {
		return opinion{}, nil, err
	}
	comparer, err := breaking.New(before, after)
	if err != nil {
		return opinion{}, nil, err
	}
	comparison, err := comparer.Compare(context.Background())
	if err != nil {
		return opinion{}, nil, err
	}
	worst = opinion{level: nothing}
	if len(comparison.Findings) > 0 {
		worst.level = comparison.Level().String()
	}
	for _, f := range comparison.Findings {
		all = append(all, f.ID)
		if f.Level == comparison.Level() {
			worst.ids = append(worst.ids, f.ID)
		}
	}
	worst.ids = sorted(worst.ids)
	return worst, all, nil
}

// theirs compares two documents by oasdiff, as its command "changelog" does.
func theirs(p pair) (opinion, error) {
	before, errOld := loadTheirs(p.old)
	after, errNew := loadTheirs(p.new)
	if err := errors.Join(errOld, errNew); err != nil {
		return opinion{}, err
	}
	report, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), before, after)
	if err != nil {
		return opinion{}, err
	}
	config := checker.NewConfig(checker.GetAllChecks())
	changes := checker.CheckBackwardCompatibilityUntilLevel(config, report, sources, checker.INFO)
	worst := opinion{level: nothing}
	for i, level := range []checker.Level{checker.ERR, checker.WARN, checker.INFO} {
		for _, change := range changes {
			if change.GetLevel() == level {
				worst.level, worst.ids = theirLevels[i], append(worst.ids, change.GetId())
			}
		}
		if worst.ids != nil {
			break
		}
	}
	worst.ids = sorted(worst.ids)
	return worst, nil
}

func loadTheirs(file string) (*load.SpecInfo, error) {
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	return load.NewSpecInfo(loader, load.NewSource(file))
}

// bothLoad reports whether a document loads in both.
func bothLoad(file string) bool {
	doc, err := spec.Load(file)
	if err != nil {
		return false
	}
	_, errOurs := contract.New(doc)
	_, errTheirs := loadTheirs(file)
	return errOurs == nil && errTheirs == nil
}

// agree reports whether two levels mean the same.
func agree(ours, theirs string) bool {
	switch ours {
	case "breaking":
		return theirs == "ERR"
	case "possibly breaking":
		return theirs == "WARN"
	}
	return theirs == "INFO" || theirs == nothing
}

func sorted(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
