package fleet

import (
	"encoding/json"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/verify"
)

// Finding is a record of the topic of findings: a kind of wrong exchanges, or records that are none, which a commit has counted in a
// partition. The sum of times over all records is that of the report.
type Finding struct {
	Group     string   `json:"group"`
	Version   string   `json:"version"` // of the documents
	Topic     string   `json:"topic"`
	Partition int32    `json:"partition"`
	Check     string   `json:"check"`     // listThings/traffic=200:schema/enum; traffic/unreadable for a record that is no exchange
	Operation string   `json:"operation"` // the operation's id; empty: of none
	Times     int      `json:"times"`     // exchanges
	File      string   `json:"file"`      // of the first exchange
	Number    int      `json:"number"`    // in the file
	Exchange  string   `json:"exchange"`  // the first one in words, without secrets
	Findings  []Broken `json:"findings"`  // the first of them: as many as a record has room for
	Errors    []string `json:"errors"`    // why it could not be read, or judged to the end; the first, too
}

// Broken is what breaks the contract.
type Broken struct {
	ID      string        `json:"id"`
	Grade   string        `json:"grade"`
	Side    contract.Side `json:"side"`    // who breaks it
	Pointer string        `json:"pointer"` // where, in the exchange
	Place   string        `json:"place"`   // of the promise: file and line of the document
	Want    string        `json:"want"`
	Got     string        `json:"got"`
}

// findings returns the records of the topic of findings about what a partition has got since the last commit.
func (w *worker) findings(p *partition) ([]*kgo.Record, error) {
	if p.delta == nil {
		return nil, nil
	}
	list := []*kgo.Record{}
	add := func(f Finding) error {
		f.Group, f.Version, f.Topic, f.Partition = w.group, w.version, w.connection.Topic, p.number
		value, err := json.Marshal(f)
		for ; err == nil && len(value) > chunkSize && len(f.Findings)+len(f.Errors) > 0; value, err = json.Marshal(f) {
			f.Findings, f.Errors = f.Findings[:len(f.Findings)/2], f.Errors[:len(f.Errors)/2]
		}
		list = append(list, &kgo.Record{Topic: w.connection.findings(), Partition: p.number, Value: value})
		return err
	}
	for _, found := range p.delta.Found() {
		err := add(Finding{
			Check: found.Check, Operation: found.Operation, Times: found.Times, File: found.File, Number: found.Number,
			Exchange: found.Exchange, Findings: brokenOf(found), Errors: append([]string{}, found.Errors...),
		})
		if err != nil {
			return nil, err
		}
	}
	if first, all := p.delta.Unreadable(); all > 0 {
		f := Finding{Check: unreadable, Times: all, File: first[0].File, Number: first[0].Number, Findings: []Broken{}, Errors: []string{}}
		for _, u := range first {
			f.Errors = append(f.Errors, u.Reason)
		}
		if err := add(f); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// unreadable is the check of records that are no exchanges.
const unreadable = "traffic/unreadable"

func brokenOf(found verify.Found) []Broken {
	list := []Broken{}
	for _, f := range found.Findings {
		list = append(list, Broken{f.ID, f.Evidence.Grade.String(), f.Side(), f.Pointer, f.Place(), f.Want, f.Got})
	}
	return list
}
