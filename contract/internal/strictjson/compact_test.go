package strictjson

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestCompact compares Compact with encoding/json, where nothing is left out.
func TestCompact(t *testing.T) {
	for _, text := range []string{
		`null`, `true`, `1e400`, `-0.0`, `"a<b>é\n\u2028"`, `[]`, `{}`, `[1,[2,{"a":null}],"x"]`, `{"b":1,"a":{"d":[],"c":"/~"}}`,
		`"` + strings.Repeat("x", 3*maxCompact) + `"`,
	} {
		v, _, ok := Parse([]byte(text))
		var want strings.Builder
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		if err := e.Encode(v.Any()); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if got := v.Compact(); got+"\n" != want.String() {
			t.Errorf("got %s, want %s", got, want.String())
		}
	}
	if got := (Value{}).Compact(); got != "null" {
		t.Errorf("no value: got %s", got)
	}
}

// TestCompactIsShort tests that the beginning of a large value is JSON too.
func TestCompactIsShort(t *testing.T) {
	for name, text := range map[string]string{
		"elements": "[" + strings.TrimSuffix(strings.Repeat("12,", 100000), ",") + "]",
		"levels": strings.Repeat(`[{"a":`, 250) + "[" + strings.TrimSuffix(strings.Repeat("[1],", 100000),
			",") + "]" + strings.Repeat("}]", 250),
		"members": `{"x":0` + numbered(100000) + "}",
	} {
		v, _, ok := Parse([]byte(text))
		got := v.Compact()
		if !ok || len(got) > 2*maxCompact || !strings.Contains(got, "…") || !json.Valid([]byte(got)) {
			t.Errorf("%s: got %d bytes, %.60s", name, len(got), got)
		}
	}
}

// TestPointerTo follows the pointer to each value of a text.
func TestPointerTo(t *testing.T) {
	root, _, _ := Parse([]byte(`{"a":[1,{"b/~":null},[[],2]],"c":{},"c":3,"":[0]}`))
	var each func(v Value)
	count := 0
	each = func(v Value) {
		count++
		if at := root.PointerTo(v); root.At(at) != v {
			t.Errorf("%s: got the pointer %q", v.Compact(), at)
		}
		for _, element := range v.Elements() {
			each(element)
		}
		for _, member := range v.Members() {
			each(member)
		}
	}
	each(root)
	if count != 11 {
		t.Errorf("got %d values", count)
	}
	if inner := root.Member("a"); inner.PointerTo(inner.At("/1/b~1~0")) != "/1/b~1~0" {
		t.Error("a pointer does not begin at its value")
	}
}

// numbered are members with different names.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"m%d":1`, i)
	}
	return b.String()
}
