package formats_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/contract/breaking/formats"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const schemaFile = "../../../docs/comparison.schema.json"

// validator returns a function that validates JSON by the published schema.
func validator(t *testing.T) func(string) error {
	t.Helper()
	schema := jsonschema.NewCompiler().MustCompile(schemaFile)
	return func(text string) error {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(value)
	}
}

// TestJSONSchema validates comparisons by the published schema, and checks that the schema refuses what is no comparison.
func TestJSONSchema(t *testing.T) {
	validate := validator(t)
	all := samples(t)
	for name, s := range all {
		if err := validate(s.write(t, "json")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	whole := all["tolerated"].write(t, "json")
	for _, change := range [][2]string{
		{`"format_version": 1`, `"format_version": 2`},
		{`"conclusion": "breaking"`, `"conclusion": "broken"`},
		{`"level": "possibly breaking"`, `"level": "possibly"`},
		{`"side": "consumer"`, `"side": "both"`},
		{`"asked": "major"`, `"asked": "2"`},
		{`"also": []`, `"also": null`},
		{`"line": 46`, `"line": 0`},
		{`"why": ""`, `"why": "", "more": 1`},
		{`"accepts": true`, `"accept": true`},
		{`"id": "enum/added"`, `"id": "an enum was added"`},
	} {
		if broken := strings.Replace(whole, change[0], change[1], 1); broken == whole || validate(broken) == nil {
			t.Errorf("%s instead of %s is valid", change[1], change[0])
		}
	}
}

// TestJSONSchemaKnowsOurWords compares the enumerations of the schema with the code.
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
	levels, grades := []string{}, []string{}
	for level := breaking.Editorial; level <= breaking.Breaking; level++ {
		levels = append(levels, level.String())
	}
	for g := spec.Documented; g <= spec.Undocumented; g++ {
		grades = append(grades, g.String())
	}
	for _, test := range []struct {
		name      string
		got, want any
	}{
		{name: "$id", got: schema.ID, want: formats.SchemaID},
		{name: "$schema", got: schema.Properties["$schema"].Const, want: any(formats.SchemaID)},
		{name: "format_version", got: schema.Properties["format_version"].Const, want: any(float64(formats.FormatVersion))},
		{name: "level", got: schema.Defs["level"].Enum, want: levels},
		{name: "grade", got: schema.Defs["broken"].Properties["grade"].Enum, want: grades},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

// TestJSONKeepsText checks that texts can be read back unchanged, except for bytes that are no text.
func TestJSONKeepsText(t *testing.T) {
	var got struct {
		Findings []struct {
			Says    string
			Witness struct{ Response struct{ Body string } }
		}
	}
	if err := json.Unmarshal([]byte(samples(t)["hostile"].write(t, "json")), &got); err != nil {
		t.Fatal(err)
	}
	want := strings.ToValidUTF8(evil, "\ufffd")
	if f := got.Findings[0]; f.Says != want || f.Witness.Response.Body != want+want+want {
		t.Errorf("got %+q, want %+q", f, want)
	}
}
