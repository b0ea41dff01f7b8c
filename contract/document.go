package contract

import (
	"fmt"

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
		list = append(list, j.ofDocument(f.ID, f.Node, "a document without faults", f.Text))
	}
	for _, op := range j.doc.Operations {
		if f := op.Refused; f != nil {
			list = append(list, j.ofDocument(f.ID, f.Node, "an operation that can be judged", op.ID+": "+f.Text))
		}
	}
	list = append(list, j.unknownFormats()...)
	list = append(list, j.invalidPatterns()...)
	return append(list, j.wrongExamples()...)
}

// maxPointer is how many characters of a pointer into the document are kept.
const maxPointer = 500

// ofDocument is a finding about the document.
func (j *Judge) ofDocument(id string, n *spec.Node, want, got string) Finding {
	return Finding{
		ID: id, Evidence: standard("OpenAPI " + j.doc.Version.Text), Pointer: text.ShortenPointer(text.Printable(n.Pointer()), maxPointer), Node: n,
		Want: text.Printable(want), Got: text.Shorten(text.Printable(got), maxGot),
	}
}

// unknownFormats finds each format once that neither OpenAPI nor JSON Schema defines. Such a format says nothing: its type
// alone is judged.
func (j *Judge) unknownFormats() []Finding {
	names, nodes, times := []string{}, map[string]*spec.Node{}, map[string]int{}
	for s := range j.doc.Schemas() {
		if s.Format == "" || format.Known(s.Format) {
			continue
		}
		if times[s.Format]++; times[s.Format] == 1 {
			names = append(names, s.Format)
			nodes[s.Format] = keywordNode(s, "format")
		}
	}
	list := []Finding{}
	for _, name := range names {
		got := fmt.Sprintf("%q, which is not checked", text.Shorten(name, 60))
		if times[name] > 1 {
			got += fmt.Sprintf(" (%d times)", times[name])
		}
		list = append(list, j.ofDocument("format/unknown", nodes[name], "a format of OpenAPI or JSON Schema", got))
	}
	return list
}

// invalidPatterns finds each pattern that is no regular expression of ECMA-262. Such a pattern is not checked.
func (j *Judge) invalidPatterns() []Finding {
	list := []Finding{}
	check := func(n *spec.Node, source string) {
		if _, err := pattern.Compile(source); err != nil {
			got := fmt.Sprintf("%q, which is not checked: %v", text.Shorten(source, 60), err)
			list = append(list, j.ofDocument("pattern/invalid", n, "a regular expression of ECMA-262", got))
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

// exampleKey keeps an example from being judged twice by one schema, where several operations share it.
type exampleKey struct {
	node   *spec.Node
	schema *spec.Schema
}

// wrongExamples finds each example that its schema refuses, with the first of the reasons.
func (j *Judge) wrongExamples() []Finding {
	list, known := []Finding{}, map[exampleKey]bool{}
	check := func(n *spec.Node, s *spec.Schema, ways ...schema.Direction) {
		if n == nil || s == nil || known[exampleKey{n, s}] {
			return
		}
		known[exampleKey{n, s}] = true
		var pointer, want, got string // of the first violation
		value := strictjson.FromAny(n.Value())
		for _, way := range ways {
			ok := true
			j.schemas.Checker(s).Check(value, schema.Options{Direction: way, AssertFormats: true}, func(v schema.Violation) bool {
				ok, pointer, want, got = false, v.Pointer(), v.Want(), v.Got()
				return false
			})
			if ok {
				return
			}
		}
		at := n.At(pointer)
		if at == nil { // a member is missing
			at, got = n, got+" at "+pointer
		}
		list = append(list, j.ofDocument("example/invalid", at, want, got))
	}
	for s := range j.doc.Schemas() {
		check(s.Example, s, asResponse, asRequest)
		for _, n := range s.Examples {
			check(n, s, asResponse, asRequest)
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
			all(p.Example, p.Examples, p.Schema, asRequest)
			content(p.Content, asRequest)
		}
		if op.Body != nil {
			content(op.Body.Content, asRequest)
		}
		for _, r := range op.Responses {
			for _, h := range r.Headers {
				all(h.Example, h.Examples, h.Schema, asResponse)
			}
			content(r.Content, asResponse)
		}
	}
	return list
}
