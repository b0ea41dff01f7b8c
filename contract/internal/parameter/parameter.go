// Package parameter reads the texts of parameters and headers into values, as style, explode, content and the shape of the
// schema say (OpenAPI, Parameter Object, Header Object, appendix C).
//
// The texts stay texts: the element 7 of a list is the string "7", since only a schema can say whether it is a number. Where
// a schema allows several shapes, a list or a string, the readings are tried in the order array, object, plain, and the first
// that the schema takes counts. The package knows how a value is written; it does not know what is wrong with one.
package parameter

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Raw is what a request has in the places of parameters.
type Raw struct {
	Path       []Pair // with the names of the path's template, as they were sent, percent-encoded
	Query      Query
	Header     http.Header       // with the cookies
	Parameters []*spec.Parameter // all of the operation: an object that takes any name leaves those of the others
}

// Empty is the fault of a parameter of the query that was sent without a value. The document may allow it (allowEmptyValue).
const Empty = "no value"

// badEscape is the fault of a text that is not percent-encoded as it must be.
const badEscape = "a percent sign without two hexadecimal digits"

// Read reads a parameter of a request. It calls valid, which says whether the schema takes a value, only where the schema
// allows several shapes; if the schema takes none of the readings, Read gives the first that the text allows.
//
// The count says how often the parameter was sent, 0 if it is absent. What may be sent in several parts counts once: a list
// with a pair for each element, an object with a pair for each member, a header that is a list. Of a parameter that was sent
// more than once, Read reads the first.
//
// A fault says why the text cannot be read, or what is wrong with it beside its value, and never quotes it, since a cookie
// may be a credential. Neither value nor fault of a parameter that is present: nothing here reads the style or the media
// type, or the document says nothing of the value.
func Read(p *spec.Parameter, raw Raw, valid func(strictjson.Value) bool) (v strictjson.Value, count int, fault string) {
	s := input{name: p.Name, style: p.Style, explode: p.Explode, schema: p.Schema, shapes: shapesOf(p.Schema)}
	var present, isEmpty bool
	switch p.In {
	case "querystring":
		if raw.Query.Text == "" {
			return v, 0, ""
		}
		v, fault = readWhole(p, raw.Query)
		return v, 1, fault
	case "header":
		return s.readHeader(p.Content, raw.Header.Values(p.Name), valid)
	case "path":
		for _, sent := range raw.Path {
			if sent.Name == p.Name {
				s.text, present = sent.Value, true
			}
		}
		s.encoding = percentEncoded
		if _, err := url.PathUnescape(s.text); err != nil {
			fault = badEscape
		} else if len(p.Content) == 0 {
			fault = s.cutPrefix()
		}
	default:
		s.inPairs, s.parameter, s.all = true, p, raw.Parameters
		s.pairs, s.encoding = raw.Query.Pairs, queryEncoded
		if p.In == "cookie" {
			s.pairs, s.encoding = cookies(raw.Header, s.mayRepeat() && p.Style == "form"), notEncoded
			if p.Style == "form" {
				s.encoding = percentEncoded
			}
		}
		present, isEmpty = s.isSent()
	}
	switch {
	case !present:
		return v, 0, ""
	case fault != "":
		return v, s.count(p), fault
	case len(p.Content) > 0:
		text, _ := s.firstValue()
		v, fault = readContent(p.Content, s.decode(text))
	case p.In == "query" && isEmpty:
		fault = Empty
	case p.Schema != nil && slices.Contains(styles[p.In], p.Style):
		v, fault = s.read(valid)
	}
	return v, s.count(p), fault
}

// styles are those in which parameters of each place are written.
var styles = map[string][]string{
	"path":   {"simple", "label", "matrix"},
	"query":  {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
	"header": {"simple"},
	"cookie": {"form", "cookie"},
}
