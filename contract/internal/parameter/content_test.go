package parameter

import "testing"

// TestContent reads parameters that have a media type.
func TestContent(t *testing.T) {
	for _, test := range []struct {
		name, in, content, sent, want, fault string
	}{
		{"JSON in a query", "query", `{application/json: {schema: {type: object}}}`, "color=%7B%22a%22:+1%7D", `{"a":1}`, ""},
		{"JSON in a path", "path", `{application/json: {}}`, "%5B1,%22%2B%22%5D", `[1,"+"]`, ""},
		{"JSON in a header", "header", `{application/problem+json; charset=utf-8: {}}`, `{"a":1` + "\n" + `"b":2}`, `{"a":1,"b":2}`, ""},
		{"JSON in a cookie", "cookie", `{application/json: {}}`, "color=%5B1%5D", `[1]`, ""},
		{"JSON with a member twice", "query", `{application/json: {}}`, "color=%7B%22a%22:1,%22a%22:2%7D", `{"a":2}`, "the member twice"},
		{"JSON, empty", "query", `{application/json: {}}`, "color=", "none", "no JSON value"},
		{"a text", "query", `{text/plain: {schema: {type: integer}}}`, "color=7", `"7"`, ""},
		{"a media type that cannot be read", "query", `{application/xml: {schema: {type: object}}}`, "color=%3Ca/%3E", "none", ""},
		{"a form in a query", "query", `{application/x-www-form-urlencoded: {schema: {type: object}}}`, "color=a%3D1%26b%3Dx%252By", `{"a":"1","b":"x+y"}`, ""},

		{"a whole query in JSON", "querystring", `{application/json: {}}`, "%7B%22a%22:%22+%22%7D", `{"a":"+"}`, ""},
		{"a whole query as a form", "querystring", `{application/x-www-form-urlencoded: {schema: {type: object, properties: {b: {type: array}}}}}`, "a=1+2&b=%26", `{"a":"1 2","b":["\u0026"]}`, ""},
		{"a whole query as a text", "querystring", `{text/plain: {}}`, "a=1&b%20c", `"a=1\u0026b c"`, ""},
		{"a whole query that is not encoded", "querystring", `{text/plain: {}}`, "5%", "none", badEscape},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := operation(t, `{name: color, in: `+test.in+`, required: true, content: `+test.content+`}`)[0]
			v, count, fault := Read(p, raw(test.in, test.sent), taking())
			if got := compact(v); got != test.want || count == 0 || fault != test.fault {
				t.Errorf("%s: got %s, count %d, fault %q; want %s, fault %q", test.sent, got, count, fault, test.want, test.fault)
			}
		})
	}
}

// TestIsText tests which values consist of texts.
func TestIsText(t *testing.T) {
	for content, want := range map[string]bool{
		`schema: {}`:                           true,
		`content: {text/plain: {}}`:            true,
		`content: {Application/JSON; a=b: {}}`: false,
		`content: {application/geo+json: {}}`:  false,
		`content: {application/jsonpath: {}}`:  true,
	} {
		if got := IsText(operation(t, `{name: a, in: query, `+content+`}`)[0].Content); got != want {
			t.Errorf("%s: got %v", content, got)
		}
	}
}
