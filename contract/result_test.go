package contract_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// kinds is a document with an enum, whose values are parts that an exchange may have, and a rule about some answers.
const kinds = `
openapi: 3.0.3
info: {title: Kinds, version: '1'}
paths:
  /parcels/7:
    get:
      operationId: showKind
      x-rules:
        - {id: named, says: A parcel of kind a has a note., grade: documented, source: manual,
           rule: "response.body.kind == 'a' ? has(response.body.note) : true"}
      responses:
        '200':
          description: It.
          content:
            application/json:
              schema: {type: object, properties: {kind: {type: string, enum: [a, b, c]}, name: {enum: [x, y]}, note: {type: string}}}
`

// TestResultCovers checks when one result can stand for another: it has passed and covered all that the other has.
func TestResultCovers(t *testing.T) {
	judge := newJudge(t, kinds)
	for _, test := range []struct {
		name, body, other string
		want              bool
	}{
		{name: "the same", body: `{"kind":"a","name":"x"}`, other: `{"name":"x","kind":"a"}`, want: true},
		{name: "less", body: `{"kind":"b","name":"x"}`, other: `{"kind":"b"}`, want: true},
		{name: "more", body: `{"kind":"b"}`, other: `{"kind":"b","name":"x"}`},
		{name: "another value of the enum", body: `{"kind":"b"}`, other: `{"kind":"c"}`},
		{name: "a promise that is broken", body: `{"kind":"a"}`, other: `{"kind":"a","note":"n"}`},
	} {
		result := checkRaw(t, judge, showOne, parcelResponse(200, "application/json", test.body))
		other := checkRaw(t, judge, showOne, parcelResponse(200, "application/json", test.other))
		if got := result.Covers(other); got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
	body := parcelResponse(200, "application/json", `{"kind":"a","name":"x"}`)
	if checkRaw(t, judge, showOne, body).Covers(checkRaw(t, newJudge(t, kinds), showOne, body)) {
		t.Error("a result covers one by another document")
	}
}

// TestResultErr checks what makes a result an error: findings about the provider graded documented or recorded, rules that
// cannot be evaluated, and a path that the document does not know.
func TestResultErr(t *testing.T) {
	found := func(pointer string, grade spec.Grade) contract.Result {
		return contract.Result{Judged: true, Findings: []contract.Finding{{ID: "a/b", Pointer: pointer, Evidence: spec.Evidence{Grade: grade}}}}
	}
	for _, test := range []struct {
		name   string
		result contract.Result
		fails  bool
	}{
		{name: "nothing", result: contract.Result{Judged: true}},
		{name: "not judged", result: contract.Result{}, fails: true},
		{name: "documented", result: found("/response/body", spec.Documented), fails: true},
		{name: "recorded", result: found("/response/body", spec.Recorded), fails: true},
		{name: "inferred", result: found("/response/body", spec.Inferred)},
		{name: "of the consumer", result: found("/request/body", spec.Documented)},
		{name: "a rule that cannot be evaluated", result: contract.Result{Judged: true, Errors: []error{io.EOF}}, fails: true},
	} {
		if err := test.result.Err(); (err != nil) != test.fails {
			t.Errorf("%s: got %v, want an error: %t", test.name, err, test.fails)
		}
	}
	many := found("/response/body", spec.Documented)
	many.More = 3
	if got := many.Err().Error(); !strings.HasSuffix(got, "\nand 3 more") {
		t.Errorf("got %q", got)
	}
}

// TestResultErrUnknown checks what the error of an exchange that was not judged says: what the document does not have, and
// the near miss, without secrets.
func TestResultErrUnknown(t *testing.T) {
	judge := servedBy(t, "servers: [{url: 'https://api.example.com/v1'}]")
	preflight := sentTo("OPTIONS", "https://api.example.com/v1/orders")
	preflight.Request.Header = http.Header{"Origin": {"https://app.example.com"}, "Access-Control-Request-Method": {"GET"}}
	secret := sentTo("GET", "https://api.example.com/v1/customers/s3cr3t-t0k3n-0f-m1ne?token=s3cr3t-t0k3n-0f-m1ne")
	secret.Request.Header.Set("Authorization", "Bearer s3cr3t-t0k3n-0f-m1ne")
	for _, test := range []struct {
		name string
		ex   contract.Exchange
		want string
	}{
		{
			name: "a path", ex: sentTo("GET", "https://api.example.com/v1/customers?limit=1"),
			want: "the document has no such path: GET /v1/customers",
		},
		{name: "a path without an origin", ex: sentTo("GET", "/customers"), want: "the document has no such path: GET /customers"},
		{
			name: "a near miss", ex: sentTo("GET", "https://api.example.com/v1/Orders"),
			want: "the document has no such path: GET /v1/Orders\n" +
				"path/near-miss at /request/path: want the path /v1/orders, got /v1/Orders (documented, orders.yaml:5)",
		},
		{
			name: "a server", ex: sentTo("GET", "https://www.example.com/v1/orders"),
			want: "the document has no server for https://www.example.com/v1/orders: give its URL to Load or New",
		},
		{
			name: "a base path", ex: sentTo("GET", "https://api.example.com/orders"),
			want: "the document has no server for https://api.example.com/orders: give its URL to Load or New",
		},
		{name: "a preflight", ex: preflight, want: "a CORS preflight is not judged: OPTIONS /v1/orders"},
		{name: "a secret", ex: secret, want: "the document has no such path: GET /v1/customers/REDACTED"},
	} {
		err := judge.Check(test.ex).Err()
		if !errors.Is(err, contract.ErrUnknown) || err.Error() != test.want {
			t.Errorf("%s: got %v\nwant %s", test.name, err, test.want)
		}
	}
}

// TestCovered checks that all parts of the document that an exchange had are covered, down to media types and headers.
func TestCovered(t *testing.T) {
	for _, c := range allCases(t) {
		if c.Name != "legal-as-documented" {
			continue
		}
		covered := strings.Join(contract.CoveredPointers(judgeOf(t, c.Document).Check(c.Exchange)), " ")
		for _, want := range []string{"/content/application~1json", "/headers/X-Request-Id"} {
			if !strings.Contains(covered, want) {
				t.Errorf("not covered: %s in %s", want, covered)
			}
		}
		return
	}
	t.Error("no such case")
}
