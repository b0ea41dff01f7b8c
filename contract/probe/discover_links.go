package probe

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A link says which part of a response is the parameter of another operation (OpenAPI, Link Object):
//
//	links: {first: {operationId: getPet, parameters: {petId: '$response.body#/0/id'}}}
//
// The expressions are $response.body, $response.body#/pointer, $response.header.name, and texts with these in braces.

// linked returns the value that a link of another GET operation has for a parameter.
func (f *finder) linked(op *spec.Operation, p *spec.Parameter, s idSearch) (value any, ok bool) {
	s.asText = true
	doc := f.Judge.Document()
	for _, from := range doc.Operations {
		for _, r := range from.Responses {
			for _, link := range r.Links {
				expression := linkParameter(doc, link.Value, op, p)
				if from.Method != http.MethodGet || from == op || expression == nil {
					continue
				}
				response, ok := f.respond(from)
				if !ok || from.Response(response.Status) != r {
					continue
				}
				value, ok := linkValue(expression, response)
				if value, isUsable := s.usable(value); ok && isUsable {
					return value, true
				}
			}
		}
	}
	return nil, false
}

// linkParameter returns the value or expression that a link has for a parameter of an operation, or nil.
func linkParameter(doc *spec.Document, link *spec.Node, op *spec.Operation, p *spec.Parameter) *spec.Node {
	for range 10 { // a reference may lead to another one
		ref := link.Member("$ref")
		if ref == nil || !strings.HasPrefix(ref.Text, "#/") {
			break
		}
		link = doc.Root.At(ref.Text[1:])
	}
	isTarget := false
	if id := link.Member("operationId"); id != nil {
		isTarget = id.Text == op.ID
	} else if ref := link.Member("operationRef"); ref != nil {
		isTarget = ref.Text == "#"+op.Pointer
	}
	parameters := link.Member("parameters")
	if !isTarget || parameters == nil {
		return nil
	}
	if qualified := parameters.Member(p.In + "." + p.Name); qualified != nil {
		return qualified
	}
	return parameters.Member(p.Name)
}

// embedded are the expressions in a text: /pets/{$response.body#/id}.
var embedded = regexp.MustCompile(`\{(\$[^}]+)\}`)

// linkValue evaluates a value of a link against a response.
func linkValue(expression *spec.Node, response contract.Response) (value any, ok bool) {
	text := expression.Text
	switch {
	case expression.Kind != spec.String:
		return expression.Value(), true
	case strings.HasPrefix(text, "$"):
		return evaluate(text, response)
	}
	ok = true
	text = embedded.ReplaceAllStringFunc(text, func(part string) string {
		value, found := evaluate(part[1:len(part)-1], response)
		ok = ok && found
		return sample.PlainText(value)
	})
	return text, ok
}

// evaluate evaluates a runtime expression against a response. Credentials have no value.
func evaluate(expression string, response contract.Response) (value any, ok bool) {
	if name, isHeader := strings.CutPrefix(expression, "$response.header."); isHeader {
		value := response.Header.Get(name)
		return value, value != "" && !redact.IsCredential(name, nil)
	}
	path, isBody := strings.CutPrefix(expression, "$response.body")
	if !isBody {
		return nil, false
	}
	value = decode(response.Body)
	for name := range pointer.Names(path) {
		if redact.IsCredential(name, nil) {
			return nil, false
		}
		value = memberOf(value, name)
	}
	return value, value != nil
}

// memberOf returns a member of an object or an element of a list, or nil.
func memberOf(value any, name string) any {
	switch v := value.(type) {
	case map[string]any:
		return v[name]
	case []any:
		if i, ok := pointer.Index(name); ok && i < len(v) {
			return v[i]
		}
	}
	return nil
}
