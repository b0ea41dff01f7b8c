package verify

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/internal/text"
)

// misses counts the traffic of a run that matched no path of a document, in rows for the report and for an error. Requests to a
// server of the document are one row per method and path, requests to other servers one row per host. The first request of a
// row is its example:
//
//	GET https://api.example.com/favicon.ico    2   unknownPath
//	GET https://api.example.com/Things         1   nearMiss: also a finding, but not a match
//	GET https://tracker.example.net/a          9   otherServer
type misses struct {
	matched int // exchanges that did match
	near    int // exchanges that came near a path
	rows    map[missKey]*miss
	largest *miss            // the row to drop next; nil: not known
	known   map[string]*miss // rows by the method and URL of requests, with their secrets; it may be emptied at any time
}

// missKey names a row. The judge has replaced secrets in the path.
type missKey struct {
	kind                 missKind
	method, origin, path string // of requests to other servers, only the origin
}

// miss is a row: its requests, and the place of the first one.
type miss struct {
	report.NotChecked
	key    missKey
	rank   uint64
	file   string
	number int
}

const noSuchPath = "the document has no such path"

// missKind says how a request missed the document.
type missKind int

const (
	otherServer missKind = iota // it was sent to no server of the document
	unknownPath                 // the document does not have its path
	nearMiss                    // the document almost has its path
)

// maxKnown bounds misses.known.
const maxKnown = 10_000

// add counts one exchange. It returns how many exchanges lost their row because there are more rows than bound: this one or
// those of another row. Exchanges with a finding, near misses, are not lost.
func (m *misses) add(judge *contract.Judge, e traffic.Entry, kind missKind, bound int) (lost int) {
	path, _, _ := strings.Cut(e.Exchange.Request.Target, "?")
	url := fmt.Sprintf("%d %s %s%s", kind, e.Exchange.Request.Method, e.Origin, path)
	row := m.known[url]
	isFirst := row == nil || cmp.Or(cmp.Compare(e.File, row.file), e.Number-row.number) < 0
	if !isFirst {
		row.Times++
		return 0
	}
	excerpt, _ := judge.Excerpt(contract.Exchange{Request: e.Exchange.Request})
	method, target := requestLine(excerpt)
	path, _, _ = strings.Cut(text.Shorten(target, maxExcerpt), "?")
	origin := strings.Clone(e.Origin) // the row outlives the entry, with which it must not share memory
	key := missKey{kind, method, origin, path}
	if kind == otherServer {
		key = missKey{origin: origin}
	}
	lost = m.put(&miss{
		NotChecked: report.NotChecked{Method: method, Origin: origin, Path: path, Reason: noSuchPath, Times: 1},
		key:        key, rank: key.rank(), file: e.File, number: e.Number,
	}, bound)
	if row = m.rows[key]; row != nil {
		if m.known == nil || len(m.known) == maxKnown {
			m.known = map[string]*miss{}
		}
		m.known[url] = row
	}
	return lost
}

// rank returns the hash that decides which rows are kept, as those of groups do (bound.go).
func (k missKey) rank() uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %q %q %q", k.kind, k.method, k.origin, k.path)
	return h.Sum64()
}

// put adds a row to the one with its key. It returns how many exchanges are lost, because a row is beyond the bound.
func (m *misses) put(row *miss, bound int) (lost int) {
	if known := m.rows[row.key]; known != nil {
		times := known.Times + row.Times
		if row.before(known) {
			known.NotChecked, known.file, known.number = row.NotChecked, row.file, row.number
		}
		known.Times = times
		return 0
	}
	if len(m.rows) == bound {
		last := m.last()
		if compareRanks(row, last) > 0 {
			last = row
		}
		if last.key.kind != nearMiss {
			lost = last.Times
		}
		if last == row {
			return lost
		}
		delete(m.rows, last.key)
		m.known, m.largest = nil, nil
	}
	m.rows[row.key] = row
	return lost
}

// last returns the row with the largest rank.
func (m *misses) last() *miss {
	if m.largest == nil {
		for _, row := range m.rows {
			if m.largest == nil || compareRanks(row, m.largest) > 0 {
				m.largest = row
			}
		}
	}
	return m.largest
}

func compareRanks(a, b *miss) int {
	return cmp.Or(cmp.Compare(a.rank, b.rank), compareMisses(a.key, b.key))
}

// before orders two rows with the same key by their first requests.
func (m *miss) before(other *miss) bool {
	return cmp.Or(cmp.Compare(m.file, other.file), m.number-other.number, cmp.Compare(m.Method, other.Method),
		cmp.Compare(m.Path, other.Path)) < 0
}

func compareMisses(a, b missKey) int {
	return cmp.Or(int(a.kind-b.kind), cmp.Compare(a.method, b.method), cmp.Compare(a.origin, b.origin), cmp.Compare(a.path, b.path))
}

// merge adds the rows of others. It returns how many exchanges are lost, because their rows are beyond the bound.
func (m *misses) merge(others *misses, bound int) (lost int) {
	m.matched, m.near = m.matched+others.matched, m.near+others.near
	for _, row := range others.rows {
		own := *row
		lost += m.put(&own, bound)
	}
	return lost
}

// list returns the rows in the order of their first requests.
func (m *misses) list() []*miss {
	return slices.SortedFunc(maps.Values(m.rows), func(a, b *miss) int {
		return cmp.Or(cmp.Compare(a.file, b.file), a.number-b.number, compareMisses(a.key, b.key))
	})
}

// unknownPaths lists the rows of paths that the document does not have.
func (m *misses) unknownPaths() (list []report.NotChecked) {
	for _, row := range m.list() {
		if row.key.kind == unknownPath {
			list = append(list, row.NotChecked)
		}
	}
	return list
}

// maxNamed is how many rows the error lists.
const maxNamed = 3

// err is an error if there was traffic and none of it matched. If the consumer is judged, a near miss is a finding that
// fails, so that it matches too. The error lists the most frequent rows first.
func (m *misses) err(ofConsumer bool) error {
	matched := m.matched
	if ofConsumer {
		matched += m.near
	}
	if matched > 0 || len(m.rows) == 0 {
		return nil
	}
	rows := m.list()
	slices.SortStableFunc(rows, func(a, b *miss) int { return b.Times - a.Times })
	named := []string{}
	for _, row := range rows[:min(len(rows), maxNamed)] {
		named = append(named, fmt.Sprintf("%s (%d)", text.Shorten(row.Method+" "+row.Origin+row.Path, 100), row.Times))
	}
	if more := len(rows) - len(named); more > 0 {
		named = append(named, fmt.Sprintf("%d more", more))
	}
	return fmt.Errorf("nothing was judged: no request matched a path of the document; there were %s; "+
		"--server URL adds the URL of a server where its paths begin", strings.Join(named, ", "))
}
