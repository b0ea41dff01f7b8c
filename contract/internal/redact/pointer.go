package redact

import (
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
)

// Pointer hides the learned secrets in the names of a pointer into a message, such as /response/body/users/0. It
// leaves the first two tokens alone, which name the part of the message.
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

// At is Text for a value at a pointer into a message. If the pointer contains a secret name, it hides every JSON
// value in the text, and a value that was learned even if it is short.
func (r *Redactor) At(place, text string) string {
	s := &scan{Redactor: r}
	if strings.HasPrefix(place, "/request/path") {
		text = s.usersInPath(text)
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
		values, _ := s.json(text[begin:], 0, true)
		return s.text(text[:begin], 0) + values
	}
	return s.text(text, 0)
}
