package redact

import "strings"

var (
	labelEnds = newChars(":=>") // what follows a name
	valueEnds = newChars("\"'<>&;,(){}[] \t\r\n")
	spaces    = newChars(" \t\r\n")
	quotes    = newChars(`"'`)
	nameBytes = newChars("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
)

// labels hides the value after a secret name in a text that is not JSON: password: x, <token>x</token>.
func (s *scan) labels(text string) string {
	var out strings.Builder
	done := 0 // bytes of the text that are in out; since then, nothing has changed
	for i := 0; ; {
		end := i + labelEnds.index(text[i:])
		if end == len(text) {
			break
		}
		label, value := text[i:end], spaces.trimLeft(text[end+1:])
		value = strings.TrimPrefix(strings.TrimPrefix(value, `"`), "'")
		i = len(text) - len(value)
		if !s.isSecret(labelBefore(label)) {
			continue
		}
		if end := valueEnds.index(value); end > 0 {
			core := withoutPunctuation(value[:end])
			s.learn(core, minPart)
			out.WriteString(text[done:i])
			out.WriteString(Mark)
			i += len(core)
			done = i
		}
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// labelBefore returns the name at the end of a text, with or without quotation marks. It returns "" for the end tag
// of an element.
func labelBefore(text string) string {
	text = quotes.trimRight(spaces.trimRight(text))
	before := nameBytes.trimRight(text)
	if strings.HasSuffix(before, "</") {
		return ""
	}
	return text[len(before):]
}
