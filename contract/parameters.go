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

// parameters holds the parameters of a request against those of the operation.
func (j *Judge) parameters(s *subject, out *findings) {
	raw := parameter.Raw{Path: s.params, Query: s.query, Header: s.ex.Request.Header, Parameters: s.op.Parameters}
	for _, p := range s.op.Parameters {
		unseen := p.In == "header" && s.ex.Unseen&UnseenRequestHeaders != 0 || p.In == "cookie" && s.ex.Unseen&(UnseenRequestHeaders|UnseenCredentials) != 0
		if !unseen {
			j.parameter(s, p, raw, out)
		}
	}
	for _, name := range sortedKeys(s.values) {
		known := slices.Contains(j.names.query, name) || s.route.query[name] != nil || slices.ContainsFunc(s.op.Parameters, func(p *spec.Parameter) bool {
			return p.In != "cookie" && parameter.Takes(p, name)
		})
		if !known {
			out.add(Finding{
				ID: "parameter/undocumented", Evidence: unknown, Pointer: "/request/query/" + pointer.Escape(name), Node: s.op.Node,
				Want: "no such parameter", Got: strictjson.FromText(s.values.Get(name)).Compact(),
			})
		}
	}
}

func (j *Judge) parameter(s *subject, p *spec.Parameter, raw parameter.Raw, out *findings) {
	f := Finding{Evidence: j.doc.Evidence(p.Node, s.op.Evidence), Pointer: pointerOf(p), Node: p.Node}
	field := j.fieldOf("parameter", p.Schema, p.Content, schema.Request)
	field.hidden = p.In == "cookie" // it may be a credential
	value, n, fault := parameter.Read(p, raw, field.valid)
	if n == 1 && fault == parameter.Empty {
		out.see(p.Node)
		if p.AllowEmptyValue {
			return
		}
		value, fault = strictjson.FromText(""), ""
		if field.valid(value) {
			f.ID, f.Want, f.Got = "parameter/empty", "a value", `""`
			out.add(f)
			return
		}
	}
	switch {
	case n > 0 && field.check(value, n, fault, f, out):
		out.see(p.Node)
	case n > 0:
		out.notChecked(p.In + " parameter " + p.Name)
	case p.Required:
		f.ID, f.Want, f.Got = "parameter/required", "the parameter", "none"
		out.add(f)
	}
}

// field is how a parameter or a header is held against the document.
type field struct {
	judge   *Judge
	kind    string // parameter or header: ids begin with it
	checker *schema.Checker
	options schema.Options
	hidden  bool // findings do not show the value
}

// fieldOf is for a parameter or a header with a schema, or with the schema of its one media type.
func (j *Judge) fieldOf(kind string, s *spec.Schema, content []*spec.MediaType, way schema.Direction) field {
	options := schema.Options{Direction: way, Text: true, AssertFormats: true}
	if len(content) > 0 {
		s, options.Text = content[0].Schema, parameter.IsText(content)
	}
	return field{judge: j, kind: kind, checker: j.schemas.Checker(s), options: options}
}

func (f field) valid(v strictjson.Value) bool { return f.checker.Valid(v, f.options) }

// check judges what was read of a field that was sent n times; place is a finding without words. It notes which elements of
// enums the value has. It is false if nothing reads the value, so that it cannot be held against its schema.
func (f field) check(value strictjson.Value, n int, fault string, place Finding, out *findings) bool {
	switch {
	case n > 1:
		place.ID, place.Want, place.Got = f.kind+"/doubled", "the "+f.kind+" once", fmt.Sprintf("%d times", n)
		out.add(place)
	case fault != "":
		place.ID, place.Want, place.Got = f.kind+"/value", "a value that can be read", fault
		out.add(place)
	case value.Exists():
		f.checker.Check(value, f.options, func(v schema.Violation) bool {
			got := v.Got()
			if f.hidden {
				got = "another value"
			}
			out.add(Finding{
				ID: f.kind + "/" + v.Keyword, Evidence: f.judge.evidenceIn(v.Schema, place.Evidence),
				Pointer: place.Pointer + v.Pointer(), Node: v.Node(), Want: v.Want(), Got: got,
			})
			return true
		})
		f.checker.Observe(value, f.options, schema.Observer{Enum: out.see})
	default:
		return f.checker == nil
	}
	return true
}
