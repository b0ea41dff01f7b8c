package text

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Two words are near if one may be a misspelling of the other. For pageSize:
//
//	page_size, PageSize          the same letters
//	pageSiz, pageSizes, pagSize  one edit: a letter less, more or other, or two neighbours swapped
//	size                         not near
//
// Words of fewer than four letters are near only if their letters are the same: kid and id are different words.

// minEditedLength is the minimum number of letters of a documented word that may differ by one edit.
const minEditedLength = 4

// Far is the result of Edits for two words that are not near.
const Far = 2

// Edits returns 0 if two words have the same letters, 1 if they differ by one edit, and Far otherwise. Upper and lower case,
// hyphens and underscores do not count.
func Edits(sent, documented string) int {
	x, y := letters.Replace(strings.ToLower(sent)), letters.Replace(strings.ToLower(documented))
	switch {
	case x == y:
		return 0
	case utf8.RuneCountInString(y) >= minEditedLength && oneEdit(x, y):
		return 1
	}
	return Far
}

var letters = strings.NewReplacer("-", "", "_", "")

// Nearest returns the known word that a word may be a misspelling of; "" if there is none.
func Nearest(word string, known []string) string {
	nearest, edits := "", Far
	for _, k := range known {
		if n := Edits(word, k); n < edits {
			nearest, edits = k, n
		}
	}
	return nearest
}

// Unknown is the error of a word that is not among the known ones. It names the nearest, or else all of them:
//
//	unknown side "providr": did you mean provider?
//	unknown side "x": want provider, consumer or both
func Unknown(what, word string, known []string) error {
	if nearest := Nearest(word, known); nearest != "" {
		return fmt.Errorf("unknown %s %q: did you mean %s?", what, word, nearest)
	}
	return fmt.Errorf("unknown %s %q: want %s", what, word, Or(known))
}

// Or lists words as a choice: "a", "a or b", "a, b or c".
func Or(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// oneEdit reports whether it makes two texts equal to insert, remove or replace one character, or to swap two neighbours.
func oneEdit(a, b string) bool {
	x, y := []rune(a), []rune(b)
	same := 0 // the number of characters before the edit
	for same < min(len(x), len(y)) && x[same] == y[same] {
		same++
	}
	after := func(text []rune, n int) string { return string(text[min(n, len(text)):]) }
	isReplaced := after(x, same+1) == after(y, same+1)
	isInserted := after(x, same) == after(y, same+1) || after(x, same+1) == after(y, same)
	if hasNeighbours := min(len(x), len(y)) > same+1; isReplaced || isInserted || !hasNeighbours {
		return isReplaced || isInserted
	}
	return x[same] == y[same+1] && x[same+1] == y[same] && after(x, same+2) == after(y, same+2)
}
