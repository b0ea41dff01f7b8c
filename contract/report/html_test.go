package report_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestHTMLStructure checks the page of every report: it is well-formed, has no script and nothing from other hosts, and
// every link has a target.
func TestHTMLStructure(t *testing.T) {
	elements := strings.Fields("html head meta title style body svg symbol path circle use a header div p h1 h2 h3 h4 dl dt dd main nav " +
		"section article ul li span table thead tbody tr th td sup details summary b i code pre footer")
	for name, r := range samples(t) {
		t.Run(name, func(t *testing.T) {
			text := write(t, "html", r)
			for i, r := range text {
				if r != '\n' && r != '\t' && !unicode.IsPrint(r) {
					t.Fatalf("%U at %d", r, i)
				}
			}
			decoder := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "<!DOCTYPE html>")))
			decoder.AutoClose, decoder.Entity, decoder.Strict = xml.HTMLAutoClose, xml.HTMLEntity, false
			ids, targets, open := map[string]int{}, []string{}, []string{}
			for {
				token, err := decoder.Token()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				switch e := token.(type) {
				case xml.StartElement:
					open = append(open, e.Name.Local)
					if !slices.Contains(elements, e.Name.Local) {
						t.Errorf("<%s>", e.Name.Local)
					}
					for _, a := range e.Attr {
						switch key := a.Name.Local; {
						case key == "id":
							ids[a.Value]++
						case key == "href" || key == "aria-labelledby":
							hasSources := name == "sourced" || name == "mixed"
							if hasSources && key == "href" && strings.HasPrefix(a.Value, "https://example.com/") {
								continue // the page of a source
							}
							if key == "href" && strings.HasPrefix(a.Value, report.FindingsPage+"#") {
								continue // what an id means
							}
							targets = append(targets, strings.TrimPrefix(a.Value, "#"))
							if key == "href" && !strings.HasPrefix(a.Value, "#") {
								t.Errorf("a link to %q", a.Value)
							}
						case key == "src" || key == "action" || strings.HasPrefix(key, "on"):
							t.Errorf("%s=%q", key, a.Value)
						}
					}
				case xml.EndElement:
					if open[len(open)-1] != e.Name.Local {
						t.Fatalf("</%s> ends <%s>", e.Name.Local, open[len(open)-1])
					}
					open = open[:len(open)-1]
				}
			}
			for id, n := range ids {
				if n > 1 {
					t.Errorf("the id %q stands there %d times", id, n)
				}
			}
			for _, target := range targets {
				if ids[target] == 0 && target != "closed" {
					t.Errorf("nothing has the id %q", target)
				}
			}
			if strings.Contains(text, "url(") || strings.Contains(text, "@import") || strings.Contains(text, "ZgotmplZ") {
				t.Error("the style asks for something, or the template refused a value")
			}
		})
	}
}

