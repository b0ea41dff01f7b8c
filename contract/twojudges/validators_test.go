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
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	validatorerrors "github.com/pb33f/libopenapi-validator/errors"

	"github.com/quotaspec/quotaspec/contract"
)

// found is what a validator said of each side of an exchange, in words of its own; nothing means that it accepts.
type found struct{ request, response []string }

// messages are an exchange as net/http would hand it to a validator: chunks joined, gzip undone, and what the source could
// not show filled in with something right.
func messages(ex contract.Exchange) (*http.Request, *http.Response, error) {
	target, err := url.ParseRequestURI(ex.Request.Target)
	if err != nil {
		return nil, nil, err
	}
	asked := &http.Request{
		Method: ex.Request.Method, URL: target, Host: "example.com", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header(ex.Request.Header), ContentLength: int64(len(ex.Request.Body)), Body: io.NopCloser(bytes.NewReader(ex.Request.Body)),
	}
	if ex.Unrecorded&(contract.UnrecordedRequestHeaders|contract.UnrecordedCredentials) != 0 {
		asked.Header.Set("X-Auth-Token", "not recorded")
	}
	asked.Header.Del("Host")
	if len(ex.Request.Body) == 0 {
		asked.Body = http.NoBody
	}
	answered := &http.Response{
		Status: fmt.Sprint(ex.Response.Status), StatusCode: ex.Response.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header(ex.Response.Header), Request: asked,
	}
	if ex.Unrecorded&contract.UnrecordedResponseHeaders != 0 {
		answered.Header.Set("X-Request-Id", "not recorded")
	}
	body := ex.Response.Body
	if strings.EqualFold(answered.Header.Get("Content-Encoding"), "gzip") {
		if r, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
			if plain, err := io.ReadAll(io.LimitReader(r, 32<<20)); err == nil {
				body = plain
				answered.Header.Del("Content-Encoding")
			}
		}
	}
	answered.Body, answered.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return asked, answered, nil
}

func header(h http.Header) http.Header {
	if h == nil {
		return http.Header{}
	}
	return h.Clone()
}

// byLibopenapi judges by libopenapi-validator.
func byLibopenapi(t *testing.T, document []byte, options ...config.Option) func(contract.Exchange) found {
	t.Helper()
	judge, err := loadLibopenapi(document, options...)
	if err != nil {
		t.Fatal(err)
	}
	return judge
}

// loadLibopenapi does so for a document that it may refuse.
func loadLibopenapi(document []byte, options ...config.Option) (func(contract.Exchange) found, error) {
	doc, err := libopenapi.NewDocument(document)
	if err != nil {
		return nil, err
	}
	v, errs := validator.NewValidator(doc, options...)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return func(ex contract.Exchange) (f found) {
		asked, _, err := messages(ex)
		if err != nil {
			return found{request: []string{"net/http/target"}}
		}
		_, wrong := v.ValidateHttpRequestSync(asked)
		f.request = named(wrong)
		asked, answered, _ := messages(ex) // the body was read
		_, wrong = v.ValidateHttpResponse(asked, answered)
		f.response = named(wrong)
		if ex.Unrecorded&contract.UnrecordedRequest != 0 {
			f.request = nil
		}
		return f
	}, nil
}

// named are errors of libopenapi-validator as type/subtype, and that of an undeclared header with the header.
func named(wrong []*validatorerrors.ValidationError) (list []string) {
	for _, e := range wrong {
		name := e.ValidationType + "/" + e.ValidationSubType
		if e.ValidationSubType == validatorerrors.StrictSubTypeHeader {
			name += "/" + strings.ToLower(e.ParameterName)
		}
		list = append(list, name)
	}
	return list
}

// byKin judges by kin-openapi's openapi3filter alone.
func byKin(t *testing.T, document []byte, options *openapi3filter.Options) func(contract.Exchange) found {
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
	return func(ex contract.Exchange) (f found) {
		asked, answered, err := messages(ex)
		if err != nil {
			return found{request: []string{"net/http"}}
		}
		route, params, err := router.FindRoute(asked)
		if err != nil {
			return found{request: []string{"path/no-route"}}
		}
		input := &openapi3filter.RequestValidationInput{Request: asked, PathParams: params, Route: route, Options: options}
		if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
			f.request = append(f.request, "invalid")
		}
		if err := openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: input, Status: answered.StatusCode, Header: answered.Header, Body: answered.Body, Options: options,
		}); err != nil {
			f.response = append(f.response, "invalid")
		}
		if ex.Unrecorded&contract.UnrecordedRequest != 0 {
			f.request = nil
		}
		return f
	}
}
