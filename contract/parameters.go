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
				Want: "no such parameter", Got: compact(s.values.Get(name)),
			})
		}
	}
}

func (j *Judge) parameter(s *subject, p *spec.Parameter, raw parameter.Raw, out *findings) {
	text := j.textOf(p.Schema, p.Content, schema.Request)
	value, n, fault := parameter.Read(p, raw, text.valid)
	f := Finding{Evidence: j.doc.Evidence(p.Node, s.op.Evidence), Pointer: pointerOf(p), Node: p.Node}
	if n > 0 {
		out.see(p.Node)
	}
	switch {
	case n == 0 && p.Required:
		f.ID, f.Want, f.Got = "parameter/required", "the parameter", "none"
	case n == 0:
		return
	case n > 1:
		f.ID, f.Want, f.Got = "parameter/doubled", "the parameter once", fmt.Sprintf("%d times", n)
	case fault == parameter.Empty && text.valid(strictjson.FromText("")):
		f.ID, f.Want, f.Got = "parameter/empty", "a value", `""`
	case fault != "" && fault != parameter.Empty:
		f.ID, f.Want, f.Got = "parameter/value", "a value that can be read", fault
	case fault != "" || value.Exists():
		if fault != "" {
			value = strictjson.FromText("")
		}
		text.check(value, f.Evidence, out, func(v schema.Violation, held spec.Evidence) Finding {
			got := v.Got()
			if p.In == "cookie" { // it may be a credential
				got = "another value"
			}
			return Finding{ID: "parameter/" + v.Keyword, Evidence: held, Pointer: f.Pointer + v.Pointer(), Node: v.Node(), Want: v.Want(), Got: got}
		})
		return
	default:
		return
	}
	out.add(f)
}

// texts is how the value of a parameter or a header is held against its schema.
type texts struct {
	judge   *Judge
	checker *schema.Checker
	options schema.Options
}

// textOf is for a parameter or a header with a schema, or with the schema of its one media type.
func (j *Judge) textOf(s *spec.Schema, content []*spec.MediaType, way schema.Direction) texts {
	t := texts{j, nil, schema.Options{Direction: way, Text: true, AssertFormats: true}}
	if len(content) > 0 {
		s, t.options.Text = content[0].Schema, parameter.IsText(content)
	}
	t.checker = j.schemas.Checker(s)
	return t
}

func (t texts) valid(v strictjson.Value) bool { return t.checker.Valid(v, t.options) }

// check notes what is wrong with a value, and which elements of enums it has.
func (t texts) check(value strictjson.Value, held spec.Evidence, out *findings, found func(schema.Violation, spec.Evidence) Finding) {
	t.checker.Check(value, t.options, func(v schema.Violation) bool {
		out.add(found(v, t.judge.evidenceIn(v.Schema, held)))
		return true
	})
	t.checker.Observe(value, t.options, schema.Observer{Enum: out.see})
}