// TestHTMLContrast checks that the colours of both schemes have the contrast that WCAG 2 requires at level AA.
func TestHTMLContrast(t *testing.T) {
	css, err := os.ReadFile("html/style.css")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile(`(?s):root \{(.*?)\n\s*\}`).FindAllStringSubmatch(string(css), -1)
	colours := map[string]string{}
	for i, scheme := range []string{"light", "dark"} {
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(blocks[i][1], -1) {
			colours[m[1]] = m[2] // the dark scheme overrides the light one
		}
		for _, pair := range strings.Fields("ink/paper ink/card ink/code soft/paper soft/card link/paper link/card kept/paper kept/kept-fill " +
			"broken/paper broken/card broken/broken-wash on-broken/broken-fill warned/paper warned/card warned/warned-fill warned/warned-line " +
			"open/paper open/card paper/open paper/kept") {
			front, back, _ := strings.Cut(pair, "/")
			if got := contrast(colours[front], colours[back]); got < 4.5 {
				t.Errorf("%s: %s has %.2f, want 4.5", scheme, pair, got)
			}
		}
	}
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is the relative luminance of WCAG 2.
func luminance(colour string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// TestHTMLGroups checks that only findings with the same id and place are one group.
func TestHTMLGroups(t *testing.T) {
	finding := func(id, node string, grade spec.Grade) contract.Finding {
		return contract.Finding{ID: id, Node: thingsDocument().Root.At(node), Pointer: "/response/body", Evidence: spec.Evidence{Grade: grade}}
	}
	first := finding("schema/type", "/info", spec.Documented)
	for _, test := range []struct {
		name   string
		second contract.Finding
		want   []string // the group of each, and how many findings are in it
	}{
		{name: "the same twice", second: first, want: []string{"broken-schema-type 2"}},
		{
			name: "another id", second: finding("schema/enum", "/info", spec.Documented),
			want: []string{"broken-schema-type 1", "broken-schema-enum 1"},
		},
		{
			name: "another place", second: finding("schema/type", "/paths", spec.Documented),
			want: []string{"broken-schema-type 1", "broken-schema-type-2 1"},
		},
		{
			name: "another grade", second: finding("schema/type", "/info", spec.Recorded),
			want: []string{"broken-schema-type 2"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{FailOn: spec.Recorded}
			for _, d := range []contract.Finding{first, test.second} {
				r.AddJudged(report.Check{ID: "listThings/plain", Suite: report.Probes}, contract.Result{Judged: true, Findings: []contract.Finding{d}})
			}
			got := []string{}
			for _, m := range regexp.MustCompile(`<a href="#(broken-[^"]*)">.*?<span class="how-often">(\d+)`).FindAllStringSubmatch(write(t, "html",
				r), -1) {
				got = append(got, m[1]+" "+m[2])
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
		})
	}
}

// TestHTMLWant checks that a finding shows what was wanted, unless the sentence of its promise above it says the same.
func TestHTMLWant(t *testing.T) {
	for _, test := range []struct {
		name, id, want string
		shown          bool
	}{
		{name: "as the promise says", id: "things/bounds", want: "It has bounds."},
		{name: "more than the promise says", id: "things/bounds", want: "max of at least 3", shown: true},
		{name: "no promise of the document", id: "schema/type", want: "type array", shown: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{Documents: []*spec.Document{thingsDocument()}, FailOn: spec.Recorded}
			r.AddJudged(probed("a"), broken(finding(test.id, spec.Documented, test.want, "none")))
			_, rest, _ := strings.Cut(write(t, "html", r), `<article class="group"`)
			group, _, _ := strings.Cut(rest, "</article>")
			if got := strings.Contains(group, "<dt>want</dt><dd>"+test.want+"</dd>"); got != test.shown {
				t.Errorf("%q is shown: got %t, want %t", test.want, got, test.shown)
			}
		})
	}
}

// TestHTMLFirstFindings checks that at most three exchanges of a promise are shown at once, with the number of the others.
func TestHTMLFirstFindings(t *testing.T) {
	for _, test := range []struct {
		findings int
		want     string // empty: none are left
	}{
		{findings: 3},
		{findings: 4, want: "1 more"},
		{findings: 6, want: "3 more"},
	} {
		t.Run(strconv.Itoa(test.findings), func(t *testing.T) {
			r := &report.Report{FailOn: spec.Recorded}
			for range test.findings {
				r.AddJudged(probed("a"), broken(finding("schema/type", spec.Documented, "type array", "none")))
			}
			page := write(t, "html", r)
			if got := regexp.MustCompile(`\d+ more`).FindString(page); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestHTMLVerdict checks that the colour of the result agrees with its words.
func TestHTMLVerdict(t *testing.T) {
	check := func(source report.Suite, status report.Status) report.Check {
		return report.Check{ID: "a/b", Suite: source, Status: status}
	}
	for _, test := range []struct {
		name   string
		checks []report.Check
		want   string
	}{
		{name: "nothing", want: `not-observed">Not judged`},
		{name: "the documents only", checks: []report.Check{check(report.Documents, report.Pass)}, want: `not-observed">Not judged`},
		{name: "an error only", checks: []report.Check{check(report.Probes, report.Error)}, want: `not-observed">Not judged`},
		{name: "a pass", checks: []report.Check{check(report.Probes, report.Pass)}, want: `kept">Kept`},
		{name: "a known failure", checks: []report.Check{check(report.Probes, report.Known)}, want: `kept">Kept`},
		{
			name: "a pass and an error", checks: []report.Check{check(report.Probes, report.Pass), check(report.Probes, report.Error)},
			want: `kept">Kept, as far as it could be judged`,
		},
		{
			name: "a failure", checks: []report.Check{check(report.Probes, report.Pass), check(report.Probes, report.Fail)}, want: `broken">Broken`,
		},
		{name: "a failure of the documents", checks: []report.Check{check(report.Documents, report.Fail)}, want: `broken">Broken`},
	} {
		t.Run(test.name, func(t *testing.T) {
			page := regexp.MustCompile(`<svg class="sign".*?</svg>`).ReplaceAllString(write(t, "html", &report.Report{Checks: test.checks}), "")
			if want := `<h1 class="verdict ` + test.want + `</h1>`; !strings.Contains(page, want) {
				t.Errorf("got %s, want %s", regexp.MustCompile(`<h1.*`).FindString(page), want)
			}
		})
	}
}

// TestHTMLSections checks that the page has no empty section, and that no section is missing because another one is empty.
func TestHTMLSections(t *testing.T) {
	finding := finding("schema/type", spec.Documented, "type array", "none")
	warning := finding
	warning.ID, warning.Pointer = "member/undocumented", "/response/body/more"
	check := func(status report.Status, failures, warnings int) report.Check {
		return report.Check{
			ID: "a/b", Suite: report.Probes, Status: status,
			Failures: slices.Repeat([]contract.Finding{finding}, failures), Warnings: slices.Repeat([]contract.Finding{warning}, warnings),
		}
	}
	for _, test := range []struct {
		name  string
		check report.Check
		jump  string // before the grid
		want  string // behind it
	}{
		{name: "a pass", check: check(report.Pass, 0, 0)},
		{name: "a failure", check: check(report.Fail, 1, 0), jump: "jump ", want: "broken "},
		{name: "a failure for a reason alone", check: check(report.Fail, 0, 0), jump: "jump ", want: "broken "},
		{name: "a failure with a warning", check: check(report.Fail, 1, 1), jump: "jump ", want: "broken warned "},
		{name: "a warning", check: check(report.Pass, 0, 1), want: "warned "},
		{name: "a known failure", check: check(report.Known, 1, 1), want: "warned known "},
		{name: "a skip", check: check(report.Skip, 0, 0), want: "unjudged "},
		{name: "an error", check: check(report.Error, 0, 0), want: "unjudged "},
	} {
		t.Run(test.name, func(t *testing.T) {
			page := write(t, "html", &report.Report{FailOn: spec.Recorded, Checks: []report.Check{test.check}})
			got := ""
			for _, m := range regexp.MustCompile(`<nav class="(jump)"|<h2 id="([a-z]+)-title"`).FindAllStringSubmatch(page, -1) {
				got += m[1] + m[2] + " "
			}
			if want := test.jump + "grid " + test.want + "coverage checks "; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// TestHTMLProse checks that text between backticks in a sentence of a document is shown as code, each time.
func TestHTMLProse(t *testing.T) {
	for _, test := range []struct{ says, want string }{
		{says: "plain", want: "plain"},
		{says: "a `b` c `d` e", want: "a <code>b</code> c <code>d</code> e"},
		{says: "`a`", want: "<code>a</code>"},
		{says: "a``b", want: "ab"},
		{says: "`<b>`", want: "<code>&lt;b&gt;</code>"},
	} {
		t.Run(test.says, func(t *testing.T) {
			r := &report.Report{FailOn: spec.Recorded}
			r.AddJudged(probed("a"), broken(finding("schema/type", spec.Documented, test.says, "none")))
			if want := "<dt>want</dt><dd>" + test.want + "</dd>"; strings.Count(write(t, "html", r), want) != 3 {
				t.Errorf("not thrice, among what is broken, in the cell and in the check: %s", want)
			}
		})
	}
}

// TestHTMLNames checks that the name of a promise is shown apart from its holder, also if the name of the holder has
// slashes.
func TestHTMLNames(t *testing.T) {
	r := &report.Report{Documents: []*spec.Document{document(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things/all:
    get:
      x-rules: [{id: order, says: They have an order., grade: recorded, source: authors, rule: 'true'}]
      responses: {'200': {description: Things.}}
`)}}
	if page, want := write(t, "html", r), `<span><span class="of">GET /things/all/</span>order</span>`; !strings.Contains(page, want) {
		t.Errorf("no %s in\n%s", want, page[max(0, strings.Index(page, "<main>")):])
	}
}

// TestHTMLManyCauses tests that the head of the page stays short: it links 40 causes, and the page shows all.
func TestHTMLManyCauses(t *testing.T) {
	list := []seen{}
	for i := range 45 {
		list = append(list, seen{
			check: fmt.Sprint("showItem/n", i), id: fmt.Sprint("schema/k", i), pointer: "/response/body/name", node: atName + "type",
		})
	}
	out := write(t, "html", shopReport(t, list...))
	_, head, _ := strings.Cut(out, `<nav class="jump"`)
	head, _, _ = strings.Cut(head, "</nav>")
	if n := strings.Count(head, "<li>"); n != 41 || !strings.Contains(head, `<a href="#broken-title">5 more</a>`) {
		t.Errorf("got %d links:\n%s", n, head)
	}
	if !strings.Contains(out, `id="broken-schema-k44"`) {
		t.Error("the last cause is not on the page")
	}
}
