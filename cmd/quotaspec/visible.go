package main

import (
	"io"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/internal/text"
)

// visibleWriter escapes characters that control a terminal: "\x1b[2J" is written as the six visible characters \x1b[2J. All
// output passes it, since documents, providers, traffic and files may contain anything. A write may end within a character; its
// first bytes wait for the next write. Goroutines may write concurrently.
type visibleWriter struct {
	to io.Writer

	mu   sync.Mutex
	rest []byte // first bytes of an incomplete character
}

func (v *visibleWriter) Write(p []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	all := slices.Concat(v.rest, p)
	whole := len(all)
	for i := whole - 1; i >= 0 && i > whole-utf8.UTFMax; i-- {
		if utf8.RuneStart(all[i]) {
			if !utf8.FullRune(all[i:]) {
				whole = i
			}
			break
		}
	}
	v.rest = slices.Clone(all[whole:])
	if _, err := io.WriteString(v.to, text.Visible(string(all[:whole]))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// end writes the bytes of a character that was never completed.
func (v *visibleWriter) end() {
	v.mu.Lock()
	defer v.mu.Unlock()
	_, _ = io.WriteString(v.to, text.Visible(string(v.rest)))
	v.rest = nil
}

// unwrapped returns the writer behind a visibleWriter, or w itself. The caller must make its text visible.
func unwrapped(w io.Writer) io.Writer {
	if v, ok := w.(*visibleWriter); ok {
		return v.to
	}
	return w
}
