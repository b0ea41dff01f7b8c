package verify

import (
	"encoding/json"
	"errors"
	"fmt"
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
	return wireFinding{
		f.ID, f.Evidence.Grade, f.Evidence.Source, f.Pointer, w.node(t, document, f.Node), f.Want, f.Got, f.Expected,
	}
}

// errWire is the error of JSON that no tally has written.
var errWire = errors.New("the tally is damaged")

// UnmarshalJSON replaces the contents of the tally, which NewTally has made with judges of the same documents in the same order:
// a tally of others is an error.
func (t *Tally) UnmarshalJSON(data []byte) error {
	var wire wireTally
	if err := json.Unmarshal(data, &wire); err != nil {
		return fmt.Errorf("read the tally: %w", err)
	}
	if wire.Format != wireFormat {
		return fmt.Errorf("read the tally: it has the format %d, want %d", wire.Format, wireFormat)
	}
	if own := t.documents(); !slices.Equal(own, wire.Documents) {
		return fmt.Errorf("read the tally: it is about other documents or versions of them: %s, want %s", names(wire.Documents), names(own))
	}
	read := NewTally(t.judges)
	read.Allow, read.bounds = t.Allow, t.bounds
	read.misses.matched, read.misses.near, read.ungrouped = wire.Matched, wire.Near, wire.Ungrouped
	for name, f := range wire.Files {
		if f == nil {
			return errWire
		}
		read.file(name).absorb(f)
	}
	for id, times := range wire.Refused {
		read.refused[id] = times
		if !read.isRefused[id] {
			return errWire
		}
	}
	for _, row := range wire.Misses {
		key := missKey{row.Kind, row.Row.Method, row.Row.Origin, row.Row.Path}
		if row.Kind == otherServer {
			key = missKey{origin: row.Row.Origin}
		}
		own := &miss{NotChecked: row.Row, key: key, rank: key.rank(), file: row.File, number: row.Number}
		read.ungrouped += read.misses.put(own, read.bounds.groups)
	}
	d := decoder{judges: t.judges}
	if err := d.readNodes(wire.Nodes); err != nil {
		return err
	}
	if err := d.readGroups(read, &wire); err != nil {
		return err
	}
	*t = *read
	return nil
}

func names(documents []wireDocument) string {
	list := []string{}
	for _, d := range documents {
		list = append(list, fmt.Sprintf("%s (%.12s)", d.Name, d.Digest))
	}
	return fmt.Sprintf("%q", list)
}

// decoder turns indexes into nodes.
type decoder struct {
	judges []*contract.Judge
	nodes  []*spec.Node
}

func (d *decoder) readNodes(list []wireNode) error {
	for _, n := range list {
		if n.Document < 0 || n.Document >= len(d.judges) {
			return errWire
		}
		node := d.judges[n.Document].Document().NodeAt(n.Address)
		if node == nil {
			return errWire
		}
		d.nodes = append(d.nodes, node)
	}
	return nil
}

func (d *decoder) readGroups(t *Tally, wire *wireTally) error {
	for _, from := range wire.Groups {
		g, err := d.group(from)
		if err != nil {
			return err
		}
		t.mergeGroup(g.key, g)
	}
	for _, from := range wire.Pacts {
		g, err := d.group(from)
		if err != nil {
			return err
		}
		t.interaction(pactKey{g.key.checkKey, g.shown.file, g.shown.number}).absorb(g)
	}
	return nil
}

func (d *decoder) group(from wireGroup) (*group, error) {
	if from.Document < 0 || from.Document >= len(d.judges) {
		return nil, errWire
	}
	rules := d.judges[from.Document].Document().Rules
	key := groupKey{checkKey{from.Document, from.ID}, from.Place, from.Elsewhere, from.Failed}
	g := &group{key: key, times: from.Times, notChecked: partCounts{}}
	for _, part := range from.NotChecked {
		times := part.Times
		part.Times = 0
		g.notChecked[part] = times
	}
	passed, err := at(rules, from.Passed)
	g.passed.add(passed)
	covered, coveredErr := at(d.nodes, from.Covered)
	g.covered.add(covered)
	unchecked, uncheckedErr := at(d.nodes, from.Unchecked)
	g.unchecked.add(unchecked)
	s := from.Shown
	g.shown = shown{
		file: s.File, number: s.Number, judged: s.Judged, status: s.Status, operation: s.Operation, more: s.More, errors: s.Errors,
		request: s.Request, response: s.Response, repeat: s.Repeat,
	}
	for _, f := range s.Findings {
		finding, err := d.finding(f)
		if err != nil {
			return nil, err
		}
		g.shown.findings = append(g.shown.findings, finding)
	}
	for _, s := range from.Samples {
		finding, err := d.finding(s.Finding)
		if err != nil {
			return nil, err
		}
		g.addSample(keyOf(finding), sample{finding, s.File, s.Number, s.Index})
	}
	return g, errors.Join(err, coveredErr, uncheckedErr)
}

func (d *decoder) finding(f wireFinding) (contract.Finding, error) {
	node, err := at(d.nodes, []int{f.Node})
	if err != nil {
		return contract.Finding{}, err
	}
	return contract.Finding{
		ID: f.ID, Evidence: spec.Evidence{Grade: f.Grade, Source: f.Source}, Pointer: f.Pointer, Node: node[0], Want: f.Want, Got: f.Got,
		Expected: f.Expected,
	}, nil
}

// at returns the elements of a list at some indexes.
func at[T any](list []T, indexes []int) ([]T, error) {
	found := []T{}
	for _, i := range indexes {
		if i < 0 || i >= len(list) {
			return nil, errWire
		}
		found = append(found, list[i])
	}
	return found, nil
}
