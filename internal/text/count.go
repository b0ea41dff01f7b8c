package text

import "strconv"

// Count returns a number with its noun in singular or plural: "1 check", "2 checks".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
