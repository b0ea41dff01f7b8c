package breaking

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// responsesOf returns the named examples of an operation in both documents, and a response for each status that is made from
// its schema.
func (c *Comparer) responsesOf(p part) []seed {
	list := []seed{}
	add := func(name string, r contract.Response) {
		isKnown := func(s seed) bool {
			known := s.exchange.Response
			isSameType := known.Header.Get("Content-Type") == r.Header.Get("Content-Type")
			return known.Status == r.Status && isSameType && bytes.Equal(known.Body, r.Body)
		}
		if !slices.ContainsFunc(list, isKnown) {
			ex := contract.Exchange{Response: r, Unrecorded: contract.UnrecordedFraming}
			if len(r.Header) < 2 { // an example has no headers but Content-Type
				ex.Unrecorded |= contract.UnrecordedResponseHeaders
			}
			list = append(list, seed{name: name, exchange: ex})
		}
	}
	for _, v := range []*version{c.new, c.old} {
		op := p.new.op
		if v == c.old {
			op = p.old.op
		}
		for _, r := range op.Responses {
			for _, m := range r.Content {
				for _, example := range m.Examples {
					if made, ok := exampleOf(r, m, example.Value); ok {
						add("example "+example.Name, made)
					}
				}
				if made, ok := exampleOf(r, m, m.Example); ok {
					add("example", made)
				}
			}
		}
		for _, r := range op.Responses {
			for _, all := range []bool{true, false} {
				if made, ok := v.response(r, all); ok {
					add("schema", made)
				}
			}
		}
	}
	return list
}

// exampleOf is a response with an example; false: there is none.
func exampleOf(r *spec.Response, m *spec.MediaType, value *spec.Node) (contract.Response, bool) {
	if !sample.IsGiven(value) {
		return contract.Response{}, false
	}
	return written(r, m, value.Value())
}

// written is a response with a body.
func written(r *spec.Response, m *spec.MediaType, value any) (contract.Response, bool) {
	body, contentType, ok := sample.Body(m, value)
	return contract.Response{Status: statusFor(r), Header: http.Header{"Content-Type": {contentType}}, Body: body}, ok
}

// statusFor is a status of a response: 400 of 4XX, 500 of the default.
func statusFor(r *spec.Response) int {
	status, err := strconv.Atoi(strings.NewReplacer("X", "0", "x", "0").Replace(r.Status))
	if err != nil {
		return http.StatusInternalServerError
	}
	return status
}

// response makes a response from its schema; all includes optional members.
func (v *version) response(r *spec.Response, all bool) (contract.Response, bool) {
	maker := sample.Maker{Takes: v.judge.Accepts, All: all, Response: true}
	for _, m := range r.Content {
		if value, ok := maker.Value(m.Schema); ok {
			if made, ok := written(r, m, value); ok {
				addHeaders(maker, made.Header, r)
				return made, true
			}
		}
	}
	return contract.Response{Status: statusFor(r), Header: http.Header{}}, len(r.Content) == 0
}

// addHeaders adds the headers of a response, with values of their schemas. Those of which none can be made are missing.
func addHeaders(maker sample.Maker, header http.Header, r *spec.Response) {
	for _, h := range r.Headers {
		values := sample.Examples(h.Example, h.Examples)
		if value, ok := maker.Value(schemaOf(h)); ok {
			values = append(values, value)
		}
		if len(values) == 0 || !h.Required && !maker.All {
			continue
		}
		if text, ok := sample.Parameter(h, values[0]); ok && !strings.ContainsAny(text, "\r\n\x00") {
			header.Set(h.Name, text)
		}
	}
}
