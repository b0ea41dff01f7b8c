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
	forms  []string        // sorted, none twice, in lower case
	short  map[string]bool // those with fewer than enough bytes
	filter [1024]uint64
}

func newFinder(secrets []secret) *finder {
	f := &finder{short: map[string]bool{}}
	for _, s := range secrets {
		f.forms = append(f.forms, s.forms...)
	}
	slices.Sort(f.forms)
	f.forms = slices.Compact(f.forms)
	for _, form := range f.forms {
		if len(form) < enough {
			f.short[form] = true
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
	k, _ := slices.BinarySearch(f.forms, text)
	most := 0
	for _, neighbour := range f.forms[max(0, k-1):min(k+1, len(f.forms))] {
		most = max(most, common(neighbour, text))
	}
	if most >= enough {
		return most
	}
	for ; most >= minCredential; most-- { // only a whole form counts now
		if f.short[text[:most]] {
			return most
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
