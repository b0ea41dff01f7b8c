package parameter

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// TestParseQuery compares the pairs of queries.
func TestParseQuery(t *testing.T) {
	for text, want := range map[string][]Pair{
		"":                   nil,
		"a=1&b=%2C,&a=":      {{"a", "1"}, {"b", "%2C,"}, {"a", ""}},
		"a+b%5B=c=d&&e":      {{"a b[", "c=d"}, {"e", ""}},
		"%zz=1&a=%z&b=1;c=2": {{"b", "1;c=2"}},
	} {
		if diff := cmp.Diff(want, ParseQuery(text).Pairs); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// TestOwns tests which names of a query belong to a parameter.
func TestOwns(t *testing.T) {
	for _, test := range []struct{ name, parameter, takes, not string }{
		{name: "by its name", parameter: `{name: a, in: query, schema: {type: string}}`, takes: "a", not: "b a[] a[b]"},
		{name: "a list", parameter: `{name: a, in: query, schema: {type: array}}`, takes: "a", not: "a[]"},
		{
			name:      "an exploded object",
			parameter: `{name: a, in: query, schema: {allOf: [{type: object, properties: {b: {}}}, {properties: {c: {}}}]}}`,
			takes:     "b c", not: "a d",
		},
		{
			name:      "an object that is not exploded",
			parameter: `{name: a, in: query, explode: false, schema: {type: object, properties: {b: {}}}}`, takes: "a", not: "b",
		},
		{
			name: "an object or a text", parameter: `{name: a, in: query, schema: {type: [object, string], properties: {b: {}}}}`,
			takes: "a b", not: "c",
		},
		{name: "an object of anything", parameter: `{name: a, in: query, schema: {type: object}}`, takes: "a b", not: ""},
		{
			name:      "an object of more",
			parameter: `{name: a, in: query, schema: {type: object, properties: {b: {}}, additionalProperties: {type: string}}}`,
			takes:     "b c", not: "",
		},
		{
			name:      "an object of patterns",
			parameter: `{name: a, in: query, schema: {type: object, patternProperties: {x: {}}, additionalProperties: false}}`,
			takes:     "x", not: "",
		},
		{
			name:      "a closed object",
			parameter: `{name: a, in: query, schema: {type: object, additionalProperties: false, properties: {b: {}}}}`, takes: "b",
			not: "c",
		},
		{
			name: "a deep object", parameter: `{name: a, in: query, style: deepObject, schema: {type: object}}`,
			takes: "a a[b] a[b][c] a[]", not: "b aa[b] a[ a[b a[b]c a]b[",
		},
		{
			name: "a deep object, too deep", parameter: `{name: a, in: query, style: deepObject, schema: {type: object}}`,
			takes: "a" + strings.Repeat("[a]", 32), not: "a" + strings.Repeat("[a]", 33),
		},
		{
			name:      "a media type",
			parameter: `{name: a, in: query, content: {application/json: {schema: {type: object, properties: {b: {}}}}}}`,
			takes:     "a", not: "b",
		},
		{name: "a whole query", parameter: `{name: a, in: querystring, content: {text/plain: {}}}`, takes: "a b", not: ""},
		{name: "in a header", parameter: `{name: a, in: header, schema: {type: string}}`, takes: "", not: "a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := operation(t, test.parameter)[0]
			for _, name := range strings.Fields(test.takes) {
				if !Owns(p, name) {
					t.Errorf("%s is not taken", name)
				}
			}
			for _, name := range strings.Fields(test.not) {
				if Owns(p, name) {
					t.Errorf("%s is taken", name)
				}
			}
		})
	}
}

// TestOwnership reads several parameters of one query.
func TestOwnership(t *testing.T) {
	for _, test := range []struct{ name, parameters, query, want string }{
		{
			name: "two deep objects",
			parameters: `{name: a, in: query, style: deepObject, schema: {type: object}}, {name: ab, in: query, style: deepObject, ` +
				`schema: {type: object}}`,
			query: "a[x]=1&ab[y]=2", want: `{"x":"1"} {"y":"2"}`,
		},
		{
			name: "one of two deep objects",
			parameters: `{name: a, in: query, style: deepObject, schema: {type: object}}, {name: ab, in: query, style: deepObject, ` +
				`schema: {type: object}}`,
			query: "ab[y]=2", want: `absent {"y":"2"}`,
		},
		{
			name: "an object of any other name",
			parameters: `{name: a, in: query, schema: ` + anything + `}, {name: b, in: query, schema: {}}, {name: c, in: query, style: ` +
				`deepObject, schema: {type: object}}`,
			query: "x=1&b=2&c[x]=3&y=4", want: `{"x":"1","y":"4"} "2" {"x":"3"}`,
		},
		{
			name:       "an object of any name, and none is left",
			parameters: `{name: a, in: query, schema: ` + anything + `}, {name: b, in: query, schema: {}}`, query: "b=2",
			want: `absent "2"`,
		},
		{
			name:       "an object of any name, and of a header's",
			parameters: `{name: a, in: query, schema: ` + anything + `}, {name: b, in: header, schema: {}}`, query: "b=2",
			want: `{"b":"2"} absent`,
		},
		{name: "a member named as its object", parameters: `{name: a, in: query, schema: ` + anything + `}`, query: "a=2", want: `{"a":"2"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			all := operation(t, test.parameters)
			got := []string{}
			for _, p := range all {
				v, count, problem := Read(p, Raw{Query: ParseQuery(test.query), Parameters: all}, taking())
				switch {
				case problem != "":
					got = append(got, problem)
				case count == 0:
					got = append(got, "absent")
				default:
					got = append(got, compact(v))
				}
			}
			if got := strings.Join(got, " "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestCount tests how often a parameter was sent.
func TestCount(t *testing.T) {
	for _, test := range []struct {
		name, parameter string
		raw             Raw
		want            int
	}{
		{name: "absent", parameter: `{name: a, in: query, schema: {}}`, raw: Raw{}, want: 0},
		{name: "once", parameter: `{name: a, in: query, schema: {}}`, raw: Raw{Query: ParseQuery("a=1&b=2")}, want: 1},
		{name: "twice", parameter: `{name: a, in: query, schema: {}}`, raw: Raw{Query: ParseQuery("a=1&a=2")}, want: 2},
		{name: "an exploded list", parameter: `{name: a, in: query, schema: {type: array}}`, raw: Raw{Query: ParseQuery("a=1&a=2")}, want: 1},
		{
			name: "a list in one text", parameter: `{name: a, in: query, explode: false, schema: {type: array}}`,
			raw: Raw{Query: ParseQuery("a=1&a=2")}, want: 2,
		},
		{
			name: "a deep object", parameter: `{name: a, in: query, style: deepObject, schema: {type: object}}`,
			raw: Raw{Query: ParseQuery("a[b]=1&a[c]=2")}, want: 1,
		},
		{
			name: "a media type", parameter: `{name: a, in: query, content: {application/json: {schema: {type: array}}}}`,
			raw: Raw{Query: ParseQuery("a=1&a=2")}, want: 2,
		},
		{
			name: "a cookie", parameter: `{name: a, in: cookie, schema: {}}`,
			raw: Raw{Header: http.Header{"Cookie": {"a=1; b=2", "a=3"}}}, want: 2,
		},
		{name: "a header", parameter: `{name: a, in: header, schema: {}}`, raw: Raw{Header: http.Header{"A": {"1", "2"}}}, want: 2},
		{
			name: "a header with a list", parameter: `{name: a, in: header, schema: {type: array}}`,
			raw: Raw{Header: http.Header{"A": {"1", "2"}}}, want: 1,
		},
		{name: "a path", parameter: `{name: a, in: path, required: true, schema: {}}`, raw: Raw{Path: []Pair{{"a", "1"}}}, want: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, got, _ := Read(operation(t, test.parameter)[0], test.raw, taking()); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

// TestAllocations tests that a plain value costs one allocation, the value itself.
func TestAllocations(t *testing.T) {
	all := operation(t,
		`{name: a, in: query, schema: {type: string, enum: [b]}}, {name: color, in: path, required: true, schema: {type: string}}, `+
			`{name: c, in: header, schema: {type: integer}}`)
	raw := Raw{Query: ParseQuery("a=b"), Path: []Pair{{"color", "blue"}}, Header: http.Header{"C": {"1"}}, Parameters: all}
	valid := func(strictjson.Value) bool { return true }
	for _, p := range all {
		if got := testing.AllocsPerRun(100, func() { Read(p, raw, valid) }); got > 1 {
			t.Errorf("%s: %v allocations", p.In, got)
		}
	}
}
