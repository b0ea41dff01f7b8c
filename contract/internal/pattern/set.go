package pattern

import (
	"slices"
	"strings"
	"unicode"
)

// span is a range of code points, both ends included.
type span struct{ first, last rune }

// set is a list of spans in any order, which may overlap. All classes become sets, since only ranges of code points mean the
// same in both engines. A class is the union of its members, and a negated one is the complement of that:
//
//	[\d_a-f]     {0-9} {_} {a-f}
//	[^\W]        complement of the complement of words: {0-9} {A-Z} {_} {a-z}
type set []span

// only returns the set of one code point.
func only(r rune) set { return set{{r, r}} }

var (
	digits = set{{'0', '9'}}
	words  = set{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}
	spaces = append(set{{'\t', '\r'}, {0xFEFF, 0xFEFF}, {0x2028, 0x2029}}, tableSet(unicode.Zs)...)
	lines  = set{{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}}
)

// classes has the letters of escapes that stand for a set.
var classes = map[rune]set{
	'd': digits, 'D': digits.complement(),
	'w': words, 'W': words.complement(),
	's': spaces, 'S': spaces.complement(),
}

// tableSet returns the code points of a table of package unicode.
func tableSet(table *unicode.RangeTable) set {
	var s set
	add := func(first, last, stride rune) {
		if stride == 1 {
			s = append(s, span{first, last})
			return
		}
		for r := first; r <= last; r += stride {
			s = append(s, span{r, r})
		}
	}
	for _, r := range table.R16 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range table.R32 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return s
}

// merged returns the same set with sorted spans, as few as possible.
func (s set) merged() set {
	sorted := slices.SortedFunc(slices.Values(s), func(a, b span) int { return int(a.first - b.first) })
	var m set
	for _, next := range sorted {
		if n := len(m); n > 0 && next.first <= m[n-1].last+1 {
			m[n-1].last = max(m[n-1].last, next.last)
			continue
		}
		m = append(m, next)
	}
	return m
}

// complement returns all code points that are not in the set.
func (s set) complement() set {
	var c set
	next := rune(0)
	for _, taken := range s.merged() {
		if taken.first > next {
			c = append(c, span{next, taken.first - 1})
		}
		next = taken.last + 1
	}
	if next <= unicode.MaxRune {
		c = append(c, span{next, unicode.MaxRune})
	}
	return c
}

// The surrogates are code points, but a Go string cannot contain them.
const firstSurrogate, lastSurrogate = 0xD800, 0xDFFF

// write appends the set as a class in brackets such as [0-9], without the surrogates. The empty set becomes a class that
// matches nothing.
func (s set) write(b *strings.Builder) {
	s = append(set{{firstSurrogate, lastSurrogate}}, s.complement()...).complement()
	if len(s) == 0 {
		b.WriteString("[^\x00-\U0010FFFF]")
		return
	}
	b.WriteByte('[')
	for _, sp := range s {
		writeMember(b, sp.first)
		if sp.last > sp.first {
			b.WriteByte('-')
			writeMember(b, sp.last)
		}
	}
	b.WriteByte(']')
}

func writeMember(b *strings.Builder, r rune) {
	if strings.ContainsRune(`\[]^-&~|`, r) {
		b.WriteByte('\\')
	}
	b.WriteRune(r)
}
