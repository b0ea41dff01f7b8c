package contract_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// ruled is a document with rules in its three scopes: @document, @operation and @schema.
const ruled = `openapi: 3.0.3
info: {title: Rules, version: 1.0.0}
x-rules: [@document]
paths:
  /things:
    get:
      operationId: listThings
      x-rules: [@operation]
      responses:
        '200':
          description: Things.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Things'}
        '403':
          description: Not yours.
          x-evidence: {grade: inferred, source: guess}
          x-error-codes: {at: /code, codes: [{code: T.1, message: No., when: [no-permission, other-account]}]}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing'}
        '404': {description: None.}
        '429': {description: Too many.}
        '500': {description: Ours.}
    put:
      operationId: putThing
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Thing'}
      responses:
        '200': {description: Put.}
        default: {description: Not put.}
components:
  schemas:
    Things:
      type: object
      properties:
        items: {type: array, items: {$ref: '#/components/schemas/Thing'}}
        first: {allOf: [{$ref: '#/components/schemas/Thing'}, {type: object}]}
        twice: {allOf: [{properties: {it: {$ref: '#/components/schemas/Thing'}}}, {properties: {it: {$ref: '#/components/schemas/Thing'}}}]}
        named: {type: object, additionalProperties: {$ref: '#/components/schemas/Thing'}}
        either: {oneOf: [{$ref: '#/components/schemas/Thing'}, {$ref: '#/components/schemas/Other'}]}
        maybe: {$ref: '#/components/schemas/Maybe'}
        key: {type: string, x-evidence: {grade: inferred, source: doubt}}
    Thing:
      type: object
      required: [size]
      x-rules: [@schema]
      properties:
        size: {type: integer}
        code: {type: string, x-evidence: {grade: documented, source: page}}
    Maybe:
      type: object
      nullable: true
      x-rules: [@maybe]
      properties:
        size: {type: integer}
    Other:
      type: object
      required: [length]
      properties:
        length: {type: integer}
`

// withRules fills the document. Rules come as scope, then the mapping that makes the rule, without id, says, grade and source.
func withRules(scopesAndRules ...string) string {
	text := ruled
	for i := 0; i+1 < len(scopesAndRules); i += 2 {
		scope := "@" + scopesAndRules[i]
		rule := fmt.Sprintf("{id: %s-%d, says: It holds., grade: documented, source: us, %s}, ", scopesAndRules[i], i/2+1,
			scopesAndRules[i+1])
		text = strings.Replace(text, scope, rule+scope, 1)
	}
	return strings.NewReplacer("@document", "", "@operation", "", "@schema", "", "@maybe", "").Replace(text)
}

// cel makes a rule of an expression.
func cel(expression string) string {
	return "rule: '" + strings.ReplaceAll(expression, "'", "''") + "'"
}

// get is an exchange with a JSON body.
func get(status int, body string) contract.Exchange {
	return contract.Exchange{
		Request:  contract.Request{Method: "GET", Target: "/things", Header: http.Header{}},
		Response: contract.Response{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)},
	}
}

// as is an exchange that a probe made.
func as(probe spec.Probe, ex contract.Exchange) contract.Exchange {
	ex.Probe = probe
	return ex
}

