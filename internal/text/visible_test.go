package text

import "testing"

func TestVisible(t *testing.T) {
	for _, test := range []struct{ name, text, visible, line, printable string }{
		{name: "empty text"},
		{
			name: "plain", text: "a line\nand\ta tab — 云 █", visible: "a line\nand\ta tab — 云 █",
			line: `a line\nand\ta tab — 云 █`, printable: "a line·and·a tab — 云 █",
		},
		{name: "an escape sequence", text: "\x1b[2J\a", visible: `\x1b[2J\x07`, line: `\x1b[2J\x07`, printable: "·[2J·"},
		{name: "a carriage return", text: "a\rb\r\n", visible: `a\x0db\x0d` + "\n", line: `a\x0db\x0d\n`, printable: "a·b··"},
		{name: "delete", text: "\x7f", visible: `\u007f`, line: `\u007f`, printable: "·"},
		{name: "the second set of controls", text: "\u009b31m", visible: `\u009b31m`, line: `\u009b31m`, printable: "·31m"},
		{name: "the other direction", text: "a\u202eb\u2066", visible: `a\u202eb\u2066`, line: `a\u202eb\u2066`, printable: "a·b·"},
		{name: "characters without width", text: "a\u200bb\ufeff", visible: `a\u200bb\ufeff`, line: `a\u200bb\ufeff`, printable: "a·b·"},
		{name: "beyond the first plane", text: "a\U000e0001b", visible: `a\udb40\udc01b`, line: `a\udb40\udc01b`, printable: "a·b"},
		{
			name: "invalid UTF-8", text: "a\xff\xc3b\xe4\xba", visible: `a\xff\xc3b\xe4\xba`, line: `a\xff\xc3b\xe4\xba`,
			printable: "a··b··",
		},
		{name: "the replacement character", text: "a\ufffdb", visible: `a\ufffdb`, line: `a\ufffdb`, printable: "a·b"},
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
