package parameter

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The schemas of the tables.
const (
	text     = `{type: string}`
	list     = `{type: array, items: {type: string}}`
	colour   = `{type: object, properties: {R: {type: integer}, G: {type: integer}, B: {type: integer}}}`
	blue     = `["blue","black","brown"]`
	rgb      = `{"B":"150","G":"200","R":"100"}`
	anything = `{type: object, additionalProperties: {type: string}}`
)

// operation reads the parameters of an operation.
func operation(t *testing.T, parameters string) []*spec.Parameter {
	t.Helper()
	doc, err := spec.Read("a.yaml",
		[]byte(`{openapi: 3.2.0, info: {title: a, version: b}, paths: {/a: {get: {parameters: [`+parameters+`], responses: {}}}}}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Operations[0].Parameters
}

// taking returns a schema that accepts only the listed values, given as JSON.
func taking(values ...string) func(strictjson.Value) bool {
	return func(v strictjson.Value) bool { return slices.Contains(values, compact(v)) }
}

// compact returns a value as JSON with sorted members, or "none".
func compact(v strictjson.Value) string {
	if !v.Exists() {
		return "none"
	}
	b, _ := json.Marshal(v.Any())
	return string(b)
}

// raw returns a request with the text sent in one place, where path and header have it under the name color.
func raw(in, sent string) Raw {
	switch in {
	case "path":
		return Raw{Path: []Pair{{"color", sent}}}
	case "query", "querystring":
		return Raw{Query: ParseQuery(sent)}
	case "cookie":
		return Raw{Header: http.Header{"Cookie": {sent}}}
	}
	return Raw{Header: http.Header{"Color": strings.Split(sent, "\n")}}
}

// TestStyles reads the examples of the table of styles in OpenAPI, and similar texts.
func TestStyles(t *testing.T) {
	for _, test := range []struct {
		name, in, style, explode, schema, sent, want string
	}{
		{name: "simple", in: "path", style: "simple", explode: "false", schema: text, sent: "blue", want: `"blue"`},
		{name: "simple, a list", in: "path", style: "simple", explode: "false", schema: list, sent: "blue,black,brown", want: blue},
		{name: "simple, an exploded list", in: "path", style: "simple", explode: "true", schema: list, sent: "blue,black,brown", want: blue},
		{name: "simple, an object", in: "path", style: "simple", explode: "false", schema: colour, sent: "R,100,G,200,B,150", want: rgb},
		{
			name: "simple, an exploded object", in: "path", style: "simple", explode: "true", schema: colour,
			sent: "R=100,G=200,B=150", want: rgb,
		},
		{
			name: "simple, a comma in an element", in: "path", style: "simple", explode: "false", schema: list, sent: "a%2Cb,c",
			want: `["a,b","c"]`,
		},
		{
			name: "simple, an equals sign in a member", in: "path", style: "simple", explode: "true", schema: colour,
			sent: "R=1%3D2,G=a=b", want: `{"G":"a=b","R":"1=2"}`,
		},
		{name: "simple, a plus sign", in: "path", style: "simple", explode: "false", schema: text, sent: "a+b%20c", want: `"a+b c"`},
		{name: "simple, an element", in: "path", style: "simple", explode: "false", schema: list, sent: "blue", want: `["blue"]`},

		{name: "label", in: "path", style: "label", explode: "false", schema: text, sent: ".blue", want: `"blue"`},
		{name: "label, empty", in: "path", style: "label", explode: "false", schema: text, sent: ".", want: `""`},
		{name: "label, a point", in: "path", style: "label", explode: "false", schema: text, sent: ".1.5", want: `"1.5"`},
		{name: "label, a list", in: "path", style: "label", explode: "false", schema: list, sent: ".blue,black,brown", want: blue},
		{name: "label, an exploded list", in: "path", style: "label", explode: "true", schema: list, sent: ".blue.black.brown", want: blue},
		{name: "label, an object", in: "path", style: "label", explode: "false", schema: colour, sent: ".R,100,G,200,B,150", want: rgb},
		{name: "label, an exploded object", in: "path", style: "label", explode: "true", schema: colour, sent: ".R=100.G=200.B=150", want: rgb},

		{name: "matrix", in: "path", style: "matrix", explode: "false", schema: text, sent: ";color=blue", want: `"blue"`},
		{name: "matrix, empty", in: "path", style: "matrix", explode: "false", schema: text, sent: ";color", want: `""`},
		{name: "matrix, a list", in: "path", style: "matrix", explode: "false", schema: list, sent: ";color=blue,black,brown", want: blue},
		{
			name: "matrix, an exploded list", in: "path", style: "matrix", explode: "true", schema: list,
			sent: ";color=blue;color=black;color=brown", want: blue,
		},
		{name: "matrix, an object", in: "path", style: "matrix", explode: "false", schema: colour, sent: ";color=R,100,G,200,B,150", want: rgb},
		{
			name: "matrix, an exploded object", in: "path", style: "matrix", explode: "true", schema: colour,
			sent: ";R=100;G=200;B=150", want: rgb,
		},
		{
			name: "matrix, a semicolon in an element", in: "path", style: "matrix", explode: "true", schema: list,
			sent: ";color=a%3Bb;color=c", want: `["a;b","c"]`,
		},

		{name: "form", in: "query", style: "form", explode: "true", schema: text, sent: "a=1&color=blue&b=2", want: `"blue"`},
		{name: "form, a space", in: "query", style: "form", explode: "true", schema: text, sent: "color=a+b%20c%2Bd", want: `"a b c+d"`},
		{name: "form, a list", in: "query", style: "form", explode: "false", schema: list, sent: "color=blue,black,brown", want: blue},
		{
			name: "form, an exploded list", in: "query", style: "form", explode: "true", schema: list,
			sent: "color=blue&x=y&color=black&color=brown", want: blue,
		},
		{name: "form, an object", in: "query", style: "form", explode: "false", schema: colour, sent: "color=R,100,G,200,B,150", want: rgb},
		{
			name: "form, an exploded object", in: "query", style: "form", explode: "true", schema: colour,
			sent: "R=100&x=y&G=200&B=150", want: rgb,
		},
		{
			name: "form, a comma in an element", in: "query", style: "form", explode: "false", schema: list, sent: "color=a%2Cb,c",
			want: `["a,b","c"]`,
		},
		{
			name: "form, a comma in an element of its own", in: "query", style: "form", explode: "true", schema: list,
			sent: "color=a,b", want: `["a,b"]`,
		},
		{
			name: "form, a list with an empty element", in: "query", style: "form", explode: "false", schema: list,
			sent: "color=a,,b", want: `["a","","b"]`,
		},
		{name: "form, a name that is encoded", in: "query", style: "form", explode: "true", schema: text, sent: "c%6Flor=blue", want: `"blue"`},
		{
			name: "form, a list in an object", in: "query", style: "form", explode: "true",
			schema: `{type: object, properties: {a: {type: array}, b: {}}}`, sent: "a=1&b=2", want: `{"a":["1"],"b":"2"}`,
		},
		{name: "form, a member twice", in: "query", style: "form", explode: "true", schema: colour, sent: "R=1&R=2", want: `{"R":["1","2"]}`},

		{
			name: "spaceDelimited, a list", in: "query", style: "spaceDelimited", explode: "false", schema: list,
			sent: "color=blue%20black+brown", want: blue,
		},
		{
			name: "spaceDelimited, a percent sign in an element", in: "query", style: "spaceDelimited", explode: "false",
			schema: list, sent: "color=a%2520b%20c", want: `["a%20b","c"]`,
		},
		{
			name: "spaceDelimited, an exploded list", in: "query", style: "spaceDelimited", explode: "true", schema: list,
			sent: "color=blue&color=black&color=brown", want: blue,
		},
		{
			name: "spaceDelimited, an object", in: "query", style: "spaceDelimited", explode: "false", schema: colour,
			sent: "color=R%20100%20G%20200%20B%20150", want: rgb,
		},
		{
			name: "pipeDelimited, a list", in: "query", style: "pipeDelimited", explode: "false", schema: list,
			sent: "color=blue%7Cblack|brown", want: blue,
		},
		{
			name: "pipeDelimited, an object", in: "query", style: "pipeDelimited", explode: "false", schema: colour,
			sent: "color=R%7C100%7CG%7C200%7CB%7C150", want: rgb,
		},
		{
			name: "pipeDelimited, a text", in: "query", style: "pipeDelimited", explode: "false", schema: text, sent: "color=a%7Cb",
			want: `"a|b"`,
		},

		{
			name: "deepObject", in: "query", style: "deepObject", explode: "true", schema: colour,
			sent: "color%5BR%5D=100&color[G]=200&x=y&color%5BB%5D=150", want: rgb,
		},
		{
			name: "deepObject, not exploded", in: "query", style: "deepObject", explode: "false", schema: colour,
			sent: "color[R]=100&color[G]=200&color[B]=150", want: rgb,
		},
		{
			name: "deepObject, nested", in: "query", style: "deepObject", explode: "true", schema: colour,
			sent: "color[R][a][b]=1&color[R][a][c]=2", want: `{"R":{"a":{"b":"1","c":"2"}}}`,
		},
		{
			name: "deepObject, a member that is not known", in: "query", style: "deepObject", explode: "true", schema: colour,
			sent: "color[R]=100&color[Z]=1", want: `{"R":"100","Z":"1"}`,
		},
		{
			name: "deepObject, a list of pairs", in: "query", style: "deepObject", explode: "true", schema: colour,
			sent: "color[R]=1&color[R]=2", want: `{"R":["1","2"]}`,
		},
		{
			name: "deepObject, a list of one", in: "query", style: "deepObject", explode: "true",
			schema: `{type: object, properties: {a: {type: array}}}`, sent: "color[a]=1", want: `{"a":["1"]}`,
		},
		{
			name: "deepObject, a list with empty brackets", in: "query", style: "deepObject", explode: "true", schema: colour,
			sent: "color[R][]=1&color[R][]=2", want: `{"R":["1","2"]}`,
		},
		{
			name: "deepObject, a list with indices", in: "query", style: "deepObject", explode: "true",
			schema: `{type: object, properties: {a: {type: array, items: {type: object}}}}`,
			sent:   "color[a][1][b]=2&color[a][0][b]=1", want: `{"a":[{"b":"1"},{"b":"2"}]}`,
		},
		{
			name: "deepObject, numbers for names", in: "query", style: "deepObject", explode: "true", schema: anything,
			sent: "color[0]=a", want: `{"0":"a"}`,
		},
		{
			name: "deepObject, another that begins alike", in: "query", style: "deepObject", explode: "true", schema: colour,
			sent: "color2[R]=1&color[R]=2", want: `{"R":"2"}`,
		},
		{name: "deepObject, a text", in: "query", style: "deepObject", explode: "true", schema: colour, sent: "color=1", want: `"1"`},

		{name: "header", in: "header", style: "simple", explode: "false", schema: text, sent: "blue, black%2C", want: `"blue, black%2C"`},
		{name: "header, a list", in: "header", style: "simple", explode: "false", schema: list, sent: "blue,black, brown", want: blue},
		{
			name: "header, a list in lines", in: "header", style: "simple", explode: "false", schema: list,
			sent: "blue, black\nbrown", want: blue,
		},
		{
			name: "header, a list with empty elements", in: "header", style: "simple", explode: "false", schema: list,
			sent: ", blue,,black,brown ,", want: blue,
		},
		{name: "header, an object", in: "header", style: "simple", explode: "false", schema: colour, sent: "R,100,G, 200,B,150", want: rgb},
		{
			name: "header, an exploded object", in: "header", style: "simple", explode: "true", schema: colour,
			sent: "R=100, G=200,B=150", want: rgb,
		},
		{
			name: "header, an object in lines", in: "header", style: "simple", explode: "true", schema: colour,
			sent: "R=100\nG=200\nB=150", want: rgb,
		},

		{name: "cookie of style form", in: "cookie", style: "form", explode: "true", schema: text, sent: "a=1; color=bl%75e", want: `"blue"`},
		{name: "cookie of style form, not encoded", in: "cookie", style: "form", explode: "true", schema: text, sent: "color=5%", want: `"5%"`},
		{
			name: "cookie of style form, a list", in: "cookie", style: "form", explode: "false", schema: list,
			sent: "color=blue,black,brown", want: blue,
		},
		{
			name: "cookie of style form, an exploded list", in: "cookie", style: "form", explode: "true", schema: list,
			sent: "color=blue&color=black&color=brown; x=y", want: blue,
		},
		{
			name: "cookie of style form, an object", in: "cookie", style: "form", explode: "false", schema: colour,
			sent: "color=R,100,G,200,B,150", want: rgb,
		},
		{
			name: "cookie of style form, an exploded object", in: "cookie", style: "form", explode: "true", schema: colour,
			sent: "R=100&G=200&B=150", want: rgb,
		},
		{
			name: "cookie of style form, in quotes", in: "cookie", style: "form", explode: "true", schema: text,
			sent: `color="blue"`, want: `"blue"`,
		},
		{
			name: "cookie of style form, an ampersand", in: "cookie", style: "form", explode: "true", schema: text,
			sent: "color=a&b=c", want: `"a\u0026b=c"`,
		},
		{
			name: "cookie of style cookie", in: "cookie", style: "cookie", explode: "true", schema: text, sent: "a=1; color=bl%75e",
			want: `"bl%75e"`,
		},
		{
			name: "cookie of style cookie, a list", in: "cookie", style: "cookie", explode: "false", schema: list,
			sent: "color=blue,black,brown", want: blue,
		},
		{
			name: "cookie of style cookie, an exploded list", in: "cookie", style: "cookie", explode: "true", schema: list,
			sent: "color=blue; color=black; color=brown", want: blue,
		},
		{
			name: "cookie of style cookie, an object", in: "cookie", style: "cookie", explode: "false", schema: colour,
			sent: "color=R,100,G,200,B,150", want: rgb,
		},
		{
			name: "cookie of style cookie, an exploded object", in: "cookie", style: "cookie", explode: "true", schema: colour,
			sent: "R=100; G=200; B=150", want: rgb,
		},

		{name: "a style of another place", in: "query", style: "matrix", explode: "true", schema: text, sent: "color=blue", want: "none"},
		{name: "a style of nowhere", in: "header", style: "fancy", explode: "false", schema: text, sent: "blue", want: "none"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := operation(t,
				`{name: color, in: `+test.in+`, required: true, style: `+test.style+`, explode: `+test.explode+`, schema: `+test.schema+`}`)[0]
			v, count, problem := Read(p, raw(test.in, test.sent), taking())
			if got := compact(v); got != test.want || count == 0 || problem != "" {
				t.Errorf("%s: got %s, count %d, problem %q; want %s", test.sent, got, count, problem, test.want)
			}
		})
	}
}

// TestShapes reads texts for schemas that allow several shapes.
func TestShapes(t *testing.T) {
	const listOrText = `{oneOf: [{type: string}, ` + list + `]}`
	const objectOrList = `{type: [array, object]}`
	for _, test := range []struct {
		name, in, style, explode, schema, sent string
		taken                                  []string // by the schema
		want                                   string
	}{
		{
			name: "a list goes first", in: "query", style: "form", explode: "false", schema: listOrText, sent: "color=a,b",
			taken: []string{`["a","b"]`, `"a,b"`}, want: `["a","b"]`,
		},
		{
			name: "a text that is no such list", in: "query", style: "form", explode: "false", schema: listOrText, sent: "color=a,b",
			taken: []string{`"a,b"`}, want: `"a,b"`,
		},
		{name: "neither", in: "query", style: "form", explode: "false", schema: listOrText, sent: "color=a,b", want: `["a","b"]`},
		{
			name: "no object, so a list", in: "query", style: "form", explode: "false", schema: objectOrList, sent: "color=a,b,c",
			want: `["a","b","c"]`,
		},
		{
			name: "an object", in: "query", style: "form", explode: "false", schema: objectOrList, sent: "color=a,b",
			taken: []string{`{"a":"b"}`}, want: `{"a":"b"}`,
		},
		{
			name: "no object, so a text", in: "query", style: "form", explode: "true",
			schema: `{type: [string, object], properties: {R: {}}}`, sent: "color=a", want: `"a"`,
		},
		{
			name: "members and no text", in: "query", style: "form", explode: "true",
			schema: `{type: [string, object], properties: {R: {}}}`, sent: "R=a", want: `{"R":"a"}`,
		},
		{
			name: "by a reference", in: "path", style: "simple", explode: "false",
			schema: `{$ref: '#/paths/~1a/get/parameters/0/schema/$defs/List', $defs: {List: {type: array}}}`, sent: "a,b",
			want: `["a","b"]`,
		},
		{
			name: "by a keyword of lists", in: "path", style: "simple", explode: "false", schema: `{items: {}}`, sent: "a,b",
			taken: []string{`["a","b"]`}, want: `["a","b"]`,
		},
		{
			name: "by a keyword of objects", in: "path", style: "simple", explode: "false",
			schema: `{properties: {}, required: [a]}`, sent: "a,b", taken: []string{`{"a":"b"}`}, want: `{"a":"b"}`,
		},
		{
			name: "by the parts of all", in: "path", style: "simple", explode: "false",
			schema: `{allOf: [{type: object}, {required: [a]}]}`, sent: "a,b", want: `{"a":"b"}`,
		},
		{name: "of no type", in: "path", style: "simple", explode: "false", schema: `{}`, sent: "a,b", want: `"a,b"`},
		{
			name: "label with points", in: "path", style: "label", explode: "false", schema: list, sent: ".a.b",
			taken: []string{`["a","b"]`}, want: `["a","b"]`,
		},
		{
			name: "label with a point in an element", in: "path", style: "label", explode: "false", schema: list, sent: ".a.b",
			taken: []string{`["a.b"]`, `["a","b"]`}, want: `["a.b"]`,
		},
		{
			name: "label with points, not taken either", in: "path", style: "label", explode: "false", schema: list, sent: ".a.b",
			want: `["a.b"]`,
		},
		{
			name: "label with points, an object", in: "path", style: "label", explode: "false", schema: colour, sent: ".R.1.G.2",
			taken: []string{`{"G":"2","R":"1"}`}, want: `{"G":"2","R":"1"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := operation(t,
				`{name: color, in: `+test.in+`, required: true, style: `+test.style+`, explode: `+test.explode+`, schema: `+test.schema+`}`)[0]
			v, count, problem := Read(p, raw(test.in, test.sent), taking(test.taken...))
			if got := compact(v); got != test.want || count == 0 || problem != "" {
				t.Errorf("%s: got %s, count %d, problem %q; want %s", test.sent, got, count, problem, test.want)
			}
		})
	}
}

