package verify

import (
	"maps"
	"slices"

	"github.com/quotaspec/quotaspec/contract"
)

// Found is what exchanges of a tally have in common that breaks the contract: the group behind one check of its report. It is for
// those that pass on what is new, such as the tally of the last seconds:
//
//	{Check: "listThings/traffic=200:schema/enum", Operation: "listThings", Times: 2, File: "exchanges/3", Number: 4711,
//	 Exchange: "entry 4711 of exchanges/3: GET https://api.example.com/things", Findings: […]}
type Found struct {
	Check     string // the id; several may have it, with requests that are wrong at different places
	Operation string // the operation's id; empty: of none, such as a near miss
	Times     int    // how many exchanges it stands for
	File      string // of the first exchange
	Number    int    // in the file
	Exchange  string // the first exchange in words, without secrets
	// Findings are those of the first exchange, then one of each further place that others have. Errors say why the first exchange
	// could not be judged to the end. One of the two lists is not empty.
	Findings []contract.Finding
	Errors   []string
}

// Found lists what the exchanges break, of either side and any grade, and what could not be judged to the end, in the order of
// the first exchanges.
func (t *Tally) Found() []Found {
	list := []Found{}
	for _, g := range t.inOrder() {
		s := &g.shown
		if len(s.findings) == 0 && len(s.errors) == 0 {
			continue
		}
		list = append(list, Found{
			Check: g.key.id, Operation: s.operation, Times: g.times, File: s.file, Number: s.number, Exchange: s.repeat,
			Findings: g.findings(), Errors: slices.Clone(s.errors),
		})
	}
	return list
}

// Unreadable is an entry of a file, or a record of a queue, that cannot be read.
type Unreadable struct {
	File   string
	Number int
	Reason string // "entry 7: request.url is missing"
}

// Unreadable lists the first entries of each file that cannot be read, at most three, and returns how many there are in all.
func (t *Tally) Unreadable() (first []Unreadable, all int) {
	for _, name := range slices.Sorted(maps.Keys(t.files)) {
		all += t.files[name].Unread
		for _, u := range t.files[name].Unreadable {
			first = append(first, Unreadable{name, u.Number, u.Reason})
		}
	}
	return first, all
}
