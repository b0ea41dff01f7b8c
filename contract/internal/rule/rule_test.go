package rule_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/rule"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// compile compiles a valid rule.
func compile(t testing.TB, expr string, of rule.Scope) *rule.Program {
	t.Helper()
	env, err := rule.NewEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	program, err := env.Compile(expr, of)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// body parses JSON as the judge does.
func body(t testing.TB, text string) strictjson.Value {
	t.Helper()
	value, errs, ok := strictjson.Parse([]byte(text))
	if !ok || len(errs) > 0 {
		t.Fatalf("%s: %v", text, errs)
	}
	return value
}

func TestCompileErrors(t *testing.T) {
	env, err := rule.NewEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, expr string
		of         rule.Scope
		want       string
	}{
		{name: "not parsed", expr: "response.status ==", of: rule.OfExchange, want: "Syntax error"},
		{name: "not parsed, in the third line", expr: "self.size\n\n=== 1", of: rule.OfValue, want: "(line 3, column 3 of the rule)"},
		{name: "an unknown variable", expr: "  respons.status == 200", of: rule.OfExchange, want: "(line 1, column 3 of the rule)"},
		{name: "self in a rule about exchanges", expr: "self.size == 1", of: rule.OfExchange, want: "self"},
		{name: "an exchange in a rule about values", expr: "response.status == 200", of: rule.OfValue, want: "response"},
		{name: "a function of an extension library", expr: `"A".lowerAscii() == "a"`, of: rule.OfExchange, want: "lowerAscii"},
		{name: "a number", expr: "size(response)", of: rule.OfExchange, want: "the result is int, want bool"},
		{name: "conclusions of two types", expr: "response.status == 200 ? 1 : true", of: rule.OfExchange, want: "of the rule)"},
		{name: "nothing but a remark", expr: "// nothing", of: rule.OfExchange},
	} {
		t.Run(test.name, func(t *testing.T) {
			program, err := env.Compile(test.expr, test.of)
			got := fmt.Sprint(err)
			if err == nil || program != nil || !strings.Contains(got, test.want) || strings.ContainsAny(got, "\n\t") {
				t.Errorf("got %v and %q, want no program and %q in one line", program, got, test.want)
			}
		})
	}
}

