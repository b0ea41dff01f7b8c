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

	Work int // what the evaluations have cost since it was set to 0, in steps of a few nanoseconds

	// Conversions for cel-go.
	ready     PartSet                   // the parts that are in messages
	messages  map[string]map[string]any // request, response and previous; nil until needed
	reqBody   converted                 // zero until needed; likewise respBody
	respBody  converted
	inputSize inputSize // of all that was converted

	// The state of a native evaluation.
	steps     int      // steps left
	slots     slots    // the members of Self
	indexes   *indexes // of lists; nil until needed
	registers registers
}

// Reset empties the variables for another exchange. They keep a little of the memory that they work with.
func (v *Variables) Reset() {
	kept := v.indexes
	kept.reset()
	*v = Variables{indexes: kept}
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
	part           PartSet
	message, field string
	convert        func(*Variables) ref.Val
}{
	{RequestQuery, "request", "query", func(v *Variables) ref.Val { return v.inputSize.lists(v.Request.Query, asSent) }},
	{RequestHeaders, "request", "headers", func(v *Variables) ref.Val { return v.inputSize.lists(v.Request.Headers, strings.ToLower) }},
	{RequestBody, "request", "body", func(v *Variables) ref.Val { return v.requestBody().vals[0] }},
	{ResponseHeaders, "response", "headers", func(v *Variables) ref.Val { return v.inputSize.lists(v.Response.Headers, strings.ToLower) }},
	{ResponseBody, "response", "body", func(v *Variables) ref.Val { return v.responseBody().vals[0] }},
	{PreviousHeaders, "previous", "headers", func(v *Variables) ref.Val { return v.inputSize.lists(v.Previous.Headers, strings.ToLower) }},
	{PreviousBody, "previous", "body", func(v *Variables) ref.Val { return v.inputSize.body(v.Previous.Body).vals[0] }},
}

// prepare converts the parts that are needed and not ready.
func (v *Variables) prepare(needs PartSet) {
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
	for _, c := range converters {
		if missing.Has(c.part) && (c.message != "previous" || v.Previous != nil) {
			v.messages[c.message][c.field] = c.convert(v)
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
