package verify

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// errWire is the error of JSON that no tally has written.
var errWire = errors.New("read the tally: it is damaged")

// UnmarshalJSON replaces the contents of the tally, which NewTally has made with judges of the same documents in the same order:
// a tally of others is an error.
func (t *Tally) UnmarshalJSON(data []byte) error {
	var version struct{ Format int } // first: another format may have other types
	if err := json.Unmarshal(data, &version); err != nil {
		return fmt.Errorf("read the tally: %w", err)
	}
	if version.Format != wireFormat {
		return fmt.Errorf("read the tally: it has the format %d, want %d", version.Format, wireFormat)
	}
	var wire wireTally
	if err := json.Unmarshal(data, &wire); err != nil {
		return fmt.Errorf("read the tally: %w", err)
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
	if from.Document < 0 || from.Document >= len(d.judges) || from.Times < 1 {
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
		finding, err := d.finding(from.Document, f)
		if err != nil {
			return nil, err
		}
		g.shown.findings = append(g.shown.findings, finding)
	}
	for _, s := range from.Samples {
		finding, err := d.finding(from.Document, s.Finding)
		if err != nil {
			return nil, err
		}
		g.addSample(keyOf(finding), sample{finding, s.File, s.Number, s.Index})
	}
	return g, cmp.Or(err, coveredErr, uncheckedErr)
}

func (d *decoder) finding(document int, f wireFinding) (contract.Finding, error) {
	node, err := at(d.nodes, []int{f.Node})
	if err != nil {
		return contract.Finding{}, err
	}
	source := renamed(f.Source, ownFile, d.judges[document].Document().File)
	return contract.Finding{
		ID: f.ID, Evidence: spec.Evidence{Grade: f.Grade, Source: source}, Pointer: f.Pointer, Node: node[0], Want: f.Want, Got: f.Got,
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
