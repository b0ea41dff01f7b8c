package contract_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/quotaspec/quotaspec/contract/recordings"
)

// TestRecordings is the contract test: kin-openapi validates each recorded response, and the request that it answers, by the
// documents as it loads them itself. The judge takes no part. A request that is wrong on purpose must break what its
// recording says it breaks, and nothing else.
func TestRecordings(t *testing.T) {
	byOperation := kinRouters(t, "../openapi/iam.yaml", "../openapi/ims.yaml")
	for _, r := range recorded(t) {
		t.Run(r.Operation+"/"+r.Name(), func(t *testing.T) {
			request, response := validate(byOperation, r)
			if got := parameterProblems(request); !slices.Equal(got, r.Breaks) {
				t.Errorf("the request breaks %q, want %q: %v", got, r.Breaks, request)
			}
			if response != nil {
				t.Fatalf("the response: %v", response)
			}
			t.Logf("%s, status %d, %s: passed", r.Kind, r.Status, r.Source)
		})
	}
}

// validate returns kin-openapi's errors about the request and the response of a recording; nil: valid.
func validate(byOperation map[string]routers.Router, r recordings.Recording) (request, response error) {
	options := &openapi3filter.Options{
		MultiError:              true,
		IncludeResponseStatus:   true,                                  // an undocumented status is an error
		SkipSettingDefaults:     true,                                  // validate the request as recorded
		AuthenticationFunc:      openapi3filter.NoopAuthenticationFunc, // credentials are never recorded
		SchemaValidationOptions: []openapi3.SchemaValidationOption{openapi3.EnableFormatValidation()},
	}
	router := byOperation[r.Operation]
	if router == nil {
		err := fmt.Errorf("no document has the operation %s", r.Operation)
		return err, err
	}
	sent := httptest.NewRequest(r.Request.Method, r.Request.Path+"?"+r.Request.Query, http.NoBody)
	route, params, err := router.FindRoute(sent)
	if err != nil {
		return err, err
	}
	input := &openapi3filter.RequestValidationInput{Request: sent, PathParams: params, Route: route, Options: options}
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Options: options,
		Status: r.Status, Header: http.Header{"Content-Type": {r.ContentType}}, Body: io.NopCloser(bytes.NewReader(r.Body)),
	}
	for name, values := range r.Headers {
		answer.Header[name] = values
	}
	ctx := context.Background()
	return openapi3filter.ValidateRequest(ctx, input), openapi3filter.ValidateResponse(ctx, answer)
}

// kinRouters has kin-openapi load and validate documents. It returns the router of each operation. Recordings name no host,
// so the routers match paths only.
func kinRouters(t *testing.T, files ...string) map[string]routers.Router {
	t.Helper()
	byOperation := map[string]routers.Router{}
	for _, file := range files {
		doc, err := openapi3.NewLoader().LoadFromFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc.Servers = nil
		router, err := gorillamux.NewRouter(doc) // it validates the document
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, path := range doc.Paths.Map() {
			for _, operation := range path.Operations() {
				byOperation[operation.OperationID] = router
			}
		}
	}
	return byOperation
}

// parameterProblems names what is wrong with a request by the ids of the judge: parameter/enum is a parameter with a value that its enum
// does not list. Anything else is "other".
func parameterProblems(err error) []string {
	var several openapi3.MultiError
	var request *openapi3filter.RequestError
	var value *openapi3.SchemaError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &several) && len(several) > 1:
		return []string{"several"}
	case errors.As(err, &request) && request.Parameter != nil && errors.As(err, &value):
		return []string{"parameter/" + value.SchemaField}
	}
	return []string{"other"}
}

// TestRecordingsChanged shows that the contract test can fail: it changes one thing in a recording, and kin-openapi must
// reject the side that was changed, and that side only.
func TestRecordingsChanged(t *testing.T) {
	replace := func(r *recordings.Recording, old, by string) {
		r.Body = bytes.Replace(r.Body, []byte(old), []byte(by), 1)
	}
	tests := []struct {
		name, recording string
		change          func(*recordings.Recording)
		request         bool // the request is rejected, else the response
	}{
		{
			name: "unknown type", recording: "iam-200-type-group",
			change: func(r *recordings.Recording) { r.Request.Query = "type=users" }, request: true,
		},
		{
			name: "undocumented status", recording: "iam-404-not-found",
			change: func(r *recordings.Recording) { r.Status = http.StatusTeapot },
		},
		{name: "another media type", recording: "ims-200-image", change: func(r *recordings.Recording) { r.ContentType = "text/html" }},
		{name: "error as success", recording: "iam-404-not-found", change: func(r *recordings.Recording) { r.Status = http.StatusOK }},
		{name: "success as error", recording: "ims-200-image", change: func(r *recordings.Recording) { r.Status = http.StatusForbidden }},
		{name: "member missing", recording: "iam-200-all-types", change: func(r *recordings.Recording) { replace(r, `"min": 50,`, "") }},
		{
			name: "string for a count", recording: "iam-200-all-types",
			change: func(r *recordings.Recording) { replace(r, `"max": 1000`, `"max": "1000"`) },
		},
		{
			name: "null for a count", recording: "ims-200-image",
			change: func(r *recordings.Recording) { replace(r, `"quota": 20`, `"quota": null`) },
		},
		{
			name: "count beyond int32", recording: "ims-200-image",
			change: func(r *recordings.Recording) { replace(r, `"max": 1000`, `"max": 2147483648`) },
		},
		{name: "no code", recording: "iam-403-policy", change: func(r *recordings.Recording) { replace(r, `"error_code"`, `"code"`) }},
		{
			name: "flat for nested", recording: "ims-403-no-permission",
			change: func(r *recordings.Recording) { r.Body = []byte(`{"error_msg": "No.", "error_code": "IMG.0026"}`) },
		},
		{name: "body cut off", recording: "ims-500-internal-error", change: func(r *recordings.Recording) { r.Body = r.Body[:20] }},
	}
	byOperation, all := kinRouters(t, "../openapi/iam.yaml", "../openapi/ims.yaml"), recorded(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			i := slices.IndexFunc(all, func(r recordings.Recording) bool { return r.Name() == test.recording })
			if i < 0 {
				t.Fatalf("no recording %s", test.recording)
			}
			r := all[i]
			before := r
			test.change(&r)
			if bytes.Equal(before.Body, r.Body) && before.Status == r.Status &&
				before.ContentType == r.ContentType && reflect.DeepEqual(before.Request, r.Request) {
				t.Fatal("nothing was changed")
			}
			request, response := validate(byOperation, r)
			if (request != nil) != test.request || (response != nil) == test.request {
				t.Errorf("the request: %v; the response: %v", request, response)
			}
		})
	}
}

// recorded returns the recordings of this repository.
func recorded(t testing.TB) []recordings.Recording {
	t.Helper()
	all, err := recordings.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return all
}
