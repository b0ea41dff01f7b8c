package twojudges

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/contracttest"
)

// The same test of a handler by contracttest and by the two other validators, as their users write it: the request and the
// response of a recorder are given to the validator. TestHandlerFaults lists what each finds, BenchmarkHandlerTest how long each
// takes.

// orders is a document of which each of the three judges accepts what is right.
const orders = `openapi: 3.0.3
info: {title: Orders, version: "1"}
paths:
  /orders:
    get:
      operationId: listOrders
      security: [{Key: []}]
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 100}}
        - {name: X-Tenant, in: header, required: true, schema: {type: string}}
      responses:
        "200":
          description: The orders.
          headers: {X-Total: {required: true, schema: {type: integer}}}
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}}}
        "404": {description: There are none.}
        "405": {description: Not now.}
    post:
      operationId: createOrder
      security: [{Key: []}]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
      responses:
        "201": {description: The order was created.}
components:
  securitySchemes: {Key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Order:
      type: object
      required: [id, state]
      properties:
        id: {type: integer, format: int64, maximum: 9007199254740992}
        state: {type: string, enum: [open, paid, sent]}
        note: {type: string, maxLength: 40}
        at: {type: string, format: date-time}
`

// tenOrders is a body of about a kilobyte.
var tenOrders = "[" + strings.Repeat(`{"id":7,"state":"open","note":"leave it at the door","at":"2026-11-26T12:00:00Z"},`, 9) +
	`{"id":8,"state":"sent"}]`

// judgedBy wraps a handler so that what is wrong with an exchange is reported.
type judgedBy func(h http.Handler, report func(string)) http.Handler

// handlerJudges are the three judges, ours first.
func handlerJudges(t testing.TB, kin *openapi3filter.Options, options ...config.Option) []struct {
	name string
	wrap judgedBy
} {
	return []struct {
		name string
		wrap judgedBy
	}{
		{name: "contracttest", wrap: ourHandler(t)},
		{name: "kin-openapi", wrap: kinHandler(t, kin)},
		{name: "libopenapi-validator", wrap: libopenapiHandler(t, options...)},
	}
}

// reporter is a test whose errors are reported elsewhere.
type reporter struct {
	testing.TB
	report func(string)
}

func (r reporter) Error(args ...any) { r.report(fmt.Sprint(args...)) }

func ourHandler(t testing.TB) judgedBy {
	file := filepath.Join(t.TempDir(), "orders.yaml")
	if err := os.WriteFile(file, []byte(orders), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(h http.Handler, report func(string)) http.Handler {
		return contracttest.New(reporter{t, report}, file, contracttest.Side(contract.Both)).Handler(h)
	}
}

// replay writes what a recorder has.
func replay(w http.ResponseWriter, recorded *httptest.ResponseRecorder) {
	for name, values := range recorded.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(recorded.Code)
	_, _ = w.Write(recorded.Body.Bytes())
}

func kinHandler(t testing.TB, options *openapi3filter.Options) judgedBy {
	doc, err := openapi3.NewLoader().LoadFromData([]byte(orders))
	if err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return func(h http.Handler, report func(string)) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			route, params, err := router.FindRoute(r)
			if err != nil {
				report(err.Error())
				h.ServeHTTP(w, r)
				return
			}
			input := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: options}
			if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
				report(err.Error())
			}
			recorded := httptest.NewRecorder()
			h.ServeHTTP(recorded, r)
			response := &openapi3filter.ResponseValidationInput{
				RequestValidationInput: input, Status: recorded.Code, Header: recorded.Header(), Options: options,
			}
			response.SetBodyBytes(recorded.Body.Bytes())
			if err := openapi3filter.ValidateResponse(context.Background(), response); err != nil {
				report(err.Error())
			}
			replay(w, recorded)
		})
	}
}

func libopenapiHandler(t testing.TB, options ...config.Option) judgedBy {
	doc, err := libopenapi.NewDocument([]byte(orders))
	if err != nil {
		t.Fatal(err)
	}
	v, errs := validator.NewValidator(doc, options...)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return func(h http.Handler, report func(string)) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var body bytes.Buffer
			if r.Body != nil {
				_, _ = body.ReadFrom(r.Body)
			}
			again := func() *http.Request {
				copied := *r
				copied.Body = http.NoBody
				if body.Len() > 0 {
					copied.Body = readCloser{bytes.NewReader(body.Bytes())}
				}
				return &copied
			}
			recorded := httptest.NewRecorder()
			h.ServeHTTP(recorded, again())
			if _, invalid := v.ValidateHttpRequestResponse(again(), recorded.Result()); len(invalid) > 0 {
				report(invalid[0].Message)
			}
			replay(w, recorded)
		})
	}
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// BenchmarkHandlerTest measures one call of a handler in a test, which responds with ten orders: alone, by contracttest, and by
// the others with the options of their documentation.
func BenchmarkHandlerTest(b *testing.B) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Total", "10")
		_, _ = w.Write([]byte(tenOrders))
	})
	run := func(h http.Handler) func(*testing.B) {
		return func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest("GET", "/orders?limit=10", nil)
				r.Header.Set("X-Tenant", "acme")
				r.Header.Set("X-Key", "k")
				h.ServeHTTP(httptest.NewRecorder(), r)
			}
		}
	}
	b.Run("not judged", run(handler))
	kin := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}
	for _, judge := range handlerJudges(b, kin) {
		b.Run(judge.name, run(judge.wrap(handler, func(line string) { b.Error(line) })))
	}
}

