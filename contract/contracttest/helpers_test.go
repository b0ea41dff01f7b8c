package contracttest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/contracttest"
)

const pets = "testdata/pets.yaml"

// recorder is a test that notes its errors. It ends when its end is called.
type recorder struct {
	testing.TB // for all else

	mu       sync.Mutex
	errors   []string
	logs     []string
	cleanups []func()
	ended    bool
}

func (r *recorder) Helper()          {}
func (r *recorder) Name() string     { return "TestPet" }
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }

func (r *recorder) Error(args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		panic("Log in goroutine after TestPet has completed")
	}
	r.errors = append(r.errors, fmt.Sprint(args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Error(fmt.Sprintf(format, args...))
	panic(r) // testing ends the goroutine
}

func (r *recorder) Logf(format string, args ...any) {
	r.logs = append(r.logs, fmt.Sprintf(format, args...))
}

func (r *recorder) end() {
	for i := len(r.cleanups) - 1; i >= 0; i-- {
		r.cleanups[i]()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
}

// start returns a check of a test of its own, which is not over.
func start(t *testing.T, options ...contracttest.Option) (*contracttest.Check, *recorder) {
	t.Helper()
	r := &recorder{TB: t}
	return contracttest.New(r, pets, options...), r
}

// wantErrors ends the test of a check and compares its errors.
func (r *recorder) wantErrors(t *testing.T, want ...string) {
	t.Helper()
	r.end()
	if diff := cmp.Diff(append([]string{}, want...), append([]string{}, r.errors...)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

// serve serves a handler until t ends and returns the URL.
func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}

// reply returns a handler that answers each request alike.
func reply(status int, mediaType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if mediaType != "" {
			w.Header().Set("Content-Type", mediaType)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// call sends a request and returns the status and the body of its response.
func call(t *testing.T, client *http.Client, method, url, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}
