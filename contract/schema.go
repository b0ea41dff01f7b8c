package contract

import (
	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// judgeSchema judges a body, or an item of it, by its schema. root is the pointer of the value. A right value is visited
// once, which also collects the parts that have rules. A wrong or undocumented one is visited again to describe what is
// wrong. So there are up to three walks:
//
//	ValidAndObserve    always: is the value valid, and does it show nothing that is undocumented?
//	Check              if it is not valid: one finding for each keyword that a part breaks
//	Observe            if the first walk could not observe everything: undocumented members, and the parts with rules
func (j *Judge) judgeSchema(
	value strictjson.Value, s *spec.Schema, options schema.Options, m message, root string, out *findings,
) body {
	b := body{value: value, schema: s}
	if s == nil {
		return b
	}
	checker := j.schemas.Checker(s)
	observer := schema.Observer{Enum: out.cover}
	var ruled []ruledPart
	if len(j.rules.ofSchema) > 0 {
		observer.Described = func(s *spec.Schema, v strictjson.Value) {
			if out.budget.Hold(ruledSize, s.Node) {
				ruled = append(ruled, ruledPart{s, v})
			}
		}
	}
	valid, observed := checker.ValidAndObserve(value, options, observer)
	if !valid {
		b.failed = j.violations(checker, value, options, m, root, out)
		out.markFailed(root)
	}
	if !observed {
		out.budget.Release(ruledSize * len(ruled))
		ruled = nil
		observer.Undocumented = func(pointer func() string, s *spec.Schema, member strictjson.Value) {
			f := Finding{ID: "member/undocumented", Evidence: undocumented, Pointer: root, Node: s.Node, Want: "no such member"}
			out.addLazily(f, func(f Finding) Finding {
				at := pointer()
				f.Pointer, f.Want, f.Got = root+at, suggestMember(f.Want, value, at, s, options), member.Compact()
				return f
			})
		}
		checker.Observe(value, options, observer)
	}
	b.ruled = ruled
	return b
}

// violations adds the findings about a value that breaks its schema, and returns the indexes of the parts that failed.
func (j *Judge) violations(
	checker *schema.Checker, value strictjson.Value, options schema.Options, m message, root string, out *findings,
) (failed []int) {
	checker.Check(value, options, func(v schema.Error) bool {
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
				f.Want = suggestMember(f.Want, value, at, v.Schema, options)
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
