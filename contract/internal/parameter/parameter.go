// Package parameter reads the texts of parameters and headers into values, according to style, explode, content and the
// types of the schema (OpenAPI, Parameter Object, Header Object, appendix C).
//
// First the texts that belong to a parameter are found: the text of a path or a header, or its pairs among all pairs of a
// query or of the cookies. Then they are read in each shape that the schema allows. If it allows several, such as a list
// or a string, they are tried in the order array, object, plain text, and the first value that the schema accepts counts:
//
//	color=a,b   explode: false, oneOf: [{type: string, maxLength: 3}, {type: array, maxItems: 1}]
//	            as an array ["a","b"]: not valid; as plain text "a,b": valid, so this is the value
//
// Elements and members stay strings, as in ["7"], since only a schema can tell whether one is a number. The package knows
// how a value is written; it does not know which values are right.
package parameter

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Raw has the parts of a request that parameters are read from.
type Raw struct {
	Path       []Pair // the names in the path template with their texts, still percent-encoded
	Query      Query
	Header     http.Header       // including Cookie
	Parameters []*spec.Parameter // of the operation; an object of any names leaves those of the others
}

// Empty is the problem of a query parameter that was sent without a value. The document may allow that (allowEmptyValue).
const Empty = "no value"

// badEscape is the problem of a text that is not correctly percent-encoded.
const badEscape = "a percent sign without two hexadecimal digits"

// Read reads a parameter of a request. It calls valid, which reports whether the schema accepts a value, only if the
// schema allows several shapes. If the schema accepts none of the values, Read returns the first that the text allows.
//
// The count is how often the parameter was sent, 0 if it is absent. A parameter that may be sent in several parts counts
// once: a list with a pair for each element, an object with a pair for each member, a header that is a list. If a
// parameter was sent more than once, Read reads the first.
//
// The problem is why the text cannot be read, or an error besides a value. It never quotes the text, since a cookie may
// be a credential. If a parameter is present and has neither value nor problem, it cannot be checked: its style or media
// type is unknown, or the document does not describe its value.
func Read(p *spec.Parameter, raw Raw, valid func(strictjson.Value) bool) (v strictjson.Value, count int, problem string) {
	in := input{name: p.Name, style: p.Style, explode: p.Explode, schema: p.Schema, shapes: shapesOf(p.Schema)}
	var present, isEmpty bool
	switch p.In {
	case "querystring":
		if raw.Query.Text == "" {
			return v, 0, ""
		}
		v, problem = readWhole(p, raw.Query)
		return v, 1, problem
	case "header":
		return in.readHeader(p.Content, raw.Header.Values(p.Name), valid)
	case "path":
		for _, sent := range raw.Path {
			if sent.Name == p.Name {
				in.text, present = sent.Value, true
			}
		}
		in.encoding = percentEncoded
		if _, err := url.PathUnescape(in.text); err != nil {
			problem = badEscape
		} else if len(p.Content) == 0 {
			problem = in.cutPrefix()
		}
	default:
		in.inPairs, in.parameter, in.all = true, p, raw.Parameters
		in.pairs, in.encoding = raw.Query.Pairs, queryEncoded
		if p.In == "cookie" {
			in.pairs, in.encoding = cookies(raw.Header, in.mayRepeat() && p.Style == "form"), notEncoded
			if p.Style == "form" {
				in.encoding = percentEncoded
			}
		}
		present, isEmpty = in.isSent()
	}
	switch {
	case !present:
		return v, 0, ""
	case problem != "":
		return v, in.count(p), problem
	case len(p.Content) > 0:
		text, _ := in.firstValue()
		v, problem = readContent(p.Content, in.decode(text))
	case p.In == "query" && isEmpty:
		problem = Empty
	case p.Schema != nil && slices.Contains(styles[p.In], p.Style):
		v, problem = in.read(valid)
	}
	return v, in.count(p), problem
}

// styles lists the styles that OpenAPI defines for each place.
var styles = map[string][]string{
	"path":   {"simple", "label", "matrix"},
	"query":  {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
	"header": {"simple"},
	"cookie": {"form", "cookie"},
}
