package parameter

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// TestParseQuery takes queries apart.
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
		{"by its name", `{name: a, in: query, schema: {type: string}}`, "a", "b a[] a[b]"},
		{"a list", `{name: a, in: query, schema: {type: array}}`, "a", "a[]"},
		{"an exploded object", `{name: a, in: query, schema: {allOf: [{type: object, properties: {b: {}}}, {properties: {c: {}}}]}}`, "b c", "a d"},
		{"an object that is not exploded", `{name: a, in: query, explode: false, schema: {type: object, properties: {b: {}}}}`, "a", "b"},
		{"an object or a text", `{name: a, in: query, schema: {type: [object, string], properties: {b: {}}}}`, "a b", "c"},
		{"an object of anything", `{name: a, in: query, schema: {type: object}}`, "a b", ""},
		{"an object of more", `{name: a, in: query, schema: {type: object, properties: {b: {}}, additionalProperties: {type: string}}}`, "b c", ""},
		{"an object of patterns", `{name: a, in: query, schema: {type: object, patternProperties: {x: {}}, additionalProperties: false}}`, "x", ""},
		{"a closed object", `{name: a, in: query, schema: {type: object, additionalProperties: false, properties: {b: {}}}}`, "b", "c"},
		{"a deep object", `{name: a, in: query, style: deepObject, schema: {type: object}}`, "a a[b] a[b][c] a[]", "b aa[b] a[ a[b a[b]c a]b["},
		{"a deep object, too deep", `{name: a, in: query, style: deepObject, schema: {type: object}}`, "a" + strings.Repeat("[a]", 32), "a" + strings.Repeat("[a]", 33)},
		{"a media type", `{name: a, in: query, content: {application/json: {schema: {type: object, properties: {b: {}}}}}}`, "a", "b"},
		{"a whole query", `{name: a, in: querystring, content: {text/plain: {}}}`, "a b", ""},
		{"in a header", `{name: a, in: header, schema: {type: string}}`, "", "a"},
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

// TestBeside reads parameters that stand beside each other.
func TestBeside(t *testing.T) {
	for _, test := range []struct{ name, parameters, query, want string }{
		{"two deep objects", `{name: a, in: query, style: deepObject, schema: {type: object}}, {name: ab, in: query, style: deepObject, schema: {type: object}}`, "a[x]=1&ab[y]=2", `{"x":"1"} {"y":"2"}`},
		{"one of two deep objects", `{name: a, in: query, style: deepObject, schema: {type: object}}, {name: ab, in: query, style: deepObject, schema: {type: object}}`, "ab[y]=2", `absent {"y":"2"}`},
		{"an object of any other name", `{name: a, in: query, schema: ` + anything + `}, {name: b, in: query, schema: {}}, {name: c, in: query, style: deepObject, schema: {type: object}}`, "x=1&b=2&c[x]=3&y=4", `{"x":"1","y":"4"} "2" {"x":"3"}`},
		{"an object of any name, and none is left", `{name: a, in: query, schema: ` + anything + `}, {name: b, in: query, schema: {}}`, "b=2", `absent "2"`},
		{"an object of any name, and of a header's", `{name: a, in: query, schema: ` + anything + `}, {name: b, in: header, schema: {}}`, "b=2", `{"b":"2"} absent`},
		{"a member named as its object", `{name: a, in: query, schema: ` + anything + `}`, "a=2", `{"a":"2"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			all := operation(t, test.parameters)
			got := []string{}
			for _, p := range all {
				v, count, fault := Read(p, Raw{Query: ParseQuery(test.query), Parameters: all}, taking())
				switch {
				case fault != "":
					got = append(got, fault)
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

// TestCount counts what may be sent once.
func TestCount(t *testing.T) {
	for _, test := range []struct {
		name, parameter string
		raw             Raw
		want            int
	}{
		{"absent", `{name: a, in: query, schema: {}}`, Raw{}, 0},
		{"once", `{name: a, in: query, schema: {}}`, Raw{Query: ParseQuery("a=1&b=2")}, 1},
		{"twice", `{name: a, in: query, schema: {}}`, Raw{Query: ParseQuery("a=1&a=2")}, 2},
		{"an exploded list", `{name: a, in: query, schema: {type: array}}`, Raw{Query: ParseQuery("a=1&a=2")}, 1},
		{"a list in one text", `{name: a, in: query, explode: false, schema: {type: array}}`, Raw{Query: ParseQuery("a=1&a=2")}, 2},
		{"a deep object", `{name: a, in: query, style: deepObject, schema: {type: object}}`, Raw{Query: ParseQuery("a[b]=1&a[c]=2")}, 1},
		{"a media type", `{name: a, in: query, content: {application/json: {schema: {type: array}}}}`, Raw{Query: ParseQuery("a=1&a=2")}, 2},
		{"a cookie", `{name: a, in: cookie, schema: {}}`, Raw{Header: http.Header{"Cookie": {"a=1; b=2", "a=3"}}}, 2},
		{"a header", `{name: a, in: header, schema: {}}`, Raw{Header: http.Header{"A": {"1", "2"}}}, 2},
		{"a header with a list", `{name: a, in: header, schema: {type: array}}`, Raw{Header: http.Header{"A": {"1", "2"}}}, 1},
		{"a path", `{name: a, in: path, required: true, schema: {}}`, Raw{Path: []Pair{{"a", "1"}}}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, got, _ := Read(operation(t, test.parameter)[0], test.raw, taking()); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

// TestAllocations holds that a plain value costs one allocation, which is the value.
func TestAllocations(t *testing.T) {
	all := operation(t, `{name: a, in: query, schema: {type: string, enum: [b]}}, {name: color, in: path, required: true, schema: {type: string}}, {name: c, in: header, schema: {type: integer}}`)
	raw := Raw{Query: ParseQuery("a=b"), Path: []Pair{{"color", "blue"}}, Header: http.Header{"C": {"1"}}, Parameters: all}
	valid := func(strictjson.Value) bool { return true }
	for _, p := range all {
		if got := testing.AllocsPerRun(100, func() { Read(p, raw, valid) }); got > 1 {
			t.Errorf("%s: %v allocations", p.In, got)
		}
	}
}
