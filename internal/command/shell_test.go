package command

import (
	"strings"
	"testing"
)

// TestShellQuote tests that a word is quoted if and only if a shell would change it.
func TestShellQuote(t *testing.T) {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+,="
	if got := ShellQuote(plain); got != plain {
		t.Errorf("got %s, want it as it is", got)
	}
	if got := ShellQuote(""); got != "''" {
		t.Errorf("got %s for no word", got)
	}
	for r := rune(1); r < 0x100; r++ {
		if r == '\'' || strings.ContainsRune(plain, r) {
			continue
		}
		if word := "a" + string(r); ShellQuote(word) != "'"+word+"'" {
			t.Errorf("got %s, want it quoted", ShellQuote(word))
		}
	}
	if got := ShellQuote("it's"); got != `'it'\''s'` {
		t.Errorf("got %s", got)
	}
}
