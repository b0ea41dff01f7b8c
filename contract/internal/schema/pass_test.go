package schema

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// These tests compare Read with the exact way: strictjson.Parse, then the walks over its value. Read must accept a text if and
// only if it is strict JSON. It must read the same value, find it valid if and only if Valid does, and together with the walks
// that explain it must report the same errors and observations.

// compareRead compares the two ways for a text. It reports whether Read read it and the value is right, so that a test can show that it
// has tried both.
func compareRead(t testing.TB, c *Checker, text []byte, o Options) (right bool) {
	t.Helper()
	fail := func(format string, args ...any) {
		t.Helper()
		shown := text[:min(len(text), 2000)]
		t.Errorf("schema %s of %s, text %s: %s", c.schema.Node.Pointer(), c.schema.Node.Place(), shown, fmt.Sprintf(format, args...))
	}
	want, errs, ok := strictjson.Parse(text)
	isStrict := ok && len(errs) == 0
	var all, first, second observation
	read, ok := c.Read(text, o, first.byIndex())
	if ok != isStrict {
		fail("Read accepts it: %t, Parse gives %v", ok, errs)
		return false
	}
	if !ok {
		return false
	}
	defer read.Value.Free()
	sameList := want.Size() == read.Value.Size() && slices.Equal(nodesOf(want), nodesOf(read.Value))
	if !sameList {
		fail("got nodes %v, want %v", nodesOf(read.Value), nodesOf(want))
		return false
	}
	if valid := c.Valid(want, o); valid != read.Valid {
		fail("Read finds it valid: %t, Valid: %t", read.Valid, valid)
		return false
	}
	c.Observe(want, o, all.byIndex())
	if !read.Observed {
		read.Observe(second.byIndex())
		first.Undocumented, first.Described = second.Undocumented, second.Described
		first.Enums = append(first.Enums, second.Enums...)
	}
	all.sortEnums()
	first.sortEnums()
	if diff := cmp.Diff(all, first); diff != "" {
		fail("observed: %t, the observations differ (-exact +got):\n%s", read.Observed, diff)
	}
	if read.Observed {
		return true
	}
	var withoutDescribed observation // parts that were found right are left out
	observer := withoutDescribed.byIndex()
	observer.Described = nil
	read.Observe(observer)
	if diff := cmp.Diff(all.Undocumented, withoutDescribed.Undocumented); diff != "" {
		fail("undocumented members differ without rules (-exact +got):\n%s", diff)
	}
	wantErrors, gotErrors := []string{}, []string{}
	report := func(list *[]string) func(Error) bool {
		return func(e Error) bool {
			*list = append(*list, fmt.Sprint(e.Keyword, e.Pointer(), e.Node().Pointer(), e.Want(), e.Got(), e.Part.Index()))
			return true
		}
	}
	c.Check(want, o, report(&wantErrors))
	read.Check(report(&gotErrors))
	if diff := cmp.Diff(wantErrors, gotErrors); diff != "" {
		fail("the errors differ (-exact +got):\n%s", diff)
	}
	return false
}

// nodesOf lists a value and its parts, each with its index, its kind and its text, and with the name of a member.
func nodesOf(v strictjson.Value) []string {
	list := []string{fmt.Sprint(v.Index(), v.Size(), v.Kind(), v.Len(), v.Text())}
	for _, element := range v.Elements() {
		list = append(list, nodesOf(element)...)
	}
	for name, member := range v.Members() {
		list = append(append(list, name), nodesOf(member)...)
	}
	return list
}

// byIndex is like observer, but names a part by its index, as its pointer is not known while it is read.
func (o *observation) byIndex() Observer {
	observer := o.observer(strictjson.Value{})
	observer.Described = func(s *spec.Schema, part strictjson.Value) {
		o.Described = append(o.Described, fmt.Sprint(part.Index(), " ", s.Node.Pointer()))
	}
	return observer
}

// sortEnums removes repetitions too.
func (o *observation) sortEnums() {
	slices.Sort(o.Enums)
	o.Enums = slices.Compact(o.Enums)
}

