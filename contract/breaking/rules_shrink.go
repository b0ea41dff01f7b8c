package breaking

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/quotaspec/quotaspec/contract"
)

// maxRuleShrinks limits the exchanges that are judged to make the witness of a rule smaller.
const maxRuleShrinks = 200

// shrunk leaves out the parts of a witness that it does not need, as long as the same document refuses it for
// the same reasons:
//
//	[{"name": "tom"}, {"name": "rex"}, {"name": "rex"}]    →    [{"name": "rex"}, {"name": "rex"}]
func (c *Comparer) shrunk(a attempt, side contract.Side) attempt {
	ids := func(a attempt) []string {
		v, ok := a.verdict(side)
		list := []string{}
		for _, f := range slices.Concat(v.old.failing(side), v.new.failing(side)) {
			list = append(list, f.ID)
		}
		if !ok || !v.differs() {
			return nil
		}
		return list
	}
	want, old := ids(a), a.breaks(side)
	for tried, isSmaller := 0, true; isSmaller; {
		isSmaller = false
		for _, ex := range smallerResponses(a.exchange) {
			if tried++; tried > maxRuleShrinks {
				return a
			}
			smaller := a
			smaller.exchange = ex
			smaller.old, smaller.new = c.old.judge.Check(smaller.exchange), c.new.judge.Check(smaller.exchange)
			isSmaller = slices.Equal(ids(smaller), want) && smaller.breaks(side) == old
			if isSmaller {
				a = smaller
				break
			}
		}
	}
	return a
}

// smallerResponses lack a part of the body, a header of the response, or the header Host.
func smallerResponses(ex contract.Exchange) []contract.Exchange {
	list := []contract.Exchange{}
	for _, body := range smallerBodies(ex.Response.Body) {
		smaller := ex
		smaller.Response.Body = body
		list = append(list, smaller)
	}
	for _, name := range slices.Sorted(maps.Keys(ex.Response.Header)) {
		if name != "Content-Type" {
			smaller := ex
			smaller.Response.Header = ex.Response.Header.Clone()
			smaller.Response.Header.Del(name)
			list = append(list, smaller)
		}
	}
	if ex.Request.Header.Get("Host") != "" {
		smaller := ex
		smaller.Request.Header = ex.Request.Header.Clone()
		smaller.Request.Header.Del("Host")
		list = append(list, smaller)
	}
	return list
}

// smallerBodies lists a JSON body without one of its parts, each in turn; the largest parts come first.
func smallerBodies(body []byte) [][]byte {
	root, ok := readJSON(body)
	if !ok {
		return nil
	}
	list := [][]byte{}
	for _, value := range reductionsOf(root) {
		if made, err := json.Marshal(value); err == nil && len(made) < len(body) {
			list = append(list, made)
		}
	}
	slices.SortStableFunc(list, func(a, b []byte) int { return len(a) - len(b) })
	return list
}
