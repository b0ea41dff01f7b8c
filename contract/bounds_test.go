package contract_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// bounds is a document whose one response may be large in many ways.
const bounds = `openapi: 3.1.0
info: {title: Bounds, version: "1"}
paths:
  /:
    get:
      operationId: get
      parameters:
        - {name: q, in: query, schema: {pattern: '^(?=(a+)+$)(?:\1+)+$'}}
        - {name: l, in: query, explode: false, schema: {$ref: '#/components/schemas/List'}}
      responses:
        "200":
          description: any
          headers: {N: {schema: {type: integer}}, L: {schema: {$ref: '#/components/schemas/List'}}}
          content:
            application/json: {schema: {$ref: '#/components/schemas/Any'}}
            application/jsonl: {schema: {type: integer}}
            application/json-seq: {schema: {type: integer}}
            text/event-stream: {schema: {type: array, items: {type: object}}}
            application/x-www-form-urlencoded: {schema: {type: object}}
components:
  schemas:
    List: {type: [array, string], prefixItems: [{pattern: '^(?=(a+)+$)(?:\1+)+$'}, {type: integer}]}
    Any:
      properties:
        texts: {type: array, items: {type: string}}
        text: {type: string}
        once: {uniqueItems: true}
        some: {type: object, properties: {a: {}}}
        none: {additionalProperties: false}
        named: {propertyNames: {maxLength: 1}}
        lists: {additionalProperties: {items: {type: string}}}
        slow: {items: {pattern: '^(?=(a+)+$)(?:\1+)+$'}}
        slowly: {patternProperties: {'^(?=(a+)+$)(?:\1+)+$': {type: integer}}}
        tree: {$ref: '#/components/schemas/Tree'}
        deep: {$ref: '#/components/schemas/Deep'}
        ruled: {type: array, items: {$ref: '#/components/schemas/Ruled'}}
        rest: {allOf: [{allOf: [{items: {}}]}], unevaluatedItems: false}
        sure: {required: [a]}
    Ruled:
      x-rules:
        - {id: is-even, says: It is even., grade: documented, source: page, rule: self % 2 == 0}
        - {id: is-seven, says: It is a multiple of seven., grade: documented, source: page, rule: self % 7 == 0}
    Deep:
      properties: {d: {$ref: '#/components/schemas/Deep'}}
      items: {$ref: '#/components/schemas/Deep'}
    Tree:
      anyOf:
        - {properties: {a: {$ref: '#/components/schemas/Tree'}}, required: [no]}
        - {properties: {a: {$ref: '#/components/schemas/Tree'}}, minProperties: 2}
      allOf:
        - {properties: {a: {$ref: '#/components/schemas/Tree'}}}
        - {properties: {a: {$ref: '#/components/schemas/Tree'}}}
      oneOf:
        - {properties: {a: {$ref: '#/components/schemas/Tree'}}, required: [no]}
        - {properties: {a: {$ref: '#/components/schemas/Tree'}}}
`

