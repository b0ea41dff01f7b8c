package rule_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/rule"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// generator generates rules and bodies. Each byte is one choice.
type generator struct {
	choices []byte
	loops   []string // the variables of the loops around
	ofValue bool     // rules are about self, else about an exchange
}

func (g *generator) choose(n int) int {
	if len(g.choices) == 0 {
		return 0
	}
	c := int(g.choices[0]) % n
	g.choices = g.choices[1:]
	return c
}

func (g *generator) one(of ...string) string { return of[g.choose(len(of))] }

// json generates a value. It uses few names and scalars, so that rules often find what they look for.
func (g *generator) json(depth int) string {
	if depth > 0 {
		switch g.choose(4) {
		case 1, 2:
			parts := []string{}
			for range g.choose(4) {
				parts = append(parts, g.json(depth-1))
			}
			return "[" + strings.Join(parts, ",") + "]"
		case 3:
			return fmt.Sprintf(`{"a":%s,"b":%s,"A":%s}`, g.json(depth-1), g.json(depth-1), g.json(depth-1))
		}
	}
	return g.one(`null`, `true`, `false`, `0`, `1`, `-1`, `-0`, `2`, `1.0`, `1.5`, `-0.0`, `9223372036854775807`,
		`9223372036854775808`, `-9223372036854775808`, `9007199254740993`, `9007199254740992.0`, `1e400`, `-1e400`,
		`""`, `"a"`, `"A"`, `"ab"`, `"ä"`, `"a\n"`)
}

// body generates a body, usually with a list of objects.
func (g *generator) body() string {
	if g.choose(4) == 0 {
		return g.json(3)
	}
	items := []string{}
	for range 1 + g.choose(3)*g.choose(5) { // four or more get an index
		item := fmt.Sprintf(`{"a":%s,"b":%s,"A":"a"}`, g.json(0), g.json(0))
		switch g.choose(30) {
		case 1:
			item = `{"b":1}`
		case 2:
			item = g.json(1)
		case 3, 4, 5, 6:
			item = append(items, item)[0] // again
		}
		items = append(items, item)
	}
	return fmt.Sprintf(`{"a":[%s],"b":%s,"A":%s}`, strings.Join(items, ","), g.json(0), g.json(1))
}

// test generates an expression that is true or false.
func (g *generator) test(depth int) string {
	if depth == 0 {
		if g.ofValue {
			return g.one("true", "false", "self.b == 1", `"a" in self`, "has(self.a)")
		}
		return g.one("true", "false", "request.body == 1", `"a" in response.headers`, "has(response.body.a)")
	}
	d := depth - 1
	switch g.choose(17) {
	case 0:
		return g.both(d, g.one("==", "!=", "<", "<=", ">", ">="))
	case 1:
		return fmt.Sprintf("type(%s) %s %s", g.value(d), g.one("==", "!="),
			g.one("int", "double", "string", "bool", "map", "list", "null_type", "uint"))
	case 2:
		return fmt.Sprintf("(%s %s %s)", g.test(d), g.one("&&", "||"), g.test(d))
	case 3:
		return "!" + g.test(d)
	case 4:
		return fmt.Sprintf("(%s ? %s : %s)", g.test(d), g.test(d), g.test(d))
	case 5:
		return fmt.Sprintf("%s in %s", g.value(d), g.value(d))
	case 6, 7, 8:
		return g.loop(g.list(d), g.one("all", "exists", "exists_one"), d, g.test)
	case 9:
		return fmt.Sprintf("has(%s.%s)", g.path(), g.one("a", "b", "A"))
	case 10:
		return fmt.Sprintf("%s.%s(%s)", g.value(d), g.one("startsWith", "endsWith", "contains", "matches"),
			g.one(`"a"`, `"A"`, `"(?i)^A$"`, `"."`, `"["`, `""`))
	case 11:
		return fmt.Sprintf("size(%s) %s %s", g.value(d), g.one("==", ">", "<"), g.one("0", "1", "2"))
	case 12:
		return g.path()
	case 13, 14:
		return g.join(d)
	}
	return g.both(d, "==")
}

