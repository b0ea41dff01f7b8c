package deploy

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The faults that the tests plant into the repository: pairs of texts, old and new.
var (
	wrongServer   = []string{`"title": "The Go Programming Language"`, `"title": 7`}
	wrongConsumer = []string{`URL + "/books")`, `URL + "/books?sort=title")`}
	breakingDoc   = []string{"required: [id, title]", "required: [id]"}
	editorialDoc  = []string{"There is no such book.", "No such book."}
)

// withoutService is a workflow that starts the server itself instead of in a container, for which act needs an engine.
func withoutService(t *testing.T, workflow string) string {
	t.Helper()
	before, rest, ok := strings.Cut(workflow, "    services:\n")
	const checkout = "    steps:\n      - uses: actions/checkout@v4\n" // before the server, whose file it replaces
	_, after, found := strings.Cut(rest, checkout)
	if !ok || !found {
		t.Fatalf("no services, or no checkout after them, in\n%s", workflow)
	}
	return before + checkout + "      - run: python3 server.py > server.log 2>&1 &\n" + after
}

// testWorkflows runs the workflows of the pages, each with a right repository and with one that has a fault.
func (k kit) testWorkflows(t *testing.T) {
	ci, breaking := pageFiles(t, "../docs/ci.md"), pageFiles(t, "../docs/breaking.md")
	const verifyBroken, verifyKept = "Summary - # quotaspec verify: broken", "Summary - # quotaspec verify: kept"
	const wrongTitle = "schema/type at /response/body/*/title"
	for _, test := range []struct {
		name     string
		files    map[string]string // of the page
		workflow string
		releases string
		fault    []string // planted at once
		change   []string // of a pull request
		passes   bool
		log      []string // what it has
		kept     map[string]string
	}{
		{
			name: "provider, action compiled", files: ci, workflow: "contract.yml", releases: k.noReleases, passes: true,
			log: []string{"compiling the action's source", verifyKept, "kept: 29 checks"},
		},
		{
			name: "wrong provider", files: ci, workflow: "contract.yml", fault: wrongServer,
			log: []string{wrongTitle, verifyBroken, "judged, and something failed (exit code 1)", "exit status 1", "quotaspec 1.0.0"},
		},
		{
			name: "code scanning", files: ci, workflow: "code-scanning.yml", passes: true, log: []string{verifyKept},
			kept: map[string]string{"uploaded.sarif": `"results": []`},
		},
		{
			name: "code scanning, wrong provider", files: ci, workflow: "code-scanning.yml", fault: wrongServer,
			log: []string{wrongTitle}, kept: map[string]string{"uploaded.sarif": `"ruleId": "schema/type"`},
		},
		{name: "service", files: ci, workflow: "service.yml", passes: true, log: []string{verifyKept}},
		{name: "service, wrong", files: ci, workflow: "service.yml", fault: wrongServer, log: []string{wrongTitle}},
		{name: "consumer", files: ci, workflow: "consumer.yml", passes: true, log: []string{verifyKept}},
		{
			name: "wrong consumer", files: ci, workflow: "consumer.yml", fault: wrongConsumer,
			log: []string{verifyBroken, "parameter/undocumented at /request/query/sort", "exit status 1"},
		},
		{name: "editorial change", files: ci, workflow: "breaking.yml", change: editorialDoc, passes: true},
		{
			name: "breaking change", files: ci, workflow: "breaking.yml", change: breakingDoc,
			log:  []string{"required/removed", "breaking: 1 change breaks consumers", "exit status 1"},
			kept: map[string]string{"comment-7.md": "required/removed", "uploaded.sarif": "required/removed"},
		},
		{
			name: "breaking change, page about breaking", files: breaking, workflow: "breaking.yml", change: breakingDoc,
			log: []string{"required/removed", "exit status 1"}, kept: map[string]string{"comment-7.md": "required/removed"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := maps.Clone(test.files)
			if test.workflow == "service.yml" {
				name := ".github/workflows/service.yml"
				files[name] = withoutService(t, files[name])
			}
			r, event := newRepository(t, files, test.fault...), "push"
			if test.change != nil {
				event = "pull_request"
				r.merge(t, test.change)
			}
			releases := test.releases
			if releases == "" {
				releases = k.releases
			}
			run := k.workflow(t, r, test.workflow, event, releases)
			if run.passed != test.passes {
				t.Errorf("passed: %t, want %t", run.passed, test.passes)
			}
			for _, text := range test.log {
				if !strings.Contains(run.log, text) {
					t.Errorf("the log lacks %q", text)
				}
			}
			for _, name := range slices.Sorted(maps.Keys(test.kept)) {
				if got, err := os.ReadFile(filepath.Join(run.kept, name)); err != nil || !strings.Contains(string(got), test.kept[name]) {
					t.Errorf("%s: %v, and lacks %q:\n%s", name, err, test.kept[name], got)
				}
			}
			if t.Failed() {
				t.Log(run.log)
			}
		})
	}
}

// merge changes the document on a branch, and merges it as GitHub does for a pull request.
func (r repository) merge(t *testing.T, change []string) {
	t.Helper()
	r.git(t, "checkout", "--quiet", "-b", "change")
	r.edit(t, change...)
	r.commit(t)
	r.git(t, "checkout", "--quiet", "main")
	r.git(t, "merge", "--quiet", "--no-ff", "--message", "merge", "change")
}

// testOtherPages runs the workflows of pages that show one without a name, such as the page about breaking changes: they pass,
// and fail with a fault.
func (k kit) testOtherPages(t *testing.T) {
	for _, page := range userPages(t) {
		named := pageFiles(t, page)
		for _, text := range workflows(t, page) {
			if slices.Contains(slices.Collect(maps.Values(named)), text) {
				continue // testWorkflows and testTutorial run it
			}
			for _, hasFault := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s fault %t", filepath.Base(page), hasFault), func(t *testing.T) {
					r := newRepository(t, map[string]string{".github/workflows/page.yml": text})
					event, fault := "push", wrongServer
					if strings.HasPrefix(text, "on: pull_request\n") {
						event, fault = "pull_request", editorialDoc
						if hasFault {
							fault = breakingDoc
						}
						r.merge(t, fault)
					} else if hasFault {
						r.edit(t, fault...)
						r.commit(t)
					}
					run := k.workflow(t, r, "page.yml", event, k.releases)
					if run.passed == hasFault || !strings.Contains(run.log, "Summary - #") {
						t.Errorf("passed: %t\n%s", run.passed, run.log)
					}
				})
			}
		}
	}
}

// testTutorial runs the workflow of the tutorial, with the first version of its server, which is wrong, and with the last one.
func (k kit) testTutorial(t *testing.T) {
	const page = "../docs/tutorial.md"
	versions, files := blocks(t, page, fileBlock), pageFiles(t, page)
	for _, test := range []struct {
		name, server string
		passes       bool
	}{
		{name: "red", server: versions["server.py"][0]},
		{name: "green", server: files["server.py"], passes: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			files["server.py"] = test.server
			run := k.workflow(t, newRepository(t, files), "contract.yml", "push", k.releases)
			if run.passed != test.passes || !strings.Contains(run.log, "Summary - # quotaspec verify") {
				t.Errorf("passed: %t, want %t\n%s", run.passed, test.passes, run.log)
			}
		})
	}
}