// TestRead tries what is easy to get wrong.
func TestRead(t *testing.T) {
	doc := document(t, v31, `
A: {type: object, required: [kind, used], properties: {
	kind: {type: string, enum: [one, two, "thr\u00e9e"]}, used: {type: integer, format: int32, minimum: 0, maximum: 9},
	name: {type: [string, "null"], maxLength: 3}, 'q"n': {type: boolean}, at: {$ref: B}, any: true, none: false, list: {$ref: List},
	id: {type: string, readOnly: true}, big: {type: integer, format: int64}, part: {type: number, exclusiveMaximum: 2, multipleOf: 0.5},
	choice: {oneOf: [{$ref: B}, {type: string, `+rule("text")+`}]}}, `+rule("whole")+`},
B: {type: object, additionalProperties: {type: integer, `+rule("number")+`}, minProperties: 1, dependentRequired: {a: [b]}},
List: {type: array, uniqueItems: true, minItems: 1, items: {$ref: A}},
Long: {type: object, additionalProperties: false, properties: {`+strings.Join(manyProperties(70), ", ")+`}}`)
	set, right := New(doc), 0
	const start = `{"kind": "one", "used": 1`
	texts := []string{
		``, ` `, `{`, `{}`, `[]`, `1`, `"a`, `{"a"}`, `{"a":}`, `{"a":1,}`, `[1,]`, `{,}`, `[,]`, `{"a":1]`, `[1}`, `{"a":1}x`, `{a:1}`,
		start + `}`, start + `, "used": 1}`, start + `, "us\u0065d": 1}`, start + `, "x": 1, "y": 2}`, start + `, "x": 1, "x": 2}`,
		`{"used": 9, "kind": "thr\u00e9e"}`, `{"used": 9, "kind": "thrée"}`, `{"kind": "four", "used": 10}`, `{"used":1.0,"kind":"two"}`,
		`{"used":1e0,"kind":"two"}`, `{"used":-0,"kind":"two"}`, `{"used":01,"kind":"two"}`, `{"used":-,"kind":"two"}`,
		start + `, "name": null}`, start + `, "name": "four"}`, start + `, "q\"n": true}`, start + `, "q\"n": tru}`, start + `, "any": [{}]}`,
		start + `, "none": 1}`, start + `, "id": "a"}`, start + `, "id": null}`, start + `, "big": 9223372036854775808}`,
		start + `, "big": 9223372036854775807}`, start + `, "part": 1.5}`, start + `, "part": 2}`, start + `, "part": -1.25}`,
		start + `, "at": {"a": 1}}`, start + `, "at": {"a": 1, "b": 2}}`, start + `, "at": {}}`, start + `, "at": {"a": "b"}}`,
		start + `, "choice": "a"}`, start + `, "choice": {"b": 1}}`, start + `, "choice": {"b": ""}}`, start + `, "choice": 1}`,
		start + `, "list": [` + start + `}]}`, start + `, "list": [` + start + `}, ` + start + `}]}`, start + `, "list": []}`,
		start + `, "list": [` + start + `, "x": 1}, {"kind": "two"}, ` + start + `, "name": "no"}]}`,
		`["a` + "\xff" + `"]`, `"\ud800"`, "\"\u0001\"", `"` + strings.Repeat("é", 20) + `"`, "\ufeff1", `{"kind":"one"` + "\n\t\r " + `,"used":1 } `,
		strings.Repeat(`[`, 512) + strings.Repeat(`]`, 512), strings.Repeat(`[`, 513) + strings.Repeat(`]`, 513),
		strings.Repeat(`[`, 514) + strings.Repeat(`]`, 514), strings.Repeat(start+`,"list":[`, 256) + strings.Repeat(`]}`, 256),
		strings.Repeat(start+`,"list":[`, 256) + `1` + strings.Repeat(`]}`, 256),
		strings.Repeat(start+`,"list":[`, 257) + strings.Repeat(`]}`, 257),
		`{` + strings.Join(manyMembers(70), ",") + `}`, `{` + strings.Join(append(manyMembers(70), `"p69":1`), ",") + `}`,
		`{` + strings.Join(append(manyMembers(70), `"p5":1`), ",") + `}`, `{` + strings.Join(append(manyMembers(100), `"p99":1`), ",") + `}`,
	}
	for _, name := range []string{"A", "B", "List", "Long"} {
		s := component(t, doc, name)
		for _, text := range texts {
			for _, direction := range []Direction{Request, Response} {
				if compareRead(t, set.Checker(s), []byte(text), Options{Direction: direction, AssertFormats: true}) {
					right++
				}
			}
		}
	}
	if right < 30 {
		t.Errorf("%d texts are right", right)
	}
}

func manyProperties(n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprintf("p%d: {type: integer}", i))
	}
	return list
}

func manyMembers(n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprintf(`"p%d":%d`, i, i))
	}
	return list
}

