package interop

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// tester is a tool that sends requests to a provider and judges the responses by a document.
type tester struct {
	name, module string
	args         func(document, url string) []string
	env          []string
	judge        func(t *testing.T, s step, document string) (verdict string, passed bool) // runs the command
	cannot       map[string]string                                                         // documents that it does not test, and why
}

var allTesters = []tester{
	{
		name: "Schemathesis", module: "schemathesis",
		args: func(document, url string) []string {
			return []string{
				"schemathesis", "run", document, "-u", url, "-H", "X-Auth-Token: reader-token", "--phases", "examples,coverage,fuzzing,stateful",
				"--checks", "all", "--exclude-checks", "unsupported_method", "-n", "50", "--seed", "1", "--generation-database", "none",
				"--report-json-path", "report.json",
			}
		},
		judge: bySchemathesis,
	},
	{
		name: "Specmatic", module: "specmatic",
		args: func(document, url string) []string {
			return []string{"java", "-jar", "node_modules/specmatic/specmatic.jar", "test", "--lenient", "--testBaseURL=" + url, document}
		},
		env: []string{"Token=reader-token", quickJava},
		judge: byText(`Tests run: (\d+), Successes: (\d+), Failures: 0,`, "%[2]s of %[1]s tests",
			`>> (RESPONSE\S*)\s+(R\d+: [^\n]*)`, "%[1]s: %[2]s"),
	},
	{
		name: "Dredd", module: "dredd",
		args: func(document, url string) []string {
			return []string{"dredd", document, url, "--hookfiles=dredd_hooks.js", "--loglevel=error", "--color=false"}
		},
		judge: byText(`complete: (\d+) passing, 0 failing, 0 errors, (\d+) skipped`, "%[1]s passing, %[2]s skipped",
			`fail: ((?:body|statusCode|headers): [^\n]*)`, "%[1]s"),
		cannot: map[string]string{"iam": "Required URI parameter 'domain_id' has no example or default value."},
	},
	{
		name: "Prism", module: "@stoplight/prism-cli",
		args: func(document, url string) []string {
			return []string{"prism", "proxy", document, url, "-p", "0", "--errors"}
		},
		judge: byPrism,
	},
	{
		name: "Redocly respect", module: "@redocly/cli",
		args: func(document, url string) []string {
			service := strings.TrimSuffix(filepath.Base(document), ".yaml")
			return []string{"redocly", "respect", "quotas.arazzo.yaml", "--workflow", service, "-S", service + "=" + url}
		},
		env: []string{"REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true"},
		judge: byText(`Checks: (\d+) passed, (\d+) total`, "%[1]s of %[2]s checks",
			`✗ (schema check|status code check)`, "%[1]s"),
	},
}

// testedProviders are the columns of the table: each tester must pass the right providers and report the wrong ones.
var testedProviders = []struct {
	title, document string
	change          func(*http.Response) error // of a response with status 200; nil: none, the provider is right
}{
	{title: "IAM", document: "iam"},
	{title: "IMS", document: "ims"},
	{title: "IMS without `quota`", document: "ims", change: renameQuota},
	{title: "IMS with status 202", document: "ims", change: func(r *http.Response) error {
		r.StatusCode, r.Status = http.StatusAccepted, "202 Accepted"
		return nil
	}},
}

// testers runs each tester against each provider.
func testers(t *testing.T) (markdown string) {
	need(t, "java")
	in := install(t, "testers")
	verdicts := make([][]string, len(allTesters))
	mocked := ""
	t.Run("run", func(t *testing.T) {
		for i, tester := range allTesters {
			verdicts[i] = make([]string, len(testedProviders))
			for k, provider := range testedProviders {
				t.Run(tester.name+"/"+provider.title, func(t *testing.T) {
					t.Parallel()
					url := sampleProvider(t)
					if provider.change != nil {
						url = changedProvider(t, url, only200(provider.change))
					}
					document := provider.document + ".yaml"
					verdict, passed := tester.judge(t, in.step(t, tester.args(document, url), tester.env), document)
					reason, cannot := tester.cannot[provider.document]
					switch wrong := provider.change != nil; {
					case cannot && !strings.Contains(verdict, reason):
						t.Errorf("got %q, want that it stops: %s", verdict, reason)
					case !cannot && passed == wrong:
						t.Errorf("%s: passed is %t, the provider is wrong: %t", verdict, passed, wrong)
					}
					verdicts[i][k] = verdict
				})
			}
		}
		t.Run("Prism mock", func(t *testing.T) {
			t.Parallel()
			mocked = prismMock(t, in)
		})
	})
	return testersPage(t, in, verdicts) + mocked
}

