package pointer

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

func TestEscape(t *testing.T) {
	for name, token := range map[string]string{
		"plain": "plain", "": "", "a/b": "a~1b", "m~n": "m~0n", "~1": "~01", "/~/": "~1~0~1",
	} {
		if got := Escape(name); got != token {
			t.Errorf("Escape(%q): got %q, want %q", name, got, token)
		}
		if got := Unescape(token); got != name {
			t.Errorf("Unescape(%q): got %q, want %q", token, got, name)
		}
	}
	if got := Unescape("~2~"); got != "~2~" {
		t.Errorf("a tilde that escapes nothing: got %q", got)
	}
}

func TestJoinAndNames(t *testing.T) {
	for _, test := range []struct {
		pointer string
		names   []string
	}{
		{"", nil},
		{"/", []string{""}},
		{"/a/0", []string{"a", "0"}},
		{"/a~1b/~0/", []string{"a/b", "~", ""}},
	} {
		if got := Join("", test.names...); got != test.pointer {
			t.Errorf("Join(%q): got %q, want %q", test.names, got, test.pointer)
		}
		if got := slices.Collect(Names(test.pointer)); !slices.Equal(got, test.names) {
			t.Errorf("Names(%q): got %q, want %q", test.pointer, got, test.names)
		}
	}
	for name := range Names("/a/b") {
		if name != "a" {
			t.Errorf("after the first name: got %q", name)
		}
		break
	}
}

func TestLookup(t *testing.T) {
	const text = `{"foo":["bar","baz"],"":0,"a/b":1,"m~n":8,"nil":null}`
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		pointer string
		want    any
		ok      bool
	}{
		{"", value, true},
		{"/foo/0", "bar", true},
		{"/", 0.0, true},
		{"/a~1b", 1.0, true},
		{"/m~0n", 8.0, true},
		{"/nil", nil, true},
		{"/none", nil, false},
		{"/nil/x", nil, false},
		{"/foo/2", nil, false},
		{"/foo/-1", nil, false},
		{"/foo/-", nil, false},
		{"/foo/01", nil, false},
		{"/foo/+1", nil, false},
		{"/foo/0/x", nil, false},
		{"/foo/99999999999999999999", nil, false},
	} {
		got, ok := Lookup(value, test.pointer)
		if fmt.Sprint(got) != fmt.Sprint(test.want) || ok != test.ok {
			t.Errorf("%q: got %v, %t; want %v, %t", test.pointer, got, ok, test.want, test.ok)
		}
	}
}
