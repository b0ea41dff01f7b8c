package redact

// chars is a set of ASCII characters. The functions of package strings would build the set again for each text.
type chars [256]bool

// newChars returns the set of the characters in a list.
func newChars(list string) *chars {
	c := &chars{}
	for i := range len(list) {
		c[list[i]] = true
	}
	return c
}

// index returns the index of the first character of the set, or the length of the text.
func (c *chars) index(text string) int {
	for i := range len(text) {
		if c[text[i]] {
			return i
		}
	}
	return len(text)
}

// trimLeft removes characters of the set from the beginning of a text.
func (c *chars) trimLeft(text string) string {
	for text != "" && c[text[0]] {
		text = text[1:]
	}
	return text
}

// trimRight removes characters of the set from the end of a text.
func (c *chars) trimRight(text string) string {
	for text != "" && c[text[len(text)-1]] {
		text = text[:len(text)-1]
	}
	return text
}
