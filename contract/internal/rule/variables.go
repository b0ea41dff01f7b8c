package rule

import (
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types/ref"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// Variables are what rules can see of one exchange. What CEL needs of them for a rule is converted when the first rule needs
// it, and then once for all rules, so the fields must not change after the first evaluation; only Self may.
//
// The zero value is an exchange in which nothing is known. Variables must not be used concurrently.
type Variables struct {
	Request  Request
	Response Response
	Previous *Response // to the first of two requests; nil: there was only one
	Self     Value     // of rules about values: RequestPart or ResponsePart

	made      parts
	messages  map[string]map[string]any // request, response and previous; nil: to be made
	asked     converted                 // the bodies; zero: to be made
	responded converted
	extent    extent // of all that was made

	steps int               // that the evaluation without CEL may still take
	turns [maxLoops]operand // the variables of its loops
}

// Request is what rules can see of a request.
type Request struct {
	Method, Path string
	Query        map[string][]string
	Headers      map[string][]string // rules see their names in lower case
	Body         strictjson.Value    // no value: none
}

// Response is what rules can see of a response.
type Response struct {
	Status  int
	Headers map[string][]string // rules see their names in lower case
	Body    strictjson.Value    // no value: none
}

// RequestPart gives a part of the request's body, such as the whole of it, as rules see it.
func (v *Variables) RequestPart(part strictjson.Value) Value { return Value{part, ofRequest} }

// ResponsePart gives a part of the response's body, such as the whole of it, as rules see it.
func (v *Variables) ResponsePart(part strictjson.Value) Value { return Value{part, ofResponse} }

// self converts Self; nil: there is no value.
func (v *Variables) self() ref.Val {
	switch v.Self.of {
	case ofRequest:
		return v.requestBody().part(v.Self.part)
	case ofResponse:
		return v.responseBody().part(v.Self.part)
	}
	return nil
}

func (v *Variables) requestBody() converted  { return v.body(&v.asked, v.Request.Body) }
func (v *Variables) responseBody() converted { return v.body(&v.responded, v.Response.Body) }

// body converts a body if that was not done yet.
func (v *Variables) body(made *converted, body strictjson.Value) converted {
	if made.vals == nil {
		*made = v.extent.body(body)
	}
	return *made
}

// converters convert the parts of an exchange that take time.
var converters = [...]struct {
	part    string
	convert func(*Variables) ref.Val
}{
	{"request.query", func(v *Variables) ref.Val { return v.extent.lists(v.Request.Query, asSent) }},
	{"request.headers", func(v *Variables) ref.Val { return v.extent.lists(v.Request.Headers, strings.ToLower) }},
	{"request.body", func(v *Variables) ref.Val { return v.requestBody().vals[0] }},
	{"response.headers", func(v *Variables) ref.Val { return v.extent.lists(v.Response.Headers, strings.ToLower) }},
	{"response.body", func(v *Variables) ref.Val { return v.responseBody().vals[0] }},
	{"previous.headers", func(v *Variables) ref.Val { return v.extent.lists(v.Previous.Headers, strings.ToLower) }},
	{"previous.body", func(v *Variables) ref.Val { return v.extent.body(v.Previous.Body).vals[0] }},
}

// prepare makes the parts of the exchange that are needed and not made yet.
func (v *Variables) prepare(needs parts) {
	if v.messages == nil {
		v.messages = map[string]map[string]any{
			"request":  {"method": v.Request.Method, "path": v.Request.Path},
			"response": {"status": v.Response.Status},
			"previous": {},
		}
		if v.Previous != nil {
			v.messages["previous"]["status"] = v.Previous.Status
		}
		v.extent.bytes += len(v.Request.Method) + len(v.Request.Path)
	}
	missing := needs &^ v.made
	v.made |= missing
	for i, c := range converters {
		if missing&(1<<i) == 0 {
			continue
		}
		if message, field, _ := strings.Cut(c.part, "."); message != "previous" || v.Previous != nil {
			v.messages[message][field] = c.convert(v)
		}
	}
}

// asSent keeps the names of a query.
func asSent(name string) string { return name }

// activation gives variables to CEL.
type activation struct {
	*Variables
	self ref.Val
}

// ResolveName gives the value of a variable.
func (a activation) ResolveName(name string) (any, bool) {
	if name == "self" {
		return a.self, a.self != nil
	}
	message, ok := a.messages[name]
	return message, ok
}

// Parent says that there are no other variables.
func (activation) Parent() cel.Activation { return nil }
