package pointer

import "testing"

// TestFolded tests what counts as an index or an id.
func TestFolded(t *testing.T) {
	for _, test := range []struct {
		name, pointer, want string
	}{
		{name: "none", pointer: "/request/query/page", want: "/request/query/page"},
		{name: "an index", pointer: "/request/body/lines/12/count", want: "/request/body/lines/*/count"},
		{name: "the last", pointer: "/request/body/lines/0", want: "/request/body/lines/*"},
		{name: "two in a row", pointer: "/request/body/0/1/2/x", want: "/request/body/*/*/*/x"},
		{name: "a version", pointer: "/v2/things", want: "/v2/things"},
		{name: "a UUID", pointer: "/Orders/8c4a6b9e-2f1d-4e7a-9b3c-5d6e7f809112", want: "/Orders/*"},
		{name: "a word of hexadecimal digits", pointer: "/cafe", want: "/cafe"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Folded(test.pointer); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
