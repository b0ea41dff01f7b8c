package schema

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The test suite of JSON Schema (https://github.com/json-schema-org/JSON-Schema-Test-Suite) runs against the checkers: that
// of draft 2020-12 as a document of OpenAPI 3.1, that of draft 4 as one of OpenAPI 3.0. suite_document_test.go makes the
// documents, and suite_exceptions_test.go lists what is left out or fails, each with its reason.

const suiteFolder = "../../../../shared/conformance/json-schema/"

// suiteGroup is one schema of the suite with the values to try.
type suiteGroup struct {
	Description string
	Schema      json.RawMessage
	Tests       []struct {
		Description string
		Data        json.RawMessage
		Valid       bool
	}
}

// suiteScore counts the tests of a part of the suite.
type suiteScore struct {
	right, excepted, all int
	exceptions           map[*suiteException]bool // that name a test of the part; true: a wrong one
}

// suiteParts are the folders of a draft.
var suiteParts = []struct {
	name, files string
	options     Options
}{
	{"required", "*.json", Options{}},
	{"optional", "optional/*.json", Options{}},
	{"formats", "optional/format/*.json", Options{AssertFormats: true}},
}

func TestSuite2020(t *testing.T) {
	bundled := suiteBundle(t)
	for _, part := range suiteParts {
		t.Run(part.name, func(t *testing.T) {
			runSuite(t, "draft2020-12", part.files, part.options, func(t *testing.T, g suiteGroup) (*spec.Document, *spec.Schema) {
				return suiteSchema31(t, g.Schema, bundled)
			})
		})
	}
}

func TestSuite4(t *testing.T) {
	for _, part := range suiteParts {
		t.Run(part.name, func(t *testing.T) {
			left := map[string]int{} // by keyword, how many groups OpenAPI 3.0 cannot express
			runSuite(t, "draft4", part.files, part.options, func(t *testing.T, g suiteGroup) (*spec.Document, *spec.Schema) {
				if keyword := beyond30(g.Schema); keyword != "" {
					left[keyword]++
					return nil, nil
				}
				return suiteSchema30(t, g.Schema)
			})
			t.Logf("groups left out because OpenAPI 3.0 does not have a keyword: %v", left)
		})
	}
}

// runSuite runs the tests of some files of the suite. Where schemaOf returns nil, the group is left out.
func runSuite(t *testing.T, draft, files string, o Options, schemaOf func(*testing.T, suiteGroup) (*spec.Document, *spec.Schema)) {
	names, err := filepath.Glob(filepath.Join(suiteFolder, "tests", draft, files))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Skip("the test suite of JSON Schema is not beside the repository")
	}
	score := suiteScore{exceptions: map[*suiteException]bool{}}
	for _, name := range names {
		short, err := filepath.Rel(filepath.Join(suiteFolder, "tests"), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range readSuite(t, name) {
			if doc, s := schemaOf(t, g); s != nil {
				runGroup(t, filepath.ToSlash(short)+": "+g.Description, g, New(doc).Checker(s), s, o, &score)
			}
		}
	}
	for e, needed := range score.exceptions {
		if !needed {
			t.Errorf("%s: every test is right, but excepted", e.name)
		}
	}
	t.Logf("%d of %d tests are right, %d are excepted", score.right, score.all, score.excepted)
}

func runGroup(t *testing.T, name string, g suiteGroup, checker *Checker, s *spec.Schema, o Options, score *suiteScore) {
	for _, test := range g.Tests {
		score.all++
		full := name + ": " + test.Description
		v, _, ok := strictjson.Parse(test.Data)
		if !ok {
			t.Fatalf("%s: the value cannot be read", full)
		}
		wrong := ""
		switch valid := checker.Valid(v, o); {
		case s.Refused != nil:
			wrong = "the schema is refused: " + s.Refused.String()
		case valid && !test.Valid:
			wrong = "the value is taken, want a violation"
		case !valid && test.Valid:
			wrong = "want no violation, got " + strings.Join(violationsOf(checker, v, o), ", ")
		case valid != (len(violationsOf(checker, v, o)) == 0):
			wrong = "Valid and Check disagree"
		}
		observe(t, checker, v, o)
		exception := suiteExceptionOf(full)
		if exception != nil {
			score.exceptions[exception] = score.exceptions[exception] || wrong != ""
		}
		switch {
		case wrong == "":
			score.right++
		case exception != nil:
			score.excepted++
		default:
			t.Errorf("%s: %s", full, wrong)
		}
	}
}

func violationsOf(c *Checker, v strictjson.Value, o Options) []string {
	texts := []string{}
	c.Check(v, o, func(violation Error) bool {
		texts = append(texts, violation.Keyword+" at "+violation.Pointer())
		return true
	})
	return texts
}

func readSuite(t *testing.T, name string) []suiteGroup {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var groups []suiteGroup
	if err := json.Unmarshal(data, &groups); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return groups
}
