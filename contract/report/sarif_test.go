package report_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// sarifLog is the part of SARIF that servers need.
type sarifLog struct {
	Schema  string `json:"$schema"`
	Version string
	Runs    []struct {
		Tool struct {
			Driver struct {
				Name, InformationURI string
				Rules                []struct {
					ID               string
					ShortDescription struct{ Text string }
					HelpURI          string
				}
			}
		}
		Invocations []struct {
			ExecutionSuccessful        bool
			ToolExecutionNotifications []struct {
				Level   string
				Message struct{ Text string }
			}
		}
		Artifacts []struct {
			Location struct{ URI string }
		}
		Results []struct {
			RuleID    string
			RuleIndex int
			Level     string
			Kind      string
			Message   struct{ Text string }
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI string }
					Region           struct{ StartLine int }
				}
			}
			PartialFingerprints map[string]string
			Suppressions        []struct{ Kind, Justification string }
		}
		Properties struct {
			Checks []struct{ ID, Status string }
		}
	}
}

func readSARIF(t *testing.T, r *report.Report) sarifLog {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal([]byte(write(t, "sarif", r)), &log); err != nil {
		t.Fatal(err)
	}
	return log
}

// TestSARIFStructure checks what GitHub requires, and that each result points to a line of a document.
func TestSARIFStructure(t *testing.T) {
	fingerprint := regexp.MustCompile(`^[0-9a-f]{32}$`)
	for name, r := range samples(t) {
		t.Run(name, func(t *testing.T) {
			log := readSARIF(t, r)
			if log.Version != "2.1.0" || !strings.Contains(log.Schema, "sarif-2.1.0") || len(log.Runs) != 1 {
				t.Fatalf("got version %s, schema %s, %d runs", log.Version, log.Schema, len(log.Runs))
			}
			run := log.Runs[0]
			if run.Tool.Driver.Name != "quotaspec" || len(run.Invocations) != 1 || len(run.Properties.Checks) != len(r.Checks) {
				t.Errorf("got driver %q, %d invocations, %d checks", run.Tool.Driver.Name, len(run.Invocations), len(run.Properties.Checks))
			}
			ids := map[string]bool{}
			for _, rule := range run.Tool.Driver.Rules {
				if ids[rule.ID] || rule.ShortDescription.Text == "" {
					t.Errorf("the rule %q stands there twice or has no text", rule.ID)
				}
				ids[rule.ID] = true
			}
			visited := map[string]bool{}
			for _, result := range run.Results {
				if rules := run.Tool.Driver.Rules; result.RuleIndex < 0 || result.RuleIndex >= len(rules) ||
					rules[result.RuleIndex].ID != result.RuleID {
					t.Errorf("%s has the index %d", result.RuleID, result.RuleIndex)
				}
				at := result.Locations[0].PhysicalLocation
				if uri, err := url.Parse(at.ArtifactLocation.URI); err != nil || uri.IsAbs() || path.IsAbs(uri.Path) || at.Region.StartLine < 1 {
					t.Errorf("%s is at %q, line %d", result.RuleID, at.ArtifactLocation.URI, at.Region.StartLine)
				}
				f := result.PartialFingerprints["quotaspec/v2"]
				if visited[f] || !fingerprint.MatchString(f) {
					t.Errorf("%s: the fingerprint %q is not one, or not the only one", result.RuleID, f)
				}
				visited[f] = true
				if result.Kind != "" || result.Message.Text == "" || result.Suppressions == nil {
					t.Errorf("%s: kind %q, message %q, suppressions %v", result.RuleID, result.Kind, result.Message.Text, result.Suppressions)
				}
			}
		})
	}
}

// TestSARIFLevels checks which results are errors, warnings or suppressed.
func TestSARIFLevels(t *testing.T) {
	run := readSARIF(t, redReport(t)).Runs[0]
	got := []string{}
	for _, result := range run.Results {
		line := result.Level + " " + result.RuleID
		for _, s := range result.Suppressions {
			line += " " + s.Kind + ": " + s.Justification
		}
		got = append(got, line)
	}
	want := "error showParcel/own-parcel, error schema/required, warning showParcel/own-parcel external: ticket 4711, " +
		"warning parcels/weight"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
	if run.Invocations[0].ExecutionSuccessful || len(run.Invocations[0].ToolExecutionNotifications) != 8 {
		t.Errorf("got %+v", run.Invocations[0])
	}
}

