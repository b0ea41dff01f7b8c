package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A parameter is judged in two steps. parameter.Read makes a value of what was sent, and the checker of its schema judges that
// value (field.check). The id of a finding tells at which step it was made. For the integer limit and the object box:
//
//	/pets?limit=1&limit=2    parameter/doubled    it was sent twice; which one counts differs from server to server
//	/pets?box=x,1,y          parameter/value      the text cannot be read: y has no value
//	/pets?limit=many         parameter/type       the schema refuses the value, by this keyword
//
// Headers take the same two steps (header.go); their ids begin with header/.

// judgeParameters judges the parameters of a request, and adds the undocumented ones of its query.
func (j *Judge) judgeParameters(s *subject, out *findings) {
	raw := parameter.Raw{Path: s.params, Query: s.query, Header: s.ex.Request.Header, Parameters: s.op.Parameters}
	noHeaders := s.ex.Unrecorded&UnrecordedRequestHeaders != 0
	noCookies := noHeaders || s.ex.Unrecorded&UnrecordedCredentials != 0
	for i := range s.prepared.parameters {
		p := &s.prepared.parameters[i]
		if isUnrecorded := p.In == "header" && noHeaders || p.In == "cookie" && noCookies; isUnrecorded {
			continue
		}
		if looksAtClock := i%8 == 0; looksAtClock && !out.budget.InTime(p.Node) {
			return
		}
		p.judge(&raw, out)
	}
	var unknown []string
	for name := range s.values {
		if !j.knowsQuery(s, name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown) // so that findings come in a stable order
	for _, name := range unknown {
		f := Finding{ID: "parameter/undocumented", Evidence: undocumented, Node: s.op.Node}
		f.Pointer = "/request/query/" + pointer.Escape(name)
		out.addLazily(f, func(f Finding) Finding { // the search for a near name looks at all others
			f.Want, f.Got = suggest("no such parameter", j.nearQuery(s, name)), strictjson.FromText(s.values.Get(name)).Compact()
			return f
		})
	}
}

// knowsQuery reports whether a name in the query belongs to a documented parameter, credential or path.
func (j *Judge) knowsQuery(s *subject, name string) bool {
	if s.prepared.queryNames[name] {
		return true
	}
	takes := func(p *spec.Parameter) bool { return p.In != "cookie" && parameter.Owns(p, name) }
	return slices.Contains(j.places.query, name) || s.route.query[name] != nil || slices.ContainsFunc(s.op.Parameters, takes)
}

// judge judges a parameter, which the request may not have.
func (p *parameterField) judge(raw *parameter.Raw, out *findings) {
	value, n, problem := p.read(raw, out)
	if n == 1 && p.In == "query" && out.ex.Unrecorded&UnrecordedSecrets != 0 && isReplaced(value, problem) {
		out.addNotChecked("query parameter "+p.Name, p.Node)
		return
	}
	if n == 1 && problem == parameter.Empty {
		out.coverIndex(p.index)
		if p.AllowEmptyValue {
			return
		}
		value, problem = strictjson.FromText(""), ""
		if p.checker.Valid(value, p.within(out.budget)) {
			f := p.place
			f.ID, f.Want, f.Got = "parameter/empty", "a value", `""`
			out.add(f)
			return
		}
	}
	switch {
	case n > 0 && p.check(value, n, problem, out):
		out.coverIndex(p.index)
	case n > 0:
		out.addNotChecked(p.In+" parameter "+p.Name, p.Node)
	case p.Required:
		f := p.place
		f.ID, f.Want, f.Got = "parameter/required", "the parameter", "none"
		out.add(f)
	}
}

// read reads the parameter as parameter.Read does. The value of a plain text lasts until the next read.
func (p *parameterField) read(raw *parameter.Raw, out *findings) (value strictjson.Value, n int, problem string) {
	if p.isPlain {
		if text, n, problem, ok := parameter.ReadPlain(p.Parameter, p.key, raw); ok {
			if n > 0 && problem == "" {
				value = out.text.Set(text)
			}
			return value, n, problem
		}
	}
	return parameter.Read(p.Parameter, *raw, p.accepts(out.budget))
}

// isReplaced reports whether a value was a secret, or contained one. One that cannot be read may have.
func isReplaced(value strictjson.Value, problem string) bool {
	return problem != "" || strings.Contains(value.Compact(), redact.Mark)
}

// check judges the value of a field that was sent n times, and marks the elements of enums that it covers. problem says why
// the value could not be read. check returns false if the field has no reader, so that its schema was not checked.
func (f *field) check(value strictjson.Value, n int, problem string, out *findings) bool {
	place := f.place
	switch {
	case n > 1:
		place.ID, place.Want, place.Got = f.kind+"/doubled", "the "+f.kind+" once", fmt.Sprintf("%d times", n)
		out.add(place)
	case problem != "":
		place.ID, place.Want, place.Got = f.kind+"/value", "a value that can be read", problem
		out.add(place)
	case value.Exists():
		options, observer := f.within(out.budget), schema.Observer{Enum: out.cover}
		valid, observed := f.checker.ValidAndObserve(value, options, observer)
		if !valid {
			f.report(value, options, out)
		}
		if observed {
			break
		}
		if hasMembers := value.Kind() >= strictjson.Array; hasMembers && f.kind == "parameter" && !f.isHidden {
			observer.Undocumented = f.undocumentedMember(value, options, out)
		}
		f.checker.Observe(value, options, observer)
	default:
		return f.checker == nil
	}
	return true
}

// undocumentedMember returns a func that adds a finding about a member of a parameter's value that no schema describes, such as
// size in filter[size]=7.
func (f *field) undocumentedMember(
	value strictjson.Value, options schema.Options, out *findings,
) func(pointer func() string, s *spec.Schema, member strictjson.Value) {
	return func(pointer func() string, s *spec.Schema, member strictjson.Value) {
		at := pointer()
		out.add(Finding{
			ID: "member/undocumented", Evidence: undocumented, Pointer: f.place.Pointer + at, Node: s.Node,
			Want: suggestMember("no such member", value, at, s, options), Got: member.Compact(),
		})
	}
}

// report adds the findings about a value that breaks its schema.
func (f *field) report(value strictjson.Value, options schema.Options, out *findings) {
	f.checker.Check(value, options, func(v schema.Error) bool {
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
