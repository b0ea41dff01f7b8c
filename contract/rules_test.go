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
		rule := fmt.Sprintf("{id: %s-%d, says: It holds., grade: documented, source: us, %s}, ", scopesAndRules[i], i/2+1, scopesAndRules[i+1])
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

func TestBrokenRules(t *testing.T) {
	for _, test := range []struct{ name, scope, rule, says string }{
		{"not parsed", "operation", "response.status ==", "Syntax error"},
		{"not parsed, in the third line", "schema", "self.size\n\n=== 1", "Syntax error"},
		{"an unknown variable", "operation", "respons.status == 200", "respons"},
		{"self in a rule about exchanges", "document", "self.size == 1", "self"},
		{"an exchange in a rule of a schema", "schema", "response.status == 200", "response"},
		{"an unknown function", "operation", "shout(response.status)", "shout"},
		{"a function of an extension library", "operation", `"A".lowerAscii() == "a"`, "lowerAscii"},
		{"a macro used wrongly", "operation", "response.body.all(x)", "all"},
		{"a number", "operation", "size(response)", "int"},
		{"a text", "schema", `"true"`, "string"},
		{"a premise that is a number", "operation", "1 ? true : true", ""},
		{"a conclusion that is a number", "operation", "response.status == 200 ? 1 : 2", "int"},
		{"conclusions of two types", "operation", "response.status == 200 ? 1 : true", ""},
		{"previous outside of the probe repeat", "operation", "response.status == previous.status", "previous"},
		{"all of previous in a rule of the document", "document", "size(previous) == 0", "probe: repeat"},
		{"nothing but a remark", "operation", "// nothing", ""},
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
			if !strings.HasPrefix(got, prefix) || !strings.Contains(got, test.says) || strings.ContainsAny(got, "\n\t") {
				t.Errorf("\n got %s\nwant %s… %q in one line", got, prefix, test.says)
			}
		})
	}
}

// The place of a rule that stands in lines of its own is the line of its expression.
func TestPlaceOfBrokenRule(t *testing.T) {
	text := strings.Replace(withRules(), "x-rules: []\npaths", "x-rules:\n  - id: lines\n    says: It holds.\n    grade: documented\n    source: us\n    rule: |-\n      true &&\n      what\npaths", 1)
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
		kept, broken, wrong, silent = "kept", "broken", "an error", "nothing"
	)
	for _, test := range []struct {
		name, scope, rule string
		ex                contract.Exchange
		want              string
	}{
		{"holds", "operation", cel("response.status == 200"), get(200, `{}`), kept},
		{"does not hold", "operation", cel("response.status == 201"), get(200, `{}`), broken},
		{"integers are integers", "operation", cel("response.body.items[0].size + 1 == 8"), get(200, `{"items":[{"size":7}]}`), kept},
		{"names of headers are in lower case", "operation", cel(`response.headers["content-type"] == ["application/json"]`), get(200, `{}`), kept},
		{"the query is lists", "operation", cel(`request.query == {}`), get(200, `{}`), kept},

		{"the premise holds", "operation", cel("response.status == 200 ? size(response.body) == 0 : true"), get(200, `{}`), kept},
		{"the premise holds, the conclusion does not", "operation", cel("response.status == 200 ? size(response.body) == 1 : true"), get(200, `{}`), broken},
		{"the premise does not hold", "operation", cel("response.status == 201 ? false : true"), get(200, `{}`), silent},
		{"the premise does not hold, in parentheses", "operation", cel("(response.status == 201) ? (false) : (true)"), get(200, `{}`), silent},
		{"the premise cannot be evaluated", "operation", cel("response.body.none == 1 ? true : true"), get(200, `{}`), wrong},
		{"the conclusion cannot be evaluated", "operation", cel("response.status == 200 ? response.body.none == 1 : true"), get(200, `{}`), wrong},
		{"no premise, since otherwise is not true", "operation", cel("response.status == 201 ? true : !false"), get(200, `{}`), kept},

		{"a member that is not there", "operation", cel("response.body.none == 1"), get(200, `{}`), wrong},
		{"types that do not compare", "operation", cel(`response.status > "199"`), get(200, `{}`), wrong},
		{"neither true nor false", "operation", cel("response.status"), get(200, `{}`), wrong},
		{"a member of a body that is not there", "operation", cel("response.body.key == 1"), get(500, ``), wrong},
		{"too expensive", "operation", cel("response.body.items.all(a, response.body.items.all(b, response.body.items.all(c, a.size + b.size + c.size > 0)))"),
			get(200, `{"items":[`+strings.Repeat(`{"size":1},`, 399)+`{"size":1}]}`), wrong},

		{"too expensive without a body", "operation", cel(strings.Repeat("[1,2,3,4,5,6,7,8,9].all(a, ", 9) + "a > 0" + strings.Repeat(")", 9)), get(200, `{}`), wrong},
		{"too expensive, since it doubles a text", "operation", cel(`["x"]` + strings.Repeat(".map(a, a + a)", 29) + `[0] != ""`), get(200, `{}`), wrong},

		{"of the document", "document", cel("response.status == 200"), get(200, `{}`), kept},
		{"of a schema, without a value", "schema", cel("self.size > 0"), get(200, `{}`), silent},
		{"of a schema", "schema", cel("self.size > 0"), get(200, `{"items":[{"size":1},{"size":2}]}`), kept},
		{"of a schema, once broken", "schema", cel("self.size > 0"), get(200, `{"items":[{"size":1},{"size":0},{"size":2}]}`), broken},
		{"of a schema, an error in the last", "schema", cel(`self.code != ""`), get(200, `{"items":[{"size":1,"code":"a"},{"size":2}]}`), wrong},
		{"of a schema in another media type's case", "schema", cel("self.size > 0"), func() contract.Exchange {
			ex := get(200, `{"items":[{"size":0}]}`)
			ex.Response.Header.Set("Content-Type", "Application/JSON ; charset=utf-8")
			return ex
		}(), broken},

		{"previous", "operation", "probe: repeat, " + cel("previous.body.key == response.body.key"), repeated(`{"key":"before"}`), kept},
		{"previous, changed", "operation", "probe: repeat, " + cel("previous.body.key == response.body.key"), repeated(`{"key":"after"}`), broken},
		{"previous that is not there", "operation", "probe: repeat, " + cel("previous.body.key == response.body.key"), as("repeat", get(200, `{"key":"after"}`)), silent},
		{"previous in traffic", "operation", "probe: repeat, " + cel("previous.body.key == response.body.key"), get(200, `{"key":"after"}`), silent},

		{"a probe's rule in traffic", "operation", "probe: no-permission, " + cel("response.status == 403"), get(200, `{}`), silent},
		{"another probe's rule", "operation", "probe: no-permission, " + cel("response.status == 403"), as("valid-request", get(200, `{}`)), silent},
		{"a probe's rule", "operation", "probe: no-permission, " + cel("response.status == 403"), as("no-permission", get(403, `{"size":1,"code":"T.1"}`)), kept},
		{"a probe's rule, broken", "operation", "probe: no-permission, " + cel("response.status == 403"), as("no-permission", get(200, `{}`)), broken},
		{"a rule for traffic under a probe", "operation", cel("response.status == 200"), as("valid-request", get(200, `{}`)), kept},
		{"a probe without an expression", "operation", "probe: no-permission", as("no-permission", get(403, `{"size":1,"code":"T.1"}`)), kept},
		{"a probe without an expression, broken", "operation", "probe: no-permission", as("no-permission", get(200, `{}`)), broken},
		{"a probe without an expression, another documented status", "operation", "probe: no-permission", as("no-permission", get(404, ``)), broken},
		{"a probe without an expression, in traffic", "operation", "probe: no-permission", get(403, `{"size":1,"code":"T.1"}`), silent},
		{"a probe of the document without an expression", "document", "probe: other-account", as("other-account", get(403, `{"size":1,"code":"T.1"}`)), kept},
		{"a probe of the document, throttled", "document", "probe: other-account", as("other-account", get(429, ``)), broken},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := newJudge(t, withRules(test.scope, test.rule)).Check(test.ex)
			got := []string{}
			for range contract.PassedIDs(v) {
				got = append(got, kept)
			}
			for _, d := range v.Findings {
				if strings.HasSuffix(d.ID, "-1") {
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
				t.Errorf("what is said of the rule (-want +got):\n%serrors %v\n%s", diff, v.Errors, lines(v))
			}
		})
	}
}

