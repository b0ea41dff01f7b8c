package main

import (
	"os"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/quotas"
)

// TestQuotasSchema validates the JSON of quotas by the published schema, which here allows no member that it does not describe.
func TestQuotasSchema(t *testing.T) {
	const file = "../../docs/quotas.schema.json"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	closed, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.ReplaceAll(string(data), `"type": "object",`,
		`"type": "object", "additionalProperties": false,`)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("closed.json", closed); err != nil {
		t.Fatal(err)
	}
	strict, open := compiler.MustCompile("closed.json"), jsonschema.NewCompiler().MustCompile(file)
	validate := func(schema *jsonschema.Schema, text string) error {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(value)
	}
	written := func(r quotaReport) string {
		var b strings.Builder
		if err := quotasJSON(&b, r); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	many := reportOf(manyPlaces())
	misspelt := many
	misspelt.problem = "unknown type"
	for name, r := range map[string]quotaReport{
		"many": many, "none": reportOf(nil), "failed": reportOf(manyPlaces()[1:]), "a misspelt type": misspelt,
		"problems": {all: many.all, shown: selected(many.all, orderRatio, true)},
		"a name": reportOf([]quotas.Result{{Place: quotas.Place{Scope: "images", Account: "main", Domain: "d", Region: "r", Project: "p"},
			Quotas: []quotas.Quota{}}}),
	} {
		t.Run(name, func(t *testing.T) {
			if err := validate(strict, written(r)); err != nil {
				t.Error(err)
			}
		})
	}
	whole := written(many)
	for _, change := range [][2]string{
		{`"version": 1`, `"version": 2`}, {`"state": "warning"`, `"state": "warn"`}, {`"used": 40`, `"used": "40"`},
		{`"left": 10,`, ``}, {`"service": "iam"`, `"service": "ecs"`}, {`"quotas": [`, `"quota": [`}, {`"per": "user"`, `"per": "users"`},
	} {
		if broken := strings.Replace(whole, change[0], change[1], 1); broken == whole || validate(open, broken) == nil {
			t.Errorf("%s instead of %s is valid", change[1], change[0])
		}
	}
	if err := validate(open, strings.Replace(whole, `"version": 1`, `"version": 1, "more": 2`, 1)); err != nil {
		t.Errorf("a member of a later version: %v", err)
	}
}

// TestQuotasPrometheus reads the metrics of all kinds of quotas back, as the command prints them: its writer escapes characters that
// control a terminal, which must not break the format.
func TestQuotasPrometheus(t *testing.T) {
	var b strings.Builder
	if err := quotasPrometheus(command.NewVisibleWriter(&b), reportOf(manyPlaces())); err != nil {
		t.Fatal(err)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{
		"huaweicloud_quota_limit": 19, "huaweicloud_quota_used": 17, // all but one ignored; but one not reported and one per user
		"huaweicloud_quota_up": 4, "huaweicloud_quota_last_success_timestamp_seconds": 2,
	} {
		if got := len(families[name].GetMetric()); got != want {
			t.Errorf("%s: got %d series, want %d", name, got, want)
		}
	}
	if len(families) != 4 {
		t.Errorf("got %d metrics", len(families))
	}
}