// TestInvalidRules checks that a rule that does not compile is an error of one line with its place.
func TestInvalidRules(t *testing.T) {
	for _, test := range []struct{ name, scope, rule, message string }{
		{name: "not parsed", scope: "operation", rule: "response.status ==", message: "Syntax error"},
		{name: "not parsed, in the third line", scope: "schema", rule: "self.size\n\n=== 1", message: "Syntax error"},
		{name: "an unknown variable", scope: "operation", rule: "respons.status == 200", message: "respons"},
		{name: "self in a rule about exchanges", scope: "document", rule: "self.size == 1", message: "self"},
		{name: "an exchange in a rule of a schema", scope: "schema", rule: "response.status == 200", message: "response"},
		{name: "an unknown function", scope: "operation", rule: "shout(response.status)", message: "shout"},
		{name: "a function of an extension library", scope: "operation", rule: `"A".lowerAscii() == "a"`, message: "lowerAscii"},
		{name: "a macro used wrongly", scope: "operation", rule: "response.body.all(x)", message: "all"},
		{name: "a number", scope: "operation", rule: "size(response)", message: "int"},
		{name: "a text", scope: "schema", rule: `"true"`, message: "string"},
		{name: "a premise that is a number", scope: "operation", rule: "1 ? true : true"},
		{name: "a conclusion that is a number", scope: "operation", rule: "response.status == 200 ? 1 : 2", message: "int"},
		{name: "conclusions of two types", scope: "operation", rule: "response.status == 200 ? 1 : true"},
		{name: "previous outside of the probe repeat", scope: "operation", rule: "response.status == previous.status", message: "previous"},
		{name: "all of previous in a rule of the document", scope: "document", rule: "size(previous) == 0", message: "probe: repeat"},
		{name: "nothing but a remark", scope: "operation", rule: "// nothing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := withRules(test.scope, cel(test.rule))
			doc, err := spec.Read("small.yaml", []byte(text), nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = contract.New(doc)
			holder := map[string]string{"operation": "listThings", "document": "small", "schema": "small"}[test.scope]
			prefix := fmt.Sprintf("%s: rule %s/%s-1: ", placeOf(t, text, "{id: "+test.scope+"-1"), holder, test.scope)
			got := fmt.Sprint(err)
			if !strings.HasPrefix(got, prefix) || !strings.Contains(got, test.message) || strings.ContainsAny(got, "\n\t") {
				t.Errorf("\n got %s\nwant %s… %q in one line", got, prefix, test.message)
			}
		})
	}
}

