package report_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

var update = flag.Bool("update", false, "write the goldens anew")

// things is a document with a promise of each grade.
const things = `openapi: 3.0.3
info: {title: Things, version: 1.2.0}
x-rules:
  - {id: bounds, says: It has bounds., grade: documented, source: manual/bounds, rule: 'true'}
  - {id: order, says: It has an order., grade: recorded, source: wild, rule: 'true'}
  - {id: repeatable, says: It stays., grade: inferred, source: us, rule: 'true'}
paths:
  /things:
    get:
      operationId: listThings
      parameters:
        - {name: kind, in: query, schema: {type: string, enum: [a, b]}}
      responses:
        '200':
          description: Things.
          content: {application/json: {schema: {type: object}}}
        '404': {description: None.}
`

func document(t testing.TB, file, text string) *spec.Document {
	t.Helper()
	doc, err := spec.Read(file, []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// thingsDocument is the document of things, the same one each time: findings point into it.
var thingsDocument = sync.OnceValue(func() *spec.Document {
	doc, err := spec.Read("things.yaml", []byte(things), nil)
	if err != nil {
		panic(err)
	}
	return doc
})

// finding is a finding of a grade: at a promise of things or, for any other id, at a schema.
func finding(id string, grade spec.Grade, want, got string) contract.Finding {
	node := thingsDocument().Root.At("/paths/~1things/get/responses/200/content/application~1json/schema/type")
	for _, rule := range thingsDocument().Rules {
		if rule.ID == id {
			node = rule.Node
		}
	}
	return contract.Finding{
		ID: id, Evidence: spec.Evidence{Grade: grade, Source: []string{"manual/page", "us"}},
		Pointer: "/response/body/items/0", Node: node, Want: want, Got: got,
	}
}

// rules are the promises of a document with these ids; an id that it does not have is left out.
func rules(doc *spec.Document, ids ...string) []*spec.Rule {
	list := []*spec.Rule{}
	for _, id := range ids {
		if at := slices.IndexFunc(doc.Rules, func(rule *spec.Rule) bool { return rule.ID == id }); at >= 0 {
			list = append(list, doc.Rules[at])
		}
	}
	return list
}

// nodes are the parts of a document at these pointers.
func nodes(doc *spec.Document, pointers ...string) []*spec.Node {
	list := []*spec.Node{}
	for _, pointer := range pointers {
		list = append(list, doc.Root.At(pointer))
	}
	return list
}

// judged adds a check with promises that passed and parts of the document that it covers, which otherwise come from the judge.
func judged(r *report.Report, check report.Check, result contract.Result, kept []*spec.Rule, seen []*spec.Node) *report.Check {
	r.AddJudged(check, result)
	added := &r.Checks[len(r.Checks)-1]
	added.Passed, added.Covered = kept, seen
	return added
}

// keeps adds a check of things with promises that passed.
func keeps(r *report.Report, check report.Check, ids ...string) {
	judged(r, check, contract.Result{Judged: true, Operation: "listThings"}, rules(thingsDocument(), ids...), nil)
}

func broken(findings ...contract.Finding) contract.Result {
	return contract.Result{Judged: true, Operation: "listThings", Findings: findings}
}

func probed(name string) report.Check {
	return report.Check{ID: "listThings/" + name, Suite: report.Probes, Repeat: "curl -i 'http://127.0.0.1:8080/things?kind=" + name + "'"}
}

// reports are one of each kind.
func reports(t *testing.T) map[string]*report.Report {
	t.Helper()
	all := map[string]*report.Report{}
	begin := func(name string) *report.Report {
		all[name] = &report.Report{Subject: "http://127.0.0.1:8080", Documents: []*spec.Document{thingsDocument()}, FailOn: spec.Recorded}
		return all[name]
	}
	bounds := finding("things/bounds", spec.Documented, "It has bounds.", `{"min":3,"max":2}`)
	stays := finding("things/repeatable", spec.Inferred, "It stays.", "status 200")

	r := begin("green")
	keeps(r, report.Check{ID: "listThings/examples", Suite: report.Documents})
	keeps(r, report.Check{ID: "listThings/recording=all", Suite: report.Recordings}, "things/bounds")
	keeps(r, probed("a"), "things/bounds", "things/order")

	r = begin("red")
	keeps(r, probed("a"), "things/order")
	r.AddJudged(probed("b"), broken(bounds, stays, finding("schema/type", spec.Recorded, "type array", `string "many"`)))

	r = begin("warnings")
	r.AddJudged(probed("a"), broken(stays))

	r = begin("skips")
	keeps(r, probed("a"), "things/order")
	r.Add(report.Check{ID: "listThings/expired-credentials", Suite: report.Probes, Status: report.Skip,
		Reason: `there is no principal "expired"`})

	r = begin("errors")
	keeps(r, probed("a"), "things/order")
	failed := probed("b")
	failed.Status, failed.Reason = report.Error, "the provider throttles: status 429"
	r.Add(failed)

	r = begin("broken beside errors")
	r.AddJudged(probed("a"), broken(bounds))
	r.Add(failed)

	r = begin("nothing judged")
	keeps(r, report.Check{ID: "listThings/examples", Suite: report.Documents})
	r.Add(failed)

	r = begin("the documents broken")
	r.AddJudged(report.Check{ID: "listThings/examples", Suite: report.Documents}, broken(bounds))

	begin("empty")

	r = begin("not checked")
	keeps(r, probed("a"), "things/order")
	r.Checks[0].Unchecked = nodes(r.Documents[0], "/paths/~1things/get/parameters/0")
	for i := range 12 {
		r.NotChecked = append(r.NotChecked, report.NotChecked{
			Method: "GET", Origin: "https://things.example.com", Path: fmt.Sprint("/elsewhere/", i),
			Reason: "the document has no such path", Times: i + 1,
		})
	}
	return all
}

func TestText(t *testing.T) {
	all := reports(t)
	for name := range all {
		golden(t, name, all[name], false)
	}
	golden(t, "green verbose", all["green"], true)
	golden(t, "not checked verbose", all["not checked"], true)
	golden(t, "red verbose", all["red"], true)
}

// golden holds a report to a file of testdata; -update writes it.
func golden(t *testing.T, name string, r *report.Report, verbose bool) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		got := text(t, r, verbose)
		file := filepath.Join("testdata", "text", strings.ReplaceAll(name, " ", "-")+".txt")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
		checkLines(t, got)
	})
}

