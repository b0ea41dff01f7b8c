// Package pointer writes and follows JSON pointers (RFC 6901), such as /quotas/0/used.
//
// A pointer is a list of tokens, each after a slash. A token is the name of a member or the index of an element; in it,
// "~0" stands for a tilde and "~1" for a slash. The empty pointer is the whole value.
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

// Escape makes the name of a member a token.
func Escape(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return name // as almost all are
	}
	return escaper.Replace(name)
}

// Unescape gives the name that a token stands for. A tilde that escapes nothing stays.
func Unescape(token string) string {
	if !strings.Contains(token, "~") {
		return token // as almost all are
	}
	return unescaper.Replace(token)
}

// Join gives the pointer to the member of the given name, below the value at pointer; with several names, one below the
// other.
func Join(pointer string, names ...string) string {
	for _, name := range names {
		pointer += "/" + Escape(name)
	}
	return pointer
}

// Names yields what the tokens of a pointer stand for, from the root down. What comes before the first slash is ignored.
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
