package text

import "strconv"

// Count is a number and what it counts: "1 check", "2 checks".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
