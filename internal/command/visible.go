package command

import (
	"io"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/internal/text"
)

// VisibleWriter escapes characters that control a terminal: "\x1b[2J" is written as the six visible characters \x1b[2J. All
// output passes it, since documents, providers, traffic and files may contain anything. A write may end within a character; its
// first bytes wait for the next write. Goroutines may write concurrently.
type VisibleWriter struct {
	to io.Writer

	mu   sync.Mutex
	rest []byte // first bytes of an incomplete character
}

// NewVisibleWriter returns a VisibleWriter that writes to another writer.
func NewVisibleWriter(to io.Writer) *VisibleWriter { return &VisibleWriter{to: to} }

// Write writes p but for a character that it does not complete.
func (v *VisibleWriter) Write(p []byte) (int, error) {
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
func (v *VisibleWriter) end() {
	v.mu.Lock()
	defer v.mu.Unlock()
	_, _ = io.WriteString(v.to, text.Visible(string(v.rest)))
	v.rest = nil
}

// Unwrapped returns the writer behind a VisibleWriter, or w itself. The caller must make its text visible.
func Unwrapped(w io.Writer) io.Writer {
	if v, ok := w.(*VisibleWriter); ok {
		return v.to
	}
	return w
}