func testersPage(t *testing.T, in installation, verdicts [][]string) string {
	t.Helper()
	page := testersHead
	page += "| tester | version |"
	for _, provider := range testedProviders {
		page += " " + provider.title + " |"
	}
	page += "\n|" + strings.Repeat("---|", 2+len(testedProviders)) + "\n"
	commands := ""
	for i, tester := range allTesters {
		page += fmt.Sprintf("| %s | %s | %s |\n", tester.name, in.version(t, tester.module), strings.Join(verdicts[i], " | "))
		variables := ""
		for _, v := range tester.env {
			if name, _, _ := strings.Cut(v, "="); name == "Token" {
				variables = v + " "
			}
		}
		commands += fmt.Sprintf("- %s: `%s%s`\n", tester.name, variables, shell(tester.args("iam.yaml", "URL")))
	}
	return page + "\n" + commands + testersNotes
}

const testersHead = `## Testers

Each tester reads a document, sends requests to the reference provider by token, and judges the responses.
It must find nothing wrong.
Then it gets two broken providers, and must report both:
one sends ` + "`limit` instead of the required `quota`" + `, the other 202, which is undocumented, instead of 200.

`

const testersNotes = `
Schemathesis runs without its check ` + "`unsupported_method`" + `, which wants 405 for other methods; this gateway responds with 404.
Specmatic needs ` + "`--lenient`" + `, since it does not know the scheme ` + "`Signature`" + `.
[Decision 0012](decisions/0012-signature-scheme.md) explains why that is a scheme.
Dredd reads no ` + "`examples`" + ` of a parameter, so it stops at the path of IAM.
It sends the same request for each documented status.
[Our hooks](../contract/interop/testdata/testers/dredd_hooks.js) skip all but the 200.
The proxy of Prism gets requests by token, for the statuses 200, 401 and 403, and 404 of IAM.
It refuses a signed request, whose scheme it does not know.
Redocly follows [an Arazzo document](../contract/interop/testdata/testers/quotas.arazzo.yaml) with the statuses and error codes to expect.
`

// bySchemathesis reads the JSON report: which checks failed, and whether the operation was tested at all.
func bySchemathesis(t *testing.T, s step, _ string) (verdict string, passed bool) {
	t.Helper()
	s.args[len(s.args)-1] = filepath.Join(t.TempDir(), "report.json")
	out, _ := s.run(t)
	text, err := os.ReadFile(s.args[len(s.args)-1])
	var report struct {
		Complete   bool
		Operations struct{ Tested int }
		Failures   []struct{ Code, Title string }
		Errors     []any
	}
	if err == nil {
		err = json.Unmarshal(text, &report)
	}
	if err != nil || !report.Complete || report.Operations.Tested != 1 || len(report.Errors) > 0 {
		t.Fatalf("Schemathesis tested no operation, or had errors: %v\n%s", err, out)
	}
	if len(report.Failures) == 0 {
		return "no issue", true
	}
	titles := []string{}
	for _, f := range report.Failures {
		titles = append(titles, f.Code+" "+f.Title)
	}
	return "reported: " + strings.Join(titles, ", "), false
}

// byText returns a judge that looks for a pattern in the output of the command: of success, with exit code 0, or of a failure.
// The formats get the groups of the patterns.
func byText(success, successFormat, failure, failureFormat string) func(*testing.T, step, string) (string, bool) {
	successPattern, failurePattern := regexp.MustCompile(success), regexp.MustCompile(failure)
	return func(t *testing.T, s step, _ string) (verdict string, passed bool) {
		t.Helper()
		out, exit := s.run(t)
		if found := failurePattern.FindStringSubmatch(out); found != nil && exit != 0 {
			return "reported: " + filled(failureFormat, found[1:]), false
		}
		if found := successPattern.FindStringSubmatch(out); found != nil && exit == 0 {
			return filled(successFormat, found[1:]), true
		}
		if i := strings.Index(out, "Required URI parameter"); i >= 0 {
			reason, _, _ := strings.Cut(out[i:], "\n")
			return "stops: " + reason, false
		}
		t.Fatalf("exit %d without a verdict:\n%s", exit, out)
		return "", false
	}
}

func filled(format string, groups []string) string {
	values := []any{}
	for _, g := range groups {
		values = append(values, g)
	}
	return fmt.Sprintf(format, values...)
}
