package pointer

import "regexp"

// indexOrID matches an array index, or a number or a long hexadecimal id in a path.
var indexOrID = regexp.MustCompile(`/(?:[0-9]+|[0-9a-fA-F-]{16,})(/|$)`)

// Folded replaces indexes and ids: /request/body/7/name becomes /request/body/*/name. A path may be folded too.
func Folded(pointer string) string {
	for { // two indexes in a row share a slash
		shorter := indexOrID.ReplaceAllString(pointer, "/*$1")
		if shorter == pointer {
			return pointer
		}
		pointer = shorter
	}
}
