package verify

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A group has the exchanges of one document with the same operation, status and findings. These are the id of its check, and
// the key of the group begins with it:
//
//	listThings/traffic=200                    3 exchanges without findings
//	listThings/traffic=200:schema/enum        2 exchanges with this finding, wherever in the body of the response
//	things/traffic=GET-404                    1 exchange of no operation
//	listThings/pact=all-things                an interaction of a Pact file, always alone (pact.go)
//
// A wrong request is the consumer's to correct, one place at a time, so that the places of findings about requests are part of
// the key too. Indexes and ids in them are folded:
//
//	listThings/traffic=200:parameter/undocumented parameter/undocumented/request/query/pgae
//	addThings/traffic=201:schema/type schema/type/request/body/*/name        of the 2nd and of the 7th thing
//	things/traffic=DELETE-404:method/undocumented method/undocumented/request/method /things/*
//
// Exchanges with errors are a group of their own, because an error must not hide a failure, nor a failure an error.

// group is a check that stands for several exchanges.
type group struct {
	key   groupKey
	rank  uint64
	times int
	shown shown // the first exchange

	samples map[sampleKey]sample // of the findings of all exchanges

	passed     set[*spec.Rule] // in any exchange, as are covered and unchecked
	covered    set[*spec.Node]
	unchecked  set[*spec.Node]
	last       contract.Result // the last one added to passed and covered: most results cover the same
	notChecked partCounts
}

// set is a list without duplicates, in the order of insertion.
type set[T comparable] struct {
	list []T
	has  map[T]bool
}

func (s *set[T]) add(more []T) {
	if s.has == nil {
		s.has = map[T]bool{}
	}
	for _, element := range more {
		if !s.has[element] {
			s.has[element] = true
			s.list = append(s.list, element)
		}
	}
}

func (t *Tally) addToGroup(judge *contract.Judge, e traffic.Entry, result contract.Result) {
	operation := cmp.Or(result.Operation, judge.Document().Name)
	check := checkKey{slices.Index(t.judges, judge), ""}
	var g *group
	if e.Interaction != nil {
		check.id = interactionID(judge, operation, e)
		g = t.interaction(pactKey{check, e.File, e.Number})
	} else {
		check.id = checkID(operation, e, result)
		key := groupKey{checkKey: check, place: wrongPlaces(judge, e, result), failed: len(result.Errors) > 0}
		g = t.group(key)
	}
	if g == nil {
		t.ungrouped++
		return
	}
	result.Findings = withShortPointers(result.Findings)
	if isFirst := g.times == 0; isFirst || comparePlaces(e.File, e.Number, &g.shown) <= 0 {
		if s := newShown(judge, e, result); isFirst || compareShown(&s, &g.shown) < 0 {
			g.shown = s
		}
	}
	g.add(operation, e, result)
}

// add counts an exchange of an operation.
func (g *group) add(operation string, e traffic.Entry, result contract.Result) {
	g.times++
	g.addSamples(e, result.Findings)
	g.unchecked.add(result.Unchecked())
	g.notChecked.add(operation, notLookedAt, 1, result.NotChecked...)
	if result.Judged {
		g.notChecked.add(operation, notRecorded, 1, unrecordedParts(e.Exchange.Unrecorded)...)
	}
	if g.times == 1 || !g.last.Covers(result) {
		g.passed.add(result.Passed())
		g.covered.add(result.Covered())
		if result.Judged { // any other result has the exchange for its error, and a group must not hold the bodies
			g.last = result
			g.last.Findings, g.last.Errors, g.last.NotChecked = nil, nil, nil // Covers does not need them
		}
	}
}

// unrecordedParts names the parts of an exchange that were not recorded, as far as they could have been judged.
func unrecordedParts(unrecorded contract.Unrecorded) (parts []string) {
	switch {
	case unrecorded&contract.UnrecordedResponse != 0:
		parts = append(parts, "response")
	case unrecorded&contract.UnrecordedResponseBody != 0:
		parts = append(parts, "response body")
	}
	switch {
	case unrecorded&contract.UnrecordedRequest != 0:
		parts = append(parts, "request")
	case unrecorded&contract.UnrecordedRequestBody != 0:
		parts = append(parts, "request body")
	}
	return parts
}

// absorb adds the exchanges of another group.
func (g *group) absorb(other *group) {
	if g.times == 0 || compareShown(&other.shown, &g.shown) < 0 {
		g.shown = other.shown
	}
	g.times += other.times
	for key, s := range other.samples {
		g.addSample(key, s)
	}
	g.passed.add(other.passed.list)
	g.covered.add(other.covered.list)
	g.unchecked.add(other.unchecked.list)
	for part, times := range other.notChecked {
		g.notChecked[part] += times
	}
	g.last = contract.Result{}
}

// maxPlaceLength bounds the places of a key; of longer ones, a hash is the end.
const maxPlaceLength = 500

// wrongPlaces lists the findings about the request with their places, each once; "" if there are none. The path of the request
// is added if no operation has it.
func wrongPlaces(judge *contract.Judge, e traffic.Entry, result contract.Result) string {
	var places set[string]
	for _, f := range result.Findings {
		if f.Side() == contract.Consumer {
			places.add([]string{f.ID + pointer.Folded(f.Pointer)})
		}
	}
	if len(places.list) == 0 {
		return ""
	}
	slices.Sort(places.list)
	if isElsewhere := result.Operation == "" || !result.Judged; isElsewhere {
		excerpt, _ := judge.Excerpt(contract.Exchange{Request: e.Exchange.Request}) // without secrets
		_, target := requestLine(excerpt)
		path, _, _ := strings.Cut(target, "?")
		places.list = append(places.list, pointer.Folded(path))
	}
	all := strings.Join(places.list, " ")
	if len(all) > maxPlaceLength {
		return fmt.Sprintf("%.*s %x", maxPlaceLength, strings.ToValidUTF8(all[:maxPlaceLength], ""), sha256.Sum256([]byte(all)))
	}
	return all
}

// plainMethod matches methods that may stand in an id. A request can have any text as its method.
var plainMethod = regexp.MustCompile(`^[A-Za-z]{0,20}$`)

// checkID returns the id of the check of an exchange: operation, status and the ids of its findings, each once. For an exchange
// of no operation, operation is the name of the document, and the method comes before the status.
func checkID(operation string, e traffic.Entry, result contract.Result) string {
	status := strconv.Itoa(e.Exchange.Response.Status)
	switch method := e.Exchange.Request.Method; {
	case result.Operation != "":
	case plainMethod.MatchString(method):
		status = method + "-" + status
	default:
		status = "OTHER-" + status
	}
	id := operation + "/traffic=" + status
	var found set[string]
	for _, f := range result.Findings {
		found.add([]string{f.ID})
	}
	if len(found.list) > 0 {
		id += ":" + strings.Join(slices.Sorted(slices.Values(found.list)), ",")
	}
	return id
}

// hasFindings reports whether an id that checkID made lists findings.
func hasFindings(id string) bool {
	return strings.Contains(id[strings.LastIndex(id, "/traffic=")+1:], ":")
}

// requestLine returns method and target of an excerpt, in which secrets are already replaced.
func requestLine(excerpt string) (method, target string) {
	line, _, _ := strings.Cut(excerpt, "\n")
	method, target, _ = strings.Cut(line, " ")
	return method, target
}