// TestEvaluate checks what rules see of an exchange.
func TestEvaluate(t *testing.T) {
	full := func(t *testing.T) *rule.Variables {
		return &rule.Variables{
			Request: rule.Request{
				Method: "PUT", Path: "/things", Query: map[string][]string{"Type": {"a", "b"}},
				Headers: map[string][]string{"X-Odd": {"1"}}, Body: body(t, `{"n":1}`),
			},
			Response: rule.Response{
				Status: 200, Headers: map[string][]string{"Content-Type": {"text/plain"}},
				Body: body(t, `{"int":7,"double":1.5,"long":123456789012345678901,"huge":-1e400,"none":null,"key":"secret-of-the-provider"}`),
			},
			Previous: &rule.Response{Status: 201, Headers: map[string][]string{"Etag": {"x"}}, Body: body(t, `[1]`)},
		}
	}
	const passed, failed, notApplied = "passed", "failed", "not applied"
	for _, test := range []struct{ name, expr, want string }{
		{
			name: "all of the request",
			expr: `request == {"method": "PUT", "path": "/things", "query": {"Type": ["a", "b"]}, "headers": {"x-odd": ["1"]}, "body": {"n": 1}}`,
			want: passed,
		},
		{name: "a part by its index", expr: `request["headers"] == {"x-odd": ["1"]}`, want: passed},
		{name: "a part by a name that is computed", expr: `request["que" + "ry"].size() == 1`, want: passed},
		{name: "a part that may be there", expr: `has(request.body) && !has(request.status)`, want: passed},
		{name: "the status is an int", expr: `response.status + 1 == 201`, want: passed},
		{name: "headers have lower-case names", expr: `response.headers["content-type"] == ["text/plain"]`, want: passed},
		{name: "an integer is an int", expr: `type(response.body.int) == int`, want: passed},
		{name: "another number is a double", expr: `type(response.body.double) == double && response.body.double == 1.5`, want: passed},
		{name: "an integer that does not fit is a double", expr: `response.body.long > 1e20`, want: passed},
		{name: "a number that fits nothing keeps its sign", expr: `response.body.huge < -1e308`, want: passed},
		{name: "null", expr: `response.body.none == null`, want: passed},
		{name: "previous", expr: `previous == {"status": 201, "headers": {"etag": ["x"]}, "body": [1]}`, want: passed},
		{name: "false", expr: `response.status == 201`, want: failed},
		{name: "the premise is true", expr: `response.status == 200 ? response.body.int == 7 : true`, want: passed},
		{name: "the premise is true, the conclusion false", expr: `response.status == 200 ? response.body.int == 8 : true`, want: failed},
		{name: "the premise is false", expr: `response.status == 201 ? false : true`, want: notApplied},
		{name: "no premise, since otherwise is not true", expr: `response.status == 201 ? true : !false`, want: passed},
		{name: "an error in the premise", expr: `response.body.other == 1 ? true : true`, want: "no such key"},
		{name: "an error in the conclusion", expr: `response.status == 200 ? response.body.other == 1 : true`, want: "no such key"},
		{name: "an error that quotes the provider", expr: `response.body[response.body.key] == 1`, want: "no such key"},
		{name: "an index before the list", expr: `["a"][-1] == "a"`, want: "index out of bounds"},
		{name: "an index behind the values of a name", expr: `request.query.Type[2] == "a"`, want: "index out of bounds"},
		{name: "neither true nor false", expr: `response.body.int`, want: "the result is neither true nor false"},
		{name: "a constant that is an error", expr: `response.status == 201 || 1 / 0 == 1`, want: "division by zero"},
	} {
		t.Run(test.name, func(t *testing.T) {
			program := compile(t, test.expr, rule.OfExchange)
			applies, holds, err := program.Evaluate(full(t))
			got := map[bool]string{true: passed, false: failed}[holds]
			if !applies {
				got = notApplied
			}
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestEmptyVariables checks that nothing of an exchange needs to be known.
func TestEmptyVariables(t *testing.T) {
	for _, test := range []struct{ name, expr string }{
		{name: "no body", expr: `response.body == null && request.body == null`},
		{name: "no headers", expr: `response.headers == {} && request.query == {}`},
		{name: "no previous", expr: `previous == {}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			applies, holds, err := compile(t, test.expr, rule.OfExchange).Evaluate(&rule.Variables{})
			if !applies || !holds || err != nil {
				t.Errorf("got applies %v, holds %v, error %v", applies, holds, err)
			}
		})
	}
}

// TestVariablesOfSeveralRules checks that a rule sees a part of the exchange although an earlier rule needed
// another part.
func TestVariablesOfSeveralRules(t *testing.T) {
	v := &rule.Variables{Request: rule.Request{Headers: map[string][]string{"A": {"x"}}}, Response: rule.Response{Body: body(t, `{"n":1}`)}}
	for _, expr := range []string{
		`request.method == ""`, `"a" in request.headers`, `response.body.n == 1`, `size(request) == 5`, `size(response) == 3`,
	} {
		if applies, holds, err := compile(t, expr, rule.OfExchange).Evaluate(v); !applies || !holds || err != nil {
			t.Errorf("%s: applies %v, holds %v, error %v", expr, applies, holds, err)
		}
	}
}

func TestSelf(t *testing.T) {
	v := &rule.Variables{
		Request:  rule.Request{Body: body(t, `[[1,2],[3]]`)},
		Response: rule.Response{Body: body(t, `{"items":[{"size":1},{"size":0}],"a/b":null}`)},
	}
	for _, test := range []struct {
		name string
		self rule.Value
		expr string
	}{
		{name: "a body", self: v.ResponsePart(v.Response.Body), expr: `size(self.items) == 2`},
		{name: "a member", self: v.ResponsePart(v.Response.Body.At("/items")), expr: `size(self) == 2`},
		{name: "a member of an element", self: v.ResponsePart(v.Response.Body.At("/items/1/size")), expr: `self == 0`},
		{name: "a member that is null", self: v.ResponsePart(v.Response.Body.At("/a~1b")), expr: `self == null`},
		{name: "an element of an element of the request", self: v.RequestPart(v.Request.Body.At("/0/1")), expr: `self == 2`},
		{name: "the last element of the request", self: v.RequestPart(v.Request.Body.At("/1")), expr: `self == [3]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			v.Self = test.self
			if applies, holds, err := compile(t, test.expr, rule.OfValue).Evaluate(v); !applies || !holds || err != nil {
				t.Errorf("got applies %v, holds %v, error %v", applies, holds, err)
			}
		})
	}
}

func TestParts(t *testing.T) {
	for _, test := range []struct {
		name, expr string
		about      rule.PartSet
		ofConsumer bool
	}{
		{name: "a part of the request", expr: `request.method == "GET"`, about: rule.RequestLine, ofConsumer: true},
		{name: "a part by its index", expr: `request["body"] == 1`, about: rule.RequestBody, ofConsumer: true},
		{
			name: "a conclusion about the request", expr: `response.status == 200 ? request.method == "GET" : true`,
			about: rule.RequestLine | rule.ResponseStatus, ofConsumer: true,
		},
		{
			name: "a premise about the request", expr: `request.method == "GET" ? response.status == 200 : true`,
			about: rule.RequestLine | rule.ResponseStatus,
		},
		{name: "a message as a whole", expr: `size(response) > 0`, about: rule.AnyResponse},
		{name: "a message and a part of it", expr: `size(request) > 0 && request.body == 1`, about: rule.AnyRequest, ofConsumer: true},
		{name: "what no message has", expr: `has(previous.path)`, about: rule.PreviousStatus},
		{name: "nothing", expr: `1 == 1`},
	} {
		t.Run(test.name, func(t *testing.T) {
			program := compile(t, test.expr, rule.OfExchange)
			if program.Parts != test.about || program.OfConsumer != test.ofConsumer {
				t.Errorf("got %b, of the consumer %v; want %b, %v", program.Parts, program.OfConsumer, test.about, test.ofConsumer)
			}
		})
	}
}
