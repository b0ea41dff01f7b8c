package breaking

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/media"
)

// A reader should see nothing in a witness that is not needed. So its parts are left out one by one, the largest first, as long
// as the same document still refuses it for the same reason:
//
//	[{"kind": "bird", "name": "rex", "tags": []}]    →    [{"kind": "bird"}]    name and tags are not required

// maxShrinks limits the exchanges that are judged to shrink one witness.
const maxShrinks = 150

// shrink makes the exchange of a trial smaller.
func (s *search) shrink(t *trial) {
	for left := maxShrinks; left > 0; {
		smaller, isSmaller := s.smaller(t, &left)
		if !isSmaller {
			return
		}
		*t = smaller
	}
}

// smaller returns the first smaller trial that shows the same.
func (s *search) smaller(t *trial, left *int) (trial, bool) {
	for _, ex := range s.reductions(t.exchange) {
		if *left--; *left < 0 {
			break
		}
		v, ok := s.check(ex, s.side())
		if !ok || v.old.accepts != t.verdict.old.accepts || !v.differs() {
			continue
		}
		made := trial{exchange: ex, origin: t.origin, verdict: v, index: t.index}
		isTrial := s.rate(&made)
		hasSameFinding := s.reason(made) == s.reason(*t)
		if isTrial && made.rank == t.rank && made.level == t.level && hasSameFinding && made.further <= t.further {
			return made, true
		}
	}
	return trial{}, false
}

// reason is the id of the finding for which the exchange is refused at the place of the change.
func (s *search) reason(t trial) string {
	for _, f := range t.verdict.refusing().failing(s.side()) {
		if s.rankOf(f) == t.rank {
			return f.ID
		}
	}
	return ""
}

// reductions makes exchanges that lack one part of the message that is judged.
func (s *search) reductions(ex contract.Exchange) []contract.Exchange {
	list := []contract.Exchange{}
	header, data := ex.Request.Header, ex.Request.Body
	if s.ch.part.isResponse {
		header, data = ex.Response.Header, ex.Response.Body
	}
	with := func(header http.Header, data []byte) {
		changed := ex
		if s.ch.part.isResponse {
			changed.Response.Header, changed.Response.Body = header, data
		} else {
			changed.Request.Header, changed.Request.Body = header, data
		}
		list = append(list, changed)
	}
	for _, smaller := range reducedBodies(media.KindOf(header.Get("Content-Type")), data) {
		with(header, smaller)
	}
	if !s.ch.part.isResponse {
		for _, target := range shorterTargets(ex.Request.Target) {
			changed := ex
			changed.Request.Target = target
			list = append(list, changed)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		if name != "Content-Type" {
			fewer := header.Clone()
			fewer.Del(name)
			with(fewer, data)
		}
	}
	return list
}

// reducedBodies lack one member, element or pair each.
func reducedBodies(kind media.Kind, data []byte) [][]byte {
	list := [][]byte{}
	switch kind {
	case media.JSON:
		value, _ := readJSON(data)
		for _, smaller := range reductionsOf(value) {
			if data, err := json.Marshal(smaller); err == nil {
				list = append(list, data)
			}
		}
	case media.Form:
		for _, shorter := range shorterQueries(string(data)) {
			list = append(list, []byte(shorter))
		}
	}
	return list
}

// shorterTargets leave out one parameter of the query each.
func shorterTargets(target string) []string {
	path, query, _ := strings.Cut(target, "?")
	list := shorterQueries(query)
	for i, shorter := range list {
		list[i] = strings.TrimSuffix(path+"?"+shorter, "?")
	}
	return list
}

func shorterQueries(query string) []string {
	pairs, list := strings.Split(query, "&"), []string{}
	if query == "" {
		return nil
	}
	for i := range pairs {
		list = append(list, strings.Join(slices.Delete(slices.Clone(pairs), i, i+1), "&"))
	}
	return list
}

// reductionsOf makes values that lack one member or element, first those of the value itself, then those deeper in it.
func reductionsOf(value any) []any {
	list := []any{}
	switch v := value.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		for _, name := range names {
			fewer := maps.Clone(v)
			delete(fewer, name)
			list = append(list, fewer)
		}
		for _, name := range names {
			for _, smaller := range reductionsOf(v[name]) {
				changed := maps.Clone(v)
				changed[name] = smaller
				list = append(list, changed)
			}
		}
	case []any:
		for i := range v {
			list = append(list, slices.Delete(slices.Clone(v), i, i+1))
		}
		for i := range v {
			for _, smaller := range reductionsOf(v[i]) {
				changed := slices.Clone(v)
				changed[i] = smaller
				list = append(list, changed)
			}
		}
	}
	return list
}
