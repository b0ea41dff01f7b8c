package contract

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A body, or an item of it, is judged by its schema in up to three walks. A right value takes one, which also collects the parts
// that have rules. A wrong or undocumented one is visited again to describe what is wrong:
//
//	Read or First    always: is the value valid, and does it show nothing that is undocumented?
//	Check            if it is not valid: one finding for each keyword that a part breaks
//	Observe          if the first walk could not observe everything: undocumented members, and the parts with rules
//
// Read is for the bytes of JSON, which it reads at the same time. First is for any other value.

// newObserver returns an observer of the first walk. It receives the parts with rules, which are those of out.ruled from now on, if
// the document has rules of schemas.
func (j *Judge) newObserver(out *findings) schema.Observer {
	o := schema.Observer{Enum: out.cover}
	if len(j.rules.ofSchema) > 0 {
		o.Described = out.addRuled
	}
	return o
}

// addRuledPart adds a part of a body with rules.
func (out *findings) addRuledPart(s *spec.Schema, v strictjson.Value) {
	if out.budget.Hold(ruledSize, s.Node) {
		out.ruled = append(out.ruled, ruledPart{s, v})
	}
}

// discardRuled forgets the parts with rules from begin on.
func (out *findings) discardRuled(begin int) {
	out.budget.Release(ruledSize * (len(out.ruled) - begin))
	out.ruled = out.ruled[:begin]
}

// judgeJSON reads and judges the bytes of a JSON body in one pass. If it returns false, the body has not been judged: its syntax is
// wrong, the document has no schema for it, or the budget has run out.
func (j *Judge) judgeJSON(data []byte, known *spec.MediaType, options schema.Options, m message, out *findings) (body, bool) {
	if known.Schema == nil {
		return body{}, false
	}
	begin := len(out.ruled)
	first, ok := j.schemas.Checker(known.Schema).Read(data, options, j.newObserver(out))
	if !ok {
		out.discardRuled(begin)
		return body{}, false
	}
	out.budget.Hold(nodeSize*first.Value.Size(), known.Node)
	out.cover(known.Node)
	b := j.explain(first, begin, known.Schema, options, m, m.at, out)
	slices.Sort(b.failed)
	return b, true
}

// judgeSchema judges a value that was read before. root is its pointer.
func (j *Judge) judgeSchema(
	value strictjson.Value, s *spec.Schema, options schema.Options, m message, root string, out *findings,
) body {
	if s == nil {
		return body{value: value}
	}
	begin := len(out.ruled)
	return j.explain(j.schemas.Checker(s).First(value, options, j.newObserver(out)), begin, s, options, m, root, out)
}

// explain adds the findings about a value after its first walk, which added the parts with rules from begin on.
func (j *Judge) explain(
	first schema.Reading, begin int, s *spec.Schema, options schema.Options, m message, root string, out *findings,
) body {
	b := body{value: first.Value, schema: s}
	if !first.Valid {
		b.failed = j.violations(first, options, m, root, out)
		out.markFailed(root)
	}
	if !first.Observed {
		out.discardRuled(begin)
		j.observe(first, options, root, out)
	}
	b.ruled = out.ruled[begin:len(out.ruled):len(out.ruled)]
	return b
}

// observe observes a value anew, and adds the findings about members that the document does not mention.
func (j *Judge) observe(first schema.Reading, options schema.Options, root string, out *findings) {
	o := j.newObserver(out)
	o.Undocumented = func(pointer func() string, s *spec.Schema, member strictjson.Value) {
		f := Finding{ID: "member/undocumented", Evidence: undocumented, Pointer: root, Node: s.Node, Want: "no such member"}
		out.addLazily(f, func(f Finding) Finding {
			at := pointer()
			f.Pointer, f.Want, f.Got = root+at, suggestMember(f.Want, first.Value, at, s, options), member.Compact()
			return f
		})
	}
	first.Observe(o)
}

// violations adds the findings about a value that breaks its schema, and returns the indexes of the parts that failed.
func (j *Judge) violations(
	first schema.Reading, options schema.Options, m message, root string, out *findings,
) (failed []int) {
	first.Check(func(v schema.Error) bool {
		if m.isUnread(v.Part) {
			return true
		}
		failed = append(failed, v.Part.Index())
		out.budget.Hold(placeSize, v.Schema.Node)
		f := Finding{ID: "schema/" + v.Keyword, Evidence: j.evidenceIn(v.Schema, m.parent), Pointer: root}
		out.addLazily(f, func(f Finding) Finding {
			at := v.Pointer()
			f.Pointer, f.Node, f.Want, f.Got = root+at, v.Node(), v.Want(), v.Got()
			if v.Keyword == "additionalProperties" || v.Keyword == "unevaluatedProperties" {
				f.Want = suggestMember(f.Want, first.Value, at, v.Schema, options)
			}
			return f
		})
		return out.budget.Err() == nil
	})
	return failed
}

// evidenceIn returns the evidence of a schema: its own, but never stronger than that of its parent.
func (j *Judge) evidenceIn(s *spec.Schema, parent spec.Evidence) spec.Evidence {
	return spec.Weaker(parent, j.doc.Evidence(s.Node, parent))
}
