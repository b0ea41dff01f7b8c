package report

import (
	"bytes"
	"embed"
	"html/template"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The page is made in two steps: newPage computes all that it shows, and the templates write it down. Parts of the page refer
// to each other by anchors, so that a reader can go from a cell of the grid to the exchanges behind it, to the promise, and to
// the other places where it is broken, without a script:
//
//	#check-listThings-plain    the sheet of a check      #promise-things-bounds    the sheet of a promise

//go:embed html/*.tmpl html/*.css
var htmlFiles embed.FS

// htmlTemplates escape each value by its context. No value is ever marked as safe.
var htmlTemplates = template.Must(template.New("").Funcs(template.FuncMap{
	"capital": capital, "documents": documentNames, "prose": prose,
}).ParseFS(htmlFiles, "html/*.tmpl", "html/*.css"))

// HTML writes a report as one page without scripts and without requests to the network. The grid shows every promise of every
// operation by status. Each cell opens a sheet with the exchanges behind it; the sheets open by anchors and CSS :target alone.
func HTML(w io.Writer, r *Report) error {
	b := &bytes.Buffer{}
	if err := htmlTemplates.ExecuteTemplate(b, "page.tmpl", newPage(r)); err != nil {
		return err
	}
	_, err := io.WriteString(w, text.Visible(b.String()))
	return err
}

// page is what the templates read: a report and what only the page shows. Its parts refer to each other by anchors.
type page struct {
	*Report
	State    State
	Counts   []pageCount
	Promises []*pagePromise
	Checks   []*pageCheck // those of the report
	Grids    []grid
	Broken   []pageGroup // by cause
	Warned   []pageGroup
	Consumer []pageGroup  // about requests, whoever is judged
	Unproven []*pageCheck // failed without a finding
	Known    []*pageCheck
	Unjudged []*pageCheck
	Kinds    []pageKind
	Suites   []pageSuite
	Cited    []*spec.Document // those that list the pages of their sources
	Legend   []State
	ids      map[string]int              // how often each anchor is taken
	promises map[*spec.Node]*pagePromise // by the node of their rule
	byCheck  map[*Check]*pageCheck
	causes   []Cause
}

// pageCount is a number of checks with one status.
type pageCount struct {
	Number int
	Word   string
	State  State
}

// newPage computes the page of a report.
func newPage(r *Report) *page {
	p := &page{
		Report: r, State: NotObserved, Legend: []State{Kept, Broken, Warned, NotObserved},
		Cited: only(r.Documents, func(d *spec.Document) bool { return len(d.Sources) > 0 }),
		ids:   map[string]int{}, promises: map[*spec.Node]*pagePromise{}, byCheck: map[*Check]*pageCheck{}, causes: r.Causes(),
	}
	p.addPromises()
	p.addChecks() // their findings refer to promises
	p.Grids, p.Kinds, p.Suites = p.grids(), p.kinds(), p.bySuite()
	p.Broken = p.groups("broken", func(c Cause) bool { return c.Side() != contract.Consumer && c.Status == Fail })
	p.Warned = p.groups("warning", func(c Cause) bool { return c.Side() != contract.Consumer && c.Status == Warn })
	p.Consumer = p.groups("consumer", func(c Cause) bool { return c.Side() == contract.Consumer })
	for _, row := range statusWords {
		if n := r.Count("", row.Status); n > 0 || row.Status != Known {
			p.Counts = append(p.Counts, pageCount{n, row.Word, stateOf(Check{Status: row.Status})})
		}
	}
	p.Counts = append(p.Counts, pageCount{r.Warnings(), "warnings", Warned})
	switch {
	case r.Count("", Fail) > 0:
		p.State = Broken
	case r.JudgedAny():
		p.State = Kept
	}
	p.Unproven = only(p.Checks, func(c *pageCheck) bool { return c.Status == Fail && len(c.Failures) == 0 })
	p.Known = only(p.Checks, func(c *pageCheck) bool { return c.Status == Known })
	p.Unjudged = only(p.Checks, func(c *pageCheck) bool { return c.Status == Skip || c.Status == Error })
	return p
}

// ConsumerFails reports whether a finding about a request fails the run.
func (p *page) ConsumerFails() bool {
	return slices.ContainsFunc(p.Consumer, func(g pageGroup) bool { return !g.Warning })
}

// maxJumps is how many causes the head of the page links.
const maxJumps = 40

// MaxJumps is how many causes the head of the page links.
func (p *page) MaxJumps() int { return maxJumps }

// MoreJumps is how many causes the head of the page does not link.
func (p *page) MoreJumps() int { return max(len(p.Broken)-maxJumps, 0) }

// Terms says in one sentence what fails the run.
func (p *page) Terms() string { return p.terms() }

// Made says what wrote the page, and when.
func (p *page) Made() string { return p.made() }

// AboutWarnings says what a warning is.
func (p *page) AboutWarnings() string { return capital(aboutWarnings) }

// OtherSide says how many exchanges only a run of the other side fails on.
func (p *page) OtherSide() string { return p.otherSide() }

// stateOf returns the state that a check is shown with.
func stateOf(c Check) State {
	switch {
	case c.Status == Fail:
		return Broken
	case c.Status == Known, c.Status == Error:
		return State(c.Status)
	case len(c.Warnings) > 0:
		return Warned
	case c.Status == Pass:
		return Kept
	}
	return NotObserved
}

// Class is the CSS class of the state.
func (s State) Class() string { return strings.ReplaceAll(string(s), " ", "-") }

// capital returns a text with its first letter in upper case.
func capital(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}

// piece is a part of a sentence; Code marks text between backticks.
type piece struct {
	Code bool
	Text string
}

// prose splits a sentence of a document at its backticks.
func prose(s string) []piece {
	list := []piece{}
	for i, text := range strings.Split(s, "`") {
		if text != "" {
			list = append(list, piece{i%2 == 1, text})
		}
	}
	return list
}
