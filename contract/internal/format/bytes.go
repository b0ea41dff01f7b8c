package format

import "strings"

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isAlphanumeric(c byte) bool { return isDigit(c) || isLetter(c) }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

func containsByte(characters string, c byte) bool { return strings.IndexByte(characters, c) >= 0 }

// hasShape reports whether a text matches a shape, in which d stands for a digit and h for a hexadecimal digit.
func hasShape(text, shape string) bool {
	if len(text) != len(shape) {
		return false
	}
	for i := range len(shape) {
		switch c := text[i]; shape[i] {
		case 'd':
			if !isDigit(c) {
				return false
			}
		case 'h':
			if !isHex(c) {
				return false
			}
		case c:
		default:
			return false
		}
	}
	return true
}
