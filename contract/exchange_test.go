package contract_test

import (
	"net/http"
	"testing"
)

// TestPreflight checks that a CORS preflight, which browsers send by themselves, is not judged.
func TestPreflight(t *testing.T) {
	judge := servedBy(t, "")
	ex := sentTo("OPTIONS", "https://api.example.com/orders")
	if v := judge.Check(ex); !v.Judged || len(v.Findings) == 0 {
		t.Errorf("OPTIONS: got judged %t\n%s", v.Judged, lines(v))
	}
	ex.Request.Header = http.Header{"Origin": {"https://app.example.com"}, "Access-Control-Request-Method": {"GET"}}
	if v := judge.Check(ex); v.Judged || len(v.Findings) > 0 {
		t.Errorf("a preflight: got judged %t\n%s", v.Judged, lines(v))
	}
}
