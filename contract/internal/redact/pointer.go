package redact

import (
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
)

// Pointer hides secrets in the names of a pointer into a message, such as /response/body/users/0. Its first two tokens
// say which part of the message it is and are never secret.
func (r *Redactor) Pointer(place string) string {
	tokens := strings.Split(place, "/")
	for i := 3; i < len(tokens); i++ {
		plain := pointer.Unescape(tokens[i])
		if clean := r.Hide(plain); clean != plain {
			tokens[i] = pointer.Escape(clean)
		}
	}
	return strings.Join(tokens, "/")
}

// At is Text for what stands at a pointer into a message. Where a name in the pointer is one of a secret, no value of
// JSON in the text is shown, and no value that was learned, however short.
func (r *Redactor) At(place, text string) string {
	p := &pass{Redactor: r}
	if strings.HasPrefix(place, "/request/path") {
		text = p.usersInPath(text)
	}
	tokens := strings.Split(place, "/")
	for _, token := range tokens[min(3, len(tokens)):] {
		if !IsCredential(pointer.Unescape(token), r.names) {
			continue
		}
		if _, learned := r.learned[strings.TrimSpace(text)]; learned {
			return Mark
		}
		begin := jsonBeginsAny.index(text)
		return p.text(text[:begin], 0) + p.json(text[begin:], 0, true)
	}
	return p.text(text, 0)
}
