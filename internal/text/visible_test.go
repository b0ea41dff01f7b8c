package text

import "testing"

func TestVisible(t *testing.T) {
	for _, test := range []struct{ name, text, visible, line, printable string }{
		{"nothing", "", "", "", ""},
		{"plain", "a line\nand\ta tab — 云 █", "a line\nand\ta tab — 云 █", `a line\nand\ta tab — 云 █`, "a line·and·a tab — 云 █"},
		{"an escape sequence", "\x1b[2J\a", `\x1b[2J\x07`, `\x1b[2J\x07`, "·[2J·"},
		{"a carriage return", "a\rb\r\n", `a\x0db\x0d` + "\n", `a\x0db\x0d\n`, "a·b··"},
		{"delete", "\x7f", `\u007f`, `\u007f`, "·"},
		{"the second set of controls", "\u009b31m", `\u009b31m`, `\u009b31m`, "·31m"},
		{"the other direction", "a\u202eb\u2066", `a\u202eb\u2066`, `a\u202eb\u2066`, "a·b·"},
		{"no width", "a\u200bb\ufeff", `a\u200bb\ufeff`, `a\u200bb\ufeff`, "a·b·"},
		{"beyond the first plane", "a\U000e0001b", `a\udb40\udc01b`, `a\udb40\udc01b`, "a·b"},
		{"no UTF-8", "a\xff\xc3b\xe4\xba", `a\xff\xc3b\xe4\xba`, `a\xff\xc3b\xe4\xba`, "a··b··"},
		{"what stands for it", "a\ufffdb", `a\ufffdb`, `a\ufffdb`, "a·b"},
	} {
		if got := Visible(test.text); got != test.visible {
			t.Errorf("%s: Visible: got %s, want %s", test.name, got, test.visible)
		}
		if got := VisibleLine(test.text); got != test.line {
			t.Errorf("%s: VisibleLine: got %s, want %s", test.name, got, test.line)
		}
		if got := Printable(test.text); got != test.printable {
			t.Errorf("%s: Printable: got %s, want %s", test.name, got, test.printable)
		}
	}
}
