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

// A document can be wrong and still judge exchanges. What is wrong with it is a finding like any other, so that reports treat
// both alike; its evidence is OpenAPI itself, and its place is the line to edit:
//
//	example/invalid at /paths/~1pets/get/parameters/0/example: want type integer, got string "five" (documented, pets.yaml:8)
//
// The reader of the document (openapi/spec) finds broken references and wrong keywords. This file adds what needs the parts of
// the judge: its list of formats, its translation of patterns, and its checkers, which judge the examples.

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

// invalidExamples finds the examples that break their schema, with the first reason: those of schemas, then those of each
// operation, of its parameters, bodies and headers.
func (j *Judge) invalidExamples() []Finding {
	e := &exampleFinder{judge: j, list: []Finding{}, known: map[exampleOf]bool{}}
	for s := range j.doc.Schemas() {
		e.ofSchema(s)
	}
	for _, op := range j.doc.Operations {
		e.ofOperation(op)
	}
	return e.list
}

// exampleFinder collects the findings about examples. An example that several operations share is judged once by each schema.
type exampleFinder struct {
	judge *Judge
	list  []Finding
	known map[exampleOf]bool // judged already
}

type exampleOf struct {
	node   *spec.Node
	schema *spec.Schema
}

// ofSchema judges the examples of a schema. As it may describe requests and responses, an example that is valid in either
// direction is valid:
//
//	{properties: {id: {readOnly: true}}, example: {id: 7}}   right in a response, wrong in a request
func (e *exampleFinder) ofSchema(s *spec.Schema) {
	response := schema.Options{Direction: schema.Response, AssertFormats: true}
	for _, n := range slices.Concat([]*spec.Node{s.Example}, s.Examples) {
		if n != nil && !e.judge.schemas.Checker(s).Valid(strictjson.FromAny(n.Value()), response) {
			e.check(n, s, schema.Request)
		}
	}
}

func (e *exampleFinder) ofOperation(op *spec.Operation) {
	for _, p := range op.Parameters {
		e.checkAll(p.Example, p.Examples, p.Schema, schema.Request)
		e.ofContent(p.Content, schema.Request)
	}
	if op.Body != nil {
		e.ofContent(op.Body.Content, schema.Request)
	}
	for _, r := range op.Responses {
		for _, h := range r.Headers {
			e.checkAll(h.Example, h.Examples, h.Schema, schema.Response)
		}
		e.ofContent(r.Content, schema.Response)
	}
}

// ofContent judges the examples of JSON. That of any other media type is a text, which only its reader could judge.
func (e *exampleFinder) ofContent(content []*spec.MediaType, way schema.Direction) {
	for _, m := range content {
		if media.KindOf(m.Name) == media.JSON {
			e.checkAll(m.Example, m.Examples, m.Schema, way)
		}
	}
}

// checkAll judges a single example and named ones.
func (e *exampleFinder) checkAll(one *spec.Node, named []spec.Example, s *spec.Schema, way schema.Direction) {
	e.check(one, s, way)
	for _, example := range named {
		e.check(example.Value, s, way)
	}
}

// check judges one example. There may be none, or no schema.
func (e *exampleFinder) check(n *spec.Node, s *spec.Schema, way schema.Direction) {
	if n == nil || s == nil || e.known[exampleOf{n, s}] {
		return
	}
	e.known[exampleOf{n, s}] = true
	options := schema.Options{Direction: way, AssertFormats: true}
	e.judge.schemas.Checker(s).Check(strictjson.FromAny(n.Value()), options, func(v schema.Error) bool {
		at, got := n.At(v.Pointer()), v.Got()
		if at == nil { // v is about a missing member
			at, got = n, got+" at "+v.Pointer()
		}
		e.list = append(e.list, e.judge.documentFinding("example/invalid", at, v.Want(), got))
		return false
	})
}