// TestReadErrors reads parameters that are absent or unreadable.
func TestReadErrors(t *testing.T) {
	for _, test := range []struct {
		name, in, more, sent string // more: what the parameter has beside name and place
		present              bool
		problem              string
	}{
		{name: "empty in the path", in: "path", more: `schema: {}`, sent: "", present: true, problem: ""},
		{name: "not in the query", in: "query", more: `schema: {}`, sent: "a=b", present: false, problem: ""},
		{name: "not in the query, exploded", in: "query", more: `schema: ` + colour, sent: "a=b", present: false, problem: ""},
		{
			name: "not in the query, in brackets", in: "query", more: `style: deepObject, schema: ` + colour,
			sent: "color2[R]=b&color[R=1&color[R]x=2&colour[R]=3", present: false, problem: "",
		},
		{name: "not in the cookies", in: "cookie", more: `schema: {}`, sent: "a=b; color", present: false, problem: ""},
		{name: "an empty query", in: "querystring", more: `content: {text/plain: {}}`, sent: "", present: false, problem: ""},

		{name: "empty", in: "query", more: `schema: {}`, sent: "color=", present: true, problem: Empty},
		{name: "empty without an equals sign", in: "query", more: `schema: {}`, sent: "color", present: true, problem: Empty},
		{
			name: "empty, which the document allows", in: "query", more: `allowEmptyValue: true, schema: {type: integer}`,
			sent: "color=", present: true, problem: Empty,
		},
		{
			name: "label without a point", in: "path", more: `style: label, schema: {}`, sent: "blue", present: true,
			problem: "no point before the value, which style label requires",
		},
		{
			name: "matrix without a semicolon", in: "path", more: `style: matrix, schema: {}`, sent: "color=blue", present: true,
			problem: "no semicolon before the name, which style matrix requires",
		},
		{
			name: "matrix with another name", in: "path", more: `style: matrix, schema: {}`, sent: ";colour=blue", present: true,
			problem: "no name before the value, which style matrix requires",
		},
		{name: "a bad escape", in: "path", more: `schema: {}`, sent: "%zz", present: true, problem: badEscape},
		{
			name: "a name without a value", in: "header", more: `schema: ` + colour, sent: "R,1,G", present: true,
			problem: "a name without a value",
		},
		{
			name: "a member without an equals sign", in: "header", more: `explode: true, schema: ` + colour, sent: "R=1,G",
			present: true, problem: "a member without an equals sign",
		},
		{name: "a member twice", in: "header", more: `schema: ` + colour, sent: "R,1,R,2", present: true, problem: "a duplicate member"},
		{
			name: "a value and members", in: "query", more: `style: deepObject, schema: ` + colour, sent: "color[R]=1&color[R][a]=2",
			present: true, problem: "a value and members under one name",
		},
		{
			name: "members below empty brackets", in: "query", more: `style: deepObject, schema: ` + colour, sent: "color[R][][a]=1",
			present: true, problem: "members below empty brackets",
		},
		{
			name: "no list in brackets", in: "query", more: `style: deepObject, schema: ` + list, sent: "color[a]=1", present: true,
			problem: "no list in brackets",
		},
		{
			name: "no JSON", in: "query", more: `content: {application/json: {}}`, sent: "color=%7B", present: true,
			problem: "no member name at byte 1",
		},
		{
			name: "no JSON in a cookie", in: "cookie", more: `content: {application/json: {}}`, sent: "color=secret", present: true,
			problem: "no JSON value at byte 0",
		},
		{
			name: "two media types", in: "query", more: `content: {application/json: {}, text/plain: {}}`, sent: "color=%7B",
			present: true, problem: "",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			required := strconv.FormatBool(test.in == "path")
			p := operation(t, `{name: color, in: `+test.in+`, required: `+required+`, `+test.more+`}`)[0]
			_, count, problem := Read(p, raw(test.in, test.sent), taking())
			if (count > 0) != test.present || problem != test.problem {
				t.Errorf("%s: got count %d, problem %q", test.sent, count, problem)
			}
		})
	}
}
