// Package scores counts what validators find in the published corpus, and keeps the counts of all of them in scores.json and in
// the table of the corpus's README. It runs no validator.
//
// Two test suites run validators: contract/twojudges those in Go, contract/interop those in other languages. Each replaces the
// scores of its own languages and keeps the others, so neither needs the tools of the other:
//
//	next := scores.Replace(old, cases, scores.InGo, counted)
package scores

import (
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/corpus"
)

// Outcome is what a validator says about a case.
type Outcome struct {
	Request, Response Verdict
}

// Verdict is what a validator says about a message.
type Verdict int

// The verdicts.
const (
	Accepted Verdict = iota // nothing is wrong
	Refused                 // something is wrong, or the parser in front of the validator refuses the message
	Crashed                 // the validator itself failed
)

// Score is the result of one validator.
type Score struct {
	Validator string `json:"validator"` // its name, as its registry has it
	Version   string `json:"version"`
	Language  string `json:"language"`
	Options   string `json:"options"` // default, or the name of the set that the README explains

	Found       map[string]int `json:"found"`        // by kind: the cases that must fail and in which it refused a wrong message
	Accepted    int            `json:"accepted"`     // of the cases that must pass
	FalseAlarms int            `json:"false_alarms"` // messages with nothing wrong that it refused, in all cases
	Crashes     int            `json:"crashes"`      // messages on which it failed; neither found nor accepted
}

// InGo says whether a score is of contract/twojudges; all others are of contract/interop.
func InGo(s Score) bool { return s.Language == "Go" }

// Rules is the kind of the cases that break a rule of x-rules.
const Rules = "rules"

// Scored are the cases that count: all but the probes, which need to know why a request was sent.
func Scored(cases []corpus.Case) []corpus.Case {
	return slices.DeleteFunc(slices.Clone(cases), func(c corpus.Case) bool { return c.Probe != "" })
}

// Kinds returns the number of scored cases of each kind, and of those that must pass.
func Kinds(cases []corpus.Case) (kinds map[string]int, mustPass int) {
	kinds = map[string]int{}
	for _, c := range Scored(cases) {
		if len(c.Want) == 0 {
			mustPass++
		} else {
			kinds[kind(c)]++
		}
	}
	return kinds, mustPass
}

// kind is the first part of the id of the first finding, or Rules: ids of rules begin with a document or an operation.
func kind(c corpus.Case) string {
	area, _, _ := strings.Cut(c.Want[0].ID, "/")
	if area == c.Document || area == c.Operation {
		return Rules
	}
	return area
}

// Count completes a score with the outcomes of all scored cases, and returns the names of the cases with a false alarm.
func Count(score Score, cases []corpus.Case, outcome func(corpus.Case) Outcome) (counted Score, alarms []string) {
	score.Found = map[string]int{}
	for _, c := range Scored(cases) {
		got, found, alarmed, crashed := outcome(c), false, false, false
		wrongRequest, wrongResponse := wrong(c)
		for _, side := range []struct {
			verdict Verdict
			wrong   bool
		}{{got.Request, wrongRequest}, {got.Response, wrongResponse}} {
			switch {
			case side.verdict == Crashed:
				score.Crashes++
				crashed = true
			case side.verdict == Refused && side.wrong:
				found = true
			case side.verdict == Refused:
				alarmed = true
				score.FalseAlarms++
			}
		}
		if alarmed {
			alarms = append(alarms, c.Name)
		}
		switch {
		case found:
			score.Found[kind(c)]++
		case len(c.Want) == 0 && !alarmed && !crashed:
			score.Accepted++
		}
	}
	return score, alarms
}

// wrong says which messages of a case have something wrong.
func wrong(c corpus.Case) (request, response bool) {
	for _, w := range c.Want {
		ofRequest := strings.HasPrefix(w.Pointer, "/request")
		request, response = request || ofRequest, response || !ofRequest
	}
	return request, response
}
