package twojudges

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	validatorerrors "github.com/pb33f/libopenapi-validator/errors"

	"github.com/quotaspec/quotaspec/contract"
)

// found lists what a validator finds wrong with each side of an exchange, by its own names. An empty list means accepted.
type found struct{ request, response []string }

// messages converts an exchange to what net/http would pass to a validator: chunks are joined, gzip is decoded, and what
// was not recorded is replaced by something correct.
func messages(ex contract.Exchange) (*http.Request, *http.Response, error) {
	target, err := url.ParseRequestURI(ex.Request.Target)
	if err != nil {
		return nil, nil, err
	}
	request := &http.Request{
		Method: ex.Request.Method, URL: target, Host: "example.com", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header(ex.Request.Header), ContentLength: int64(len(ex.Request.Body)), Body: io.NopCloser(bytes.NewReader(ex.Request.Body)),
	}
	if ex.Unrecorded&(contract.UnrecordedRequestHeaders|contract.UnrecordedCredentials) != 0 {
		request.Header.Set("X-Auth-Token", "not recorded")
	}
	request.Header.Del("Host")
	if len(ex.Request.Body) == 0 {
		request.Body = http.NoBody
	}
	response := &http.Response{
		Status: fmt.Sprint(ex.Response.Status), StatusCode: ex.Response.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header(ex.Response.Header), Request: request,
	}
	if ex.Unrecorded&contract.UnrecordedResponseHeaders != 0 {
		response.Header.Set("X-Request-Id", "not recorded")
	}
	body := ex.Response.Body
	if strings.EqualFold(response.Header.Get("Content-Encoding"), "gzip") {
		if r, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
			if plain, err := io.ReadAll(io.LimitReader(r, 32<<20)); err == nil {
				body = plain
				response.Header.Del("Content-Encoding")
			}
		}
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return request, response, nil
}

func header(h http.Header) http.Header {
	if h == nil {
		return http.Header{}
	}
	return h.Clone()
}

// byLibopenapi makes a judge of libopenapi-validator.
func byLibopenapi(t *testing.T, document []byte, options ...config.Option) func(contract.Exchange) found {
	t.Helper()
	judge, err := loadLibopenapi(document, options...)
	if err != nil {
		t.Fatal(err)
	}
	return judge
}

// loadLibopenapi is byLibopenapi for a document that may be refused.
func loadLibopenapi(document []byte, options ...config.Option) (func(contract.Exchange) found, error) {
	v, err := loadValidator(document, options...)
	if err != nil {
		return nil, err
	}
	return func(ex contract.Exchange) (f found) {
		request, _, err := messages(ex)
		if err != nil {
			return found{request: []string{"net/http/target"}}
		}
		_, invalid := v.ValidateHttpRequestSync(request)
		f.request = names(invalid)
		request, response, _ := messages(ex) // the body was read
		_, invalid = v.ValidateHttpResponse(request, response)
		f.response = names(invalid)
		if ex.Unrecorded&contract.UnrecordedRequest != 0 {
			f.request = nil
		}
		return f
	}, nil
}

// loadValidator makes a validator of libopenapi-validator.
func loadValidator(document []byte, options ...config.Option) (validator.Validator, error) {
	doc, err := libopenapi.NewDocument(document)
	if err != nil {
		return nil, err
	}
	v, errs := validator.NewValidator(doc, options...)
	return v, errors.Join(errs...)
}

// names writes errors of libopenapi-validator as type/subtype, with the name of an undeclared header.
func names(invalid []*validatorerrors.ValidationError) (list []string) {
	for _, e := range invalid {
		name := e.ValidationType + "/" + e.ValidationSubType
		if e.ValidationSubType == validatorerrors.StrictSubTypeHeader {
			name += "/" + strings.ToLower(e.ParameterName)
		}
		list = append(list, name)
	}
	return list
}

// byKin makes a judge of kin-openapi's openapi3filter.
func byKin(t *testing.T, document []byte, options *openapi3filter.Options) func(contract.Exchange) found {
	t.Helper()
	router := kinRouter(t, document)
	return func(ex contract.Exchange) (f found) {
		request, response, err := messages(ex)
		if err != nil {
			return found{request: []string{"net/http"}}
		}
		route, params, err := router.FindRoute(request)
		if err != nil {
			return found{request: []string{"path/no-route"}}
		}
		input := &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route, Options: options}
		if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
			f.request = append(f.request, "invalid")
		}
		if err := openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: input, Status: response.StatusCode, Header: response.Header, Body: response.Body, Options: options,
		}); err != nil {
			f.response = append(f.response, "invalid")
		}
		if ex.Unrecorded&contract.UnrecordedRequest != 0 {
			f.request = nil
		}
		return f
	}
}

// kinRouter makes the router of kin-openapi for a document.
func kinRouter(t *testing.T, document []byte) routers.Router {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = nil // only the path counts, not the host
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return router
}
