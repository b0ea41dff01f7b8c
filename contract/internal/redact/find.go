package redact

import (
	"slices"
	"strings"
)

// enough is how many bytes of a longer form are as good as all of it: half a token is a secret too, and providers cut
// them.
const enough = 16

// overlap is how many bytes before the end of one secret another is looked for.
const overlap = 64

// finder finds many forms in a text in one pass. At each byte a filter on four bytes says whether any form may begin
// there; if so, a binary search in the sorted forms finds the one that has most in common with the text.
type finder struct {
	forms  []string // sorted, none twice, in lower case
	parent []int    // of each form: the longest shorter one that it begins with and that has fewer than enough bytes; -1: none
	filter [1024]uint64
}

func newFinder(secrets []secret) *finder {
	f := &finder{}
	for _, s := range secrets {
		f.forms = append(f.forms, s.forms...)
	}
	slices.Sort(f.forms)
	f.forms = slices.Compact(f.forms)
	begun := []int{} // the forms that the current one begins with, each with the one before
	for i, form := range f.forms {
		for len(begun) > 0 && !strings.HasPrefix(form, f.forms[begun[len(begun)-1]]) {
			begun = begun[:len(begun)-1]
		}
		parent := -1
		if len(begun) > 0 {
			parent = begun[len(begun)-1]
		}
		f.parent = append(f.parent, parent)
		if len(form) < enough {
			begun = append(begun, i)
		}
		bit := hash(form)
		f.filter[bit/64] |= 1 << (bit % 64)
	}
	return f
}

// hash is a number below 65,536 of the first four bytes.
func hash(text string) uint32 {
	first := uint32(text[0]) | uint32(text[1])<<8 | uint32(text[2])<<16 | uint32(text[3])<<24
	return first * 2654435761 >> 16
}

// span is a part of a text, by bytes.
type span struct{ from, to int }

// hide replaces by Mark what is found in a text and in its views.
func (f *finder) hide(text string) string {
	spans := []span{}
	views(text, func(v *view) {
		f.find(lower(v.text), func(from, to int) { spans = append(spans, v.span(from, to)) })
	})
	if len(spans) == 0 {
		return text
	}
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var out strings.Builder
	end := 0
	for i, s := range spans {
		if s.from > end || i == 0 {
			out.WriteString(text[end:s.from])
			out.WriteString(Mark)
		}
		end = max(end, s.to)
	}
	out.WriteString(text[end:])
	return out.String()
}

// find gives where forms stand in a text of lower case.
func (f *finder) find(text string, found func(from, to int)) {
	for i := 0; i+minCredential <= len(text); {
		bit := hash(text[i:])
		n := 0
		if f.filter[bit/64]&(1<<(bit%64)) != 0 {
			n = f.at(text[i:])
		}
		if n > 0 {
			found(i, i+n)
		}
		i = max(i+1, i+n-overlap)
	}
}

// at is how many bytes at the beginning of a text are secret.
func (f *finder) at(text string) int {
	k, exact := slices.BinarySearch(f.forms, text)
	if exact {
		return len(text)
	}
	before, behind := 0, 0
	if k > 0 {
		before = common(f.forms[k-1], text)
	}
	if k < len(f.forms) {
		behind = common(f.forms[k], text)
	}
	if n := max(before, behind); n >= enough {
		return n
	}
	// Only a whole form counts now. It stands before the text and is the neighbour, or the neighbour begins with it.
	for j := k - 1; j >= 0; j = f.parent[j] {
		if n := len(f.forms[j]); n <= before {
			return n
		}
	}
	return 0
}

// common is how many bytes two texts begin with alike.
func common(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
