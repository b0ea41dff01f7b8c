package breaking_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/quotaspec/quotaspec/contract"
)

// secondJudge is kin-openapi, which has no code in common with our judge: it confirms witnesses.
type secondJudge struct {
	router routers.Router
	bases  []string // base paths of the servers
}

// newSecondJudge has kin-openapi load a document. Paths begin without a server: the router matches paths only.
func newSecondJudge(document []byte) (*secondJudge, error) {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, err
	}
	s := &secondJudge{bases: []string{""}}
	for _, server := range doc.Servers {
		address := server.URL
		for name, variable := range server.Variables {
			address = strings.ReplaceAll(address, "{"+name+"}", variable.Default)
		}
		if u, err := url.Parse(address); err == nil {
			s.bases = append(s.bases, strings.TrimSuffix(u.Path, "/"))
		}
	}
	doc.Servers = nil
	for _, path := range doc.Paths.Map() {
		path.Servers = nil
	}
	s.router, err = gorillamux.NewRouter(doc)
	return s, err
}

var secondOptions = &openapi3filter.Options{
	MultiError:                        true,
	IncludeResponseStatus:             true, // an undocumented status is an error
	RejectWhenRequestBodyNotSpecified: true,
	SkipSettingDefaults:               true, // validate the request as it is
	AuthenticationFunc:                hasCredential,
	SchemaValidationOptions:           []openapi3.SchemaValidationOption{openapi3.EnableFormatValidation()},
}

// refusal is why kin-openapi refuses the messages that may break a side; nil: it accepts them.
func (s *secondJudge) refusal(ex contract.Exchange, side contract.Side) error {
	for _, base := range s.bases {
		target, isBelow := strings.CutPrefix(ex.Request.Target, base)
		if !isBelow || !strings.HasPrefix(target, "/") {
			continue
		}
		request, err := http.NewRequest(ex.Request.Method, "http://api.example"+target, bytes.NewReader(ex.Request.Body))
		if err != nil {
			return err
		}
		request.Header = ex.Request.Header.Clone()
		if request.Header == nil {
			request.Header = http.Header{}
		}
		route, params, err := s.router.FindRoute(request)
		if err != nil {
			continue
		}
		in := &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route, Options: secondOptions}
		if side == contract.Provider {
			return openapi3filter.ValidateRequest(context.Background(), in)
		}
		header := ex.Response.Header.Clone()
		if header == nil {
			header = http.Header{}
		}
		return openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: in, Status: ex.Response.Status, Header: header,
			Body: io.NopCloser(bytes.NewReader(ex.Response.Body)), Options: secondOptions,
		})
	}
	return errNoRoute
}

var errNoRoute = errors.New("no such operation")

// hasCredential accepts any credential in the place of a security scheme.
func hasCredential(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	request, scheme := in.RequestValidationInput.Request, in.SecurityScheme
	var isThere bool
	switch {
	case scheme.Type == "apiKey" && scheme.In == "query":
		isThere = request.URL.Query().Has(scheme.Name)
	case scheme.Type == "apiKey" && scheme.In == "cookie":
		_, err := request.Cookie(scheme.Name)
		isThere = err == nil
	case scheme.Type == "apiKey":
		isThere = request.Header.Get(scheme.Name) != ""
	default:
		isThere = request.Header.Get("Authorization") != ""
	}
	if !isThere {
		return fmt.Errorf("no credential for %s", in.SecuritySchemeName)
	}
	return nil
}
