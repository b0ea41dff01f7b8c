package rule

import (
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types/ref"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// Variables are what rules can see of one exchange. The closures read them directly. For cel-go, a part of the
// exchange is converted when the first rule needs it, and then shared by all rules. So the fields must not change
// after the first evaluation, except Self.
//
// The zero value is an exchange of which nothing is known. Variables are not safe for concurrent use.
type Variables struct {
	Request  Request
	Response Response
	Previous *Response // the response to the first of two requests; nil if there was only one
	Self     Value     // for rules about values: the result of RequestPart or ResponsePart

	// Conversions for cel-go.
	ready     partSet                   // the parts that are in messages
	messages  map[string]map[string]any // request, response and previous; nil until needed
	reqBody   converted                 // zero until needed; likewise respBody
	respBody  converted
	inputSize inputSize // of all that was converted

	// The state of a native evaluation.
	steps    int               // steps left
	loopVars [maxLoops]operand // by nesting depth
}

// Request is what rules can see of a request.
type Request struct {
	Method, Path string
	Query        map[string][]string
	Headers      map[string][]string // rules see the names in lower case
	Body         strictjson.Value    // the zero Value: no body
}

// Response is what rules can see of a response.
type Response struct {
	Status  int
	Headers map[string][]string // rules see the names in lower case
	Body    strictjson.Value    // the zero Value: no body
}

// RequestPart returns a part of the request body, or the whole body, for Self.
func (v *Variables) RequestPart(part strictjson.Value) Value { return Value{part, ofRequest} }

// ResponsePart returns a part of the response body, or the whole body, for Self.
func (v *Variables) ResponsePart(part strictjson.Value) Value { return Value{part, ofResponse} }

// self converts Self. It returns nil if there is none.
func (v *Variables) self() ref.Val {
	switch v.Self.of {
	case ofRequest:
		return v.requestBody().part(v.Self.part)
	case ofResponse:
		return v.responseBody().part(v.Self.part)
	}
	return nil
}

func (v *Variables) requestBody() converted  { return v.body(&v.reqBody, v.Request.Body) }
func (v *Variables) responseBody() converted { return v.body(&v.respBody, v.Response.Body) }

// body converts a body on first use.
func (v *Variables) body(known *converted, body strictjson.Value) converted {
	if known.vals == nil {
		*known = v.inputSize.body(body)
	}
	return *known
}

// converters convert the parts of an exchange that take time. Rules refer to the others without a conversion.
var converters = [...]struct {
	part    string
	convert func(*Variables) ref.Val
}{
	{"request.query", func(v *Variables) ref.Val { return v.inputSize.lists(v.Request.Query, asSent) }},
	{"request.headers", func(v *Variables) ref.Val { return v.inputSize.lists(v.Request.Headers, strings.ToLower) }},
	{"request.body", func(v *Variables) ref.Val { return v.requestBody().vals[0] }},
	{"response.headers", func(v *Variables) ref.Val { return v.inputSize.lists(v.Response.Headers, strings.ToLower) }},
	{"response.body", func(v *Variables) ref.Val { return v.responseBody().vals[0] }},
	{"previous.headers", func(v *Variables) ref.Val { return v.inputSize.lists(v.Previous.Headers, strings.ToLower) }},
	{"previous.body", func(v *Variables) ref.Val { return v.inputSize.body(v.Previous.Body).vals[0] }},
}

// prepare converts the parts that are needed and not ready.
func (v *Variables) prepare(needs partSet) {
	if v.messages == nil {
		v.messages = map[string]map[string]any{
			"request":  {"method": v.Request.Method, "path": v.Request.Path},
			"response": {"status": v.Response.Status},
			"previous": {},
		}
		if v.Previous != nil {
			v.messages["previous"]["status"] = v.Previous.Status
		}
		v.inputSize.bytes += len(v.Request.Method) + len(v.Request.Path)
	}
	missing := needs &^ v.ready
	v.ready |= missing
	for i, c := range converters {
		if missing&(1<<i) == 0 {
			continue
		}
		if message, field, _ := strings.Cut(c.part, "."); message != "previous" || v.Previous != nil {
			v.messages[message][field] = c.convert(v)
		}
	}
}

// asSent returns a name of a query parameter unchanged.
func asSent(name string) string { return name }

// activation gives the variables to cel-go.
type activation struct {
	*Variables
	self ref.Val
}

// ResolveName returns the value of a variable.
func (a activation) ResolveName(name string) (any, bool) {
	if name == "self" {
		return a.self, a.self != nil
	}
	message, ok := a.messages[name]
	return message, ok
}

// Parent returns nil: there are no other variables.
func (activation) Parent() cel.Activation { return nil }
