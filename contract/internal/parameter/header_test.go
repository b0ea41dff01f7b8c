package parameter

import (
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestHeaders reads headers of responses.
func TestHeaders(t *testing.T) {
	for _, test := range []struct {
		name, header, more, lines string   // lines: apart by |
		taken                     []string // by the schema
		count                     int
		want                      string
	}{
		{"a text", "X-A", "schema: {type: string}", "a, b", nil, 1, `"a, b"`},
		{"a text twice", "X-A", "schema: {type: string}", "a|b", nil, 2, `"a, b"`},
		{"a list in lines", "X-A", "schema: " + list, "a, b|c", nil, 1, `["a","b","c"]`},
		{"an object", "X-A", "schema: " + colour, "R,1", nil, 1, `{"R":"1"}`},
		{"an exploded object", "X-A", "explode: true, schema: " + colour, "R=1|G=2", nil, 1, `{"G":"2","R":"1"}`},
		{"JSON", "X-A", "content: {application/json: {}}", `[1|2]`, nil, 2, `[1,2]`},
		{"no schema", "X-A", "description: a", `1`, nil, 1, `none`},
		{"cookies", "Set-Cookie", "schema: {type: string}", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT|b=2", []string{`"b=2"`, `"a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT"`}, 1, `"a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT"`},
		{"cookies, of which one is wrong", "set-cookie", "schema: {type: string}", "a=1|b=2", []string{`"a=1"`}, 1, `"b=2"`},
		{"a list of cookies", "Set-Cookie", "schema: " + list, "a=1,2|b=2", nil, 1, `["a=1,2","b=2"]`},
		{"a date", "Date", "schema: {type: string}", "Thu, 01 Jan 2026 00:00:00 GMT", nil, 1, `"Thu, 01 Jan 2026 00:00:00 GMT"`},
		{"a date that was split", "last-modified", "schema: {type: string}", "Thu|01 Jan 2026 00:00:00 GMT", nil, 1, `"Thu, 01 Jan 2026 00:00:00 GMT"`},
		{"two dates", "Date", "schema: {type: string}", "Thu, 01 Jan 2026 00:00:00 GMT|Thu, 01 Jan 2026 00:00:00 GMT", nil, 2, `"Thu, 01 Jan 2026 00:00:00 GMT, Thu, 01 Jan 2026 00:00:00 GMT"`},
		{"a date as a list", "Expires", "schema: " + list, "Thu, 01 Jan 2026 00:00:00 GMT", nil, 1, `["Thu, 01 Jan 2026 00:00:00 GMT"]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, err := spec.Read("a.yaml", []byte(`{openapi: 3.1.0, info: {title: a, version: b}, paths: {/a: {get: {responses: {'200': {description: a, headers: {`+
				test.header+`: {`+test.more+`}}}}}}}}`), nil)
			if err != nil {
				t.Fatal(err)
			}
			h, lines := doc.Operations[0].Responses[0].Headers[0], strings.Split(test.lines, "|")
			v, count, fault := ReadHeader(h, lines, taking(test.taken...))
			if got := compact(v); got != test.want || count != test.count || fault != "" {
				t.Errorf("got %s, count %d, fault %q; want %s, %d times", got, count, fault, test.want, test.count)
			}
			if _, count, _ := ReadHeader(h, nil, taking()); count != 0 {
				t.Error("no lines, and present")
			}
		})
	}
}
