package contract

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// operation is what is the same for all exchanges of an operation: it is made with the first of them.
type operation struct {
	parameters []parameterField
	responses  map[string]*response // by their statuses, in upper case
}

// parameterField is a parameter of an operation.
type parameterField struct {
	*spec.Parameter
	*field
}

// response is a response of an operation, with its headers by their names.
type response struct {
	*spec.Response
	headers []headerField
}

// headerField is a header of a response or of a part of a form.
type headerField struct {
	*spec.Header
	*field
	owner     string     // what has it, in words: response
	key       string     // the name as http.Header has it
	mayRepeat bool       // each line may have a part of the value
	node      *spec.Node // what the response has for it; nil: it is of a part of a form
}

// field is how a parameter or a header is held against the document.
type field struct {
	judge    *Judge
	kind     string // parameter or header: ids begin with it
	checker  *schema.Checker
	options  schema.Options
	isHidden bool    // findings do not show the value
	place    Finding // without words
}

// newOperations prepares that the operations of a document are made.
func (j *Judge) newOperations() map[*spec.Operation]func() *operation {
	made := map[*spec.Operation]func() *operation{}
	for _, op := range j.doc.Operations {
		made[op] = sync.OnceValue(func() *operation { return j.newOperation(op) })
	}
	return made
}

func (j *Judge) newOperation(op *spec.Operation) *operation {
	made := &operation{responses: map[string]*response{}}
	for _, p := range op.Parameters {
		f := j.newField("parameter", p.Schema, p.Content, schema.Request)
		f.isHidden = p.In == "cookie" // it may be a credential
		f.place = Finding{Evidence: j.doc.Evidence(p.Node, op.Evidence), Pointer: pointerOf(p), Node: p.Node}
		made.parameters = append(made.parameters, parameterField{p, f})
	}
	for _, r := range op.Responses {
		key := strings.ToUpper(r.Status)
		if made.responses[key] == nil {
			made.responses[key] = j.newResponse(r)
		}
	}
	return made
}

func (j *Judge) newResponse(r *spec.Response) *response {
	made := &response{Response: r}
	for _, h := range r.Headers {
		header := j.newHeader(h, r.Evidence, "/response", schema.Response)
		header.owner, header.node = "response", headerNode(r, h.Name)
		made.headers = append(made.headers, header)
	}
	slices.SortStableFunc(made.headers, func(a, b headerField) int { return strings.Compare(a.Name, b.Name) })
	return made
}

// newHeader is for a header of what the pointer leads to.
func (j *Judge) newHeader(h *spec.Header, inherited spec.Evidence, at string, way schema.Direction) headerField {
	f := j.newField("header", h.Schema, h.Content, way)
	f.place = Finding{Evidence: j.doc.Evidence(h.Node, inherited), Pointer: at + "/headers/" + strings.ToLower(h.Name), Node: h.Node}
	return headerField{Header: h, field: f, key: http.CanonicalHeaderKey(h.Name), mayRepeat: mayRepeat(h.Name)}
}

// newField is for a parameter or a header with a schema, or with the schema of its one media type.
func (j *Judge) newField(kind string, s *spec.Schema, content []*spec.MediaType, way schema.Direction) *field {
	f := &field{judge: j, kind: kind, options: schema.Options{Direction: way, Text: true, AssertFormats: true}}
	if len(content) > 0 {
		s, f.options.Text = content[0].Schema, parameter.IsText(content)
	}
	f.checker = j.schemas.Checker(s)
	return f
}

// accepts gives a func that says whether the schema accepts a value of an exchange with this budget.
func (f *field) accepts(budget *schema.Budget) func(strictjson.Value) bool {
	return func(v strictjson.Value) bool { return f.checker.Valid(v, f.within(budget)) }
}

// within are the options for values of an exchange with this budget.
func (f *field) within(budget *schema.Budget) schema.Options {
	options := f.options
	options.Budget = budget
	return options
}

// response finds what an operation says of a status: by itself, by its class such as 4XX, or by default; nil: nothing.
func (o *operation) response(status int) *response {
	var room [20]byte // no text is made
	if r := o.responses[string(strconv.AppendInt(room[:0], int64(status), 10))]; r != nil {
		return r
	}
	if r := o.responses[string(append(strconv.AppendInt(room[:0], int64(status/100), 10), "XX"...))]; r != nil {
		return r
	}
	return o.responses["DEFAULT"]
}