// TestBounds checks that judging one exchange takes limited memory and lists a limited number of findings, whatever the provider
// sends.
func TestBounds(t *testing.T) {
	judge := newJudge(t, bounds)
	for _, test := range []struct {
		name, body string
		id         string // of the first finding
		findings   int    // how many there are, those that are not listed among them
		megabytes  uint64 // that may be allocated in all
	}{
		{name: "broken elements", body: `{"texts":` + list("12", 500_000) + `}`, id: "schema/type", findings: 500_000, megabytes: 100},
		{
			name: "one large value of the wrong type", body: `{"text":` + list("12", 500_000) + `}`, id: "schema/type", findings: 1,
			megabytes: 50,
		},
		{
			name: "a large value among many", body: `{"texts":[` + list("12", 500_000) + strings.Repeat(",{}", 100) + `]}`,
			id: "schema/type", findings: 101, megabytes: 50,
		},
		{
			name: "elements below a long name",
			body: `{"lists":{"` + strings.Repeat("x", 100_000) + `":` + list("1", 100_000) + `}}`, id: "schema/type",
			findings: 100_000, megabytes: 50,
		},
		{
			name: "undocumented members", body: `{"some":{` + members(200_000) + `}}`, id: "member/undocumented",
			findings: 200_000, megabytes: 60,
		},
		{
			name: "members that are forbidden", body: `{"none":{` + members(200_000) + `}}`, id: "schema/additionalProperties",
			findings: 200_000, megabytes: 75,
		},
		{
			name: "names that are too long", body: `{"named":{` + members(200_000) + `}}`, id: "schema/maxLength",
			findings: 199_990, megabytes: 90,
		},
		{
			name: "a member that is missing among many", body: `{"sure":{` + members(200_000) + `}}`, id: "schema/required",
			findings: 1, megabytes: 45,
		},
		{name: "elements that differ", body: `{"once":[` + numbers(200_000) + `]}`, megabytes: 12},
		{
			name: "elements that differ but for one", body: `{"once":[` + numbers(200_000) + `,7]}`, id: "schema/uniqueItems",
			findings: 1, megabytes: 35,
		},
		{
			name: "elements that break a rule", body: `{"ruled":` + list("7", 100_000) + `}`, id: "small/is-even",
			findings: 100_000, megabytes: 40,
		},
		{
			name: "a million elements by several rules", body: `{"ruled":` + list("7", 1_000_000) + `}`, id: "small/is-even",
			findings: 1_000_000, megabytes: 250,
		},
		{name: "elements that a branch describes", body: `{"rest":` + list("7", 1_000_000) + `}`, megabytes: 100},
		{
			name: "branches that double", body: `{"tree":` + strings.Repeat(`{"a":`, 40) + "{}" + strings.Repeat("}", 40) + `}`,
			id: "schema/anyOf", findings: 41 + 40, megabytes: 5,
		},
		{name: "the deepest value", body: `{"deep":` + strings.Repeat(`[{"d":`, 255) + "7" + strings.Repeat("}]", 255) + `}`, megabytes: 5},
		{name: "the largest body", body: `{"text":"` + strings.Repeat("x", 16<<20-11) + `"}`, megabytes: 40},
		{
			name: "the largest body with the most values", body: `{"texts":` + list("7", 8<<20-10) + `}`, id: "schema/type",
			findings: 8<<20 - 10, megabytes: 1500,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if testing.Short() && test.megabytes > 1000 {
				t.Skip("takes seconds")
			}
			ex := contract.Exchange{
				Request: contract.Request{Method: "GET", Target: "/"},
				Response: contract.Response{
					Status: 200, Header: map[string][]string{"Content-Type": {"application/json"}}, Body: []byte(test.body),
				},
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			result := judge.Check(ex)
			runtime.ReadMemStats(&after)
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > test.megabytes {
				t.Errorf("%d MiB were allocated, want at most %d", used, test.megabytes)
			}
			counted, more := map[string]int{}, result.More
			for _, f := range result.Findings {
				isOther := f.ID != test.id
				counted[f.ID]++
				isEarly := isOther && counted[test.id] == 0
				if isEarly || counted[f.ID] > 20 {
					t.Errorf("finding %d of its id is %v", counted[f.ID], f)
				}
			}
			isShort := more > 0 && counted[test.id] != 20
			if isShort || len(result.Errors) > 0 {
				t.Errorf("%d findings are listed, and %d more; errors: %v", len(result.Findings), more, result.Errors)
			}
			if got := len(result.Findings) + more; got != test.findings {
				t.Errorf("got %d findings, want %d; the first are %.300s", got, test.findings, lines(result))
			}
		})
	}
}