// TestTextOfHostileReports checks that a terminal can show each line of a report, whatever its checks contain.
func TestTextOfHostileReports(t *testing.T) {
	for _, hostile := range []string{strings.Repeat("long/", 60), "\x1b[31m\x00\n\r\t\u0085\u2028", "\u202edenrut\u202c\u200b", "\xff\xfe",
		strings.Repeat("云", 150)} {
		everywhere := contract.Finding{
			ID: "schema/" + hostile, Pointer: "/response/body/" + hostile, Want: hostile, Got: hostile,
			Evidence: spec.Evidence{Grade: spec.Inferred, Source: []string{hostile, hostile}},
		}
		file := strings.Map(func(r rune) rune {
			if unicode.IsPrint(r) && r != utf8.RuneError {
				return r
			}
			return '-'
		}, hostile) + ".yaml"
		doc := document(t, file, things)
		everywhere.Node = doc.Root.At("/paths")
		r := &report.Report{Subject: hostile, Documents: []*spec.Document{doc}, FailOn: spec.Documented}
		fails := everywhere
		fails.Evidence.Grade = spec.Documented
		r.AddJudged(report.Check{ID: "a/" + hostile, Suite: report.Probes, Repeat: "curl x"}, broken(fails, everywhere))
		r.AddJudged(report.Check{ID: "b/" + hostile, Suite: report.Probes}, broken(everywhere))
		keeps(r, report.Check{ID: "c/" + hostile, Suite: report.Probes})
		r.Add(report.Check{ID: "d/" + hostile, Suite: report.Probes, Status: report.Skip, Reason: hostile})
		r.Add(report.Check{ID: "e/" + hostile, Suite: report.Probes, Status: report.Error, Reason: hostile})
		checkLines(t, text(t, r, true))
	}
}

func text(t *testing.T, r *report.Report, verbose bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Text(&b, r, verbose); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// checkLines holds each line but those to copy to its width and to what can be seen.
func checkLines(t *testing.T, text string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		isRepeat := strings.HasPrefix(strings.TrimSpace(line), "repeat")
		switch n := utf8.RuneCountInString(line); {
		case n > 120 && !isRepeat:
			t.Errorf("%d characters: %.60q…", n, line)
		case strings.ContainsFunc(line, func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }):
			t.Errorf("not printable: %.80q", line)
		case strings.TrimRight(line, " ") != line:
			t.Errorf("blanks at the end: %q", line)
		default:
			continue
		}
		return
	}
}

// TestTextWriteError checks that the error of the writer is returned.
func TestTextWriteError(t *testing.T) {
	if err := report.Text(full{}, reports(t)["red"], false); !errors.Is(err, errFull) {
		t.Errorf("got %v, want %v", err, errFull)
	}
}

var errFull = errors.New("no space left")

// full is a disk without space.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

// TestTimes checks that each format for people says for how many exchanges a check stands, if there are at least two.
func TestTimes(t *testing.T) {
	for _, test := range []struct {
		times int
		want  string // the number that is shown
	}{
		{},
		{times: 1},
		{times: 2, want: "2"},
		{times: 3, want: "3"},
	} {
		for format, pattern := range map[string]string{"text": `(\d+) times`, "markdown": `(\d+) times`, "html": `(\d+) times`,
			"junit": `times +(\d+)`} {
			t.Run(fmt.Sprint(format, " ", test.times), func(t *testing.T) {
				r := &report.Report{Documents: []*spec.Document{thingsDocument()}, FailOn: spec.Recorded}
				check := probed("a")
				check.Times = test.times
				r.AddJudged(check, broken(finding("schema/type", spec.Documented, "type array", "none")))
				got := ""
				if found := regexp.MustCompile(pattern).FindStringSubmatch(write(t, format, r)); found != nil {
					got = found[1]
				}
				if got != test.want {
					t.Errorf("got %q, want %q", got, test.want)
				}
			})
		}
	}
}