// join generates a loop that compares its elements with those of a loop around it, or with anything else.
func (g *generator) join(depth int) string {
	inner := func(int) string {
		return g.loop(g.list(0), g.one("all", "exists", "exists_one", "filter"), depth, func(d int) string {
			key := g.loops[len(g.loops)-1] + g.one("", ".a", ".a", ".b", `["a"]`)
			compared := fmt.Sprintf("%s %s %s", key, g.one("==", "==", "!="), g.path())
			switch g.choose(6) {
			case 1:
				compared = "!(" + compared + ")"
			case 2:
				return compared + " && " + g.test(d)
			case 3:
				return g.test(d) + " || " + compared
			}
			return compared
		})
	}
	if g.choose(4) == 0 {
		return inner(depth)
	}
	return g.loop(g.list(0), g.one("all", "exists", "exists_one", "map"), depth, inner)
}

func (g *generator) both(depth int, operator string) string {
	return fmt.Sprintf("%s %s %s", g.value(depth), operator, g.value(depth))
}

// value generates an expression of any type.
func (g *generator) value(depth int) string {
	if depth == 0 {
		return g.path()
	}
	d := depth - 1
	switch g.choose(16) {
	case 0, 1, 2, 3, 4:
		return g.path()
	case 5:
		return g.one("1", "-1", "0", "2", "1.0", "1.5", `"a"`, `"A"`, `"ab"`, "true", "false", "null",
			"9223372036854775807", "1u", `b"a"`)
	case 6:
		return g.one("[1, 2]", `["a", "ab"]`, `["a", 1, null]`, "[]", "[1.0, 2.5]", "[[1]]", `{"a": 1}`, "[true]")
	case 7:
		return fmt.Sprintf("%s[%s]", g.path(), g.one("0", "1", "-1", `"a"`, `"A"`, "0.0", g.path()))
	case 8:
		return fmt.Sprintf("(%s %s %s)", g.value(d), g.one("+", "-", "*", "/", "%"), g.value(d))
	case 9:
		return "(-" + g.path() + ")"
	case 10:
		return fmt.Sprintf("(%s ? %s : %s)", g.test(d), g.path(), g.value(d))
	case 11:
		return g.loop(g.list(d), "map", d, g.value)
	case 12:
		return g.loop(g.list(d), "filter", d, g.test)
	case 13:
		if g.choose(2) == 0 {
			return fmt.Sprintf("[%s, %s]", g.path(), g.value(d))
		}
		return "type(" + g.path() + ")"
	case 14:
		return "size(" + g.value(d) + ")"
	}
	return "(" + g.test(d) + ")"
}

// list generates an expression that usually is a list.
func (g *generator) list(depth int) string {
	if g.choose(5) == 0 {
		return g.value(depth)
	}
	if g.ofValue {
		return g.one("self.a", "self.a", "self", "self.A", `["a", "A"]`, "self.a.map(x, x.a)", "self.a.filter(y, y.b != null)")
	}
	return g.one("response.body.a", "previous.body.a", "response.body.a.map(x, x.a)", "request.body", `["a", "A"]`, "[1, 2]", `request.query["A"]`)
}

// loop generates a macro. Its variable may hide another.
func (g *generator) loop(over, macro string, depth int, visit func(int) string) string {
	name := g.one("x", "y", "z", "request", "int", "self")
	g.loops = append(g.loops, name)
	defer func() { g.loops = g.loops[:len(g.loops)-1] }()
	return fmt.Sprintf("%s.%s(%s, %s)", over, macro, name, visit(depth))
}

