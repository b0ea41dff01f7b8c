package rule

import (
	"strings"

	"cel.dev/cel-go/cel"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// Variables are what rules can see of one exchange. What a rule needs of them is converted when the first rule needs it,
// and then once for all rules, so the fields must not change after the first evaluation; only Self may.
//
// The zero value is an exchange in which nothing is known. Variables must not be used concurrently.
type Variables struct {
	Request  Request
	Response Response
	Previous *Response // to the first of two requests; nil: there was only one
	Self     Value     // of rules about values: RequestPart or ResponsePart

	made      parts
	request   map[string]any // nil: to be made
	response  map[string]any
	previous  map[string]any
	asked     converted // the bodies; zero: to be made
	responded converted
	extent    extent // of all that was made
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
func (v *Variables) RequestPart(part strictjson.Value) Value {
	return v.body(&v.asked, v.Request.Body).part(part)
}

// ResponsePart gives a part of the response's body, such as the whole of it, as rules see it.
func (v *Variables) ResponsePart(part strictjson.Value) Value {
	return v.body(&v.responded, v.Response.Body).part(part)
}

// body converts a body if that was not done yet.
func (v *Variables) body(made *converted, body strictjson.Value) converted {
	if made.vals == nil {
		*made = v.extent.body(body)
	}
	return *made
}

// prepare makes the parts of the exchange that are needed and not made yet.
func (v *Variables) prepare(needs parts) {
	if v.request == nil {
		v.request = map[string]any{"method": v.Request.Method, "path": v.Request.Path}
		v.response = map[string]any{"status": v.Response.Status}
		v.previous = map[string]any{}
		if v.Previous != nil {
			v.previous["status"] = v.Previous.Status
		}
		v.extent.bytes += len(v.Request.Method) + len(v.Request.Path)
	}
	missing := needs &^ v.made
	v.made |= missing
	if missing&requestQuery != 0 {
		v.request["query"] = v.extent.lists(v.Request.Query, asSent)
	}
	if missing&requestHeaders != 0 {
		v.request["headers"] = v.extent.lists(v.Request.Headers, strings.ToLower)
	}
	if missing&requestBody != 0 {
		v.request["body"] = v.RequestPart(v.Request.Body).val
	}
	if missing&responseHeaders != 0 {
		v.response["headers"] = v.extent.lists(v.Response.Headers, strings.ToLower)
	}
	if missing&responseBody != 0 {
		v.response["body"] = v.ResponsePart(v.Response.Body).val
	}
	if v.Previous != nil && missing&previousHeaders != 0 {
		v.previous["headers"] = v.extent.lists(v.Previous.Headers, strings.ToLower)
	}
	if v.Previous != nil && missing&previousBody != 0 {
		v.previous["body"] = v.extent.body(v.Previous.Body).vals[0]
	}
}

// asSent keeps the names of a query.
func asSent(name string) string { return name }

// activation gives variables to CEL.
type activation struct{ *Variables }

// ResolveName gives the value of a variable.
func (a activation) ResolveName(name string) (any, bool) {
	switch name {
	case "request":
		return a.request, true
	case "response":
		return a.response, true
	case "previous":
		return a.previous, true
	case "self":
		return a.Self.val, a.Self.val != nil
	}
	return nil, false
}

// Parent says that there are no other variables.
func (activation) Parent() cel.Activation { return nil }
