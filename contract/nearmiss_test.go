package contract_test

import (
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestNearMiss checks which paths are near misses, and that such an exchange has no other findings.
func TestNearMiss(t *testing.T) {
	judge := servedBy(t, "servers: [{url: 'https://api.example.com/v1'}]")
	const host = "https://api.example.com"
	for _, test := range []struct{ name, url, want string }{
		{name: "another case", url: host + "/v1/Orders", want: "the path /v1/orders"},
		{name: "a slash at the end", url: host + "/v1/orders/", want: "the path /v1/orders"},
		{name: "a doubled slash", url: host + "/v1//orders", want: "the path /v1/orders"},
		{name: "a slash behind a parameter", url: host + "/v1/orders/7/", want: "the path /v1/orders/{id}"},
		{name: "another version", url: host + "/v2/orders/7", want: "the path /v1/orders/{id}"},
		{name: "a letter less", url: host + "/v1/order", want: "the path /v1/orders"},
		{name: "a letter more", url: host + "/v1/oorders", want: "the path /v1/orders"},
		{name: "another letter", url: host + "/v1/ordors", want: "the path /v1/orders"},
		{name: "two letters swapped", url: host + "/v1/odrers", want: "the path /v1/orders"},
		{name: "another case and a letter less", url: host + "/v1/Order", want: "the path /v1/orders"},
		{name: "separators", url: host + "/v1/or-ders", want: "the path /v1/orders"},
		{name: "two edits", url: host + "/v1/rder"},
		{name: "another path", url: host + "/v1/customers"},
		{name: "more segments", url: host + "/v1/orders/7/lines"},
		{name: "another host", url: "https://www.example.com/v1/Orders"},
		{name: "loopback without the base path", url: "http://127.0.0.1/Orders", want: "the path /orders"},
		{name: "no origin", url: "/v1/orders/", want: "the path /v1/orders"},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := judge.Check(sentTo("GET", test.url))
			got := ""
			for _, f := range v.Findings {
				got += f.Want
				if f.ID != "path/near-miss" || f.Pointer != "/request/path" || f.Side() != contract.Consumer || f.Evidence.Grade != spec.Documented ||
					!strings.HasPrefix(f.Place(), "orders.yaml:") {
					t.Errorf("got %+v", f)
				}
			}
			if got != test.want || v.Judged {
				t.Errorf("got %q, judged %t; want %q, not judged", got, v.Judged, test.want)
			}
		})
	}
}
