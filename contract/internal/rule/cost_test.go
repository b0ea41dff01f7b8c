package rule_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/rule"
)

// TestTooManySteps checks that a rule fails instead of running for hours or filling the memory, however it makes or
// compares large values.
func TestTooManySteps(t *testing.T) {
	most := uint64(520) // MiB allocated by two evaluations
	text := strings.Repeat("x", 1<<20)
	if testing.AllocsPerRun(1, func() { _ = len([]rune(text)) }) > 0 {
		most = 800 // the race detector makes cel-go allocate the runes of a text that it counts
	}
	many := strings.TrimSuffix(strings.Repeat("1,", 2000), ",")
	nested := "[" + strings.TrimSuffix(strings.Repeat("["+many+"],", 200), ",") + "]"
	bind := func(levels int, value, then string) string { // at each level, a becomes a value that contains the previous a twice
		return strings.Repeat("["+value+"].exists(a, ", levels) + then + strings.Repeat(")", levels)
	}
	for _, test := range []struct{ name, expr, body string }{
		{name: "a list is doubled and searched", expr: `[[1]]` + strings.Repeat(".map(a, a + a)", 34) + `.all(z, !(2 in z))`, body: `null`},
		{name: "a list is doubled and compared", expr: `[[1]]` + strings.Repeat(".map(a, a + a)", 34) + `.all(z, z == z)`, body: `null`},
		{name: "a list holds itself twice", expr: `[[1]]` + strings.Repeat(".map(a, [a, a])", 34) + `.all(z, z == z)`, body: `null`},
		{name: "a list holds itself twice, by literals alone", expr: `[1].exists(a, ` + bind(34, "[a, a]", "a == a") + `)`, body: `null`},
		{name: "a map holds itself twice", expr: `[1].exists(a, ` + bind(34, `{"l": a, "r": a}`, "a != a") + `)`, body: `null`},
		{
			name: "a list that holds itself twice is a key",
			expr: `[[1]]` + strings.Repeat(".map(a, [a, a])", 34) + `.all(z, dyn({"a": 1})[z] == 1)`, body: `null`,
		},
		{name: "a text is doubled", expr: `["x"]` + strings.Repeat(".map(a, a + a)", 34) + `[0] != ""`, body: `null`},
		{name: "bytes are doubled", expr: `[b"x"]` + strings.Repeat(".map(a, a + a)", 34) + `[0] != b""`, body: `null`},
		{
			name: "the body is compared with itself at each element",
			expr: `response.body.all(a, response.body.all(b, response.body == response.body))`, body: nested,
		},
		{
			name: "the body is searched at each element", expr: `response.body[0].all(a, response.body.all(b, !("x" in response.body[0])))`,
			body: nested,
		},
		{
			name: "a text is counted at each element",
			expr: `response.body.list.all(a, response.body.list.all(b, size(response.body.text) > 0))`,
			body: `{"list":[` + many + `],"text":"` + text + `"}`,
		},
		{
			name: "a large pattern is compiled at each element",
			expr: `response.body.list.all(a, response.body.list.all(b, "abab".matches(response.body.text)))`,
			body: `{"list":[` + many + `],"text":"(ab){0}` + strings.Repeat("a{0}", 1<<16) + `abab"}`,
		},
		{
			name: "a time zone is read at each element",
			expr: `response.body.all(a, a.all(b, timestamp("2026-11-26T00:00:00Z").getHours("Europe/Berlin") == 1))`, body: nested,
		},
		{
			name: "each element is compared with each other", expr: `response.body.all(a, a.all(b, a.exists_one(c, b == c) || true))`,
			body: nested,
		},
		{name: "loops in loops", expr: strings.Repeat("[1,2,3,4,5,6,7,8,9].all(a, ", 9) + "a > 0" + strings.Repeat(")", 9), body: `null`},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := &rule.Variables{Response: rule.Response{Body: body(t, test.body)}}
			program := compile(t, test.expr, rule.OfExchange)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, _, err := program.ByCEL().Evaluate(v)
			_, _, ofBoth := program.Evaluate(v)
			runtime.ReadMemStats(&after)
			if err == nil || err.Error() != "the evaluation takes more than 10000000 steps" {
				t.Errorf("got error %v", err)
			}
			if ofBoth != nil && ofBoth.Error() != err.Error() { // the closures may decide
				t.Errorf("with closures: got error %v", ofBoth)
			}
			if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > most {
				t.Errorf("it allocated %d MiB, want at most %d", grown, most)
			}
		})
	}
}

// TestManySteps checks that rules which look at each part of a large exchange once are not too expensive.
func TestManySteps(t *testing.T) {
	item := `{"id":1,"tags":["a","b"],"text":"` + strings.Repeat("x", 100) + `"}`
	items := `{"items":[` + strings.Repeat(item+",", 19_999) + item + `]}`
	v := &rule.Variables{Response: rule.Response{Body: body(t, items)}, Previous: &rule.Response{Body: body(t, items)}}
	for _, expr := range []string{
		`response.body == previous.body`,
		`response.body.items.all(a, a.tags == ["a", "b"])`,
		`response.body.items.all(a, "b" in a.tags && !("c" in a))`,
		`response.body.items.map(a, a.tags) != []`,
		`response.body.items.filter(a, size(a.text) == 100).size() == 20000`,
		`response.body.items.all(a, size(response.body.items) == 20000)`,
		`response.body.items.all(a, a.text + a.text != "")`,
		`response.body.items.all(a, a.text.matches("^x{1,200}$"))`,
		`response.body.items.map(a, a.tags + ["c"]) != []`,
	} {
		if _, holds, err := compile(t, expr, rule.OfExchange).Evaluate(v); !holds || err != nil {
			t.Errorf("%s: holds %v, error %v", expr, holds, err)
		}
	}
}
