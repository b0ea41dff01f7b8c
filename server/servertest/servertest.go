// Package servertest starts the reference provider for a test, in one line:
//
//	url := servertest.New(t)
//
// It serves the sample data (server.SampleDomainID, server.ReaderToken, …) on loopback until the test ends.
package servertest

import (
	"net/http/httptest"
	"testing"

	"github.com/quotaspec/quotaspec/server"
)

// New starts the provider with the sample data and returns its URL, for both services. It obeys
// "Prefer: code=…, example=…, delay=…", so that a test can choose any documented response.
func New(t testing.TB) (url string) {
	t.Helper()
	return With(t, server.Options{Prefer: true})
}

// With starts a provider with options of your own (server.Options): other data, a rate limit, or responses that are legal but
// unusual. It ends the test if the options are invalid.
func With(t testing.TB, o server.Options) (url string) {
	t.Helper()
	handler, err := server.New(o)
	if err != nil {
		t.Fatalf("the reference provider: %v", err)
	}
	provider := httptest.NewUnstartedServer(nil)
	provider.Config = server.HTTPServer(handler)
	provider.Start()
	t.Cleanup(provider.Close)
	return provider.URL
}
