package strictjson

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestCompact compares Compact with encoding/json for values that are not shortened.
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

// TestCompactIsShort tests that a shortened value is still valid JSON.
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

// numbered returns n members with different names.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"m%d":1`, i)
	}
	return b.String()
}