// TestBoundsOfMemory checks that an exchange beyond the memory limit takes little memory and has one error. Findings from before
// the limit stay.
func TestBoundsOfMemory(t *testing.T) {
	judge := newJudge(t, bounds)
	for _, test := range []struct {
		name, mediaType, body string
		line                  int // of the document, at which judging ends
		megabytes             uint64
	}{
		{name: "lines", mediaType: "application/jsonl", body: strings.Repeat("7\n", 4<<20), line: 16, megabytes: 50},
		{name: "records", mediaType: "application/json-seq", body: strings.Repeat("\x1e7", 4<<20), line: 17, megabytes: 50},
		{name: "events", mediaType: "text/event-stream", body: strings.Repeat("id:\n\n", 1<<20), line: 18, megabytes: 50},
		{name: "pairs", mediaType: "application/x-www-form-urlencoded", body: strings.Repeat("a&", 4<<20), line: 19, megabytes: 50},
		{
			name: "values that rules see", mediaType: "application/json",
			body: `{"texts":["",7],"ruled":` + list("7", 8<<20-20) + `}`, line: 11, megabytes: 2000,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if testing.Short() && test.megabytes > 1000 {
				t.Skip("takes seconds")
			}
			ex := contract.Exchange{
				Request: contract.Request{Method: "GET", Target: "/"},
				Response: contract.Response{
					Status: 200, Header: map[string][]string{"Content-Type": {test.mediaType}, "N": {"x"}}, Body: []byte(test.body),
				},
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			result := judge.Check(ex)
			runtime.ReadMemStats(&after)
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > test.megabytes {
				t.Errorf("%d MiB were allocated, want at most %d", used, test.megabytes)
			}
			want := fmt.Sprintf("get could not be judged within 512 MiB of memory: judging ended at small.yaml:%d", test.line)
			if len(result.Errors) != 1 || result.Errors[0].Error() != want || result.Err() == nil {
				t.Errorf("got errors %v, want %s", result.Errors, want)
			}
			if len(result.Findings) == 0 || result.Findings[0].ID != "header/type" || len(result.Passed()) > 0 {
				t.Errorf("got findings %v, passed %v", result.Findings, result.Passed())
			}
		})
	}
}

// TestBoundsOfPatterns checks that a slow pattern is listed once as not checked, and that the rest of the exchange is judged.
func TestBoundsOfPatterns(t *testing.T) {
	long := `"` + strings.Repeat("a", 64) + `b"`
	for _, test := range []struct {
		name, request, header, body string
		want                        []string // not checked
	}{
		{
			name: "texts", request: "/", body: `{"slow":[` + strings.Repeat(long+",", 1000) + `""],"texts":[1]}`,
			want: []string{"pattern at small.yaml:32, which takes more than 1 s"},
		},
		{
			name: "names", request: "/", body: `{"slowly":{` + long + `:1},"texts":[1]}`,
			want: []string{"pattern at small.yaml:33, which takes more than 1 s"},
		},
		{
			name: "a parameter", request: "/?q=" + strings.Trim(long, `"`), body: `{"texts":[1]}`,
			want: []string{"pattern at small.yaml:8, which takes more than 1 s"},
		},
		{
			name: "a list that is a text", request: "/?l=" + strings.Trim(long, `"`) + ",x", body: `{"texts":[1]}`,
			want: []string{"pattern at small.yaml:22, which takes more than 1 s"},
		},
		{
			name: "a header that is a text", request: "/", header: strings.Trim(long, `"`) + ",x", body: `{"texts":[1]}`,
			want: []string{"pattern at small.yaml:22, which takes more than 1 s"},
		},
		{name: "short texts", request: "/?q=a", body: `{"slow":["a"],"slowly":{"a":1},"texts":[1]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := newJudge(t, bounds).Check(contract.Exchange{
				Request: contract.Request{Method: "GET", Target: test.request},
				Response: contract.Response{
					Status: 200, Header: map[string][]string{"Content-Type": {"application/json"}, "L": {test.header}},
					Body: []byte(test.body),
				},
			})
			if diff := cmp.Diff(test.want, result.NotChecked); diff != "" {
				t.Error(diff)
			}
			if len(result.Errors) > 0 || len(result.Findings) != 1 || result.Findings[0].ID != "schema/type" {
				t.Errorf("got errors %v, findings %v", result.Errors, result.Findings)
			}
		})
	}
}

// list is an array of the same element many times over.
func list(element string, n int) string {
	return "[" + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + "]"
}

// numbers are the numbers from 0 on.
func numbers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ",%d", i)
	}
	return b.String()[1:]
}

// members are members with different names.
func members(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"%d":1`, i)
	}
	return b.String()[1:]
}
