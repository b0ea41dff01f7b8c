package report_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const schemaFile = "../../docs/report.schema.json"

// TestJSONSchema validates reports by the published schema, and checks that the schema refuses what is no report.
func TestJSONSchema(t *testing.T) {
	schema := jsonschema.NewCompiler().MustCompile(schemaFile)
	validate := func(text string) error {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(value)
	}
	for name, r := range samples(t) {
		if name == "hostile" {
			continue // its source is none of ours
		}
		t.Run(name, func(t *testing.T) {
			text := write(t, "json", r)
			if err := validate(text); err != nil {
				t.Error(err)
			}
			if name == "empty" && strings.Contains(text, "null") {
				t.Errorf("a list is null:\n%s", text)
			}
		})
	}
	whole := write(t, "json", redReport(t))
	for _, change := range [][2]string{
		{`"format_version": 1`, `"format_version": 2`},
		{`"times": 3`, `"times": 0`},
		{`"status": "fail"`, `"status": "failed"`},
		{`"grade": "inferred"`, `"grade": "likely"`},
		{`"reason": ""`, `"reason": "", "more": 1`},
		{`"kept": []`, `"kept": null`},
		{`"subject"`, `"target"`},
	} {
		if broken := strings.Replace(whole, change[0], change[1], 1); broken == whole || validate(broken) == nil {
			t.Errorf("%s instead of %s is valid", change[1], change[0])
		}
	}
}

// TestJSONSchemaKnowsOurWords compares the enumerations of the schema with the tables of the code.
func TestJSONSchemaKnowsOurWords(t *testing.T) {
	data, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	type node struct {
		ID         string `json:"$id"`
		Enum       []string
		Const      any
		Properties map[string]node
		Defs       map[string]node `json:"$defs"`
	}
	var schema node
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	grades := []string{}
	for g := spec.Documented; g <= spec.Undocumented; g++ {
		grades = append(grades, g.String())
	}
	check, part := schema.Defs["check"].Properties, schema.Defs["part"].Properties
	for _, test := range []struct {
		name      string
		got, want any
	}{
		{name: "$id", got: schema.ID, want: report.SchemaID},
		{name: "$schema", got: schema.Properties["$schema"].Const, want: any(report.SchemaID)},
		{name: "format_version", got: schema.Properties["format_version"].Const, want: any(float64(report.FormatVersion))},
		{name: "grade", got: schema.Defs["grade"].Enum, want: grades},
		{name: "source", got: check["source"].Enum, want: words(report.Documents, report.Recordings, report.Traffic, report.Probes)},
		{name: "status", got: check["status"].Enum, want: words(report.Pass, report.Fail, report.Known, report.Skip, report.Error)},
		{name: "kind", got: part["kind"].Enum, want: words(report.Kinds()...)},
		{name: "state", got: part["state"].Enum, want: words(report.Kept, report.Broken, report.Warned, report.Unchecked, report.NotObserved)},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
	conclusions := schema.Properties["conclusion"].Enum
	for name, r := range samples(t) {
		if !slices.Contains(conclusions, r.Conclusion()) {
			t.Errorf("%s: the schema does not know the conclusion %q", name, r.Conclusion())
		}
	}
}

// TestJSONKeepsText checks that every text can be read back unchanged, except for characters that are no text.
func TestJSONKeepsText(t *testing.T) {
	r := hostileReport(t)
	var got struct {
		Checks []struct{ Reason, Asked string }
	}
	if err := json.Unmarshal([]byte(write(t, "json", r)), &got); err != nil {
		t.Fatal(err)
	}
	want := strings.ToValidUTF8(r.Checks[0].Request, "\ufffd")
	if got.Checks[0].Asked != want || got.Checks[0].Reason != strings.ToValidUTF8(evil, "\ufffd") {
		t.Errorf("got %q", got.Checks[0].Reason)
	}
}

func words[T ~string](values ...T) []string {
	list := []string{}
	for _, v := range values {
		list = append(list, string(v))
	}
	return list
}
