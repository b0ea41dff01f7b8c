package rule_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/rule"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// compile compiles a rule that is right.
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

// body decodes JSON as the judge does.
func body(t testing.TB, text string) strictjson.Value {
	t.Helper()
	value, faults, ok := strictjson.Parse([]byte(text))
	if !ok || len(faults) > 0 {
		t.Fatalf("%s: %v", text, faults)
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
		says       string
	}{
		{"not parsed", "response.status ==", rule.OfExchange, "Syntax error"},
		{"not parsed, in the third line", "self.size\n\n=== 1", rule.OfValue, "(line 3, column 3 of the rule)"},
		{"an unknown variable", "  respons.status == 200", rule.OfExchange, "(line 1, column 3 of the rule)"},
		{"self in a rule about exchanges", "self.size == 1", rule.OfExchange, "self"},
		{"an exchange in a rule about values", "response.status == 200", rule.OfValue, "response"},
		{"a function of an extension library", `"A".lowerAscii() == "a"`, rule.OfExchange, "lowerAscii"},
		{"a number", "size(response)", rule.OfExchange, "it gives int, not true or false"},
		{"conclusions of two types", "response.status == 200 ? 1 : true", rule.OfExchange, "of the rule)"},
		{"nothing but a remark", "// nothing", rule.OfExchange, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			program, err := env.Compile(test.expr, test.of)
			got := fmt.Sprint(err)
			if err == nil || program != nil || !strings.Contains(got, test.says) || strings.ContainsAny(got, "\n\t") {
				t.Errorf("got %v and %q, want no program and %q in one line", program, got, test.says)
			}
		})
	}
}

