package breaking

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Compare compares the documents. It may be called once. If the context ends, it stops between two changes and returns the
// error of the context: some of the changes would be no comparison.
func (c *Comparer) Compare(ctx context.Context) (*Comparison, error) {
	findings := c.findings(ctx, c.changes())
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	findings = c.apply(findings)
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(b.Level, a.Level), comparePlaces(a, b))
	})
	return &Comparison{
		Old: c.old.doc, New: c.new.doc, Findings: findings, Exchanges: c.traffic.exchanges, Foreign: c.traffic.foreign,
	}, nil
}

// findings looks for what each change breaks, on all cores. If the context ends, the rest is left out.
func (c *Comparer) findings(ctx context.Context, changes []*change) []Finding {
	list := make([]Finding, len(changes))
	var group sync.WaitGroup
	var started, done atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := int(started.Add(1)) - 1; i < len(changes) && ctx.Err() == nil; i = int(started.Add(1)) - 1 {
				list[i] = c.finding(changes[i])
				if n := done.Add(1); c.Progress != nil {
					c.Progress(int(n), len(changes), list[i].Operation())
				}
			}
		})
	}
	group.Wait()
	return list
}

// comparePlaces orders findings by their places in the new document, then by those in the old one.
func comparePlaces(a, b Finding) int {
	at := func(f Finding) spec.Place { return cmp.Or(f.New, f.Old).Place() }
	x, y := at(a), at(b)
	return cmp.Or(strings.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column), strings.Compare(a.ID, b.ID))
}

// finding looks for what a change breaks.
func (c *Comparer) finding(ch *change) Finding {
	f := Finding{
		ID: ch.id, Side: ch.part.side(), Check: ch.part.check(), Also: ch.also, Pointer: ch.pointer(), Says: ch.says,
		Old: ch.old, New: ch.new,
	}
	shown := c.show(*ch)
	for _, other := range ch.others {
		if shown.witness != nil {
			break
		}
		if s := c.show(other); s.witness != nil {
			shown, f.Check, f.Pointer = s, other.part.check(), other.pointer()
			f.Also = append(without(ch.also, []string{f.Check}), ch.part.check())
			slices.Sort(f.Also)
		}
	}
	f.Level, f.Witness, f.Why, f.Probe = shown.level, shown.witness, shown.why, shown.probe
	f.Side = cmp.Or(shown.side, f.Side)
	if shown.nobody {
		f.Side = ""
	}
	return f
}

// changes lists the differences of the documents, each once, in the order of the new document.
func (c *Comparer) changes() []*change {
	l := &list{comparer: c, graph: newGraph(), known: map[changeKey]*change{}}
	l.document()
	for _, op := range c.new.doc.Operations {
		if old := c.partner(op); old != nil {
			l.operation(old, op)
		} else {
			l.add(part{new: element{op: op}, kind: ofOperation}, difference{
				id: "operation/added", says: op.Method + " " + op.Path + " is new", new: op.Node,
			})
		}
	}
	for _, op := range c.old.doc.Operations {
		if c.new.operation(op) == nil {
			l.add(part{old: element{op: op}, kind: ofOperation}, difference{
				id: "operation/removed", says: op.Method + " " + op.Path + " is gone", old: op.Node,
			})
		}
	}
	l.graph.compare()
	for _, root := range l.roots {
		if root.pair.differs {
			l.walk(root)
		}
	}
	return l.changes
}

// partner is the old operation of a new one, or nil.
func (c *Comparer) partner(op *spec.Operation) *spec.Operation {
	old := c.old.operation(op)
	if old == nil || c.new.operation(old) != op { // another new operation has the same path
		return nil
	}
	return old
}

// operation returns the operation of the document with the method and path of an operation of the other one: the same path, or
// one that differs only in the names of parameters.
func (v *version) operation(like *spec.Operation) *spec.Operation {
	var found *spec.Operation
	for _, op := range v.byShape()[like.Method+" "+shapeOf(like.Path)] {
		if op.Path == like.Path {
			return op
		}
		if found == nil {
			found = op
		}
	}
	return found
}

func (v *version) byShape() map[string][]*spec.Operation {
	if v.shapes == nil {
		v.shapes = map[string][]*spec.Operation{}
		for _, op := range v.doc.Operations {
			key := op.Method + " " + shapeOf(op.Path)
			v.shapes[key] = append(v.shapes[key], op)
		}
	}
	return v.shapes
}

// shapeOf is a path without the names of its parameters: /pets/{}.
func shapeOf(path string) string {
	shape := strings.Builder{}
	for {
		before, rest, found := strings.Cut(path, "{")
		shape.WriteString(before)
		if !found {
			return shape.String()
		}
		shape.WriteString("{}")
		_, path, _ = strings.Cut(rest, "}")
	}
}

