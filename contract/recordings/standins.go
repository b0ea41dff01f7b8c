package recordings

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A stand-in replaces an id in recordings. It has the length of the id and its kinds of characters, so that it keeps the same
// patterns, formats and lengths. It is made from a counter and tells nothing about the id, and its beginning shows what it is:
//
//	d78cbac186b744899480f25bd022f468        11000000110000001100000011000000
//	8c4a6b9e-2f1d-4e7a-9b3c-5d6e7f809112    12000000-1200-4000-9200-000012000000
//	2147483001                              1300000013
//	acct-Harbour-7                          hkhg-Gggghkh-0
//
// Only the digits of a UUID that name its version and variant stay.

// standIns are the stand-ins of one folder.
type standIns struct {
	of     map[string]string   // by id, in lower case
	begins map[string][]string // the ids by their first minID bytes, the longest first
	used   map[string]bool     // the stand-ins
	count  int
	taken  string // texts in lower case that no stand-in may be part of
}

func newStandIns(taken string) *standIns {
	return &standIns{of: map[string]string{}, begins: map[string][]string{}, used: map[string]bool{}, taken: lower(taken)}
}

// add makes a stand-in for an id of at least minID bytes that has none.
func (s *standIns) add(id string) {
	id = lower(id)
	if s.of[id] != "" {
		return
	}
	made := ""
	for made == "" || s.used[made] || s.of[made] != "" || strings.Contains(s.taken, made) {
		s.count++
		made = standIn(id, s.count)
	}
	s.of[id], s.used[made] = made, true
	alike := slices.Concat(s.begins[id[:minID]], []string{id})
	slices.SortStableFunc(alike, func(a, b string) int { return len(b) - len(a) })
	s.begins[id[:minID]] = alike
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// standIn returns the stand-in number n of an id in lower case.
func standIn(id string, n int) string {
	isUUID, isHex := uuid.MatchString(id), strings.Trim(id, "0123456789abcdef-") == ""
	digits, made := counterDigits(n), []rune(id)
	k := 0 // letters and digits before
	for i, c := range made {
		digit := digits[k%len(digits)]
		switch {
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			continue
		case isUUID && (i == 14 || i == 19):
		case isHex, unicode.IsDigit(c):
			made[i] = rune(digit)
		default:
			made[i] = rune(digit - '0' + 'g') // no hexadecimal digit
		}
		k++
	}
	return string(made)
}

// counterDigits returns the digits that a stand-in repeats: a 1, so that a number has no leading zero, and the counter, its
// last digit first, so that short ids differ too.
func counterDigits(n int) string {
	digits := []byte{'1'}
	for i := 0; i < 7 || n > 0; i++ {
		digits, n = append(digits, byte('0'+n%10)), n/10
	}
	return string(digits)
}

// isStandIn reports whether a text is made of the digits of a stand-in: each repeats the one eight before.
func isStandIn(text string) bool {
	for i := range text {
		isDigit := text[i] >= '0' && text[i] <= '9'
		if !isDigit || (i >= 8 && text[i] != text[i-8]) {
			return false
		}
	}
	return strings.HasPrefix(text, "1")
}

// maxAnywhere is the number of bytes from which an id is replaced anywhere. A shorter one is replaced only between other
// characters than letters and digits, since it may be a part of other words and numbers.
const maxAnywhere = 16

// replace puts the stand-in of each id into a text, in upper case where the id is so. Of several ids that begin in one place,
// the longest counts. The time is linear in the length of the text: a list of resources may have thousands of ids.
func (s *standIns) replace(text string) string {
	if len(s.of) == 0 {
		return text
	}
	plain := lower(text)
	var out strings.Builder
	done := 0
	for i := 0; i+minID <= len(plain); i++ {
		for _, id := range s.begins[plain[i:i+minID]] {
			if end := i + len(id); strings.HasPrefix(plain[i:], id) && isWhole(plain, i, end) {
				out.WriteString(text[done:i])
				out.WriteString(inCaseOf(text[i:end], s.of[id]))
				done, i = end, end-1
				break
			}
		}
	}
	out.WriteString(text[done:])
	return out.String()
}

// isWhole reports whether an id in a text may be replaced there.
func isWhole(text string, from, end int) bool {
	isPart := isWordByte(text, from-1) || isWordByte(text, end)
	return !isPart || end-from >= maxAnywhere
}

// isWordByte reports whether a text has a letter or digit at an index.
func isWordByte(text string, i int) bool {
	if i < 0 || i >= len(text) {
		return false
	}
	c := text[i]
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// inCaseOf puts the letters of a stand-in in upper case where the text has them so.
func inCaseOf(text, by string) string {
	if len(text) != len(by) {
		return by // characters beyond ASCII
	}
	out := []byte(by)
	for i := range out {
		if isUpper := text[i] >= 'A' && text[i] <= 'Z'; isUpper && out[i] >= 'a' && out[i] <= 'z' {
			out[i] -= 'a' - 'A'
		}
	}
	return string(out)
}

// lower returns a text with ASCII letters in lower case. Unlike strings.ToLower, it never changes the length.
func lower(text string) string {
	small := []byte(text)
	for i, c := range small {
		if c >= 'A' && c <= 'Z' {
			small[i] = c + 'a' - 'A'
		}
	}
	return string(small)
}
