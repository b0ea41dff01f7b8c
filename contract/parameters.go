package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/kin"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// parameters holds the parameters of a request against those of the operation.
func (j *Judge) parameters(s *subject, out *findings) {
	for _, p := range s.op.Parameters {
		unseen := p.In == "header" && s.ex.Unseen&UnseenRequestHeaders != 0 || p.In == "cookie" && s.ex.Unseen&(UnseenRequestHeaders|UnseenCredentials) != 0
		values := s.values(p)
		absent := !p.Required && (p.In == "header" && len(values) == 0 || p.In == "query" && len(s.query.values) == 0)
		if !unseen && !absent {
			j.parameter(s, p, values, out)
		}
	}
	for _, name := range sortedKeys(s.query.values) {
		known := slices.Contains(j.names.query, name) || s.route.query[name] != nil || slices.ContainsFunc(s.op.Parameters, func(p *spec.Parameter) bool { return takesQuery(p, name) })
		if !known {
			out.add(Finding{
				ID: "parameter/undocumented", Evidence: unknown, Pointer: "/request/query/" + pointer.Escape(name), Node: s.op.Node,
				Want: "no such parameter", Got: compact(s.query.values.Get(name)),
			})
		}
	}
}

func (j *Judge) parameter(s *subject, p *spec.Parameter, values []string, out *findings) {
	evidence := j.doc.Evidence(p.Node, s.op.Evidence)
	if len(values) > 0 {
		out.see(p.Node)
	}
	for _, value := range values {
		seeEnum(p.Schema, value, out)
	}
	if len(values) > 1 && (p.In == "query" || p.In == "header") && (p.Schema == nil || !slices.Contains(p.Schema.Types, "array")) {
		out.add(Finding{ID: "parameter/doubled", Evidence: evidence, Pointer: pointerOf(p), Node: p.Node, Want: "the parameter once", Got: fmt.Sprintf("%d times", len(values))})
		return
	}
	raw := kin.Raw{Path: s.params, Query: s.query.values, Header: s.ex.Request.Header}
	for _, v := range j.schemas.Parameter(p, raw) {
		f := Finding{ID: "parameter/" + v.Keyword, Evidence: evidence, Pointer: pointerOf(p) + v.Pointer, Node: p.Node, Want: kin.Want(v), Got: kin.Got(v)}
		if v.Schema != nil {
			f.Node = keywordNode(v.Schema, v.Keyword)
			f.Evidence = j.evidenceIn(v.Schema, evidence)
		}
		out.add(f)
	}
}

// values are the texts that a request has for a parameter. Of a cookie it has none here: it may be a credential.
func (s *subject) values(p *spec.Parameter) []string {
	switch p.In {
	case "path":
		return []string{s.params[p.Name]}
	case "query":
		return s.query.values[p.Name]
	case "header":
		return s.ex.Request.Header.Values(p.Name)
	}
	return nil
}

// takesQuery says whether a name of the query belongs to a parameter, also as one of an object (deepObject, exploded form).
func takesQuery(p *spec.Parameter, name string) bool {
	switch {
	case p.In == "querystring":
		return true
	case p.In != "query":
		return false
	case p.Name == name, strings.HasPrefix(name, p.Name+"["):
		return true
	}
	return p.Schema != nil && slices.Contains(p.Schema.Types, "object") && slices.ContainsFunc(p.Schema.Properties, func(m spec.Property) bool { return m.Name == name })
}

// seeEnum notes a value of an enum.
func seeEnum(s *spec.Schema, value string, out *findings) {
	if s == nil {
		return
	}
	for _, known := range s.Enum {
		if known.Kind == spec.String && known.Text == value {
			out.see(known)
		}
	}
}
