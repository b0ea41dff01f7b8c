package verify

import (
	"cmp"
	"hash/fnv"
	"slices"
)

// A tally keeps a bounded number of groups. Which ones must not depend on the order of the exchanges, so each group has a fixed
// rank, and the groups with the smallest ranks are kept:
//
//	rank      check                                     place
//	0x1f3a…   addThings/traffic=201:schema/type         …/request/body/*/name        kept
//	0x1f3a…   addThings/traffic=201:schema/type         elsewhere                    kept
//	0x92c0…   listThings/traffic=200                                                 kept
//	0xe7b1…   listThings/traffic=404                                                 dropped: its exchanges are ungrouped
//
// The first bit of a rank says that there are no findings, so that what passes never displaces what fails. The others are a hash,
// so that no operation is dropped because of its name. A dropped group never comes back: groups are only added, so that its rank
// among all of them only grows. Then a later exchange of it is ungrouped, too.
//
// A check has a bounded number of places in the same way: the smallest ones. A place that is dropped joins the group elsewhere,
// which ranks behind all places of its check. So if elsewhere is dropped, all that it could get from later places is ungrouped,
// whichever of the two happens first.

// checkKey names a check of a document.
type checkKey struct {
	document int // index of the judge
	id       string
}

// groupKey names a group of exchanges.
type groupKey struct {
	checkKey
	place     string // of the findings about the request, which see wrongPlaces; "": none
	elsewhere bool   // the group of all places beyond the bound
	failed    bool   // judging ended with an error
}

// withoutFindings is the bit of the ranks of checks without findings.
const withoutFindings = 1 << 63

// rank returns the number that orders checks.
func (k checkKey) rank() uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte{byte(k.document)})
	_, _ = h.Write([]byte(k.id))
	rank := h.Sum64() &^ withoutFindings
	if !hasFindings(k.id) {
		rank |= withoutFindings
	}
	return rank
}

// compareGroups orders groups by rank.
func compareGroups(a, b *group) int {
	return cmp.Or(cmp.Compare(a.rank, b.rank), compareKeys(a.key, b.key))
}

func compareKeys(a, b groupKey) int {
	return cmp.Or(a.document-b.document, cmp.Compare(a.id, b.id), falseFirst(a.elsewhere, b.elsewhere),
		cmp.Compare(a.place, b.place), falseFirst(a.failed, b.failed))
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// group returns the group with a key, or that of all further places of its check, and makes it if it is new. It returns nil if
// the group is beyond the bounds.
func (t *Tally) group(key groupKey) *group {
	if g := t.groups[key]; g != nil {
		return g
	}
	g := &group{key: key, rank: key.rank(), notChecked: partCounts{}}
	if t.isBeyond(g) {
		return nil
	}
	if key.place != "" && !t.hasPlace(key) {
		key.place, key.elsewhere, g.key = "", true, groupKey{key.checkKey, "", true, key.failed}
		if known := t.groups[key]; known != nil {
			return known
		}
		if t.isBeyond(g) {
			return nil
		}
	}
	if len(t.groups) == t.bounds.groups {
		t.drop(t.last())
	}
	t.groups[key] = g
	if t.largest != nil && compareGroups(g, t.largest) > 0 {
		t.largest = g
	}
	return g
}

// isBeyond reports whether a new group has no room.
func (t *Tally) isBeyond(g *group) bool {
	return len(t.groups) == t.bounds.groups && compareGroups(g, t.last()) > 0
}

// last returns the group with the largest rank.
func (t *Tally) last() *group {
	if t.largest == nil {
		for _, g := range t.groups {
			if t.largest == nil || compareGroups(g, t.largest) > 0 {
				t.largest = g
			}
		}
	}
	return t.largest
}

// hasPlace reports whether a place is among those of its check, and makes it one of them if there is room or if it comes before
// the last one, which then joins the group elsewhere.
func (t *Tally) hasPlace(key groupKey) bool {
	list := t.places[key.checkKey]
	i, known := slices.BinarySearch(list, key.place)
	switch {
	case known:
		return true
	case i == t.bounds.places:
		return false
	}
	list = slices.Insert(list, i, key.place)
	t.places[key.checkKey] = list
	if len(list) > t.bounds.places {
		for _, failed := range []bool{false, true} {
			old := groupKey{key.checkKey, list[t.bounds.places], false, failed}
			if g := t.groups[old]; g != nil {
				t.forget(old)
				t.mergeGroup(groupKey{key.checkKey, "", true, failed}, g)
			}
		}
		t.places[key.checkKey] = list[:t.bounds.places]
	}
	return true
}

// mergeGroup adds the exchanges of a group to the one with a key.
func (t *Tally) mergeGroup(key groupKey, g *group) {
	if into := t.group(key); into != nil {
		into.absorb(g)
	} else {
		t.ungrouped += g.times
	}
}

// drop removes a group; its exchanges are ungrouped.
func (t *Tally) drop(g *group) {
	t.ungrouped += g.times
	t.forget(g.key)
	other := g.key
	other.failed = !other.failed
	if g.key.place == "" || t.groups[other] != nil {
		return
	}
	list := slices.DeleteFunc(t.places[g.key.checkKey], func(place string) bool { return place == g.key.place })
	if t.places[g.key.checkKey] = list; len(list) == 0 {
		delete(t.places, g.key.checkKey)
	}
}

func (t *Tally) forget(key groupKey) {
	delete(t.groups, key)
	t.largest = nil
}
