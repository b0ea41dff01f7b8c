package format

// jsonPointer takes the string representation of RFC 6901, section 5.
func jsonPointer(text string) bool {
	if text != "" && text[0] != '/' {
		return false
	}
	for i := range len(text) {
		isEscaped := i+1 < len(text) && (text[i+1] == '0' || text[i+1] == '1')
		if text[i] == '~' && !isEscaped {
			return false
		}
	}
	return true
}

// relativeJSONPointer takes the syntax of the draft of relative JSON pointers, section 3, as JSON Schema 2020-12 refers to it.
func relativeJSONPointer(text string) bool {
	n := leadingDigits(text)
	if n == 0 || text[0] == '0' && n > 1 {
		return false
	}
	rest := text[n:]
	return rest == "#" || jsonPointer(rest)
}
