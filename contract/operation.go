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

// Whatever is the same for all exchanges of an operation is prepared once, by its first exchange: which checker judges each
// parameter and header, and the constant part of the findings about it. Judging a right exchange then makes no texts:
//
//	field of the parameter limit    checker of {type: integer}, pointer /request/query/limit, its node and evidence
//
// Only what an exchange adds (keyword, want, got) is made for it, and only if something is wrong.

// operation is an operation prepared for judging.
type operation struct {
	index      int // in Judge.nodes
	parameters []parameterField
	headers    []string             // the names of header parameters, as http.Header has them
	queryNames map[string]bool      // the names of query parameters that are sent under these names
	security   [][]credential       // the alternatives, each with all that it needs
	responses  map[string]*response // by status in upper case: 200, 4XX, DEFAULT
}

// parameterField is a parameter of an operation.
type parameterField struct {
	*spec.Parameter
	*field
	key string // of a header parameter: the name as http.Header has it
}

// response is a response of an operation, with its headers by their names.
type response struct {
	*spec.Response
	index   int // in Judge.nodes
	headers []headerField
	filters map[*spec.Schema][]filter // by the schema of the body; nil: none
}

// headerField is a header of a response or of a part of a form.
type headerField struct {
	*spec.Header
	*field
	owner     string     // its message in words: response, or request part photo
	key       string     // the name as http.Header has it
	mayRepeat bool       // several lines are one value
	node      *spec.Node // in the response; nil for a header of a part of a form
}

// field judges the value of a parameter or a header.
type field struct {
	judge    *Judge
	kind     string // parameter or header, with which ids begin
	checker  *schema.Checker
	options  schema.Options
	index    int     // in Judge.nodes; -1: coverage does not count it
	isPlain  bool    // the value is one text
	isHidden bool    // findings do not show the value
	place    Finding // Evidence, Pointer and Node of findings
}

// newOperations returns a func for each operation that prepares it at the first call.
func (j *Judge) newOperations() map[*spec.Operation]func() *operation {
	made := map[*spec.Operation]func() *operation{}
	for _, op := range j.doc.Operations {
		made[op] = sync.OnceValue(func() *operation { return j.newOperation(op) })
	}
	return made
}

// newOperation prepares the parameters and responses of an operation.
func (j *Judge) newOperation(op *spec.Operation) *operation {
	made := &operation{index: j.indexOf(op.Node), queryNames: map[string]bool{}, responses: map[string]*response{}}
	for _, p := range op.Parameters {
		f := j.newField("parameter", p.Schema, p.Content, schema.Request)
		f.isHidden = p.In == "cookie" // it may be a credential
		f.place = Finding{Evidence: j.doc.Evidence(p.Node, op.Evidence), Pointer: pointerOf(p), Node: p.Node}
		f.index, f.isPlain = j.indexOf(p.Node), parameter.IsPlain(p)
		made.parameters = append(made.parameters, parameterField{p, f, http.CanonicalHeaderKey(p.Name)})
		if p.In == "query" && parameter.Owns(p, p.Name) {
			made.queryNames[p.Name] = true
		}
		if p.In == "header" {
			made.headers = append(made.headers, http.CanonicalHeaderKey(p.Name))
		}
	}
	for _, alternative := range op.Security {
		needed := []credential{}
		for _, required := range alternative {
			needed = append(needed, newCredential(required.Scheme))
		}
		made.security = append(made.security, needed)
	}
	for _, r := range op.Responses {
		key := strings.ToUpper(r.Status)
		if made.responses[key] == nil {
			made.responses[key] = j.newResponse(r)
		}
	}
	if op.Method == http.MethodGet {
		made.addFilters()
	}
	return made
}

// indexOf returns the index of a part in Judge.nodes, or -1 if coverage does not count it.
func (j *Judge) indexOf(n *spec.Node) int {
	if i, ok := j.indexes[n]; ok {
		return i
	}
	return -1
}

// addFilters adds the filters of each response that may be a success.
func (o *operation) addFilters() {
	for _, r := range o.responses {
		if r.Status[0] == '4' || r.Status[0] == '5' {
			continue
		}
		for _, content := range r.Content {
			if found := filtersOf(o.parameters, content.Schema); len(found) > 0 {
				if r.filters == nil {
					r.filters = map[*spec.Schema][]filter{}
				}
				r.filters[content.Schema] = found
			}
		}
	}
}

// newResponse prepares the headers of a response, in alphabetical order, so that findings come in a stable order.
func (j *Judge) newResponse(r *spec.Response) *response {
	made := &response{Response: r, index: j.indexOf(r.Node)}
	for _, h := range r.Headers {
		header := j.newHeader(h, r.Evidence, "/response", schema.Response)
		header.owner, header.node = "response", headerNode(r, h.Name)
		header.index = j.indexOf(header.node)
		made.headers = append(made.headers, header)
	}
	slices.SortStableFunc(made.headers, func(a, b headerField) int { return strings.Compare(a.Name, b.Name) })
	return made
}

// newHeader prepares a header of the message or part at a pointer.
func (j *Judge) newHeader(h *spec.Header, inherited spec.Evidence, at string, direction schema.Direction) headerField {
	f := j.newField("header", h.Schema, h.Content, direction)
	f.isPlain = parameter.IsPlainHeader(h)
	f.place = Finding{
		Evidence: j.doc.Evidence(h.Node, inherited), Pointer: at + "/headers/" + strings.ToLower(h.Name), Node: h.Node,
	}
	return headerField{Header: h, field: f, key: http.CanonicalHeaderKey(h.Name), mayRepeat: mayRepeat(h.Name)}
}

// newField prepares a parameter or a header. Its schema is its own or that of its one media type.
func (j *Judge) newField(kind string, s *spec.Schema, content []*spec.MediaType, direction schema.Direction) *field {
	f := &field{judge: j, kind: kind, index: -1, options: schema.Options{Direction: direction, Text: true, AssertFormats: true}}
	if len(content) > 0 {
		s, f.options.Text = content[0].Schema, parameter.IsText(content)
	}
	f.checker = j.schemas.Checker(s)
	return f
}

// accepts returns a func that reports whether the schema accepts a value, within the budget of an exchange.
func (f *field) accepts(budget *schema.Budget) func(strictjson.Value) bool {
	return func(v strictjson.Value) bool { return f.checker.Valid(v, f.within(budget)) }
}

// within returns the options for values of an exchange with this budget.
func (f *field) within(budget *schema.Budget) schema.Options {
	options := f.options
	options.Budget = budget
	return options
}

// response returns the response that documents a status: that of the status, of its class such as 4XX, or the default. It
// is nil if the status is undocumented.
func (o *operation) response(status int) *response {
	var digits [20]byte // looking up a []byte as a string does not allocate
	if r := o.responses[string(strconv.AppendInt(digits[:0], int64(status), 10))]; r != nil {
		return r
	}
	if r := o.responses[string(append(strconv.AppendInt(digits[:0], int64(status/100), 10), "XX"...))]; r != nil {
		return r
	}
	return o.responses["DEFAULT"]
}
