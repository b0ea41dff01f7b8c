package interop

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/contract/corpus/scores"
)

const corpusFolder = "../corpus"

// validators are those in other languages than Go; contract/twojudges scores those in Go. Each is a program in testdata/validators
// that judges the corpus with the documents and prints one line for each message:
//
//	NAME <TAB> request or response <TAB> accepted, refused or error <TAB> the reason
var validators = []struct {
	name, folder, language string
	command                []string // before its arguments CORPUS DOCUMENTS
	options                []string // sets of options; the second with the argument --strict
}{
	{
		name: "@stoplight/prism-http", folder: "prism", language: "JavaScript",
		command: []string{"node", "validate.js"},
		options: []string{"proxy, security"},
	},
	{
		name: "openapi-core", folder: "openapi-core", language: "Python",
		command: []string{"python", "validate.py"},
		options: []string{"default", "additional properties forbidden"},
	},
	{
		name: "swagger-request-validator-core", folder: "atlassian", language: "Java",
		command: []string{"java", "-cp", "CLASSPATH", "Validate.java"},
		options: []string{"default", "all checks are errors"},
	},
}

// scoreValidators scores the validators on the corpus, and compares the README and scores.json of the corpus.
func scoreValidators(t *testing.T) (markdown string) {
	corpusPath, err := filepath.Abs(corpusFolder)
	if err != nil {
		t.Fatal(err)
	}
	counted := make([][]scores.Score, len(validators))
	t.Run("all", func(t *testing.T) {
		for i, v := range validators {
			t.Run(v.folder, func(t *testing.T) {
				t.Parallel()
				in := install(t, filepath.Join("validators", v.folder))
				for n, options := range v.options {
					args := slices.Concat(v.command, []string{corpusPath, "."})
					if n > 0 {
						args = append(args, "--strict")
					}
					score := scores.Score{Validator: v.name, Version: in.version(t, v.name), Language: v.language, Options: options}
					counted[i] = append(counted[i], scoreOutput(t, score, in.step(t, args, nil).must(t)))
				}
			})
		}
	})
	all := slices.Concat(counted...)
	if !t.Failed() && all != nil {
		if err := scores.Update(corpusFolder, *update, func(s scores.Score) bool { return !scores.InGo(s) }, all); err != nil {
			t.Error(err)
		}
	}
	return validatorsTable(all)
}

func validatorsTable(all []scores.Score) string {
	text := "## Validators\n\nWhat these validators find in [the corpus](../contract/corpus/README.md#validators-and-their-scores):\n\n" +
		"| validator | language | options | found | accepted |\n|---|---|---|---|---|\n"
	for _, s := range all {
		found := 0
		for _, n := range s.Found {
			found += n
		}
		text += fmt.Sprintf("| %s %s | %s | %s | %d | %d |\n", s.Validator, s.Version, s.Language, s.Options, found, s.Accepted)
	}
	return text
}

// scoreOutput counts the lines that a validator has printed. Crashes and false alarms are logged. Other lines are ignored: some
// libraries log to standard error.
func scoreOutput(t *testing.T, score scores.Score, output string) scores.Score {
	t.Helper()
	verdicts := map[string]scores.Verdict{"accepted": scores.Accepted, "refused": scores.Refused, "error": scores.Crashed}
	type message struct{ name, side string }
	outcomes := map[message]scores.Verdict{}
	for line := range strings.Lines(output) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 4)
		if len(fields) < 4 {
			continue
		}
		verdict, known := verdicts[fields[2]]
		if !known {
			t.Fatalf("%s: unknown outcome: %s", score.Validator, line)
		}
		if outcomes[message{fields[0], fields[1]}] = verdict; verdict == scores.Crashed {
			t.Logf("%s, %s: crashed at the %s of %s: %s", score.Validator, score.Options, fields[1], fields[0], fields[3])
		}
	}
	cases, err := corpus.Cases()
	if err != nil {
		t.Fatal(err)
	}
	if len(outcomes) != 2*len(cases) {
		t.Fatalf("%s: got %d messages of %d cases:\n%.2000s", score.Validator, len(outcomes), len(cases), output)
	}
	score, alarms := scores.Count(score, cases, func(c corpus.Case) scores.Outcome {
		return scores.Outcome{Request: outcomes[message{c.Name, "request"}], Response: outcomes[message{c.Name, "response"}]}
	})
	if len(alarms) > 0 {
		t.Logf("%s, %s: false alarms at %s", score.Validator, score.Options, strings.Join(alarms, ", "))
	}
	return score
}
