package formats_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/contract/breaking/formats"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

type sarifRun struct {
	Tool struct {
		Driver struct {
			Rules []struct{ ID, HelpURI string }
		}
	}
	Artifacts []struct{ Location struct{ URI string } }
	Results   []struct {
		RuleID    string
		RuleIndex int
		Level     string
		Message   struct{ Text string }
		Locations []struct {
			PhysicalLocation struct {
				ArtifactLocation struct{ URI string }
				Region           struct{ StartLine int }
			}
		}
		PartialFingerprints map[string]string
		Suppressions        []struct{ Justification string }
	}
}

func readSARIF(t *testing.T, s sample) sarifRun {
	t.Helper()
	var log struct{ Runs []sarifRun }
	if err := json.Unmarshal([]byte(s.write(t, "sarif")), &log); err != nil || len(log.Runs) != 1 {
		t.Fatalf("%d runs, error %v", len(log.Runs), err)
	}
	return log.Runs[0]
}

// TestSARIFResults checks the level and the place of each result, and what is suppressed.
func TestSARIFResults(t *testing.T) {
	all := samples(t)
	for _, test := range []struct {
		name string
		want []string
	}{
		{name: "tolerated", want: []string{
			"error enum/added testdata/pets.yaml:42",
			"error status/removed testdata/old/pets.yaml:36",
			"warning bound/lowered testdata/pets.yaml:8 [{announced in May}]",
			"warning bound/added testdata/pets.yaml:48 [{announced in May}]",
			"warning security/loosened testdata/old/pets.yaml:3",
			"warning property/removed testdata/pets.yaml:40",
			"note enum/added testdata/pets.yaml:47",
		}},
		{name: "traffic", want: []string{
			"error enum/added testdata/pets.yaml:42",
			"note status/removed testdata/old/pets.yaml:36",
			"note bound/lowered testdata/pets.yaml:8",
			"note bound/added testdata/pets.yaml:48",
			"note security/loosened testdata/old/pets.yaml:3",
			"warning property/removed testdata/pets.yaml:40",
			"note enum/added testdata/pets.yaml:47",
		}},
	} {
		got := []string{}
		for _, result := range readSARIF(t, all[test.name]).Results {
			at := result.Locations[0].PhysicalLocation
			line := fmt.Sprintf("%s %s %s:%d", result.Level, result.RuleID, at.ArtifactLocation.URI, at.Region.StartLine)
			if len(result.Suppressions) > 0 {
				line += fmt.Sprint(" ", result.Suppressions)
			}
			got = append(got, line)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestSARIFStructure checks what GitHub requires of every result.
func TestSARIFStructure(t *testing.T) {
	fingerprint := regexp.MustCompile(`^[0-9a-f]{32}$`)
	for name, s := range samples(t) {
		run, seen := readSARIF(t, s), map[string]bool{}
		for _, result := range run.Results {
			rules := run.Tool.Driver.Rules
			hasRule := result.RuleIndex < len(rules) && rules[result.RuleIndex].ID == result.RuleID
			if !hasRule || rules[result.RuleIndex].HelpURI != formats.HelpPage {
				t.Errorf("%s: %s has the index %d", name, result.RuleID, result.RuleIndex)
			}
			f := result.PartialFingerprints["quotaspec/breaking/v1"]
			if seen[f] || !fingerprint.MatchString(f) {
				t.Errorf("%s: the fingerprint %q is not one, or not the only one", name, f)
			}
			seen[f] = true
			if result.Message.Text == "" || result.Locations[0].PhysicalLocation.Region.StartLine < 1 || result.Suppressions == nil {
				t.Errorf("%s: %+v", name, result)
			}
		}
	}
}

// TestSARIFFingerprints checks that results keep their fingerprints when lines move.
func TestSARIFFingerprints(t *testing.T) {
	data, err := os.ReadFile("testdata/pets.yaml")
	if err != nil {
		t.Fatal(err)
	}
	moved, err := spec.Read("testdata/pets.yaml", append([]byte("# One line\n# more\n"), data...), nil)
	if err != nil {
		t.Fatal(err)
	}
	c := comparison(t)
	before := readSARIF(t, sample{comparison: c}).Results
	for i, f := range c.Findings {
		if f.New != nil {
			c.Findings[i].New = moved.Root.At(f.New.Pointer())
		}
	}
	c.New = moved
	after := readSARIF(t, sample{comparison: c}).Results
	if cmp.Equal(before[0].Locations, after[0].Locations) {
		t.Error("no line has moved")
	}
	for i := range before {
		if diff := cmp.Diff(before[i].PartialFingerprints, after[i].PartialFingerprints); diff != "" {
			t.Errorf("%s: %s", before[i].RuleID, diff)
		}
	}
}

// TestSARIFFiles checks that results about another revision point to the file of the working directory.
func TestSARIFFiles(t *testing.T) {
	for _, test := range []struct{ name, file, folder, want string }{
		{name: "relative", file: "api/pets.yaml", want: "api/pets.yaml"},
		{name: "of a revision", file: "origin/main:api/pets.yaml", want: "api/pets.yaml"},
		{name: "of a revision, below the working directory", file: "HEAD~1:./pets.yaml", want: "pets.yaml"},
		{name: "below the working directory", file: "/srv/api/pets.yaml", folder: "/srv", want: "api/pets.yaml"},
		{name: "on the web", file: "https://api.example.com/v1/openapi.json", want: "v1/openapi.json"},
	} {
		doc, err := spec.Read(test.file, []byte("openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		c := &breaking.Comparison{Old: doc, New: doc, Findings: []breaking.Finding{
			{ID: "server/added", Level: breaking.Compatible, New: doc.Root.At("/info")},
		}}
		run := readSARIF(t, sample{comparison: c, options: formats.Options{Folder: test.folder}})
		if got := run.Results[0].Locations[0].PhysicalLocation.ArtifactLocation.URI; got != test.want {
			t.Errorf("%s: the result is at %q, want %q", test.name, got, test.want)
		}
		if len(run.Artifacts) != 1 || run.Artifacts[0].Location.URI != test.want {
			t.Errorf("%s: the files are %v", test.name, run.Artifacts)
		}
	}
}

// TestSARIFRemoved checks the place of what was removed: where it was in another file, and the nearest part above it in another
// revision of the same file.
func TestSARIFRemoved(t *testing.T) {
	data, err := os.ReadFile("testdata/old/pets.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, old string
		want      int // line
	}{
		{name: "another file", old: "old/pets.yaml", want: 36},
		{name: "another revision", old: "main:testdata/pets.yaml", want: 29}, // the responses of getPet
	} {
		old, err := spec.Read(test.old, data, nil)
		if err != nil {
			t.Fatal(err)
		}
		c := &breaking.Comparison{Old: old, New: loadPets(t).new, Findings: []breaking.Finding{{
			ID: "status/removed", Level: breaking.Breaking, Old: old.Root.At("/paths/~1pets~1{petId}/get/responses/404"),
		}}}
		at := readSARIF(t, sample{comparison: c}).Results[0].Locations[0].PhysicalLocation
		if at.Region.StartLine != test.want {
			t.Errorf("%s: got %s, line %d, want %d", test.name, at.ArtifactLocation.URI, at.Region.StartLine, test.want)
		}
	}
}
