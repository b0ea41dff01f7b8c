package server

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"github.com/quotaspec/quotaspec/gen/iamserver"
	"github.com/quotaspec/quotaspec/gen/imsserver"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

func TestPanicInHandler(t *testing.T) {
	var logged bytes.Buffer
	s := newServer(t, Options{Log: slog.New(slog.NewTextHandler(&logged, nil))})
	iamserver.RegisterHandlers(s.echo, iamserver.NewStrictHandler(iamHandler{}, nil)) // of no document
	imsserver.RegisterHandlers(s.echo, imsserver.NewStrictHandler(imsHandler{}, nil))
	address := listen(t, s)
	got := ask(t, address, "GET "+iamPath, reader)
	wantAnswer(t, got, http.StatusInternalServerError, iamInternal)
	wantAnswer(t, ask(t, address, "GET "+imsPath, reader), http.StatusInternalServerError, imsInternal)
	wantAnswer(t, ask(t, address, "GET "+iamPath+"?type=", reader), http.StatusBadRequest, badType)
	for _, want := range []string{got.header.Get("X-Request-Id"), "nil pointer", "ShowDomainQuota", "ShowImageQuota"} {
		if !strings.Contains(logged.String(), want) {
			t.Errorf("the log does not tell %q", want)
		}
	}
	if strings.Contains(logged.String(), ReaderToken) {
		t.Error("the log tells a token")
	}
}

// silent, garbled and late are handlers gone wrong in ways that the generated code does not notice.
type silent struct {
	iamserver.StrictServerInterface
}

func (silent) ShowDomainQuota(context.Context, iamserver.ShowDomainQuotaRequestObject) (iamserver.ShowDomainQuotaResponseObject, error) {
	return nil, nil
}

type garbled struct {
	imsserver.StrictServerInterface
}

func (garbled) ShowImageQuota(context.Context, imsserver.ShowImageQuotaRequestObject) (imsserver.ShowImageQuotaResponseObject, error) {
	return garbled{}, nil
}

func (garbled) VisitShowImageQuotaResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Set("Content-Length", "3")
	return errors.New("cannot be encoded")
}

func TestHandlersGoneWrong(t *testing.T) {
	s := newServer(t, Options{})
	iamserver.RegisterHandlers(s.echo, iamserver.NewStrictHandler(silent{}, nil))
	imsserver.RegisterHandlers(s.echo, imsserver.NewStrictHandler(garbled{}, nil))
	address := listen(t, s)
	wantAnswer(t, ask(t, address, "GET "+iamPath, reader), http.StatusInternalServerError, iamInternal)
	wantAnswer(t, ask(t, address, "GET "+imsPath, reader), http.StatusInternalServerError, imsInternal)
}

// A request made in this process can have what net/http would not let in; the binding stumbles over it.
func TestErrorOfBinding(t *testing.T) {
	s := newServer(t, Options{})
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.URL = &url.URL{Path: "/v3.0/OS-QUOTA/domains/%zz", RawPath: "/v3.0/OS-QUOTA/domains/%zz"}
	r.Header.Set("X-Auth-Token", ReaderToken)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	got := answered{w.Code, w.Result().Header, w.Body.String()}
	wantAnswer(t, got, http.StatusBadRequest, `{"error_msg":"Request parameter domain_id is invalid.","error_code":"IAM.0007"}`)
}

func TestRequestsInProcess(t *testing.T) {
	s := newServer(t, Options{})
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		r, err := http.NewRequest(method, "http://quotas.test"+imsPath, nil) // no RequestURI, no body
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Auth-Token", ReaderToken)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		want := map[string]string{http.MethodGet: resources(imageQuota) + "\n", http.MethodHead: ""}[method]
		if diff := cmp.Diff(want, w.Body.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", method, diff)
		}
	}
}

func TestFailureOf(t *testing.T) {
	for _, test := range []struct {
		name string
		err  error
		want spec.Probe
	}{
		{name: "ours", err: fail(spec.Throttled), want: spec.Throttled},
		{name: "ours, wrapped", err: errors.Join(errors.New("x"), fail(spec.NoPermission)), want: spec.NoPermission},
		{name: "the router's", err: echo.ErrNotFound, want: spec.UnknownPath},
		{name: "the router's, for a method", err: echo.ErrMethodNotAllowed, want: spec.OtherMethod},
		{name: "the binding's", err: echo.NewHTTPError(http.StatusBadRequest, "x"), want: spec.InvalidParameter},
		{name: "one that echo does not make here", err: echo.ErrTeapot, want: spec.InternalError},
		{name: "any other", err: errors.New("x"), want: spec.InternalError},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := refusalOf(test.err).cause; got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestAbortStaysAbort(t *testing.T) {
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("got %v, want http.ErrAbortHandler", err)
		}
	}()
	var err error
	defer recoverTo(&err)
	panic(http.ErrAbortHandler)
}

func TestFill(t *testing.T) {
	values := map[string]string{"key": "type", "target": "domain", "target_id": "d1", "ak": "******"}
	for _, test := range []struct{ template, want string }{
		{template: "Nothing to fill.", want: "Nothing to fill."},
		{template: "Request parameter %(key)s is invalid.", want: "Request parameter type is invalid."},
		{template: "Could not find %(target)s: %(target_id)s.", want: "Could not find domain: d1."},
		{template: "Could not find %(target)s: %(nobody)s.", want: "Could not find domain."},
		{template: "failed,ak:%(ak)s,err:ak not exist", want: "failed,ak:******,err:ak not exist"},
		{template: "failed,ak:%(nobody)s,err:ak not exist", want: "failed,ak,err:ak not exist"},
		{template: "The user %s with access key %s is disabled.", want: "The user with access key is disabled."},
		{template: "Threshold: %d times per %d seconds", want: "Threshold times per seconds"},
		{template: "'%(key)s' is required", want: "'type' is required"},
		{template: "100 % of %(key)s", want: "100 % of type"},
	} {
		if got := fill(test.template, values); got != test.want {
			t.Errorf("%q: got %q, want %q", test.template, got, test.want)
		}
	}
}
