// Package pointer makes and splits JSON pointers (RFC 6901), such as /quotas/0/used. It does not know the values that
// they lead to.
//
// A pointer is a list of tokens, each after a slash. A token is the name of a member or the index of an element, in which
// "~0" stands for a tilde and "~1" for a slash. So /a~1b/0 is element 0 of member "a/b". The empty pointer is the whole
// value.
package pointer

import (
	"iter"
	"strconv"
	"strings"
)

var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// Escape returns the token for the name of a member.
func Escape(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return name // the common case
	}
	return escaper.Replace(name)
}

// Unescape returns the name that a token stands for. A tilde that escapes nothing is left as it is.
func Unescape(token string) string {
	if !strings.Contains(token, "~") {
		return token // the common case
	}
	return unescaper.Replace(token)
}

// Join returns a pointer with the tokens for further names, each one level deeper.
func Join(pointer string, names ...string) string {
	for _, name := range names {
		pointer += "/" + Escape(name)
	}
	return pointer
}

// Names yields the names that the tokens of a pointer stand for, from the root down. It ignores what comes before the
// first slash.
func Names(pointer string) iter.Seq[string] {
	return func(yield func(string) bool) {
		_, rest, more := strings.Cut(pointer, "/")
		for more {
			var token string
			token, rest, more = strings.Cut(rest, "/")
			if !yield(Unescape(token)) {
				return
			}
		}
	}
}

// Index reads a token as the index of an element: digits without a leading zero.
func Index(token string) (int, bool) {
	i, err := strconv.Atoi(token)
	return i, err == nil && i >= 0 && strconv.Itoa(i) == token
}
