package contract_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/openapi"
)

// TestRecordings is the contract test: every recording is a request and a response that the documents describe.
// kin-openapi alone says so here, in the open, by documents that it loads itself; what the judge adds is tested in the
// files beside this one.
func TestRecordings(t *testing.T) {
	all, err := recordings.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		t.Run(r.Operation+"/"+r.Name(), func(t *testing.T) {
			router := routerOf(t, r.Operation)
			request := httptest.NewRequest(r.Request.Method, r.Request.Path+"?"+r.Request.Query, nil)
			route, params, err := router.FindRoute(request)
			if err != nil {
				t.Fatal(err)
			}
			input := &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route, Options: contract.FilterOptions()}
			if err := openapi3filter.ValidateRequest(context.Background(), input); (err != nil) != (len(r.Breaks) > 0) {
				t.Errorf("the request: got %v, want a deviation: %t", err, len(r.Breaks) > 0)
			}
			answer := &openapi3filter.ResponseValidationInput{
				RequestValidationInput: input, Options: contract.FilterOptions(), Status: r.Status,
				Header: http.Header{"Content-Type": {r.ContentType}, "X-Request-Id": {"not recorded"}}, Body: io.NopCloser(bytes.NewReader(r.Body)),
			}
			if err := openapi3filter.ValidateResponse(context.Background(), answer); err != nil {
				t.Errorf("the response: %v", err)
			} else {
				t.Logf("%s, status %d, %s: kept", r.Kind, r.Status, r.Source)
			}
		})
	}
}

// routerOf loads the document of an operation. The copy is the router's own, since it gives up the servers: only the path
// counts, not the host.
func routerOf(t *testing.T, operation string) routers.Router {
	t.Helper()
	source, err := openapi.Source(documentOf(t, operation).Name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(source)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = nil
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return router
}

// TestRecordingsLeaveTheDocuments holds that the documents that all tests share still have their servers after it.
func TestRecordingsLeaveTheDocuments(t *testing.T) {
	for _, name := range openapi.Names() {
		if doc, err := openapi.Embedded(name); err != nil || len(doc.T.Servers) == 0 {
			t.Errorf("%s has no servers any more, %v", name, err)
		}
	}
}

func documentOf(t testing.TB, operation string) *openapi.Document {
	t.Helper()
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		if doc.Operation(operation) != nil {
			return doc
		}
	}
	t.Fatalf("no document has the operation %q", operation)
	return nil
}
