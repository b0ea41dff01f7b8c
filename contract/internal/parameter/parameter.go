// Package parameter reads the texts of parameters and headers into values, as style, explode, content and the shape of the
// schema say (OpenAPI, Parameter Object, Header Object, appendix C).
//
// The texts stay texts: the element 7 of a list is the string "7", since only a schema can say whether it is a number. Where
// a schema allows several shapes, a list or a string, the readings are tried in the order array, object, plain, and the first
// that the schema takes counts. The package knows how a value is written; it does not know what is wrong with one.
package parameter

import (
	"net/http"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Raw is what a request has in the places of parameters.
type Raw struct {
	Path       map[string]string // by the names of the path's template, as they were sent, percent-encoded
	Query      Query
	Header     http.Header       // with the cookies
	Parameters []*spec.Parameter // all of the operation: an object that takes any name leaves those of the others
}

// Empty is the fault of a parameter of the query that was sent without a value, and must have one.
const Empty = "no value"

// badEscape is the fault of a text that is not percent-encoded as it must be.
const badEscape = "a percent sign without two hexadecimal digits"

// Read reads a parameter of a request. It calls valid, which says whether the schema takes a value, only where the schema
// allows several shapes; if the schema takes none of the readings, Read gives the first that the text allows.
//
// A fault says why the text cannot be read, or what is wrong with it beside its value, and never quotes it, since a cookie
// may be a credential. There is no value although the parameter is present if there is nothing to judge: the style or the
// media type cannot be read, or an empty value is allowed. Of a parameter that was sent more often than [Count] allows, Read
// reads the first.
func Read(p *spec.Parameter, raw Raw, valid func(strictjson.Value) bool) (v strictjson.Value, present bool, fault string) {
	if p.In == "querystring" {
		v, fault = readWhole(p, raw.Query)
		return v, raw.Query.Text != "", fault
	}
	s, present, fault := find(p, raw)
	switch {
	case !present || fault != "":
		return v, present, fault
	case len(p.Content) > 0:
		text, ok := s.decode(s.first())
		if !ok {
			return v, true, badEscape
		}
		v, fault = readContent(p.Content, text)
	case p.In == "query" && s.isEmpty():
		if !p.AllowEmptyValue {
			fault = Empty
		}
	case p.Schema != nil && isStyle(p.In, p.Style):
		v, fault = s.read(valid)
	}
	return v, true, fault
}

// isStyle reports whether parameters of a place are written in a style.
func isStyle(in, style string) bool {
	switch style {
	case "simple":
		return in == "path" || in == "header"
	case "label", "matrix":
		return in == "path"
	case "form":
		return in == "query" || in == "cookie"
	case "spaceDelimited", "pipeDelimited", "deepObject":
		return in == "query"
	}
	return style == "cookie" && in == "cookie"
}

// find takes from a request what it has of a parameter.
func find(p *spec.Parameter, raw Raw) (s source, present bool, fault string) {
	s = source{name: p.Name, style: p.Style, explode: p.Explode, schema: p.Schema, shapes: shapesOf(p.Schema)}
	switch p.In {
	case "path":
		s.text, present = raw.Path[p.Name]
		s.encoding = pathEncoded
		if present && len(p.Content) == 0 {
			fault = s.cutPrefix()
		}
		return s, present, fault
	case "header":
		lines := raw.Header.Values(p.Name)
		s.text = join(lines)
		return s, len(lines) > 0, ""
	case "query":
		s.pairs, s.encoding = raw.Query.Pairs, queryEncoded
	case "cookie":
		s.pairs = cookies(raw.Header, s.isAmpersanded())
		if p.Style == "form" {
			s.encoding = cookieEncoded
		}
	}
	s.inPairs, s.parameter, s.all = true, p, raw.Parameters
	return s, s.isSent(), ""
}
