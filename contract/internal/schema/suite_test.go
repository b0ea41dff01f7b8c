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

// These tests run the official test suite of JSON Schema (https://github.com/json-schema-org/JSON-Schema-Test-Suite).
// The tests of draft 2020-12 run as documents of OpenAPI 3.1, those of draft 4 as documents of OpenAPI 3.0. The file
// suite_documents_test.go builds the documents, and suite_exceptions_test.go lists the tests that are expected to
// fail, with reasons.

const suiteFolder = "../../../../shared/conformance/json-schema/"

// suiteGroup is a schema of the suite with values to check.
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
	passed, excepted, all int
	exceptions            map[*suiteException]bool // those that name a test of the part; true: some such test fails
}

// suiteParts are the folders of each draft.
var suiteParts = []struct {
	name, files string
	options     Options
}{
	{name: "required", files: "*.json", options: Options{}},
	{name: "optional", files: "optional/*.json", options: Options{}},
	{name: "formats", files: "optional/format/*.json", options: Options{AssertFormats: true}},
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
			skipped := map[string]int{} // number of groups that OpenAPI 3.0 cannot express, by keyword
			runSuite(t, "draft4", part.files, part.options, func(t *testing.T, g suiteGroup) (*spec.Document, *spec.Schema) {
				if keyword := beyond30(g.Schema); keyword != "" {
					skipped[keyword]++
					return nil, nil
				}
				return suiteSchema30(t, g.Schema)
			})
			t.Logf("groups skipped because OpenAPI 3.0 lacks a keyword: %v", skipped)
		})
	}
}

// runSuite runs the tests of some files. It skips a group for which schemaOf returns nil.
func runSuite(t *testing.T, draft, files string, o Options, schemaOf func(*testing.T, suiteGroup) (*spec.Document, *spec.Schema)) {
	names, err := filepath.Glob(filepath.Join(suiteFolder, "tests", draft, files))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Skip("the test suite of JSON Schema is not installed next to the repository")
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
			t.Errorf("%s: every test passes: remove the exception", e.name)
		}
	}
	t.Logf("%d of %d tests pass, %d are exceptions", score.passed, score.all, score.excepted)
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
			wrong = "got a valid value, want an error"
		case !valid && test.Valid:
			wrong = "want no error, got " + strings.Join(errorsOf(checker, v, o), ", ")
		case valid != (len(errorsOf(checker, v, o)) == 0):
			wrong = "Valid and Check disagree"
		}
		observe(t, checker, v, o)
		compareMutants(t, checker, test.Data, o)
		exception := suiteExceptionOf(full)
		if exception != nil {
			score.exceptions[exception] = score.exceptions[exception] || wrong != ""
		}
		switch {
		case wrong == "":
			score.passed++
		case exception != nil:
			score.excepted++
		default:
			t.Errorf("%s: %s", full, wrong)
		}
	}
}

func errorsOf(c *Checker, v strictjson.Value, o Options) []string {
	texts := []string{}
	c.Check(v, o, func(e Error) bool {
		texts = append(texts, e.Keyword+" at "+e.Pointer())
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
