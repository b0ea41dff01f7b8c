package contract

import (
	"fmt"
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// judgeParameters holds the judgeParameters of a request against those of the operation.
func (j *Judge) judgeParameters(s *subject, out *findings) {
	raw := parameter.Raw{Path: s.params, Query: s.query, Header: s.ex.Request.Header, Parameters: s.op.Parameters}
	for _, p := range s.prepared.parameters {
		unseen := p.In == "header" && s.ex.Unrecorded&UnrecordedRequestHeaders != 0 || p.In == "cookie" && s.ex.Unrecorded&(UnrecordedRequestHeaders|UnrecordedCredentials) != 0
		if !unseen && out.budget.InTime(p.Node) {
			p.judge(raw, out)
		}
	}
	for _, name := range sortedKeys(s.values, func(name string) bool { return !j.knowsQuery(s, name) }) {
		out.add(Finding{
			ID: "parameter/undocumented", Evidence: undocumented, Pointer: "/request/query/" + pointer.Escape(name), Node: s.op.Node,
			Want: "no such parameter", Got: strictjson.FromText(s.values.Get(name)).Compact(),
		})
	}
}

// knowsQuery says whether a name of the query belongs to anything that the document describes.
func (j *Judge) knowsQuery(s *subject, name string) bool {
	takes := func(p *spec.Parameter) bool { return p.In != "cookie" && parameter.Takes(p, name) }
	return slices.Contains(j.places.query, name) || s.route.query[name] != nil || slices.ContainsFunc(s.op.Parameters, takes)
}

func (p parameterField) judge(raw parameter.Raw, out *findings) {
	valid := p.accepts(out.budget)
	value, n, fault := parameter.Read(p.Parameter, raw, valid)
	f := p.place
	if n == 1 && fault == parameter.Empty {
		out.cover(p.Node)
		if p.AllowEmptyValue {
			return
		}
		value, fault = strictjson.FromText(""), ""
		if valid(value) {
			f.ID, f.Want, f.Got = "parameter/empty", "a value", `""`
			out.add(f)
			return
		}
	}
	switch {
	case n > 0 && p.check(value, n, fault, out):
		out.cover(p.Node)
	case n > 0:
		out.addNotChecked(p.In+" parameter "+p.Name, p.Node)
	case p.Required:
		f.ID, f.Want, f.Got = "parameter/required", "the parameter", "none"
		out.add(f)
	}
}

// check judges what was read of a field that was sent n times. It notes which elements of enums the value has. It is false if
// nothing reads the value, so that it cannot be held against its schema.
func (f *field) check(value strictjson.Value, n int, fault string, out *findings) bool {
	place := f.place
	switch {
	case n > 1:
		place.ID, place.Want, place.Got = f.kind+"/doubled", "the "+f.kind+" once", fmt.Sprintf("%d times", n)
		out.add(place)
	case fault != "":
		place.ID, place.Want, place.Got = f.kind+"/value", "a value that can be read", fault
		out.add(place)
	case value.Exists():
		options := f.within(out.budget)
		if !f.checker.Valid(value, options) {
			f.report(value, options, out)
		}
		f.checker.Observe(value, options, schema.Observer{Enum: out.cover})
	default:
		return f.checker == nil
	}
	return true
}

// report adds what is wrong with a value by its schema.
func (f *field) report(value strictjson.Value, options schema.Options, out *findings) {
	f.checker.Check(value, options, func(v schema.Violation) bool {
		got := v.Got()
		if f.isHidden {
			got = "another value"
		}
		out.add(Finding{
			ID: f.kind + "/" + v.Keyword, Evidence: f.judge.evidenceIn(v.Schema, f.place.Evidence),
			Pointer: f.place.Pointer + v.Pointer(), Node: v.Node(), Want: v.Want(), Got: got,
		})
		return true
	})
}
