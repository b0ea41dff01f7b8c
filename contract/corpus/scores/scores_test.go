package scores

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/quotaspec/quotaspec/contract/corpus"
)

// TestSchema validates scores.json against its published schema, and checks that the schema refuses invalid files.
func TestSchema(t *testing.T) {
	schema := jsonschema.NewCompiler().MustCompile("../scores.schema.json")
	validate := func(text string) error {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(value)
	}
	text, err := os.ReadFile("../scores.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := validate(string(text)); err != nil {
		t.Error(err)
	}
	for _, change := range [][2]string{
		{`"format_version": 1`, `"format_version": 2`},
		{`"language": "Go"`, `"language": "Golang"`},
		{`"crashes": 0`, `"crashes": -1`},
		{`"accepted"`, `"passed"`},
	} {
		if broken := strings.Replace(string(text), change[0], change[1], 1); broken == string(text) || validate(broken) == nil {
			t.Errorf("%s instead of %s is valid", change[1], change[0])
		}
	}
}

// TestJudge checks that the published score of our judge is perfect.
func TestJudge(t *testing.T) {
	text, err := os.ReadFile("../scores.json")
	if err != nil {
		t.Fatal(err)
	}
	var file File
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(file.Scores, func(s Score) bool { return s.Validator == "quotaspec" })
	if i < 0 {
		t.Fatal("no score of quotaspec")
	}
	want := Score{Validator: "quotaspec", Language: "Go", Options: "default", Found: file.MustFail, Accepted: file.MustPass}
	if diff := cmp.Diff(want, file.Scores[i]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// sample has a case of each kind of count.
var sample = []corpus.Case{
	{Name: "right", Document: "ims", Operation: "show"},
	{Name: "wrong-response", Document: "ims", Operation: "show", Want: []corpus.Want{{ID: "schema/type", Pointer: "/response/body"}}},
	{Name: "wrong-request", Document: "ims", Operation: "show", Want: []corpus.Want{{ID: "parameter/enum", Pointer: "/request/query/type"}}},
	{Name: "rule", Document: "ims", Operation: "show", Want: []corpus.Want{{ID: "show/bounds", Pointer: "/response"}}},
	{Name: "probe", Document: "ims", Operation: "show", Probe: "repeat", Want: []corpus.Want{{ID: "schema/type", Pointer: "/response"}}},
}

func TestCount(t *testing.T) {
	for _, test := range []struct {
		name    string
		outcome Outcome // of each case
		want    Score
		alarms  []string
	}{
		{name: "accepts everything", want: Score{Found: map[string]int{}, Accepted: 1}},
		{
			name: "refuses everything", outcome: Outcome{Refused, Refused},
			want:   Score{Found: map[string]int{"schema": 1, "parameter": 1, Rules: 1}, FalseAlarms: 5},
			alarms: []string{"right", "wrong-response", "wrong-request", "rule"},
		},
		{
			name: "refuses requests", outcome: Outcome{Request: Refused},
			want:   Score{Found: map[string]int{"parameter": 1}, FalseAlarms: 3},
			alarms: []string{"right", "wrong-response", "rule"},
		},
		{name: "crashes", outcome: Outcome{Crashed, Crashed}, want: Score{Found: map[string]int{}, Crashes: 8}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, alarms := Count(Score{}, sample, func(corpus.Case) Outcome { return test.outcome })
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.alarms, alarms); diff != "" {
				t.Errorf("false alarms (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUpdate checks that one suite keeps the scores of the other, that a difference is an error, and that nothing is written
// without being asked for.
func TestUpdate(t *testing.T) {
	folder := t.TempDir()
	readme := filepath.Join(folder, "README.md")
	if err := os.WriteFile(readme, []byte("# Corpus\n<!-- scores -->\n<!-- /scores -->\nend\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	inOthers := func(s Score) bool { return !InGo(s) }
	ofGo, ofPython := Score{Validator: "a", Language: "Go"}, Score{Validator: "b", Language: "Python"}
	step := func(name, want string, err error) {
		t.Helper()
		got := ""
		if err != nil {
			got, _, _ = strings.Cut(strings.ReplaceAll(err.Error(), folder+string(filepath.Separator), ""), "\n")
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	step("no file", "open scores.json: "+notFound(), Update(folder, false, InGo, nil))
	step("write Python", "", Update(folder, true, inOthers, []Score{ofPython}))
	step("write Go", "", Update(folder, true, InGo, []Score{ofGo}))
	step("Python is kept", "", Update(folder, false, inOthers, []Score{ofPython}))
	step("Go is kept", "", Update(folder, false, InGo, []Score{ofGo}))
	ofPython.Accepted++
	step("another count", "scores.json is not what this run counted: line 38 is `\"accepted\": 0,`, not `\"accepted\": 1,`; run the test with -update",
		Update(folder, false, inOthers, []Score{ofPython}))
	page, err := os.ReadFile(readme)
	if err != nil || !strings.Contains(string(page), "| 1 | a | Go |") || !strings.Contains(string(page), "| 2 | b | Python |") {
		t.Errorf("got %s, %v", page, err)
	}
}

// notFound is the system's text for a file that does not exist.
func notFound() string {
	_, err := os.Open("no such file")
	return strings.TrimPrefix(err.Error(), "open no such file: ")
}
