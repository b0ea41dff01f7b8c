package redact

// chars is a set of characters of ASCII. Unlike the functions of package strings, it is made once for all texts.
type chars [256]bool

func newChars(list string) *chars {
	c := &chars{}
	for i := range len(list) {
		c[list[i]] = true
	}
	return c
}

// index is where the first of the characters stands in a text, else the length of the text.
func (c *chars) index(text string) int {
	for i := range len(text) {
		if c[text[i]] {
			return i
		}
	}
	return len(text)
}

// trimRight is a text without such characters at its end.
func (c *chars) trimRight(text string) string {
	for text != "" && c[text[len(text)-1]] {
		text = text[:len(text)-1]
	}
	return text
}
