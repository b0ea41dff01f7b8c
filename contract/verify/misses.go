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

// misses is the traffic of a run that matched no path of a document. What was sent to a server of the document is one row for
// each method and path, what was sent elsewhere is one row for each host, with the first request as an example.
// Near misses are rows too: they are findings, and no match.
type misses struct {
	matched int // exchanges that did match
	rows    []miss
	index   map[string]int // of rows
}

type miss struct {
	report.NotChecked
	where where
}

const noSuchPath = "the document has no such path"

// where says where a request was sent that matched no path.
type where int

const (
	elsewhere   where = iota // to no server of the document
	unknownPath              // to a server of the document
	nearMiss                 // to a path that is almost one of the document
)

// add counts one exchange. It is false if there are too many rows to add one more. The judge hides secrets in its path.
func (m *misses) add(judge *contract.Judge, e traffic.Entry, where where) bool {
	path, _, _ := strings.Cut(e.Exchange.Request.Target, "?")
	key := e.Origin
	if where != elsewhere {
		key = e.Exchange.Request.Method + " " + e.Origin + path
	}
	i, known := m.index[key]
	if !known {
		if len(m.rows) == maxKinds {
			return false
		}
		if m.index == nil {
			m.index = map[string]int{}
		}
		asked, _ := judge.Excerpt(contract.Exchange{Request: contract.Request{Method: e.Exchange.Request.Method, Target: e.Exchange.Request.Target, Header: e.Exchange.Request.Header}})
		method, target := requestLine(asked)
		path, _, _ = strings.Cut(target, "?")
		i = len(m.rows)
		m.index[key] = i
		m.rows = append(m.rows, miss{report.NotChecked{Method: method, Origin: e.Origin, Path: path, Reason: noSuchPath}, where})
	}
	m.rows[i].Times++
	return true
}

// notChecked lists the unknown paths.
func (m *misses) notChecked() (list []report.NotChecked) {
	for _, row := range m.rows {
		if row.where == unknownPath {
			list = append(list, row.NotChecked)
		}
	}
	return list
}

// maxNamed is how many rows an error names.
const maxNamed = 3

// err is an error if there was traffic and none of it matched. It names what there was, the most frequent first.
func (m *misses) err() error {
	if m.matched > 0 || len(m.rows) == 0 {
		return nil
	}
	rows := slices.Clone(m.rows)
	slices.SortStableFunc(rows, func(a, b miss) int { return b.Times - a.Times })
	named := []string{}
	for _, row := range rows[:min(len(rows), maxNamed)] {
		where := text.Shorten(row.Method+" "+row.Origin+row.Path, 100)
		named = append(named, fmt.Sprintf("%s (%d)", where, row.Times))
	}
	if more := len(rows) - len(named); more > 0 {
		named = append(named, fmt.Sprintf("%d more", more))
	}
	return fmt.Errorf("nothing was judged: no request matched a path of the document; there were %s; --server URL adds the URL of a server where its paths begin", strings.Join(named, ", "))
}