// TestPlaceOfInvalidRule checks that the place of a rule in lines of its own is the line where its expression begins.
func TestPlaceOfInvalidRule(t *testing.T) {
	text := strings.Replace(withRules(), "x-rules: []\npaths", `x-rules:
  - id: lines
    says: It holds.
    grade: documented
    source: us
    rule: |-
      true &&
      what
paths`, 1)
	doc, err := spec.Read("small.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = contract.New(doc)
	if want := placeOf(t, text, "    rule: |-") + ": rule small/lines: "; !strings.HasPrefix(fmt.Sprint(err), want) {
		t.Errorf("got %v, want %s…", err, want)
	}
}

// TestRules judges one exchange by one rule.
func TestRules(t *testing.T) {
	previous := get(200, `{"key":"before"}`).Response
	repeated := func(body string) contract.Exchange {
		ex := as("repeat", get(200, body))
		ex.Previous = &previous
		return ex
	}
	const (
		passed, broken, wrong, silent = "passed", "broken", "an error", "nothing"
	)
	for _, test := range []struct {
		name, scope, rule string
		ex                contract.Exchange
		want              string
	}{
		{name: "holds", scope: "operation", rule: cel("response.status == 200"), ex: get(200, `{}`), want: passed},
		{name: "does not hold", scope: "operation", rule: cel("response.status == 201"), ex: get(200, `{}`), want: broken},
		{
			name: "integers are integers", scope: "operation", rule: cel("response.body.items[0].size + 1 == 8"),
			ex: get(200, `{"items":[{"size":7}]}`), want: passed,
		},
		{
			name: "names of headers are in lower case", scope: "operation",
			rule: cel(`response.headers["content-type"] == ["application/json"]`), ex: get(200, `{}`), want: passed,
		},
		{name: "the query is lists", scope: "operation", rule: cel(`request.query == {}`), ex: get(200, `{}`), want: passed},

		{
			name: "the premise holds", scope: "operation", rule: cel("response.status == 200 ? size(response.body) == 0 : true"),
			ex: get(200, `{}`), want: passed,
		},
		{
			name: "the premise holds, the conclusion does not", scope: "operation",
			rule: cel("response.status == 200 ? size(response.body) == 1 : true"), ex: get(200, `{}`), want: broken,
		},
		{
			name: "the premise does not hold", scope: "operation", rule: cel("response.status == 201 ? false : true"),
			ex: get(200, `{}`), want: silent,
		},
		{
			name: "the premise does not hold, in parentheses", scope: "operation",
			rule: cel("(response.status == 201) ? (false) : (true)"), ex: get(200, `{}`), want: silent,
		},
		{
			name: "the premise cannot be evaluated", scope: "operation", rule: cel("response.body.none == 1 ? true : true"),
			ex: get(200, `{}`), want: wrong,
		},
		{
			name: "the conclusion cannot be evaluated", scope: "operation",
			rule: cel("response.status == 200 ? response.body.none == 1 : true"), ex: get(200, `{}`), want: wrong,
		},
		{
			name: "no premise, since otherwise is not true", scope: "operation",
			rule: cel("response.status == 201 ? true : !false"), ex: get(200, `{}`), want: passed,
		},

		{name: "a member that is not there", scope: "operation", rule: cel("response.body.none == 1"), ex: get(200, `{}`), want: wrong},
		{name: "types that do not compare", scope: "operation", rule: cel(`response.status > "199"`), ex: get(200, `{}`), want: wrong},
		{name: "neither true nor false", scope: "operation", rule: cel("response.status"), ex: get(200, `{}`), want: wrong},
		{
			name: "a member of a body that is not there", scope: "operation", rule: cel("response.body.key == 1"), ex: get(500, ``),
			want: wrong,
		},
		{
			name: "too expensive", scope: "operation",
			rule: cel("response.body.items.all(a, response.body.items.all(b, response.body.items.all(c, a.size + b.size + c.size > 0)))"),
			ex:   get(200, `{"items":[`+strings.Repeat(`{"size":1},`, 399)+`{"size":1}]}`), want: wrong,
		},

		{
			name: "too expensive without a body", scope: "operation",
			rule: cel(strings.Repeat("[1,2,3,4,5,6,7,8,9].all(a, ", 9) + "a > 0" + strings.Repeat(")", 9)), ex: get(200, `{}`),
			want: wrong,
		},
		{
			name: "too expensive, since it doubles a text", scope: "operation",
			rule: cel(`["x"]` + strings.Repeat(".map(a, a + a)", 29) + `[0] != ""`), ex: get(200, `{}`), want: wrong,
		},

		{name: "of the document", scope: "document", rule: cel("response.status == 200"), ex: get(200, `{}`), want: passed},
		{name: "of a schema, without a value", scope: "schema", rule: cel("self.size > 0"), ex: get(200, `{}`), want: silent},
		{name: "of a schema", scope: "schema", rule: cel("self.size > 0"), ex: get(200, `{"items":[{"size":1},{"size":2}]}`), want: passed},
		{
			name: "of a schema, once broken", scope: "schema", rule: cel("self.size > 0"),
			ex: get(200, `{"items":[{"size":1},{"size":0},{"size":2}]}`), want: broken,
		},
		{
			name: "of a schema, an error in the last", scope: "schema", rule: cel(`self.code != ""`),
			ex: get(200, `{"items":[{"size":1,"code":"a"},{"size":2}]}`), want: wrong,
		},
		{name: "of a schema in another media type's case", scope: "schema", rule: cel("self.size > 0"), ex: func() contract.Exchange {
			ex := get(200, `{"items":[{"size":0}]}`)
			ex.Response.Header.Set("Content-Type", "Application/JSON ; charset=utf-8")
			return ex
		}(), want: broken},

		{
			name: "previous", scope: "operation", rule: "probe: repeat, " + cel("previous.body.key == response.body.key"),
			ex: repeated(`{"key":"before"}`), want: passed,
		},
		{
			name: "previous, changed", scope: "operation", rule: "probe: repeat, " + cel("previous.body.key == response.body.key"),
			ex: repeated(`{"key":"after"}`), want: broken,
		},
		{
			name: "previous that is not there", scope: "operation",
			rule: "probe: repeat, " + cel("previous.body.key == response.body.key"), ex: as("repeat", get(200, `{"key":"after"}`)),
			want: silent,
		},
		{
			name: "previous in traffic", scope: "operation",
			rule: "probe: repeat, " + cel("previous.body.key == response.body.key"), ex: get(200, `{"key":"after"}`), want: silent,
		},

		{
			name: "a probe's rule in traffic", scope: "operation", rule: "probe: no-permission, " + cel("response.status == 403"),
			ex: get(200, `{}`), want: silent,
		},
		{
			name: "another probe's rule", scope: "operation", rule: "probe: no-permission, " + cel("response.status == 403"),
			ex: as("valid-request", get(200, `{}`)), want: silent,
		},
		{
			name: "a probe's rule", scope: "operation", rule: "probe: no-permission, " + cel("response.status == 403"),
			ex: as("no-permission", get(403, `{"size":1,"code":"T.1"}`)), want: passed,
		},
		{
			name: "a probe's rule, broken", scope: "operation", rule: "probe: no-permission, " + cel("response.status == 403"),
			ex: as("no-permission", get(200, `{}`)), want: broken,
		},
		{
			name: "a rule for traffic under a probe", scope: "operation", rule: cel("response.status == 200"),
			ex: as("valid-request", get(200, `{}`)), want: passed,
		},
		{
			name: "a probe without an expression", scope: "operation", rule: "probe: no-permission",
			ex: as("no-permission", get(403, `{"size":1,"code":"T.1"}`)), want: passed,
		},
		{
			name: "a probe without an expression, broken", scope: "operation", rule: "probe: no-permission",
			ex: as("no-permission", get(200, `{}`)), want: broken,
		},
		{
			name: "a probe without an expression, another documented status", scope: "operation", rule: "probe: no-permission",
			ex: as("no-permission", get(404, ``)), want: broken,
		},
		{
			name: "a probe without an expression, in traffic", scope: "operation", rule: "probe: no-permission",
			ex: get(403, `{"size":1,"code":"T.1"}`), want: silent,
		},
		{
			name: "a probe of the document without an expression", scope: "document", rule: "probe: other-account",
			ex: as("other-account", get(403, `{"size":1,"code":"T.1"}`)), want: passed,
		},
		{
			name: "a probe of the document, throttled", scope: "document", rule: "probe: other-account",
			ex: as("other-account", get(429, ``)), want: broken,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := newJudge(t, withRules(test.scope, test.rule)).Check(test.ex)
			got := []string{}
			for range contract.PassedIDs(v) {
				got = append(got, passed)
			}
			for _, f := range v.Findings {
				if strings.HasSuffix(f.ID, "-1") {
					got = append(got, broken)
				}
			}
			for range v.Errors {
				got = append(got, wrong)
			}
			if len(got) == 0 {
				got = append(got, silent)
			}
			if diff := cmp.Diff([]string{test.want}, got); diff != "" {
				t.Errorf("what became of the rule (-want +got):\n%serrors %v\n%s", diff, v.Errors, lines(v))
			}
		})
	}
}

