package parameter

import (
	"encoding/json"
	"net/http"
	"slices"
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

// operation reads the parameters of a document that has no more.
func operation(t *testing.T, parameters string) []*spec.Parameter {
	t.Helper()
	doc, err := spec.Read("a.yaml", []byte(`{openapi: 3.2.0, info: {title: a, version: b}, paths: {/a: {get: {parameters: [`+parameters+`], responses: {}}}}}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Operations[0].Parameters
}

// taking is a schema that takes the values that are listed, as JSON, and no others.
func taking(values ...string) func(strictjson.Value) bool {
	return func(v strictjson.Value) bool { return slices.Contains(values, compact(v)) }
}

// compact is a value as JSON, with its members sorted, or "none".
func compact(v strictjson.Value) string {
	if !v.Exists() {
		return "none"
	}
	b, _ := json.Marshal(v.Any())
	return string(b)
}

// raw makes what a request has: of the path a text for color, or the query, or a header as Name: value.
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

// TestStyles reads the examples of OpenAPI's table of styles, and what is close to them.
func TestStyles(t *testing.T) {
	for _, test := range []struct {
		name, in, style, explode, schema, sent, want string
	}{
		{"simple", "path", "simple", "false", text, "blue", `"blue"`},
		{"simple, a list", "path", "simple", "false", list, "blue,black,brown", blue},
		{"simple, an exploded list", "path", "simple", "true", list, "blue,black,brown", blue},
		{"simple, an object", "path", "simple", "false", colour, "R,100,G,200,B,150", rgb},
		{"simple, an exploded object", "path", "simple", "true", colour, "R=100,G=200,B=150", rgb},
		{"simple, a comma in an element", "path", "simple", "false", list, "a%2Cb,c", `["a,b","c"]`},
		{"simple, an equals sign in a member", "path", "simple", "true", colour, "R=1%3D2,G=a=b", `{"G":"a=b","R":"1=2"}`},
		{"simple, a plus sign", "path", "simple", "false", text, "a+b%20c", `"a+b c"`},
		{"simple, an element", "path", "simple", "false", list, "blue", `["blue"]`},

		{"label", "path", "label", "false", text, ".blue", `"blue"`},
		{"label, empty", "path", "label", "false", text, ".", `""`},
		{"label, a point", "path", "label", "false", text, ".1.5", `"1.5"`},
		{"label, a list", "path", "label", "false", list, ".blue,black,brown", blue},
		{"label, an exploded list", "path", "label", "true", list, ".blue.black.brown", blue},
		{"label, an object", "path", "label", "false", colour, ".R,100,G,200,B,150", rgb},
		{"label, an exploded object", "path", "label", "true", colour, ".R=100.G=200.B=150", rgb},

		{"matrix", "path", "matrix", "false", text, ";color=blue", `"blue"`},
		{"matrix, empty", "path", "matrix", "false", text, ";color", `""`},
		{"matrix, a list", "path", "matrix", "false", list, ";color=blue,black,brown", blue},
		{"matrix, an exploded list", "path", "matrix", "true", list, ";color=blue;color=black;color=brown", blue},
		{"matrix, an object", "path", "matrix", "false", colour, ";color=R,100,G,200,B,150", rgb},
		{"matrix, an exploded object", "path", "matrix", "true", colour, ";R=100;G=200;B=150", rgb},
		{"matrix, a semicolon in an element", "path", "matrix", "true", list, ";color=a%3Bb;color=c", `["a;b","c"]`},

		{"form", "query", "form", "true", text, "a=1&color=blue&b=2", `"blue"`},
		{"form, a space", "query", "form", "true", text, "color=a+b%20c%2Bd", `"a b c+d"`},
		{"form, a list", "query", "form", "false", list, "color=blue,black,brown", blue},
		{"form, an exploded list", "query", "form", "true", list, "color=blue&x=y&color=black&color=brown", blue},
		{"form, an object", "query", "form", "false", colour, "color=R,100,G,200,B,150", rgb},
		{"form, an exploded object", "query", "form", "true", colour, "R=100&x=y&G=200&B=150", rgb},
		{"form, a comma in an element", "query", "form", "false", list, "color=a%2Cb,c", `["a,b","c"]`},
		{"form, a comma in an element of its own", "query", "form", "true", list, "color=a,b", `["a,b"]`},
		{"form, a list with an empty element", "query", "form", "false", list, "color=a,,b", `["a","","b"]`},
		{"form, a name that is encoded", "query", "form", "true", text, "c%6Flor=blue", `"blue"`},
		{"form, a list in an object", "query", "form", "true", `{type: object, properties: {a: {type: array}, b: {}}}`, "a=1&b=2", `{"a":["1"],"b":"2"}`},
		{"form, a member twice", "query", "form", "true", colour, "R=1&R=2", `{"R":["1","2"]}`},

		{"spaceDelimited, a list", "query", "spaceDelimited", "false", list, "color=blue%20black+brown", blue},
		{"spaceDelimited, a percent sign in an element", "query", "spaceDelimited", "false", list, "color=a%2520b%20c", `["a%20b","c"]`},
		{"spaceDelimited, an exploded list", "query", "spaceDelimited", "true", list, "color=blue&color=black&color=brown", blue},
		{"spaceDelimited, an object", "query", "spaceDelimited", "false", colour, "color=R%20100%20G%20200%20B%20150", rgb},
		{"pipeDelimited, a list", "query", "pipeDelimited", "false", list, "color=blue%7Cblack|brown", blue},
		{"pipeDelimited, an object", "query", "pipeDelimited", "false", colour, "color=R%7C100%7CG%7C200%7CB%7C150", rgb},
		{"pipeDelimited, a text", "query", "pipeDelimited", "false", text, "color=a%7Cb", `"a|b"`},

		{"deepObject", "query", "deepObject", "true", colour, "color%5BR%5D=100&color[G]=200&x=y&color%5BB%5D=150", rgb},
		{"deepObject, not exploded", "query", "deepObject", "false", colour, "color[R]=100&color[G]=200&color[B]=150", rgb},
		{"deepObject, nested", "query", "deepObject", "true", colour, "color[R][a][b]=1&color[R][a][c]=2", `{"R":{"a":{"b":"1","c":"2"}}}`},
		{"deepObject, a member that is not known", "query", "deepObject", "true", colour, "color[R]=100&color[Z]=1", `{"R":"100","Z":"1"}`},
		{"deepObject, a list of pairs", "query", "deepObject", "true", colour, "color[R]=1&color[R]=2", `{"R":["1","2"]}`},
		{"deepObject, a list of one", "query", "deepObject", "true", `{type: object, properties: {a: {type: array}}}`, "color[a]=1", `{"a":["1"]}`},
		{"deepObject, a list with empty brackets", "query", "deepObject", "true", colour, "color[R][]=1&color[R][]=2", `{"R":["1","2"]}`},
		{"deepObject, a list with indices", "query", "deepObject", "true", `{type: object, properties: {a: {type: array, items: {type: object}}}}`, "color[a][1][b]=2&color[a][0][b]=1", `{"a":[{"b":"1"},{"b":"2"}]}`},
		{"deepObject, numbers for names", "query", "deepObject", "true", anything, "color[0]=a", `{"0":"a"}`},
		{"deepObject, another that begins alike", "query", "deepObject", "true", colour, "color2[R]=1&color[R]=2", `{"R":"2"}`},
		{"deepObject, a text", "query", "deepObject", "true", colour, "color=1", `"1"`},

		{"header", "header", "simple", "false", text, "blue, black%2C", `"blue, black%2C"`},
		{"header, a list", "header", "simple", "false", list, "blue,black, brown", blue},
		{"header, a list in lines", "header", "simple", "false", list, "blue, black\nbrown", blue},
		{"header, a list with empty elements", "header", "simple", "false", list, ", blue,,black,brown ,", blue},
		{"header, an object", "header", "simple", "false", colour, "R,100,G, 200,B,150", rgb},
		{"header, an exploded object", "header", "simple", "true", colour, "R=100, G=200,B=150", rgb},
		{"header, an object in lines", "header", "simple", "true", colour, "R=100\nG=200\nB=150", rgb},

		{"cookie of style form", "cookie", "form", "true", text, "a=1; color=bl%75e", `"blue"`},
		{"cookie of style form, not encoded", "cookie", "form", "true", text, "color=5%", `"5%"`},
		{"cookie of style form, a list", "cookie", "form", "false", list, "color=blue,black,brown", blue},
		{"cookie of style form, an exploded list", "cookie", "form", "true", list, "color=blue&color=black&color=brown; x=y", blue},
		{"cookie of style form, an object", "cookie", "form", "false", colour, "color=R,100,G,200,B,150", rgb},
		{"cookie of style form, an exploded object", "cookie", "form", "true", colour, "R=100&G=200&B=150", rgb},
		{"cookie of style form, in quotes", "cookie", "form", "true", text, `color="blue"`, `"blue"`},
		{"cookie of style form, an ampersand", "cookie", "form", "true", text, "color=a&b=c", `"a\u0026b=c"`},
		{"cookie of style cookie", "cookie", "cookie", "true", text, "a=1; color=bl%75e", `"bl%75e"`},
		{"cookie of style cookie, a list", "cookie", "cookie", "false", list, "color=blue,black,brown", blue},
		{"cookie of style cookie, an exploded list", "cookie", "cookie", "true", list, "color=blue; color=black; color=brown", blue},
		{"cookie of style cookie, an object", "cookie", "cookie", "false", colour, "color=R,100,G,200,B,150", rgb},
		{"cookie of style cookie, an exploded object", "cookie", "cookie", "true", colour, "R=100; G=200; B=150", rgb},

		{"a style of another place", "query", "matrix", "true", text, "color=blue", "none"},
		{"a style of nowhere", "header", "fancy", "false", text, "blue", "none"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := operation(t, `{name: color, in: `+test.in+`, required: true, style: `+test.style+`, explode: `+test.explode+`, schema: `+test.schema+`}`)[0]
			v, count, fault := Read(p, raw(test.in, test.sent), taking())
			if got := compact(v); got != test.want || count == 0 || fault != "" {
				t.Errorf("%s: got %s, count %d, fault %q; want %s", test.sent, got, count, fault, test.want)
			}
		})
	}
}

// TestShapes reads texts of which a schema allows several shapes.
func TestShapes(t *testing.T) {
	const listOrText = `{oneOf: [{type: string}, ` + list + `]}`
	const objectOrList = `{type: [array, object]}`
	for _, test := range []struct {
		name, in, style, explode, schema, sent string
		taken                                  []string // by the schema
		want                                   string
	}{
		{"a list goes first", "query", "form", "false", listOrText, "color=a,b", []string{`["a","b"]`, `"a,b"`}, `["a","b"]`},
		{"a text that is no such list", "query", "form", "false", listOrText, "color=a,b", []string{`"a,b"`}, `"a,b"`},
		{"neither", "query", "form", "false", listOrText, "color=a,b", nil, `["a","b"]`},
		{"no object, so a list", "query", "form", "false", objectOrList, "color=a,b,c", nil, `["a","b","c"]`},
		{"an object", "query", "form", "false", objectOrList, "color=a,b", []string{`{"a":"b"}`}, `{"a":"b"}`},
		{"no object, so a text", "query", "form", "true", `{type: [string, object], properties: {R: {}}}`, "color=a", nil, `"a"`},
		{"members and no text", "query", "form", "true", `{type: [string, object], properties: {R: {}}}`, "R=a", nil, `{"R":"a"}`},
		{"by a reference", "path", "simple", "false", `{$ref: '#/paths/~1a/get/parameters/0/schema/$defs/List', $defs: {List: {type: array}}}`, "a,b", nil, `["a","b"]`},
		{"by a keyword of lists", "path", "simple", "false", `{items: {}}`, "a,b", []string{`["a","b"]`}, `["a","b"]`},
		{"by a keyword of objects", "path", "simple", "false", `{properties: {}, required: [a]}`, "a,b", []string{`{"a":"b"}`}, `{"a":"b"}`},
		{"by the parts of all", "path", "simple", "false", `{allOf: [{type: object}, {required: [a]}]}`, "a,b", nil, `{"a":"b"}`},
		{"of no type", "path", "simple", "false", `{}`, "a,b", nil, `"a,b"`},
		{"label with points", "path", "label", "false", list, ".a.b", []string{`["a","b"]`}, `["a","b"]`},
		{"label with a point in an element", "path", "label", "false", list, ".a.b", []string{`["a.b"]`, `["a","b"]`}, `["a.b"]`},
		{"label with points, not taken either", "path", "label", "false", list, ".a.b", nil, `["a.b"]`},
		{"label with points, an object", "path", "label", "false", colour, ".R.1.G.2", []string{`{"G":"2","R":"1"}`}, `{"G":"2","R":"1"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := operation(t, `{name: color, in: `+test.in+`, required: true, style: `+test.style+`, explode: `+test.explode+`, schema: `+test.schema+`}`)[0]
			v, count, fault := Read(p, raw(test.in, test.sent), taking(test.taken...))
			if got := compact(v); got != test.want || count == 0 || fault != "" {
				t.Errorf("%s: got %s, count %d, fault %q; want %s", test.sent, got, count, fault, test.want)
			}
		})
	}
}

// TestAbsentAndFaulty reads what is not there, and what cannot be read.
func TestAbsentAndFaulty(t *testing.T) {
	for _, test := range []struct {
		name, in, more, sent string // more: what the parameter has beside name and place
		present              bool
		fault                string
	}{
		{"empty in the path", "path", `schema: {}`, "", true, ""},
		{"not in the query", "query", `schema: {}`, "a=b", false, ""},
		{"not in the query, exploded", "query", `schema: ` + colour, "a=b", false, ""},
		{"not in the query, in brackets", "query", `style: deepObject, schema: ` + colour, "color2[R]=b&color[R=1&color[R]x=2&colour[R]=3", false, ""},
		{"not in the cookies", "cookie", `schema: {}`, "a=b; color", false, ""},
		{"an empty query", "querystring", `content: {text/plain: {}}`, "", false, ""},

		{"empty", "query", `schema: {}`, "color=", true, Empty},
		{"empty without an equals sign", "query", `schema: {}`, "color", true, Empty},
		{"empty, which the document allows", "query", `allowEmptyValue: true, schema: {type: integer}`, "color=", true, Empty},
		{"label without a point", "path", `style: label, schema: {}`, "blue", true, "no point before the value, as style label has it"},
		{"matrix without a semicolon", "path", `style: matrix, schema: {}`, "color=blue", true, "no semicolon before the name, as style matrix has it"},
		{"matrix with another name", "path", `style: matrix, schema: {}`, ";colour=blue", true, "no name before the value, as style matrix has it"},
		{"a bad escape", "path", `schema: {}`, "%zz", true, badEscape},
		{"a name without a value", "header", `schema: ` + colour, "R,1,G", true, "a name without a value"},
		{"a member without an equals sign", "header", `explode: true, schema: ` + colour, "R=1,G", true, "a member without an equals sign"},
		{"a member twice", "header", `schema: ` + colour, "R,1,R,2", true, "a member twice"},
		{"a value and members", "query", `style: deepObject, schema: ` + colour, "color[R]=1&color[R][a]=2", true, "a value and members under one name"},
		{"members below empty brackets", "query", `style: deepObject, schema: ` + colour, "color[R][][a]=1", true, "members below empty brackets"},
		{"no list in brackets", "query", `style: deepObject, schema: ` + list, "color[a]=1", true, "no list in brackets"},
		{"no JSON", "query", `content: {application/json: {}}`, "color=%7B", true, "no member name at byte 1"},
		{"no JSON in a cookie", "cookie", `content: {application/json: {}}`, "color=secret", true, "no JSON value at byte 0"},
		{"two media types", "query", `content: {application/json: {}, text/plain: {}}`, "color=%7B", true, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := operation(t, `{name: color, in: `+test.in+`, required: `+map[bool]string{true: "true", false: "false"}[test.in == "path"]+`, `+test.more+`}`)[0]
			_, count, fault := Read(p, raw(test.in, test.sent), taking())
			if (count > 0) != test.present || fault != test.fault {
				t.Errorf("%s: got count %d, fault %q", test.sent, count, fault)
			}
		})
	}
}
