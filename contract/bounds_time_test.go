package contract

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// slow is a document of which each part can be judged for too long.
const slow = `openapi: 3.1.0
info: {title: Slow, version: "1"}
paths:
  /:
    get:
      operationId: get
      responses:
        "200":
          description: any
          headers: {N: {schema: {type: integer}}}
          content:
            application/json: {schema: {$ref: '#/components/schemas/Any'}}
            application/jsonl: {schema: {$ref: '#/components/schemas/Item'}}
    post:
      operationId: post
      parameters:
        - {name: n, in: query, schema: {type: integer}}
      responses: {"200": {description: any, headers: {N: {schema: {type: integer}}}}}
components:
  schemas:
    Any: {properties: {list: {items: {$ref: '#/components/schemas/Item'}}, even: {$ref: '#/components/schemas/Even'}}}
    Item: {type: string}
    Even:
      x-rules:
        - {id: is-even, says: It is even., grade: documented, source: page, rule: self % 2 == 0}
`

// TestDeadline checks that judging ends when its time is over, at whatever step it is: findings so far stay, the rest is not
// judged, and the next exchange is judged as usual.
func TestDeadline(t *testing.T) {
	doc, err := spec.Read("slow.yaml", []byte(slow), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := New(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, operation string // with the method for its id
		mediaType, body string
		previous        bool   // the same answer came before
		id              string // of the last finding, where there is time for it
		line            string // of the document, at which judging ends
	}{
		{name: "parameters", operation: "post", id: "header/type", line: "slow.yaml:17"},
		{
			name: "a schema", operation: "get", mediaType: "application/json",
			body: `{"list":[` + strings.Repeat("1,", 10_000) + `1]}`, id: "schema/type", line: "slow.yaml:22",
		},
		{name: "items", operation: "get", mediaType: "application/jsonl", body: "1\n1\n", id: "schema/type", line: "slow.yaml:13"},
		{name: "rules", operation: "get", mediaType: "application/json", body: `{"even":1}`, id: "slow/is-even", line: "slow.yaml:25"},
		{
			name: "the first of two answers", operation: "get", mediaType: "application/json",
			body: `{"list":[` + strings.Repeat("1,", 10_000) + `1]}`, previous: true, id: "schema/type", line: "slow.yaml:22",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			ex := Exchange{
				Request: Request{Method: strings.ToUpper(test.operation), Target: "/?n=x"},
				Response: Response{
					Status: 200, Header: map[string][]string{"Content-Type": {test.mediaType}, "N": {"x"}}, Body: []byte(test.body),
				},
			}
			if test.previous {
				first := ex.Response
				ex.Previous, ex.Probe = &first, spec.Repeat
			}
			judge.timeLimit = time.Nanosecond
			short := judge.Check(ex)
			want := test.operation + " could not be judged within 1e-09 s: judging ended at " + test.line
			if len(short.Errors) != 1 || short.Errors[0].Error() != want {
				t.Errorf("got errors %v, want %s", short.Errors, want)
			}
			judge.timeLimit = timeLimit
			long := judge.Check(ex)
			if len(long.Errors) > 0 || len(long.Findings) < 2 || long.Findings[len(long.Findings)-1].ID != test.id {
				t.Errorf("with time: got errors %v, findings %v", long.Errors, long.Findings)
			}
			same := func(a, b Finding) bool { return a.String() == b.String() }
			n := len(short.Findings)
			isPrefix := n <= len(long.Findings) && slices.EqualFunc(short.Findings, long.Findings[:n], same)
			if !isPrefix || n+short.More >= len(long.Findings)+long.More || len(short.Passed()) > 0 || short.Err() == nil {
				t.Errorf("got findings %v, passed %v, error %v", short.Findings, short.Passed(), short.Err())
			}
		})
	}
}