// TestReadGenerated compares the two ways for generated schemas and texts.
func TestReadGenerated(t *testing.T) {
	right, all := 0, 0
	for seed := range uint64(300) {
		r, n := compareGenerated(t, seed)
		right, all = right+r, all+n
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Logf("%d of %d texts are right", right, all)
	if right < all/20 || right > all*19/20 {
		t.Errorf("%d of %d texts are right", right, all)
	}
}

// FuzzRead compares the two ways for schemas and texts generated from a seed, and for a text of the fuzzer.
func FuzzRead(f *testing.F) {
	f.Add(uint64(1<<40), []byte(`{"a": 1}`))
	f.Add(uint64(1<<41), []byte(`[{"a": "b", "ab": [1.0, null]}, "é\u00e9"]`))
	f.Fuzz(func(t *testing.T, seed uint64, text []byte) {
		compareGenerated(t, seed, text)
	})
}

// compareGenerated returns how many of the texts are right.
func compareGenerated(t *testing.T, seed uint64, texts ...[]byte) (right, all int) {
	g := textGenerator{generator{rand.New(rand.NewPCG(seed, 1))}}
	components := object{"A": g.plain(3), "B": g.plain(1), "C": g.object(2)}
	text, err := json.Marshal(object{
		"openapi": "3.1.0", "info": object{"title": "a", "version": "b"}, "paths": object{}, "components": object{"schemas": components},
	})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := spec.Read("api.json", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 30 {
		text := []byte(g.text(3))
		if g.IntN(4) == 0 && len(text) > 0 {
			text[g.IntN(len(text))] = "{}[],:\"\\x01-.e \x80"[g.IntN(16)]
		}
		texts = append(texts, text)
	}
	set := New(doc)
	for s := range doc.Schemas() {
		if s.Refused != nil {
			continue
		}
		for _, text := range texts {
			all++
			if compareRead(t, set.Checker(s), text, Options{Direction: Direction(g.IntN(2)), AssertFormats: g.IntN(2) == 0}) {
				right++
			}
		}
	}
	return right, all
}

// textGenerator generates plain schemas, and texts with all the freedom of JSON.
type textGenerator struct{ generator }

// plain generates a schema as most documents have: one for each value.
func (g textGenerator) plain(depth int) any {
	s := object{}
	if g.IntN(8) == 0 {
		s["x-rules"] = []any{object{"id": fmt.Sprint("rule", g.Uint64()), "says": "It holds.", "grade": "inferred", "source": "page", "rule": "true"}}
	}
	if g.IntN(8) == 0 {
		s[[]string{"readOnly", "writeOnly"}[g.IntN(2)]] = true
	}
	kinds := 9
	if depth == 0 {
		kinds = 6
	}
	switch g.IntN(kinds) {
	case 0:
		s["type"] = []any{"string", "boolean", "integer", "number", []string{"string", "null"}, "null"}[g.IntN(6)]
	case 1:
		s["type"], s["enum"] = []any{"string", []string{"string", "null"}}[g.IntN(2)], []string{g.name(), g.name(), g.name()}
	case 2:
		s["type"], s["format"] = []string{"integer", "number"}[g.IntN(2)], []string{"int32", "int64", "double"}[g.IntN(3)]
		s[[]string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}[g.IntN(4)]] = g.IntN(3)
	case 3:
		g.scalarKeyword(s)
	case 4:
		return object{"$ref": "#/components/schemas/" + []string{"A", "B", "C"}[g.IntN(3)]}
	case 5:
		s["type"] = []string{"array", "object"}[g.IntN(2)]
	case 6, 7:
		properties := object{}
		for range g.IntN(4) {
			properties[g.name()] = g.plain(depth - 1)
		}
		s["properties"] = properties
		if g.IntN(2) == 0 {
			s["required"] = []string{g.name()}
		}
		switch g.IntN(6) {
		case 0:
			s["additionalProperties"] = false
		case 1:
			s["additionalProperties"] = g.plain(depth - 1)
		case 2:
			g.scalarKeyword(s)
		}
	case 8:
		s["items"] = g.plain(depth - 1)
		if g.IntN(3) == 0 {
			g.scalarKeyword(s)
		}
	}
	return s
}

// text generates a text, which may have duplicate members.
func (g textGenerator) text(depth int) string {
	parts := []string{}
	switch n := g.IntN(9); {
	case n < 4 && depth > 0:
		for range g.IntN(4) {
			parts = append(parts, g.spaced(g.string())+":"+g.spaced(g.text(depth-1)))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case n < 6 && depth > 0:
		for range g.IntN(4) {
			parts = append(parts, g.spaced(g.text(depth-1)))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case n == 6:
		return g.string()
	case n == 7:
		return []string{"null", "true", "false", "2147483648", "-9223372036854775808", "1E-1", "-0", "100000000000000000000"}[g.IntN(8)]
	}
	return string(g.number())
}

// string generates a string, perhaps with an escape.
func (g textGenerator) string() string {
	return []string{`"a"`, `"b"`, `"ab"`, `"é"`, `"\u00e9"`, `"\u0061"`, `"c"`, `"a\nb"`, `"\ud83d\ude00"`}[g.IntN(9)]
}

func (g textGenerator) spaced(text string) string {
	return []string{"", "", "", " ", "\n  "}[g.IntN(5)] + text + []string{"", "", "", " "}[g.IntN(4)]
}

// compareMutants compares the two ways for a text and for some that differ in one byte, lack one, or end early.
func compareMutants(t testing.TB, c *Checker, text []byte, o Options) {
	t.Helper()
	compareRead(t, c, text, o)
	r := rand.New(rand.NewPCG(uint64(len(text)), 2))
	for range min(20, len(text)) {
		at := r.IntN(len(text))
		changed := slices.Clone(text)
		changed[at] = "{}[],:\"\\019nt-.e \x80"[r.IntN(18)]
		compareRead(t, c, changed, o)
		compareRead(t, c, slices.Delete(slices.Clone(text), at, at+1), o)
		compareRead(t, c, text[:at], o)
	}
}
