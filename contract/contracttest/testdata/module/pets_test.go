package pets

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/quotaspec/quotaspec/contract/contracttest"
)

func TestMain(m *testing.M) {
	os.Exit(contracttest.Main(m, contracttest.MinCoverage(20), contracttest.Report("junit", "contract.xml")))
}

func pets() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /pets/1", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"name":"Rex"}`)
	})
	return mux
}

func TestShow(t *testing.T) {
	t.Parallel()
	check := contracttest.New(t, "openapi.yaml")
	srv := httptest.NewServer(check.Handler(pets()))
	defer srv.Close()
	client := &http.Client{Transport: contracttest.New(t, "openapi.yaml").Transport(nil)}
	resp, err := client.Get(srv.URL + "/pets/1")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
}

func TestMissing(t *testing.T) {
	t.Parallel()
	check := contracttest.New(t, "openapi.yaml")
	srv := httptest.NewServer(check.Handler(pets()))
	defer srv.Close()
	resp, err := http.Get(srv.URL + "/pets/7")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}
