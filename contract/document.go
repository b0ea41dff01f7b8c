package contract

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/format"
	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/pattern"
	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// DocumentFindings returns the findings about the document itself: those of its reader, operations that cannot be judged,
// unknown formats and invalid patterns, which are not checked, and examples that break their own schemas. The Pointer of
// such a finding leads into the document, since no exchange is concerned.
func (j *Judge) DocumentFindings() []Finding {
	list := []Finding{}
	for _, f := range j.doc.Findings {
		list = append(list, j.documentFinding(f.ID, f.Node, "a valid document", f.Text))
	}
	for _, op := range j.doc.Operations {
		if f := op.Refused; f != nil {
			list = append(list, j.documentFinding(f.ID, f.Node, "an operation that can be judged", op.ID+": "+f.Text))
		}
	}
	list = append(list, j.unknownFormats()...)
	list = append(list, j.invalidPatterns()...)
	return append(list, j.invalidExamples()...)
}

// maxPointer is how many characters of a pointer into the document a finding shows.
const maxPointer = 500

// documentFinding makes a finding about the document.
func (j *Judge) documentFinding(id string, n *spec.Node, want, got string) Finding {
	return Finding{
		ID: id, Evidence: standard("OpenAPI " + j.doc.Version.Text), Node: n,
		Pointer: text.ShortenPointer(text.Printable(n.Pointer()), maxPointer),
		Want:    text.Printable(want), Got: text.Shorten(text.Printable(got), maxGot),
	}
}

// unknownFormats finds the formats that neither OpenAPI nor JSON Schema defines, each once. The judge checks only the type
// of their values.
func (j *Judge) unknownFormats() []Finding {
	first, times := []*spec.Schema{}, map[string]int{}
	for s := range j.doc.Schemas() {
		if s.Format == "" || format.Known(s.Format) {
			continue
		}
		if times[s.Format]++; times[s.Format] == 1 {
			first = append(first, s)
		}
	}
	list := []Finding{}
	for _, s := range first {
		got := fmt.Sprintf("%q, which is not checked", text.Shorten(s.Format, 60))
		if n := times[s.Format]; n > 1 {
			got += fmt.Sprintf(" (%d times)", n)
		}
		at := cmp.Or(s.Node.Member("format"), s.Node)
		list = append(list, j.documentFinding("format/unknown", at, "a format of OpenAPI or JSON Schema", got))
	}
	return list
}

// invalidPatterns finds the patterns that are no regular expressions of ECMA-262. The judge does not check them.
func (j *Judge) invalidPatterns() []Finding {
	list := []Finding{}
	check := func(n *spec.Node, source string) {
		if _, err := pattern.Compile(source); err != nil {
			got := fmt.Sprintf("%q, which is not checked: %v", text.Shorten(source, 60), err)
			list = append(list, j.documentFinding("pattern/invalid", n, "a regular expression of ECMA-262", got))
		}
	}
	for s := range j.doc.Schemas() {
		if s.Pattern != nil {
			check(s.Pattern, s.Pattern.Text)
		}
		for _, p := range s.PatternProperties {
			check(p.Schema.Node, p.Name)
		}
	}
	return list
}

// invalidExamples finds the examples that break their schema, with the first reason. An example that several operations
// share is judged once by each schema.
func (j *Judge) invalidExamples() []Finding {
	type example struct {
		node   *spec.Node
		schema *spec.Schema
	}
	list, known := []Finding{}, map[example]bool{}
	check := func(n *spec.Node, s *spec.Schema, way schema.Direction) {
		if n == nil || s == nil || known[example{n, s}] {
			return
		}
		known[example{n, s}] = true
		options := schema.Options{Direction: way, AssertFormats: true}
		j.schemas.Checker(s).Check(strictjson.FromAny(n.Value()), options, func(v schema.Error) bool {
			at, got := n.At(v.Pointer()), v.Got()
			if at == nil { // v is about a missing member
				at, got = n, got+" at "+v.Pointer()
			}
			list = append(list, j.documentFinding("example/invalid", at, v.Want(), got))
			return false
		})
	}
	response := schema.Options{Direction: schema.Response, AssertFormats: true}
	for s := range j.doc.Schemas() { // valid in either direction is valid
		for _, n := range slices.Concat([]*spec.Node{s.Example}, s.Examples) {
			if n != nil && !j.schemas.Checker(s).Valid(strictjson.FromAny(n.Value()), response) {
				check(n, s, schema.Request)
			}
		}
	}
	all := func(one *spec.Node, named []spec.Example, s *spec.Schema, way schema.Direction) {
		check(one, s, way)
		for _, example := range named {
			check(example.Value, s, way)
		}
	}
	content := func(list []*spec.MediaType, way schema.Direction) {
		for _, m := range list {
			if media.KindOf(m.Name) == media.JSON { // the example of any other type is a text
				all(m.Example, m.Examples, m.Schema, way)
			}
		}
	}
	for _, op := range j.doc.Operations {
		for _, p := range op.Parameters {
			all(p.Example, p.Examples, p.Schema, schema.Request)
			content(p.Content, schema.Request)
		}
		if op.Body != nil {
			content(op.Body.Content, schema.Request)
		}
		for _, r := range op.Responses {
			for _, h := range r.Headers {
				all(h.Example, h.Examples, h.Schema, schema.Response)
			}
			content(r.Content, schema.Response)
		}
	}
	return list
}
