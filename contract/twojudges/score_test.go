package twojudges

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/pb33f/libopenapi-validator/config"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/contract/corpus/scores"
	"github.com/quotaspec/quotaspec/openapi"
)

var update = flag.Bool("update", false, "write the tables in docs/agreement.md and in the README of the corpus")

// candidates are the validators to score, each with default options and with its best options.
var candidates = []struct {
	name, options string
	make          func(t *testing.T, document []byte) func(contract.Exchange) found
}{
	{name: "quotaspec", options: "default", make: func(t *testing.T, d []byte) func(contract.Exchange) found {
		judge, err := loadOurs("document", d)
		if err != nil {
			t.Fatal(err)
		}
		return judge
	}},
	{name: "kin-openapi", options: "default", make: func(t *testing.T, d []byte) func(contract.Exchange) found {
		return byKin(t, d, &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc})
	}},
	{name: "kin-openapi", options: "statuses, formats", make: func(t *testing.T, d []byte) func(contract.Exchange) found {
		return byKin(t, d, tuned())
	}},
	{name: "libopenapi-validator", options: "default", make: func(t *testing.T, d []byte) func(contract.Exchange) found {
		return byLibopenapi(t, d)
	}},
	{name: "libopenapi-validator", options: "strict, formats, content", make: func(t *testing.T, d []byte) func(contract.Exchange) found {
		return byLibopenapi(t, d, strict()...)
	}},
}

// tuned are the options with which kin-openapi finds the most.
func tuned() *openapi3filter.Options {
	return &openapi3filter.Options{
		MultiError:              true,
		IncludeResponseStatus:   true,
		SkipSettingDefaults:     true,
		AuthenticationFunc:      openapi3filter.NoopAuthenticationFunc,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{openapi3.EnableFormatValidation(), openapi3.MultiErrors()},
	}
}

// strict are the options with which libopenapi-validator finds the most.
func strict() []config.Option {
	return []config.Option{
		config.WithStrictMode(), config.WithFormatAssertions(), config.WithContentAssertions(), config.WithRejectUndeclaredRequestBody(),
	}
}

// ruleAreas are the first parts of the ids of rules: the names of the documents, and those of their operations.
var ruleAreas = func() []string {
	areas := openapi.Names()
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			panic(err) // TestEmbedded of package openapi names the reason
		}
		for _, op := range doc.Operations {
			areas = append(areas, op.ID)
		}
	}
	return areas
}()

// TestScores compares the scores in the corpus's README and scores.json with the results. It lists every false alarm.
func TestScores(t *testing.T) {
	cases, err := corpus.Cases()
	if err != nil {
		t.Fatal(err)
	}
	requirements, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	counted := []scores.Score{}
	for _, candidate := range candidates {
		by := map[string]func(contract.Exchange) found{}
		for _, name := range openapi.Names() {
			document, err := openapi.YAML(name)
			if err != nil {
				t.Fatal(err)
			}
			by[name] = candidate.make(t, document)
		}
		version := regexp.MustCompile(`/` + candidate.name + ` v(\S+)`).FindSubmatch(requirements)
		if version == nil {
			t.Fatalf("go.mod has no version of %s", candidate.name)
		}
		score := scores.Score{Validator: candidate.name, Version: string(version[1]), Language: "Go", Options: candidate.options}
		if candidate.name == "quotaspec" {
			score.Version = "" // that of this repository
		}
		score, alarms := scores.Count(score, cases, func(c corpus.Case) scores.Outcome { return outcome(by[c.Document](c.Exchange)) })
		counted = append(counted, score)
		if len(alarms) > 0 {
			t.Logf("%s, %s: false alarms at %s", candidate.name, candidate.options, strings.Join(alarms, ", "))
		}
	}
	if err := scores.Update("../corpus", *update, scores.InGo, counted); err != nil {
		t.Error(err)
	}
}

func outcome(f found) (o scores.Outcome) {
	if len(f.request) > 0 {
		o.Request = scores.Refused
	}
	if len(f.response) > 0 {
		o.Response = scores.Refused
	}
	return o
}

// compareSection compares the text between the marks of a section of a file, or writes it with -update.
func compareSection(t *testing.T, file, section, content string) {
	t.Helper()
	begin, end := "<!-- "+section+" -->\n", "<!-- /"+section+" -->\n"
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(old), begin)
	_, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s: no marks of the section %s", file, section)
	}
	want := head + begin + content + end + tail
	if *update {
		err = os.WriteFile(file, []byte(want), 0o644)
	}
	differs := !*update && string(old) != want
	if err != nil || differs {
		t.Errorf("%s: the section %s differs: run go test -run %s -update in contract/twojudges (%v)", file, section, t.Name(), err)
	}
}
