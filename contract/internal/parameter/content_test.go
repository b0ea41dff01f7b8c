package parameter

import "testing"

// TestContent reads parameters that have a media type.
func TestContent(t *testing.T) {
	for _, test := range []struct {
		name, in, content, sent, want, problem string
	}{
		{
			name: "JSON in a query", in: "query", content: `{application/json: {schema: {type: object}}}`,
			sent: "color=%7B%22a%22:+1%7D", want: `{"a":1}`, problem: "",
		},
		{name: "JSON in a path", in: "path", content: `{application/json: {}}`, sent: "%5B1,%22%2B%22%5D", want: `[1,"+"]`, problem: ""},
		{
			name: "JSON in a header", in: "header", content: `{application/problem+json; charset=utf-8: {}}`,
			sent: `{"a":1` + "\n" + `"b":2}`, want: `{"a":1,"b":2}`, problem: "",
		},
		{name: "JSON in a cookie", in: "cookie", content: `{application/json: {}}`, sent: "color=%5B1%5D", want: `[1]`, problem: ""},
		{
			name: "JSON with a member twice", in: "query", content: `{application/json: {}}`,
			sent: "color=%7B%22a%22:1,%22a%22:2%7D", want: `{"a":2}`, problem: "the member appears twice",
		},
		{name: "JSON, empty", in: "query", content: `{application/json: {}}`, sent: "color=", want: "none", problem: "no JSON value"},
		{name: "a text", in: "query", content: `{text/plain: {schema: {type: integer}}}`, sent: "color=7", want: `"7"`, problem: ""},
		{
			name: "a media type that cannot be read", in: "query", content: `{application/xml: {schema: {type: object}}}`,
			sent: "color=%3Ca/%3E", want: "none", problem: "",
		},
		{
			name: "a form in a query", in: "query", content: `{application/x-www-form-urlencoded: {schema: {type: object}}}`,
			sent: "color=a%3D1%26b%3Dx%252By", want: `{"a":"1","b":"x+y"}`, problem: "",
		},

		{
			name: "a whole query in JSON", in: "querystring", content: `{application/json: {}}`, sent: "%7B%22a%22:%22+%22%7D",
			want: `{"a":"+"}`, problem: "",
		},
		{
			name: "a whole query as a form", in: "querystring",
			content: `{application/x-www-form-urlencoded: {schema: {type: object, properties: {b: {type: array}}}}}`,
			sent:    "a=1+2&b=%26", want: `{"a":"1 2","b":["\u0026"]}`, problem: "",
		},
		{name: "a whole query as a text", in: "querystring", content: `{text/plain: {}}`, sent: "a=1&b%20c", want: `"a=1\u0026b c"`, problem: ""},
		{name: "a whole query that is not encoded", in: "querystring", content: `{text/plain: {}}`, sent: "5%", want: "none", problem: badEscape},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := operation(t, `{name: color, in: `+test.in+`, required: true, content: `+test.content+`}`)[0]
			v, count, problem := Read(p, raw(test.in, test.sent), taking())
			if got := compact(v); got != test.want || count == 0 || problem != test.problem {
				t.Errorf("%s: got %s, count %d, problem %q; want %s, problem %q", test.sent, got, count, problem, test.want, test.problem)
			}
		})
	}
}

// TestIsText tests which media types have strings that may stand for numbers.
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
