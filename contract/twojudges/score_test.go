package twojudges

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/pb33f/libopenapi-validator/config"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/openapi"
)

var update = flag.Bool("update", false, "write the tables in docs/agreement.md and in the README of the corpus")

// candidates are the validators to score, each with default options and with its best options.
var candidates = []struct {
	name string
	make func(t *testing.T, document []byte) func(contract.Exchange) found
}{
	{name: "kin-openapi", make: func(t *testing.T, d []byte) func(contract.Exchange) found {
		return byKin(t, d, &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc})
	}},
	{name: "kin-openapi, tuned", make: func(t *testing.T, d []byte) func(contract.Exchange) found {
		return byKin(t, d, tuned())
	}},
	{name: "libopenapi-validator", make: func(t *testing.T, d []byte) func(contract.Exchange) found { return byLibopenapi(t, d) }},
	{
		name: "libopenapi-validator, strict",
		make: func(t *testing.T, d []byte) func(contract.Exchange) found { return byLibopenapi(t, d, strict()...) },
	},
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

// area is the subject of a case: the first part of the finding's id, or "rules" for ids of rules.
func area(id string) string {
	area, _, _ := strings.Cut(id, "/")
	if slices.Contains(ruleAreas, area) {
		return "rules (`x-rules`)"
	}
	return area
}

// TestScores compares the table in the corpus's README with the results: in how many cases that must fail a validator finds
// something wrong with the wrong side, and how many cases that must pass it accepts. Probes are left out.
func TestScores(t *testing.T) {
	cases, err := corpus.Cases()
	if err != nil {
		t.Fatal(err)
	}
	areas, total := []string{}, map[string]int{}
	got := make([]map[string]int, len(candidates))
	for i, candidate := range candidates {
		got[i] = map[string]int{}
		by := map[string]func(contract.Exchange) found{}
		for _, name := range openapi.Names() {
			document, err := openapi.YAML(name)
			if err != nil {
				t.Fatal(err)
			}
			by[name] = candidate.make(t, document)
		}
		for _, c := range cases {
			if c.Probe != "" {
				continue
			}
			about, hit, clean := count(c, by[c.Document](c.Exchange))
			if i == 0 {
				if !slices.Contains(areas, about) {
					areas = append(areas, about)
				}
				total[about]++
			}
			if hit {
				got[i][about]++
			}
			if !clean {
				got[i]["alarms"]++
				t.Logf("%s: false alarm at %s", candidate.name, c.Name)
			}
		}
	}
	slices.Sort(areas)
	table := table(areas, total, got)
	t.Logf("\n%s", table)
	compareSection(t, "../corpus/README.md", "scores", table)
}

// count returns the area of a case, whether the validator is right about it, and whether it has no false alarm.
func count(c corpus.Case, f found) (about string, hit, clean bool) {
	request, response := false, false
	for _, w := range c.Want {
		ofRequest := strings.HasPrefix(w.Pointer, "/request")
		request, response = request || ofRequest, response || !ofRequest
	}
	clean = (request || len(f.request) == 0) && (response || len(f.response) == 0)
	if len(c.Want) == 0 {
		return mustPass, clean, clean
	}
	inRequest, inResponse := request && len(f.request) > 0, response && len(f.response) > 0
	return area(c.Want[0].ID), inRequest || inResponse, clean
}

const mustPass = "~ must pass" // sorts last

func table(areas []string, total map[string]int, got []map[string]int) string {
	b := &strings.Builder{}
	b.WriteString("| must fail | cases |")
	for _, c := range candidates {
		fmt.Fprintf(b, " %s |", c.name)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(candidates)) + "\n")
	row := func(name string, cases string, cell func(map[string]int) int) {
		fmt.Fprintf(b, "| %s | %s |", name, cases)
		for _, g := range got {
			fmt.Fprintf(b, " %d |", cell(g))
		}
		b.WriteString("\n")
	}
	sum := 0
	for _, area := range areas {
		if area != mustPass {
			sum += total[area]
			row(area, fmt.Sprint(total[area]), func(g map[string]int) int { return g[area] })
		}
	}
	row("**found of all**", fmt.Sprintf("**%d**", sum), func(g map[string]int) (n int) {
		for _, area := range areas {
			if area != mustPass {
				n += g[area]
			}
		}
		return n
	})
	row("**accepted of those that must pass**", fmt.Sprintf("**%d**", total[mustPass]), func(g map[string]int) int { return g[mustPass] })
	row("false alarms, on a side with nothing wrong", "", func(g map[string]int) int { return g["alarms"] })
	return b.String()
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