// path generates a loop variable, a part of the exchange, or a member of one of these.
func (g *generator) path() string {
	if n := len(g.loops); n > 0 && g.choose(4) > 0 {
		return g.loops[g.choose(n)] + g.one("", ".a", ".b", ".A", `["a"]`, ".a.b")
	}
	if g.ofValue {
		return g.one("self", "self.a", "self.b", "self.A", `self["b"]`, "self.a[0].a", "self.a[1].b", "self.b.a")
	}
	if g.choose(4) > 0 {
		return g.one("response.body", "request.body", "previous.body", `response["body"]`) +
			g.one(".b", ".A", ".a[0].A", ".a[0].a", ".a[1].b")
	}
	return g.one("response.body", "response.status", "request.method", "request.query", "request.headers", `request.headers["a"]`,
		`request.query["a"][0]`, "request.query.A[1]", "response.headers.b", "response", "previous.status", "response.body.a")
}

// exchange generates what rules see of an exchange.
func (g *generator) exchange() rule.Variables {
	lists := map[string][]string{"A": {"a", "1"}, "b": {}}
	bodies := [3]strictjson.Value{}
	for i := range bodies {
		bodies[i], _, _ = strictjson.Parse([]byte(g.body()))
	}
	v := rule.Variables{
		Request:  rule.Request{Method: "a", Query: map[string][]string{"a": {"a"}, "A": {"A", "1"}}, Headers: lists, Body: bodies[0]},
		Response: rule.Response{Status: 1, Headers: lists, Body: bodies[1]},
	}
	if g.choose(4) > 0 {
		v.Previous = &rule.Response{Status: 2, Headers: lists, Body: bodies[2]}
	}
	return v
}

// generated compares both evaluators, for generated rules over generated exchanges. It counts the evaluations
// without an error, and those decided by the closures.
func generated(t *testing.T, env *rule.Environment, choices []byte) (evaluated, native int) {
	g := &generator{choices: choices}
	of := rule.OfExchange
	if g.ofValue = g.choose(2) == 0; g.ofValue {
		of = rule.OfValue
	}
	programs, byCEL, texts := []*rule.Program{}, []*rule.Program{}, []string{}
	for range 3 {
		expr := g.test(4)
		if program, err := env.Compile(expr, of); err == nil {
			programs, byCEL, texts = append(programs, program), append(byCEL, program.ByCEL()), append(texts, expr)
		}
	}
	group := rule.NewGroup(programs...)
	for range 3 {
		v := g.exchange()
		v.Self = v.ResponsePart(v.Response.Body)
		b := &both{native: v, cel: v}
		about := fmt.Sprintf("%s, %s", v.Request.Body.Compact(), v.Response.Body.Compact())
		for i := range programs {
			b.agree(t, evaluators{texts[i], inGroup{group, i}, byCEL[i]}, about)
			if !resultOf(byCEL[i], &b.cel).failed {
				evaluated++
			}
			if programs[i].IsNative(&v) {
				native++
			}
		}
	}
	return evaluated, native
}

// TestGeneratedRulesAgreeWithCEL compares both evaluators for generated rules and exchanges.
func TestGeneratedRulesAgreeWithCEL(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute with the race detector, which short tests also run with")
	}
	env, err := rule.NewEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	evaluated, native := 0, 0
	random := rand.NewChaCha8([32]byte{})
	for range 4000 {
		choices := make([]byte, 400)
		random.Read(choices)
		e, n := generated(t, env, choices)
		evaluated, native = evaluated+e, native+n
	}
	if t.Logf("the closures decided %[2]d of %[1]d evaluations without an error", evaluated, native); native < evaluated/2 {
		t.Error("the closures decided too few evaluations")
	}
}

func FuzzRulesAgreeWithCEL(f *testing.F) {
	env, err := rule.NewEnvironment()
	if err != nil {
		f.Fatal(err)
	}
	for seed := range byte(3) {
		f.Add([]byte{seed, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144})
	}
	f.Fuzz(func(t *testing.T, choices []byte) { generated(t, env, choices) })
}
