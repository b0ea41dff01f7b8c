package verify

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The JSON of a tally has the digests of its documents. It names parts of them by their addresses, once each, and elsewhere by the
// indexes of these; rules by their index in the document. All lists are sorted, so that equal tallies have equal bytes:
//
//	{"format": 1, "documents": [{"name": "things", "digest": "51f0…"}],
//	 "nodes": [{"document": 0, "address": "#/paths/~1things/get"}],
//	 "groups": [{"id": "listThings/traffic=200", "times": 3, "covered": [0], "shown": {"file": "a.har", "number": 1, …}}]}

// wireFormat is the version of the JSON. A reader refuses any other.
const wireFormat = 1

type wireTally struct {
	Format    int                     `json:"format"`
	Documents []wireDocument          `json:"documents"`
	Nodes     []wireNode              `json:"nodes"`
	Matched   int                     `json:"matched"`
	Near      int                     `json:"near"`
	Ungrouped int                     `json:"ungrouped"`
	Refused   map[string]int          `json:"refused"`
	Files     map[string]*fileSummary `json:"files"`
	Misses    []wireMiss              `json:"misses"`
	Groups    []wireGroup             `json:"groups"`
	Pacts     []wireGroup             `json:"pacts"`
}

type wireDocument struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
}

type wireNode struct {
	Document int    `json:"document"`
	Address  string `json:"address"`
}

type wireMiss struct {
	Kind   missKind          `json:"kind"`
	File   string            `json:"file"`
	Number int               `json:"number"`
	Row    report.NotChecked `json:"row"`
}

type wireGroup struct {
	Document   int                 `json:"document"`
	ID         string              `json:"id"`
	Place      string              `json:"place,omitempty"`
	Elsewhere  bool                `json:"elsewhere,omitempty"`
	Failed     bool                `json:"failed,omitempty"`
	Times      int                 `json:"times"`
	Passed     []int               `json:"passed"` // rules of the document
	Covered    []int               `json:"covered"`
	Unchecked  []int               `json:"unchecked"`
	NotChecked []report.NotChecked `json:"notChecked"`
	Shown      wireShown           `json:"shown"`
	Samples    []wireSample        `json:"samples"`
}

type wireSample struct {
	File    string      `json:"file"`
	Number  int         `json:"number"`
	Index   int         `json:"index"`
	Finding wireFinding `json:"finding"`
}

type wireShown struct {
	File      string        `json:"file"`
	Number    int           `json:"number"`
	Judged    bool          `json:"judged"`
	Status    int           `json:"status"`
	Operation string        `json:"operation"`
	Findings  []wireFinding `json:"findings"`
	More      int           `json:"more"`
	Errors    []string      `json:"errors"`
	Request   string        `json:"request"`
	Response  string        `json:"response"`
	Repeat    string        `json:"repeat"`
}

type wireFinding struct {
	ID       string     `json:"id"`
	Grade    spec.Grade `json:"grade"`
	Source   []string   `json:"source"`
	Pointer  string     `json:"pointer"`
	Node     int        `json:"node"`
	Want     string     `json:"want"`
	Got      string     `json:"got"`
	Expected bool       `json:"expected,omitempty"`
}

// documents returns what identifies the documents of a tally.
func (t *Tally) documents() []wireDocument {
	list := []wireDocument{}
	for _, judge := range t.judges {
		list = append(list, wireDocument{judge.Document().Name, judge.Document().Digest()})
	}
	return list
}

// MarshalJSON returns the tally as JSON. Tallies of the same exchanges have the same bytes, and no secret of an exchange is in
// them.
func (t *Tally) MarshalJSON() ([]byte, error) {
	w := encoder{index: map[wireNode]int{}, nodes: []wireNode{}}
	groups, pacts := []*group{}, []*group{}
	for _, g := range t.groups {
		groups = append(groups, g)
	}
	for _, g := range t.pacts {
		pacts = append(pacts, g)
	}
	wire := wireTally{
		Format: wireFormat, Documents: t.documents(), Matched: t.misses.matched, Near: t.misses.near, Ungrouped: t.ungrouped,
		Refused: t.refused, Files: t.files, Misses: []wireMiss{}, Groups: w.groups(t, groups), Pacts: w.groups(t, pacts),
	}
	for _, row := range t.misses.list() {
		wire.Misses = append(wire.Misses, wireMiss{row.key.kind, row.file, row.number, row.NotChecked})
	}
	wire.Nodes = w.nodes
	return json.Marshal(wire)
}

// encoder turns nodes into indexes.
type encoder struct {
	index map[wireNode]int
	nodes []wireNode
}

func (w *encoder) node(t *Tally, document int, n *spec.Node) int {
	at := wireNode{document, t.judges[document].Document().Address(n)}
	i, known := w.index[at]
	if !known {
		i = len(w.nodes)
		w.index[at] = i
		w.nodes = append(w.nodes, at)
	}
	return i
}

func (w *encoder) groups(t *Tally, groups []*group) []wireGroup {
	order, list := newRanks(t.judges), []wireGroup{}
	slices.SortFunc(groups, func(a, b *group) int {
		if c := compareKeys(a.key, b.key); c != 0 {
			return c
		}
		return compareShown(&a.shown, &b.shown)
	})
	for _, g := range groups {
		c := g.check(order)
		to := wireGroup{
			Document: g.key.document, ID: g.key.id, Place: g.key.place, Elsewhere: g.key.elsewhere, Failed: g.key.failed,
			Times: g.times, Passed: []int{}, Covered: []int{}, Unchecked: []int{}, NotChecked: append([]report.NotChecked{}, g.notChecked.list()...),
			Shown: w.shown(t, g), Samples: []wireSample{},
		}
		for _, s := range slices.SortedFunc(maps.Values(g.samples), compareSamples) {
			to.Samples = append(to.Samples, wireSample{s.file, s.number, s.index, w.finding(t, g.key.document, s.finding)})
		}
		for _, rule := range c.Passed {
			to.Passed = append(to.Passed, slices.Index(t.judges[g.key.document].Document().Rules, rule))
		}
		for _, n := range c.Covered {
			to.Covered = append(to.Covered, w.node(t, g.key.document, n))
		}
		for _, n := range c.Unchecked {
			to.Unchecked = append(to.Unchecked, w.node(t, g.key.document, n))
		}
		list = append(list, to)
	}
	return list
}

func (w *encoder) shown(t *Tally, g *group) wireShown {
	s := &g.shown
	to := wireShown{
		File: s.file, Number: s.number, Judged: s.judged, Status: s.status, Operation: s.operation, Findings: []wireFinding{},
		More: s.more, Errors: append([]string{}, s.errors...), Request: s.request, Response: s.response, Repeat: s.repeat,
	}
	for _, f := range s.findings {
		to.Findings = append(to.Findings, w.finding(t, g.key.document, f))
	}
	return to
}

func (w *encoder) finding(t *Tally, document int, f contract.Finding) wireFinding {
	source := renamed(f.Evidence.Source, t.judges[document].Document().File, ownFile)
	return wireFinding{
		f.ID, f.Evidence.Grade, source, f.Pointer, w.node(t, document, f.Node), f.Want, f.Got, f.Expected,
	}
}

// ownFile stands for the file of the document among the sources of a promise: each reader has it at a place of its own.
const ownFile = ""

// renamed returns sources with another name for one of them.
func renamed(sources []string, from, to string) []string {
	sources = slices.Clone(sources)
	for i, name := range sources {
		if name == from {
			sources[i] = to
		}
	}
	return sources
}
