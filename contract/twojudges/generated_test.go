package twojudges

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/pb33f/jsonschema/v6"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/helpers"

	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// generatedValues is the number of values in TestGeneratedValues for all versions of OpenAPI, and valuesOfSchema the number of
// values for one schema.
const generatedValues, valuesOfSchema = 100_000, 20

// valueJudges are the other judges of values, each with the version of OpenAPI that it is compared for.
var valueJudges = []struct {
	name, version string
	load          func(trial) (func(value []byte) error, error)
}{
	{name: "kin-openapi", version: "3.0.3", load: loadKinSchema},
	{name: "libopenapi-validator", version: "3.1.0", load: loadLibopenapiSchema},
}

// TestGeneratedValues checks that docs/agreement.md has the reason for each disagreement about a generated value. Half of the
// values mostly fit their schema, and the other half are such values with one place changed.
func TestGeneratedValues(t *testing.T) {
	counts, examples := make([]int, len(disagreementKinds)), make([]string, len(disagreementKinds))
	for _, other := range valueJudges {
		var mu sync.Mutex
		var group sync.WaitGroup
		valid, total, workers := 0, 0, uint64(runtime.GOMAXPROCS(0))
		for worker := range workers {
			group.Go(func() {
				for seed := worker; seed < generatedValues/valuesOfSchema/uint64(len(valueJudges)); seed += workers {
					found, right, made := tryValues(t, seed, other.version, other.load)
					mu.Lock()
					valid, total = valid+right, total+made
					for _, d := range found {
						i := kindOf(other.name, d.who, d.trial)
						if i < 0 {
							t.Errorf("%s, seed %d: no reason is listed why only %s find something wrong: %s", other.name, seed, d.who, d)
							continue
						}
						counts[i]++
						if examples[i] == "" || compareExamples(d.String(), examples[i]) < 0 {
							examples[i] = d.String()
						}
					}
					mu.Unlock()
				}
			})
		}
		group.Wait()
		t.Logf("%s: %d of %d values are valid", other.name, valid, total)
		if valid < total/5 || valid > total*4/5 {
			t.Errorf("%s: %d of %d values are valid, want 20 to 80 %%", other.name, valid, total)
		}
	}
	for i, k := range disagreementKinds {
		if counts[i] == 0 {
			t.Errorf("no value shows that %s", k.reason)
		}
	}
	compareSection(t, agreementFile, "values", valueTable(counts, examples))
}

// compareExamples sorts shorter examples first.
func compareExamples(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }

// difference is a disagreement about a value, as small as possible.
type difference struct {
	trial
	who string // who finds something wrong: we or they
}

// String writes the schema, the definitions and the value.
func (d difference) String() string {
	line := "`" + text(d.schema) + "`, "
	if len(d.definitions) > 0 {
		line += "with `" + text(d.definitions) + "`, "
	}
	return line + "`" + text(d.value) + "`"
}

// tryValues makes a schema and values from a seed. It returns the disagreements about them, the number of values that are
// valid by our judge, and the number of all.
func tryValues(
	t *testing.T, seed uint64, version string, load func(trial) (func([]byte) error, error),
) (found []difference, valid, made int) {
	g := generator{rand.New(rand.NewPCG(seed, 0)), version == "3.0.3"}
	c := trial{schema: g.schema(3), definitions: g.definitions()}
	our, err := loadOurSchema(version, c)
	if err != nil {
		t.Errorf("seed %d: %v\n%s", seed, err, text(c.schema))
		return nil, 0, 0
	}
	their, err := load(c)
	if err != nil {
		t.Errorf("seed %d: %v\n%s", seed, err, text(c.schema))
		return nil, 0, 0
	}
	for i := range valuesOfSchema {
		c.value = g.sample(c.schema, c.definitions, 3)
		if i%2 == 1 {
			c.value = g.mutate(c.value)
		}
		value := []byte(text(c.value))
		ours, theirs := our(value) == nil, their(value) == nil
		if made++; ours {
			valid++
		}
		if ours == theirs {
			continue
		}
		small := shrink(c, func(c trial) bool {
			if strings.Contains(text(c.schema)+text(c.definitions), `"enum":[]`) {
				return false // an enum needs a value
			}
			our, ourErr := loadOurSchema(version, c)
			their, theirErr := load(c)
			if ourErr != nil || theirErr != nil {
				return false
			}
			value := []byte(text(c.value))
			return (our(value) == nil) == ours && (their(value) == nil) == theirs
		})
		who := "we"
		if ours {
			who = "they"
		}
		found = append(found, difference{small, who})
	}
	return found, valid, made
}