// TestHandlerFaults checks that docs/performance.md lists the faults of exchanges that a test finds by each judge, each with the
// options with which it finds the most. Ours must find all of them, and none may find anything in what is right.
func TestHandlerFaults(t *testing.T) {
	const list, one = "/orders?limit=10", `[{"id":7,"state":"open"}]`
	type fault struct {
		name                      string
		method, target, body      string // default: GET, list
		status                    int    // default: 200
		mediaType, response, lose string
		header                    http.Header
	}
	faults := []fault{
		{name: "nothing"},
		{name: "a status that the document does not have", status: 403, response: "no", mediaType: "text/plain"},
		{name: "a body where the document has none", status: 404, response: "404 page not found", mediaType: "text/plain"},
		{name: "another media type", mediaType: "text/plain"},
		{name: "no media type", mediaType: "none"},
		{name: "a required member is missing", response: `[{"id":7}]`},
		{name: "a member of another type", response: `[{"id":"7","state":"open"}]`},
		{name: "a value that is not in the enum", response: `[{"id":7,"state":"lost"}]`},
		{name: "a date that is none", response: `[{"id":7,"state":"open","at":"2026-02-30T12:00:00Z"}]`},
		{name: "an integer above its maximum by one, beyond 2^53", response: `[{"id":9007199254740993,"state":"open"}]`},
		{name: "a member twice", response: `[{"id":7,"id":8,"state":"open"}]`},
		{name: "bytes after the JSON", response: one + "]"},
		{name: "bytes that are not UTF-8", response: "[{\"id\":7,\"state\":\"open\",\"note\":\"\xff\"}]"},
		{name: "a required header is missing", lose: "X-Total"},
		{name: "a header of another type", header: http.Header{"X-Total": {"ten"}}},
		{name: "an ETag twice", header: http.Header{"Etag": {`"a"`, `"b"`}}},
		{name: "a Content-Length of another body", header: http.Header{"Content-Length": {"7"}}},
		{name: "a 405 without Allow", status: 405, mediaType: "none", response: "none"},
		{name: "a method that the document does not have", method: "DELETE"},
		{name: "a path that the document does not have", target: "/order"},
		{name: "a query parameter beyond its maximum", target: "/orders?limit=900"},
		{name: "a query parameter that the document does not have", target: "/orders?limt=10"},
		{name: "a query parameter twice", target: "/orders?limit=10&limit=20"},
		{name: "no credentials", header: http.Header{"-X-Key": nil}},
		{name: "a required header of the request is missing", header: http.Header{"-X-Tenant": nil}},
		{name: "a misspelt member of the request", method: "POST", target: "/orders", body: `{"id":7,"state":"open","nota":"x"}`, status: 201},
		{name: "a member of the request twice", method: "POST", target: "/orders", body: `{"id":7,"id":7,"state":"open"}`, status: 201},
	}
	judges := handlerJudges(t, tuned(), strict()...)
	table := "| wrong | contracttest | kin-openapi | libopenapi-validator |\n|---|---|---|---|\n"
	total := make([]int, len(judges))
	for _, f := range faults {
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			status := cmp.Or(f.status, 200)
			w.Header().Set("Content-Type", cmp.Or(f.mediaType, "application/json"))
			if f.mediaType == "none" || status == 201 {
				w.Header()["Content-Type"] = nil
			}
			if status == 200 {
				w.Header().Set("X-Total", "10")
			}
			w.Header().Del(f.lose)
			for name, values := range f.header {
				if !strings.HasPrefix(name, "-") {
					w.Header()[name] = values
				}
			}
			w.WriteHeader(status)
			if status != 201 && f.response != "none" {
				_, _ = w.Write([]byte(cmp.Or(f.response, one)))
			}
		})
		row := "| " + f.name
		for i, judge := range judges {
			found := []string{}
			r := httptest.NewRequest(cmp.Or(f.method, "GET"), cmp.Or(f.target, list), strings.NewReader(f.body))
			for name, value := range map[string]string{"X-Tenant": "acme", "X-Key": "k", "Content-Type": "application/json"} {
				_, isLost := f.header["-"+name]
				isTypeOfNothing := name == "Content-Type" && f.body == ""
				if !isLost && !isTypeOfNothing {
					r.Header.Set(name, value)
				}
			}
			judge.wrap(handler, func(line string) { found = append(found, line) }).ServeHTTP(httptest.NewRecorder(), r)
			switch isFound := len(found) > 0; {
			case f.name == "nothing" && isFound:
				t.Errorf("%s reports %q of what is right", judge.name, found)
			case isFound:
				total[i]++
				row += " | found"
			default:
				row += " | –"
				if i == 0 && f.name != "nothing" {
					t.Errorf("%s: contracttest finds nothing", f.name)
				}
			}
		}
		if f.name != "nothing" {
			table += row + " |\n"
		}
	}
	table += fmt.Sprintf("| **found of %d** | **%d** | **%d** | **%d** |\n", len(faults)-1, total[0], total[1], total[2])
	compareSection(t, "../../docs/performance.md", "faults of handlers", table)
}