// TestRuleErrors holds what is said of a rule that cannot be evaluated: one line with the place, and nothing of the exchange.
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

// TestFirstAnswerIsJudged holds that asking twice is no way around the judge: what is wrong with the first answer counts.
func TestFirstAnswerIsJudged(t *testing.T) {
	judge := newJudge(t, withRules("operation", "probe: repeat, "+cel("previous.status == 200 ? previous.body.key == response.body.key : true")))
	for _, test := range []struct {
		name  string
		first contract.Exchange
		want  string
	}{
		{"a status that is no success", get(404, ``), "status/repeat"},
		{"a failure", get(500, ``), "status/repeat"},
		{"a body against its schema", get(200, `{"key":1}`), "schema/type"},
		{"no JSON", get(200, `{`), "body/truncated"},
	} {
		ex := as("repeat", get(200, `{"key":"same"}`))
		ex.Previous = &test.first.Response
		if v := judge.Check(ex); !slices.Contains(idsOf(v), test.want) {
			t.Errorf("%s: got %s, want %s", test.name, idsOf(v), test.want)
		}
	}
}

// TestSecondAnswerIsJudged holds that of two answers the second loses only what the first had at the same place, by the
// same promise.
func TestSecondAnswerIsJudged(t *testing.T) {
	judge := newJudge(t, strings.Replace(withRules(), "key: {type: string,", "size: {allOf: [{minimum: 5}, {minimum: 7}]}\n        key: {type: string,", 1))
	for _, test := range []struct {
		name, first, second string
		want                []string // id, pointer and what was wanted
	}{
		{"the same", `{"size":1}`, `{"size":1}`, []string{"schema/minimum /response/body/size at least 5", "schema/minimum /response/body/size at least 7"}},
		{"one more promise of the same value", `{"size":6}`, `{"size":1}`, []string{"schema/minimum /response/body/size at least 7", "schema/minimum /response/body/size at least 5"}},
		{"both, and none before", `{}`, `{"size":1}`, []string{"schema/minimum /response/body/size at least 5", "schema/minimum /response/body/size at least 7"}},
		{"another value", `{"items":[{"size":1},{}]}`, `{"items":[{},{"size":1}]}`, []string{"schema/required /response/body/items/1/size the member", "schema/required /response/body/items/0/size the member"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			ex := as("repeat", get(200, test.second))
			ex.Previous = &contract.Response{Status: 200, Header: ex.Response.Header, Body: []byte(test.first)}
			var got []string
			for _, d := range judge.Check(ex).Findings {
				got = append(got, d.ID+" "+d.Pointer+" "+d.Want)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
