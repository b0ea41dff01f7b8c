package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// brokenProvider is a copy of the reference server that breaks one promise.
type brokenProvider struct {
	name      string
	behaviour behaviour
	grade     spec.Grade // the highest grade of the promises that it breaks; zero is documented
	ids       []string   // the findings of verify: first the one that the provider is about, then those that follow from it
}

// brokenProviders returns all broken providers but the slow ones.
func brokenProviders(t *testing.T) []brokenProvider {
	t.Helper()
	return slices.Concat(
		statusBreakers(), headerBreakers(), mediaTypeBreakers(), jsonBreakers(), schemaBreakers(), errorBreakers(),
		promiseBreakers(t), credentialBreakers(t), pathBreakers(t), unknownBreakers(t),
		framingBreakers(),
	)
}

func behaviourOf(t *testing.T, name string) behaviour {
	t.Helper()
	for _, f := range brokenProviders(t) {
		if f.name == name {
			return f.behaviour
		}
	}
	t.Fatalf("no provider %q", name)
	return behaviour{}
}

// TestBrokenProviders judges each broken provider. Verify must report its findings with a command to repeat them, must report
// nothing else, and must pass if only higher grades fail the run.
func TestBrokenProviders(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, test := range brokenProviders(t) {
		if names[test.name] {
			t.Errorf("two providers %q", test.name)
		}
		names[test.name] = true
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, problem := range test.judge(t) {
				t.Error(problem)
			}
		})
	}
}

// judge runs verify against the provider and returns what is wrong with the result.
func (f brokenProvider) judge(t *testing.T) (problems []string) {
	t.Helper()
	problem := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	url := startProvider(t, f.behaviour)
	code, out, errs := quotaspec(t, verifyArgs(t, url, "-v", "--fail-on", max(spec.Inferred, f.grade).String())...)
	if code != exitFailed {
		problem("exit %d, want %d: %s", code, exitFailed, errs)
	}
	if diff := cmp.Diff(sorted(f.ids), findings(t, out, url)); diff != "" {
		problem("ids (-want +got):\n%s%s", diff, out)
	}
	if testing.Short() {
		return problems // the thresholds need two more runs and test no other code of the judge
	}
	if code, out, _ := quotaspec(t, verifyArgs(t, url)...); (code == exitFailed) != (f.grade <= spec.Recorded) || code == exitNotJudged {
		problem("exit %d at the default grade, and the promise is %s:\n%s", code, f.grade, out)
	}
	if f.grade == spec.Recorded || f.grade == spec.Undocumented { // the run before has tested the others
		if code, out, _ := quotaspec(t, verifyArgs(t, url, "--fail-on", (f.grade-1).String())...); code != exitPassed {
			problem("exit %d with --fail-on %s, and the promise is %s:\n%s", code, f.grade-1, f.grade, out)
		}
	}
	return problems
}

var (
	checkLine = regexp.MustCompile(`^(?:FAIL|warn) {3}(\S.*) \(probes\)$`)
	finding   = regexp.MustCompile(`^ {7}(?:warning: )?(\S+) at /response(?:/\S*)?$`)
)

// raised returns the ids of the findings in a text report, by check, and fails unless each check has a command to repeat it.
func raised(t *testing.T, out, url string) map[string][]string {
	t.Helper()
	byCheck := map[string][]string{}
	repeat := regexp.MustCompile(`(?m)^ {7}repeat {3}(curl -i|quotaspec verify) .*` + regexp.QuoteMeta(url))
	for _, block := range strings.Split(out, "\n\n") {
		check := ""
		for _, line := range strings.Split(block, "\n") {
			if m := checkLine.FindStringSubmatch(line); m != nil {
				check = m[1]
				byCheck[check] = []string{}
			} else if m := finding.FindStringSubmatch(line); m != nil {
				byCheck[check] = append(byCheck[check], m[1])
			}
		}
		if check != "" && !repeat.MatchString(block) {
			t.Errorf("no command to repeat it:\n%s", block)
		}
	}
	return byCheck
}

// findings returns the ids of the findings in a text report, each once.
func findings(t *testing.T, out, url string) []string {
	t.Helper()
	ids := []string{}
	for _, found := range raised(t, out, url) {
		ids = append(ids, found...)
	}
	return sorted(ids)
}

// verifyArgs are the arguments that verify a broken provider by the operations that have broken providers.
func verifyArgs(t *testing.T, url string, more ...string) []string {
	t.Helper()
	args := append([]string{"verify", url}, more...)
	for _, id := range otherOperations(t) {
		args = append(args, "--skip", id+"/*")
	}
	return args
}

// otherOperations are those of the documents without a broken provider of their own. The cases of the corpus break what they
// promise.
func otherOperations(t *testing.T) (ids []string) {
	t.Helper()
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range doc.Operations {
			if op.ID != "showDomainQuota" && op.ID != "showImageQuota" {
				ids = append(ids, op.ID)
			}
		}
	}
	return ids
}

func sorted(ids []string) []string { return slices.Compact(slices.Sorted(slices.Values(ids))) }

// brokenByOthers are the findings of the corpus that only exchanges of other operations have.
func brokenByOthers(t *testing.T) map[string]bool {
	t.Helper()
	cases, err := corpus.Cases()
	if err != nil {
		t.Fatal(err)
	}
	others := otherOperations(t)
	only := map[string]bool{}
	for _, c := range cases {
		for _, w := range c.Want {
			before, seen := only[w.ID]
			only[w.ID] = slices.Contains(others, c.Operation) && (before || !seen)
		}
	}
	return only
}

// TestEveryPromiseIsBroken tests that a broken provider exists for every promise of the documents, or a case of the corpus for
// those of other operations and their schemas.
func TestEveryPromiseIsBroken(t *testing.T) {
	byOthers := brokenByOthers(t)
	broken := map[string]bool{}
	for _, f := range brokenProviders(t) {
		broken[f.ids[0]] = true
	}
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range doc.Rules {
			_, name, _ := strings.Cut(r.ID, "/")
			isOfConsumer := name == "signed-date" || name == "host"
			if !broken[r.ID] && !isOfConsumer && !byOthers[r.ID] {
				t.Errorf("no broken provider for %s", r.ID)
			}
		}
	}
}