// TestSARIFFingerprints checks that a finding keeps its fingerprint when lines move or the value that was got changes.
func TestSARIFFingerprints(t *testing.T) {
	data, err := os.ReadFile("testdata/parcels.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r := redReportBy(document(t, "testdata/parcels.yaml", "# Two lines\n# more\n"+string(data)))
	for i := range r.Checks {
		for j := range r.Checks[i].Failures {
			r.Checks[i].Failures[j].Got = "another"
		}
	}
	before, after := readSARIF(t, redReport(t)), readSARIF(t, r)
	for i, result := range before.Runs[0].Results {
		before := result.Locations[0].PhysicalLocation.Region.StartLine
		if at := after.Runs[0].Results[i].Locations[0].PhysicalLocation.Region.StartLine; at != before+2 {
			t.Errorf("%s is at line %d", result.RuleID, at)
		}
		if got := after.Runs[0].Results[i].PartialFingerprints["quotaspec/v2"]; got != result.PartialFingerprints["quotaspec/v2"] {
			t.Errorf("%s: %s became %s", result.RuleID, result.PartialFingerprints["quotaspec/v2"], got)
		}
	}
}

// TestSARIFLines checks that each result has a line, which GitHub requires. A finding without a place is at line 1.
func TestSARIFLines(t *testing.T) {
	at := func(file, pointer string) *spec.Node { return document(t, file, things).Root.At(pointer) }
	for _, test := range []struct {
		name string
		node *spec.Node
		want string
	}{
		{name: "a member", node: at("things.yaml", "/paths"), want: "things.yaml 7"},
		{name: "the whole document", node: at("things.yaml", ""), want: "things.yaml 1"},
		{name: "a name with a colon", node: at("a:b.yaml", "/info"), want: "./a:b.yaml 2"},
		{name: "a name that ends like a line", node: at("things.yaml:-1", "/info"), want: "./things.yaml:-1 2"},
		{name: "nowhere", want: " 1"},
	} {
		r := &report.Report{FailOn: spec.Recorded}
		r.AddJudged(report.Check{ID: "listThings/plain", Suite: report.Probes}, contract.Result{
			Judged: true, Findings: []contract.Finding{{ID: "schema/type", Pointer: "/response/body", Node: test.node}},
		})
		location := readSARIF(t, r).Runs[0].Results[0].Locations[0].PhysicalLocation
		if got := fmt.Sprint(location.ArtifactLocation.URI, " ", location.Region.StartLine); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// TestSARIFRules checks the order of the rules: each promise once, in the order of the documents, then all other ids in
// alphabetical order.
func TestSARIFRules(t *testing.T) {
	doc := thingsDocument()
	r := &report.Report{Documents: []*spec.Document{doc, doc}, FailOn: spec.Recorded}
	for _, id := range []string{"schema/type", "things/order", "http/length", "schema/type", "json/syntax"} {
		r.AddJudged(probed("a"), broken(finding(id, spec.Documented, "a thing", "none")))
	}
	got := []string{}
	for _, rule := range readSARIF(t, r).Runs[0].Tool.Driver.Rules {
		got = append(got, rule.ID)
	}
	want := []string{"things/bounds", "things/order", "things/repeatable", "http/length", "json/syntax", "schema/type"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
}

// TestSARIFFiles checks that a result points to its document by a relative URI, or by one with a scheme if the path is
// absolute, with special characters escaped.
func TestSARIFFiles(t *testing.T) {
	for _, test := range []struct{ name, file, folder, want string }{
		{name: "relative", file: "api/things.yaml", want: "api/things.yaml"},
		{name: "absolute", file: "/srv/things.yaml", want: "file:///srv/things.yaml"},
		{name: "below the working directory", file: "/srv/api/things.yaml", folder: "/srv", want: "api/things.yaml"},
		{name: "beside the working directory", file: "/srv-old/things.yaml", folder: "/srv", want: "file:///srv-old/things.yaml"},
		{name: "on the web", file: "https://api.example.com/v1/openapi.json", want: "v1/openapi.json"},
		{name: "a blank and a number sign", file: "/srv/all things#1.yaml", want: "file:///srv/all%20things%231.yaml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := document(t, test.file, things)
			r := &report.Report{FailOn: spec.Recorded, Documents: []*spec.Document{doc}, Folder: test.folder}
			finding := finding("schema/type", spec.Documented, "a thing", "none")
			finding.Node = doc.Root.At("/info")
			r.AddJudged(probed("a"), broken(finding))
			run := readSARIF(t, r).Runs[0]
			if got := run.Results[0].Locations[0].PhysicalLocation.ArtifactLocation.URI; got != test.want {
				t.Errorf("the finding is at %q, want %q", got, test.want)
			}
			if got := run.Artifacts[0].Location.URI; got != test.want {
				t.Errorf("the document is %q, want %q", got, test.want)
			}
		})
	}
}
