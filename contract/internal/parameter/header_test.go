package parameter

import (
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestHeaders reads headers of responses.
func TestHeaders(t *testing.T) {
	for _, test := range []struct {
		name, header, more, lines string   // lines: separated by |
		taken                     []string // by the schema
		count                     int
		want                      string
	}{
		{name: "a text", header: "X-A", more: "schema: {type: string}", lines: "a, b", count: 1, want: `"a, b"`},
		{name: "a text twice", header: "X-A", more: "schema: {type: string}", lines: "a|b", count: 2, want: `"a, b"`},
		{name: "a list in lines", header: "X-A", more: "schema: " + list, lines: "a, b|c", count: 1, want: `["a","b","c"]`},
		{name: "an object", header: "X-A", more: "schema: " + colour, lines: "R,1", count: 1, want: `{"R":"1"}`},
		{
			name: "an exploded object", header: "X-A", more: "explode: true, schema: " + colour, lines: "R=1|G=2", count: 1,
			want: `{"G":"2","R":"1"}`,
		},
		{name: "JSON", header: "X-A", more: "content: {application/json: {}}", lines: `[1|2]`, count: 2, want: `[1,2]`},
		{name: "no schema", header: "X-A", more: "description: a", lines: `1`, count: 1, want: `none`},
		{
			name: "cookies", header: "Set-Cookie", more: "schema: {type: string}",
			lines: "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT|b=2",
			taken: []string{`"b=2"`, `"a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT"`}, count: 1,
			want: `"a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT"`,
		},
		{
			name: "cookies, of which one is wrong", header: "set-cookie", more: "schema: {type: string}", lines: "a=1|b=2",
			taken: []string{`"a=1"`}, count: 1, want: `"b=2"`,
		},
		{name: "a list of cookies", header: "Set-Cookie", more: "schema: " + list, lines: "a=1,2|b=2", count: 1, want: `["a=1,2","b=2"]`},
		{
			name: "a date", header: "Date", more: "schema: {type: string}", lines: "Thu, 01 Jan 2026 00:00:00 GMT", count: 1,
			want: `"Thu, 01 Jan 2026 00:00:00 GMT"`,
		},
		{
			name: "a date that was split", header: "last-modified", more: "schema: {type: string}",
			lines: "Thu|01 Jan 2026 00:00:00 GMT", count: 1, want: `"Thu, 01 Jan 2026 00:00:00 GMT"`,
		},
		{
			name: "two dates", header: "Date", more: "schema: {type: string}",
			lines: "Thu, 01 Jan 2026 00:00:00 GMT|Thu, 01 Jan 2026 00:00:00 GMT", count: 2,
			want: `"Thu, 01 Jan 2026 00:00:00 GMT, Thu, 01 Jan 2026 00:00:00 GMT"`,
		},
		{
			name: "a date as a list", header: "Expires", more: "schema: " + list, lines: "Thu, 01 Jan 2026 00:00:00 GMT", count: 1,
			want: `["Thu, 01 Jan 2026 00:00:00 GMT"]`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, err := spec.Read("a.yaml",
				[]byte(`{openapi: 3.1.0, info: {title: a, version: b}, paths: {/a: {get: {responses: {'200': {description: a, headers: {`+
					test.header+`: {`+test.more+`}}}}}}}}`), nil)
			if err != nil {
				t.Fatal(err)
			}
			h, lines := doc.Operations[0].Responses[0].Headers[0], strings.Split(test.lines, "|")
			v, count, problem := ReadHeader(h, lines, taking(test.taken...))
			if got := compact(v); got != test.want || count != test.count || problem != "" {
				t.Errorf("got %s, count %d, problem %q; want %s, %d times", got, count, problem, test.want, test.count)
			}
			if _, count, _ := ReadHeader(h, nil, taking()); count != 0 {
				t.Error("present without lines")
			}
		})
	}
}
