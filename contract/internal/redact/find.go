package redact

import (
	"math/bits"
	"slices"
	"strings"
)

// minPrefix is the number of bytes of a longer spelling that count as the whole: half a token is secret too, and
// providers cut tokens short.
const minPrefix = 16

// overlap is the number of bytes before the end of one secret where the search for the next one begins, as two
// secrets may overlap.
const overlap = 64

// finder finds many spellings in one pass over a text. A filter on the next four bytes rules out most positions. For
// the others, a binary search in the sorted spellings finds the neighbours of the text, among which is the spelling
// with the longest common prefix. With the spellings abcd and abcdefghijklmnopqrst:
//
//	text abcdefg                hides abcd: shorter spellings must be there as a whole
//	text abcdefghijklmnopq      hides all: minPrefix bytes of a longer spelling suffice
type finder struct {
	spellings []string // sorted, without duplicates, in lower case
	filter    []uint64 // one bit for each hash of the first four bytes
	shift     uint     // of a hash, so that it has as many bits as the filter needs
}

// A filter has bitsPerSpelling bits for each spelling, so that few positions pass by accident. But it has at most 2^maxFilterBits,
// which fit into the cache of a processor, and no less than one word.
const (
	bitsPerSpelling = 64
	maxFilterBits   = 16
)

// newFinder returns a finder for all spellings of the secrets.
func newFinder(secrets []secret) *finder {
	f := &finder{}
	for _, s := range secrets {
		f.spellings = append(f.spellings, s.spellings...)
	}
	slices.Sort(f.spellings)
	f.spellings = slices.Compact(f.spellings)
	width := max(6, min(bits.Len(uint(bitsPerSpelling*len(f.spellings))), maxFilterBits))
	f.filter, f.shift = make([]uint64, 1<<width/64), uint(32-width)
	for _, form := range f.spellings {
		bit := hash(form) >> f.shift
		f.filter[bit/64] |= 1 << (bit % 64)
	}
	return f
}

// hash returns a number for the first four bytes, the higher bits of which depend on all of them.
func hash(text string) uint32 {
	first := uint32(text[0]) | uint32(text[1])<<8 | uint32(text[2])<<16 | uint32(text[3])<<24
	return first * 2654435761
}

// span is a range of bytes of a text.
type span struct{ from, to int }

// hide replaces by Mark everything that is found in a text or in its views.
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

// find calls a function with each place of a spelling in a text in lower case.
func (f *finder) find(text string, found func(from, to int)) {
	for i := 0; i+minCredential <= len(text); {
		bit := hash(text[i:]) >> f.shift
		n := 0
		if f.filter[bit/64]&(1<<(bit%64)) != 0 {
			n = f.matchLen(text[i:])
		}
		if n > 0 {
			found(i, i+n)
		}
		i = max(i+1, i+n-overlap)
	}
}

// matchLen returns how many bytes at the beginning of a text are secret.
func (f *finder) matchLen(text string) int {
	k, _ := slices.BinarySearch(f.spellings, text)
	most := 0
	for _, neighbour := range f.spellings[max(0, k-1):min(k+1, len(f.spellings))] {
		most = max(most, commonPrefix(neighbour, text))
	}
	if most >= minPrefix {
		return most
	}
	for ; most >= minCredential; most-- { // shorter matches must be a whole spelling
		if _, whole := slices.BinarySearch(f.spellings, text[:most]); whole {
			return most
		}
	}
	return 0
}

// commonPrefix returns the length of the common prefix of two texts.
func commonPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