// TestEvaluate holds what rules see of an exchange.
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
	const kept, broken, silent = "kept", "broken", "silent"
	for _, test := range []struct{ name, expr, want string }{
		{"all of the request", `request == {"method": "PUT", "path": "/things", "query": {"Type": ["a", "b"]}, "headers": {"x-odd": ["1"]}, "body": {"n": 1}}`, kept},
		{"a part by its index", `request["headers"] == {"x-odd": ["1"]}`, kept},
		{"a part by a name that is computed", `request["que" + "ry"].size() == 1`, kept},
		{"a part that may be there", `has(request.body) && !has(request.status)`, kept},
		{"the status is an int", `response.status + 1 == 201`, kept},
		{"headers have lower-case names", `response.headers["content-type"] == ["text/plain"]`, kept},
		{"an integer is an int", `type(response.body.int) == int`, kept},
		{"another number is a double", `type(response.body.double) == double && response.body.double == 1.5`, kept},
		{"an integer that does not fit is a double", `response.body.long > 1e20`, kept},
		{"a number that fits nothing keeps its sign", `response.body.huge < -1e308`, kept},
		{"null", `response.body.none == null`, kept},
		{"previous", `previous == {"status": 201, "headers": {"etag": ["x"]}, "body": [1]}`, kept},
		{"false", `response.status == 201`, broken},
		{"the premise is true", `response.status == 200 ? response.body.int == 7 : true`, kept},
		{"the premise is true, the conclusion false", `response.status == 200 ? response.body.int == 8 : true`, broken},
		{"the premise is false", `response.status == 201 ? false : true`, silent},
		{"no premise, since otherwise is not true", `response.status == 201 ? true : !false`, kept},
		{"an error in the premise", `response.body.other == 1 ? true : true`, "no such key"},
		{"an error in the conclusion", `response.status == 200 ? response.body.other == 1 : true`, "no such key"},
		{"an error that quotes the provider", `response.body[response.body.key] == 1`, "no such key"},
		{"an index before the list", `["a"][-1] == "a"`, "index out of bounds"},
		{"an index behind the values of a name", `request.query.Type[2] == "a"`, "index out of bounds"},
		{"neither true nor false", `response.body.int`, "it gave neither true nor false"},
		{"a constant that is an error", `response.status == 201 || 1 / 0 == 1`, "division by zero"},
	} {
		t.Run(test.name, func(t *testing.T) {
			program := compile(t, test.expr, rule.OfExchange)
			spoke, holds, err := program.Evaluate(full(t))
			got := map[bool]string{true: kept, false: broken}[holds]
			if !spoke {
				got = silent
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

// TestEmptyVariables holds that nothing of an exchange needs to be known.
func TestEmptyVariables(t *testing.T) {
	for _, test := range []struct{ name, expr string }{
		{"no body", `response.body == null && request.body == null`},
		{"no headers", `response.headers == {} && request.query == {}`},
		{"no previous", `previous == {}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			spoke, holds, err := compile(t, test.expr, rule.OfExchange).Evaluate(&rule.Variables{})
			if !spoke || !holds || err != nil {
				t.Errorf("got spoke %v, holds %v, error %v", spoke, holds, err)
			}
		})
	}
}

// TestVariablesOfManyRules holds that a rule sees a part of the exchange though an earlier rule needed another.
func TestVariablesOfManyRules(t *testing.T) {
	v := &rule.Variables{Request: rule.Request{Headers: map[string][]string{"A": {"x"}}}, Response: rule.Response{Body: body(t, `{"n":1}`)}}
	for _, expr := range []string{`request.method == ""`, `"a" in request.headers`, `response.body.n == 1`, `size(request) == 5`, `size(response) == 3`} {
		if spoke, holds, err := compile(t, expr, rule.OfExchange).Evaluate(v); !spoke || !holds || err != nil {
			t.Errorf("%s: spoke %v, holds %v, error %v", expr, spoke, holds, err)
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
		{"a body", v.ResponsePart(v.Response.Body), `size(self.items) == 2`},
		{"a member", v.ResponsePart(v.Response.Body.At("/items")), `size(self) == 2`},
		{"a member of an element", v.ResponsePart(v.Response.Body.At("/items/1/size")), `self == 0`},
		{"a member that is null", v.ResponsePart(v.Response.Body.At("/a~1b")), `self == null`},
		{"an element of an element of the request", v.RequestPart(v.Request.Body.At("/0/1")), `self == 2`},
		{"the last element of the request", v.RequestPart(v.Request.Body.At("/1")), `self == [3]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			v.Self = test.self
			if spoke, holds, err := compile(t, test.expr, rule.OfValue).Evaluate(v); !spoke || !holds || err != nil {
				t.Errorf("got spoke %v, holds %v, error %v", spoke, holds, err)
			}
		})
	}
}

func TestAbout(t *testing.T) {
	for _, test := range []struct {
		name, expr string
		about      []string
		ofConsumer bool
	}{
		{"a part of the request", `request.method == "GET"`, []string{"request.method"}, true},
		{"a part by its index", `request["path"] == ""`, []string{"request.path"}, true},
		{"a conclusion about the request", `response.status == 200 ? request.method == "GET" : true`, []string{"request.method", "response.status"}, true},
		{"a premise about the request", `request.method == "GET" ? response.status == 200 : true`, []string{"request.method", "response.status"}, false},
		{"a message as a whole", `size(response) > 0`, []string{"response.", "response.body", "response.headers", "response.query"}, false},
		{"nothing", `1 == 1`, []string{}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			program := compile(t, test.expr, rule.OfExchange)
			if !slices.Equal(program.Parts, test.about) || program.OfConsumer != test.ofConsumer {
				t.Errorf("got %v, of the consumer %v; want %v, %v", program.Parts, program.OfConsumer, test.about, test.ofConsumer)
			}
			for _, part := range []string{"request.", "response.body", "respon"} {
				want := slices.Contains(test.about, part) || part == "request." && strings.Contains(strings.Join(test.about, " "), part)
				if got := program.RefersTo(part); got != want {
					t.Errorf("speaks of %s: got %v, want %v", part, got, want)
				}
			}
		})
	}
}
