package redact

import "strings"

// labels hides what follows a name of a secret in a text that is no JSON: password: x, <token>x</token>.
func (p *pass) labels(text string) string {
	var out strings.Builder
	for {
		i := strings.IndexAny(text, ":=>")
		if i < 0 {
			out.WriteString(text)
			return out.String()
		}
		value := text[i+1:]
		value = strings.TrimLeft(value, " \t\r\n")
		value = strings.TrimPrefix(strings.TrimPrefix(value, `"`), "'")
		begin := len(text) - len(value)
		out.WriteString(text[:begin])
		if p.isSecret(labelBefore(text[:i])) {
			if end := indexAny(value, "\"'<>&;,(){}[] \t\r\n"); end > 0 {
				core := withoutPunctuation(value[:end])
				p.learn(core, minPart)
				out.WriteString(Mark)
				value = value[len(core):]
			}
		}
		text = value
	}
}

// labelBefore is the name at the end of a text, in quotation marks or not; "" if that is the end of an element.
func labelBefore(text string) string {
	text = strings.TrimRight(text, " \t\r\n")
	text = strings.TrimRight(text, `"'`)
	before := strings.TrimRight(text, nameBytes)
	if strings.HasSuffix(before, "</") {
		return ""
	}
	return text[len(before):]
}

const nameBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."