// list collects changes.
type list struct {
	comparer *Comparer
	graph    *graph
	roots    []root
	changes  []*change
	known    map[changeKey]*change
}

// root is a pair of values that a part of an exchange has.
type root struct {
	part part
	pair *pair
}

// changeKey is the same for a change that several operations share. A node is nil where a document lacks what has changed.
type changeKey struct {
	id, says   string
	old, new   *spec.Node
	isResponse bool
}

// add adds a change of a part, unless another part has the same one.
func (l *list) add(p part, d difference) { l.find(p, d) }

// addAt adds a part that only one document has. Its place in the other document is that where it would stand; it is the same
// change wherever that is, since documents share parameters and headers.
func (l *list) addAt(p part, d difference, elsewhere *spec.Node) {
	if ch, isKnown := l.find(p, d); !isKnown {
		ch.old, ch.new = orNode(d.old, elsewhere), orNode(d.new, elsewhere)
	}
}

// find returns the change that a difference is, which is known if another part has the same one.
func (l *list) find(p part, d difference) (ch *change, isKnown bool) {
	key := changeKey{d.id, d.says, d.old, d.new, p.isResponse}
	if ch = l.known[key]; ch != nil {
		if check := p.check(); !ch.checks[check] {
			ch.checks[check] = true
			ch.also = append(ch.also, check)
		}
		return ch, true
	}
	ch = &change{
		id: d.id, says: d.says, part: p, old: d.old, new: d.new, names: d.names,
		checks: map[string]bool{p.check(): true},
	}
	l.known[key] = ch
	l.changes = append(l.changes, ch)
	return ch, false
}

// value compares the values of a part.
func (l *list) value(p part, old, new *spec.Schema) {
	l.roots = append(l.roots, root{p, l.graph.schemas(old, new)})
}

// maxPath limits the steps from a body to a change.
const maxPath = 50

// trail is a path, from its end to its beginning: trails share their beginnings, since few of them lead to a change that is new.
type trail struct {
	step   step
	before *trail
	length int
}

// path returns the steps in order.
func (t *trail) path() []step {
	steps := []step{}
	for ; t != nil; t = t.before {
		steps = append(steps, t.step)
	}
	slices.Reverse(steps)
	return steps
}

// walk adds the differences that a part of an exchange can reach, each by a shortest path.
func (l *list) walk(r root) {
	type place struct {
		pair *pair
		at   *trail
	}
	reached := map[*pair]bool{r.pair: true}
	for queue := []place{{r.pair, nil}}; len(queue) > 0; queue = queue[1:] {
		p, at := queue[0].pair, queue[0].at
		for _, d := range p.differences {
			l.schema(r.part, p, at, d)
		}
		for _, part := range p.parts {
			isDeep := at != nil && at.length == maxPath
			switch {
			case part.condition == "" && part.pair.differs && !reached[part.pair] && !isDeep:
				reached[part.pair] = true
				queue = append(queue, place{part.pair, at.then(part.step)})
			case part.condition != "" && part.pair.differsMore:
				l.schema(r.part, p, at, difference{
					id: "condition/changed", says: part.condition + " changed",
					old: p.old.node(part.condition), new: p.new.node(part.condition),
				})
			}
		}
	}
}

// then returns the trail with one more step.
func (t *trail) then(s step) *trail {
	if t == nil {
		return &trail{s, nil, 1}
	}
	return &trail{s, t, t.length + 1}
}

// maxOthers is at how many other parts a change is looked for, if it does not show at the first.
const maxOthers = 4

// schema adds a difference of two values at the end of a path. It is known by the node of the document that has it: where the
// other document lacks it, each use of the schema may have another place.
func (l *list) schema(p part, of *pair, at *trail, d difference) {
	ch, isKnown := l.find(p, d)
	if isKnown {
		isOther := len(ch.others) < maxOthers && p.check() != ch.part.check()
		if !isOther {
			return
		}
		other := *ch
		other.part, other.others = p, nil
		ch.others = append(ch.others, other)
		ch = &ch.others[len(ch.others)-1]
	} else {
		ch.old = cmp.Or(d.old, of.old.beside(d.new), of.old.place(), p.old.node())
		ch.new = cmp.Or(d.new, of.new.beside(d.old), of.new.place(), p.new.node())
	}
	ch.path, ch.oldSchema, ch.newSchema = at.path(), of.old.schema(), of.new.schema()
	if d.below != nil {
		ch.path, ch.oldSchema, ch.newSchema = append(ch.path, *d.below), d.below.old, d.below.new
	}
}

// node is the smallest part that the element has.
func (e element) node() *spec.Node {
	switch {
	case e.rule != nil:
		return e.rule.Node
	case e.media != nil:
		return e.media.Node
	case e.parameter != nil:
		return e.parameter.Node
	case e.response != nil:
		return e.response.Node
	case e.op != nil:
		return e.op.Node
	}
	return nil
}
