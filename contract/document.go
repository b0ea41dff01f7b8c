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

// DocumentFindings returns what is wrong with the document itself: what its reader found, operations that cannot be judged,
// formats and patterns that are not checked, and examples that their own schemas refuse. They are about no exchange: the
// Pointer leads into the document.
func (j *Judge) DocumentFindings() []Finding {
	list := []Finding{}
	for _, f := range j.doc.Findings {
		list = append(list, j.documentFinding(f.ID, f.Node, "a document without faults", f.Text))
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

// maxPointer is how many characters of a pointer into the document are kept.
const maxPointer = 500

// documentFinding is a finding about the document.
func (j *Judge) documentFinding(id string, n *spec.Node, want, got string) Finding {
	return Finding{
		ID: id, Evidence: standard("OpenAPI " + j.doc.Version.Text), Pointer: text.ShortenPointer(text.Printable(n.Pointer()), maxPointer), Node: n,
		Want: text.Printable(want), Got: text.Shorten(text.Printable(got), maxGot),
	}
}

// unknownFormats finds each format once that neither OpenAPI nor JSON Schema defines. Such a format says nothing: its type
// alone is judged.
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

// invalidPatterns finds each pattern that is no regular expression of ECMA-262. Such a pattern is not checked.
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

// invalidExamples finds each example that its schema refuses, with the first of the reasons. An example that several operations
// share is judged once by one schema.
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
		j.schemas.Checker(s).Check(strictjson.FromAny(n.Value()), options, func(v schema.Violation) bool {
			at, got := n.At(v.Pointer()), v.Got()
			if at == nil { // a member is missing
				at, got = n, got+" at "+v.Pointer()
			}
			list = append(list, j.documentFinding("example/invalid", at, v.Want(), got))
			return false
		})
	}
	response := schema.Options{Direction: schema.Response, AssertFormats: true}
	for s := range j.doc.Schemas() { // an example of a schema may be a response
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
			if media.KindOf(m.Name) == media.JSON { // else an example is a text
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
