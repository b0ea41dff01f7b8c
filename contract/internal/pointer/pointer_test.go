package pointer

import (
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
		{pointer: ""},
		{pointer: "/", names: []string{""}},
		{pointer: "/a/0", names: []string{"a", "0"}},
		{pointer: "/a~1b/~0/", names: []string{"a/b", "~", ""}},
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