// TestRuleErrors checks the error of a rule that cannot be evaluated: one line with the place of the rule and nothing of the exchange.
func TestRuleErrors(t *testing.T) {
	text := withRules("operation", cel(`response.body[response.body.key] == 1`))
	ex := get(200, `{"key":"\u001b[31mtoken-of-the-reader"}`)
	ex.Request.Header.Set("X-Auth-Token", "token-of-the-reader")
	v := newJudge(t, text).Check(ex)
	if len(v.Errors) != 1 {
		t.Fatalf("got %d errors, want 1: %v", len(v.Errors), v.Errors)
	}
	got := v.Errors[0].Error()
	if want := placeOf(t, text, "{id: operation-1") + ": rule listThings/operation-1 "; !strings.HasPrefix(got, want) {
		t.Errorf("got %s, want %s…", got, want)
	}
	if strings.Contains(got, "\x1b") || strings.Contains(got, "token-of-the-reader") {
		t.Errorf("it shows what the provider sent: %q", got)
	}
}

// TestFirstResponseIsJudged checks that findings about the first response of the probe repeat count.
func TestFirstResponseIsJudged(t *testing.T) {
	judge := newJudge(t,
		withRules("operation", "probe: repeat, "+cel("previous.status == 200 ? previous.body.key == response.body.key : true")))
	for _, test := range []struct {
		name  string
		first contract.Exchange
		want  string
	}{
		{name: "a status that is no success", first: get(404, ``), want: "status/repeat"},
		{name: "a failure", first: get(500, ``), want: "status/server-error"},
		{name: "a body against its schema", first: get(200, `{"key":1}`), want: "schema/type"},
		{name: "no JSON", first: get(200, `{`), want: "body/truncated"},
	} {
		ex := as("repeat", get(200, `{"key":"same"}`))
		ex.Previous = &test.first.Response
		if v := judge.Check(ex); !slices.Contains(idsOf(v), test.want) {
			t.Errorf("%s: got %s, want %s", test.name, idsOf(v), test.want)
		}
	}
}

