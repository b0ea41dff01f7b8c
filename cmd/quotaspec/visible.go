package main

import (
	"io"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/internal/text"
)

// visibleWriter keeps texts of documents, providers, traffic and files from steering a terminal: what it passes on is
// visible. It may be written to by several at once.
type visibleWriter struct {
	to io.Writer

	mu   sync.Mutex
	rest []byte // the beginning of a character that has not come whole
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

// end passes on what is left.
func (v *visibleWriter) end() {
	v.mu.Lock()
	defer v.mu.Unlock()
	_, _ = io.WriteString(v.to, text.Visible(string(v.rest)))
	v.rest = nil
}

// unwrapped is the writer behind w, for what makes itself sure that everything is visible.
func unwrapped(w io.Writer) io.Writer {
	if v, ok := w.(*visibleWriter); ok {
		return v.to
	}
	return w
}