// TestTextSkips checks that checks that were skipped for the same reason are listed together, at the first one, with the
// reason once. The text lists three of them, or all if verbose.
func TestTextSkips(t *testing.T) {
	r := &report.Report{}
	for _, check := range []struct{ id, reason string }{
		{id: "a/1", reason: "no key"},
		{id: "a/2", reason: "no user"},
		{id: "a/3", reason: "no key"},
		{id: "a/4", reason: "no key"},
		{id: "a/5", reason: "no key"},
	} {
		r.Add(report.Check{ID: check.id, Suite: report.Probes, Status: report.Skip, Reason: check.reason})
	}
	const few = `
skip   a/1, a/3, a/4 (probes) and 1 more
       no key

skip   a/2 (probes)
       no user
`
	if got := text(t, r, false); strings.Count(got, "skip ") != 2 || !strings.Contains(got, few) {
		t.Errorf("got\n%s\nwant in it%s", got, few)
	}
	const all = `
skip   a/1 (probes)
skip   a/3 (probes)
skip   a/4 (probes)
skip   a/5 (probes)
       no key

skip   a/2 (probes)
       no user
`
	if got := text(t, r, true); strings.Count(got, "skip ") != 5 || !strings.Contains(got, all) {
		t.Errorf("got\n%s\nwant in it%s", got, all)
	}
}

// TestTextLineWidth checks that a line of 120 characters stays whole, and that a longer one is shortened to 120.
func TestTextLineWidth(t *testing.T) {
	const most = 120
	room := most - len("error   (probes)")
	for length, want := range map[int]string{
		room:     "error  " + strings.Repeat("ü", room) + " (probes)",
		room + 1: "error  " + strings.Repeat("ü", room+1) + " (probe…",
	} {
		r := &report.Report{Checks: []report.Check{{ID: strings.Repeat("ü", length), Suite: report.Probes, Status: report.Error}}}
		if got := text(t, r, false); !strings.Contains(got, "\n"+want+"\n") {
			t.Errorf("no line\n%s\nin\n%s", want, got)
		}
	}
}

// TestTextNotChecked checks that ten paths are listed, followed by the number of the others.
func TestTextNotChecked(t *testing.T) {
	for _, test := range []struct {
		paths, listed int
		verbose       bool
		more          string
	}{
		{paths: 0, listed: 0},
		{paths: 10, listed: 10},
		{paths: 11, listed: 10, more: "not checked  1 more: the JSON report lists all"},
		{paths: 11, listed: 11, verbose: true},
	} {
		t.Run(fmt.Sprint(test.paths, " ", test.verbose), func(t *testing.T) {
			r := &report.Report{}
			for i := range test.paths {
				r.NotChecked = append(r.NotChecked, report.NotChecked{Method: "GET", Path: fmt.Sprint("/", i), Times: 1})
			}
			got := text(t, r, test.verbose)
			listed := strings.Count(got, "not checked  GET /")
			more := regexp.MustCompile(`not checked  \d.*`).FindString(got)
			if listed != test.listed || more != test.more {
				t.Errorf("got %d paths and %q, want %d and %q", listed, more, test.listed, test.more)
			}
		})
	}
}

// TestTextBreaks checks that a line break or a tab in a value never begins another line or column.
func TestTextBreaks(t *testing.T) {
	value := func(name string) string { return name + "\n\tnext" }
	finding := finding(value("id"), spec.Documented, value("want"), value("got"))
	finding.Pointer, finding.Node, finding.Evidence.Source = value("pointer"), document(t, value("place"), things).Root,
		[]string{value("source")}
	r := &report.Report{
		Subject: value("subject"), Error: value("error"), NotChecked: []report.NotChecked{
			{Method: "GET", Path: value("/path"), Reason: value("unknown"), Times: 1},
			{Part: value("part"), Operation: value("operation"), Reason: value("unread"), Times: 1},
		},
		Checks: []report.Check{
			{ID: value("pass"), Suite: report.Probes, Status: report.Pass},
			{ID: value("fail"), Suite: report.Probes, Status: report.Fail, Reason: value("reason"), Repeat: value("repeated"),
				Failures: []contract.Finding{finding}},
			{ID: value("skip"), Suite: report.Probes, Status: report.Skip, Reason: value("skipped")},
		},
	}
	got := text(t, r, true)
	for _, name := range []string{"subject", "error", "/path", "unknown", "part", "operation", "unread", "pass", "fail", "reason", "repeated",
		"id", "pointer", "want", "got", "place", "source", "skip", "skipped"} {
		if !strings.Contains(got, name+`\n\tnext`) {
			t.Errorf("the value of %s is not in one line:\n%s", name, got)
		}
	}
}
