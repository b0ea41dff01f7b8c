package verify

import (
	"fmt"
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
	rows    []miss
	index   map[string]int // of rows
}

type miss struct {
	report.NotChecked
	kind missKind
}

const noSuchPath = "the document has no such path"

// missKind says how a request missed the document.
type missKind int

const (
	otherServer missKind = iota // it was sent to no server of the document
	unknownPath                 // the document does not have its path
	nearMiss                    // the document almost has its path
)

// add counts one exchange. It returns false if that needs a new row and there are maxGroups already. The judge replaces secrets
// in the path.
func (m *misses) add(judge *contract.Judge, e traffic.Entry, kind missKind) bool {
	path, _, _ := strings.Cut(e.Exchange.Request.Target, "?")
	key := e.Origin
	if kind != otherServer {
		key = e.Exchange.Request.Method + " " + e.Origin + path
	}
	i, known := m.index[key]
	if !known {
		if len(m.rows) == maxGroups {
			return false
		}
		if m.index == nil {
			m.index = map[string]int{}
		}
		excerpt, _ := judge.Excerpt(contract.Exchange{Request: e.Exchange.Request})
		method, target := requestLine(excerpt)
		path, _, _ = strings.Cut(target, "?")
		i = len(m.rows)
		m.index[key] = i
		m.rows = append(m.rows, miss{report.NotChecked{Method: method, Origin: e.Origin, Path: path, Reason: noSuchPath}, kind})
	}
	m.rows[i].Times++
	return true
}

// unknownPaths lists the rows of paths that the document does not have.
func (m *misses) unknownPaths() (list []report.NotChecked) {
	for _, row := range m.rows {
		if row.kind == unknownPath {
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
	rows := slices.Clone(m.rows)
	slices.SortStableFunc(rows, func(a, b miss) int { return b.Times - a.Times })
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