// TestSecondResponseIsJudged checks that a finding about the second response is left out only if the first has the same promise broken
// at the same place.
func TestSecondResponseIsJudged(t *testing.T) {
	judge := newJudge(t,
		strings.Replace(withRules(), "key: {type: string,", "size: {allOf: [{minimum: 5}, {minimum: 7}]}\n        key: {type: string,", 1))
	for _, test := range []struct {
		name, first, second string
		want                []string // id, pointer and Want
	}{
		{
			name: "the same", first: `{"size":1}`, second: `{"size":1}`,
			want: []string{"schema/minimum /response/body/size at least 5", "schema/minimum /response/body/size at least 7"},
		},
		{
			name: "one more promise of the same value", first: `{"size":6}`, second: `{"size":1}`,
			want: []string{"schema/minimum /response/body/size at least 7", "schema/minimum /response/body/size at least 5"},
		},
		{
			name: "both, and none before", first: `{}`, second: `{"size":1}`,
			want: []string{"schema/minimum /response/body/size at least 5", "schema/minimum /response/body/size at least 7"},
		},
		{
			name: "another value", first: `{"items":[{"size":1},{}]}`, second: `{"items":[{},{"size":1}]}`,
			want: []string{
				"schema/required /response/body/items/1/size the member", "schema/required /response/body/items/0/size the member",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			ex := as("repeat", get(200, test.second))
			ex.Previous = &contract.Response{Status: 200, Header: ex.Response.Header, Body: []byte(test.first)}
			var got []string
			for _, f := range judge.Check(ex).Findings {
				got = append(got, f.ID+" "+f.Pointer+" "+f.Want)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRulesOfTheConsumer checks that a rule which concludes something about the request alone is the consumer's to keep.
func TestRulesOfTheConsumer(t *testing.T) {
	for _, test := range []struct{ name, rule, want string }{
		{name: "the request alone", rule: `request.method == "POST"`, want: "/request"},
		{name: "a premise about the request", rule: `request.method == "GET" ? "key" in request.headers : true`, want: "/request"},
		{name: "a premise about the response", rule: `response.status == 200 ? "key" in request.headers : true`, want: "/request"},
		{name: "a conclusion about the response", rule: `request.method == "GET" ? response.status == 400 : true`, want: "/response"},
		{
			name: "a conclusion about both",
			rule: `request.method == "GET" ? "key" in request.headers && response.status == 200 : true`, want: "/response",
		},
		{name: "the request as a whole", rule: `size(request) == 0`, want: "/request"},
		{name: "neither", rule: `1 == 2`, want: "/response"},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := newJudge(t, withRules("document", cel(test.rule))).Check(get(200, `{}`))
			if len(v.Findings) != 1 || v.Findings[0].Pointer != test.want {
				t.Fatalf("want one finding at %s, got %s%v", test.want, lines(v), v.Errors)
			}
			if d := v.Findings[0]; d.Side() == contract.Consumer && d.Got != "GET /things" {
				t.Errorf("got %q of the request", d.Got)
			}
		})
	}
}