// loadOurSchema makes our checker of a schema.
func loadOurSchema(version string, c trial) (func([]byte) error, error) {
	schemas := maps.Clone(c.definitions)
	schemas["T"] = c.schema
	doc, err := spec.Read("generated", []byte(text(object{
		"openapi": version, "info": object{"title": "t", "version": "1"}, "paths": object{}, "components": object{"schemas": schemas},
	})), nil)
	if err != nil {
		return nil, err
	}
	if len(doc.Findings) > 0 {
		return nil, errors.New(doc.Findings[0].String())
	}
	checker := schema.New(doc).Checker(doc.Schema(doc.Root.At("/components/schemas/T")))
	return func(value []byte) error {
		v, _, ok := strictjson.Parse(value)
		if !ok || !checker.Valid(v, schema.Options{AssertFormats: true}) {
			return errors.New("invalid")
		}
		return nil
	}, nil
}

// loadKinSchema makes kin-openapi's checker.
func loadKinSchema(c trial) (func([]byte) error, error) {
	for name, definition := range c.definitions {
		if s, ok := definition.(object); !ok || s["type"] == nil {
			return nil, fmt.Errorf("%s has no type: if it contained itself, kin-openapi would recurse without end (Schema.IsEmpty)", name)
		}
	}
	schemas := maps.Clone(c.definitions)
	schemas["T"] = c.schema
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData([]byte(text(object{
		"openapi": "3.0.3", "info": object{"title": "t", "version": "1"}, "paths": object{}, "components": object{"schemas": schemas},
	})))
	if err != nil {
		return nil, err
	}
	if err := doc.Validate(loader.Context, openapi3.EnableSchemaPatternValidation()); err != nil {
		return nil, err
	}
	compiled := doc.Components.Schemas["T"].Value
	return func(value []byte) error {
		decoder := json.NewDecoder(bytes.NewReader(value))
		decoder.UseNumber()
		var decoded any
		if err := decoder.Decode(&decoded); err != nil {
			return err
		}
		return compiled.VisitJSON(decoded, openapi3.EnableFormatValidation())
	}, nil
}

// loadLibopenapiSchema makes libopenapi-validator's checker.
func loadLibopenapiSchema(c trial) (func([]byte) error, error) {
	schemas := maps.Clone(c.definitions)
	schemas["T"] = c.schema
	bundle := object{"$ref": "#/components/schemas/T", "components": object{"schemas": schemas}}
	options := config.NewValidationOptions(strict()...)
	compiled, err := helpers.NewCompiledSchemaWithVersion("generated.json", []byte(text(bundle)), options, 3.1)
	if err != nil {
		return nil, err
	}
	return func(value []byte) error {
		decoded, err := jsonschema.UnmarshalJSON(bytes.NewReader(value))
		if err != nil {
			return err
		}
		return compiled.Validate(decoded)
	}, nil
}

// keywords lists the keywords of a schema and its definitions, sorted. A format includes its name: format=date.
func keywords(c trial) []string {
	names := map[string]bool{}
	var read func(schema any)
	read = func(schema any) {
		s, _ := schema.(object)
		for keyword, value := range s {
			names[keyword] = true
			switch keyword {
			case "properties", "patternProperties", "dependentSchemas":
				for _, part := range value.(object) {
					read(part)
				}
			case "allOf", "anyOf", "oneOf", "prefixItems":
				for _, part := range value.([]any) {
					read(part)
				}
			case "enum", "const":
			default:
				read(value)
			}
			if format, ok := value.(string); ok && keyword == "format" {
				names["format="+format] = true
				delete(names, keyword)
			}
		}
	}
	read(c.schema)
	for _, definition := range c.definitions {
		read(definition)
	}
	return slices.Sorted(maps.Keys(names))
}

func text(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(err)
	}
	return strings.TrimSpace(b.String())
}
