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
	for {
		i := labelEnds.index(text)
		if i == len(text) {
			out.WriteString(text)
			return out.String()
		}
		value := text[i+1:]
		value = strings.TrimLeft(value, " \t\r\n")
		value = strings.TrimPrefix(strings.TrimPrefix(value, `"`), "'")
		begin := len(text) - len(value)
		out.WriteString(text[:begin])
		if s.isSecret(labelBefore(text[:i])) {
			if end := valueEnds.index(value); end > 0 {
				core := withoutPunctuation(value[:end])
				s.learn(core, minPart)
				out.WriteString(Mark)
				value = value[len(core):]
			}
		}
		text = value
	}
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
