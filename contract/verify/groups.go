package verify

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A group has the exchanges with the same operation, status and findings. These are the id of its check, and the key of the
// group begins with it:
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
	check  report.Check
	result contract.Result // of the first exchange

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

func (c *Collector) addToGroup(judge *contract.Judge, e traffic.Entry, result contract.Result) {
	if !result.Judged { // the result has the exchange for its error, and a group must not hold the bodies
		result = contract.Result{
			Served: result.Served, Operation: result.Operation,
			Findings: result.Findings, More: result.More, NotChecked: result.NotChecked,
		}
	}
	operation := cmp.Or(result.Operation, judge.Document().Name)
	id, key := c.idAndKey(judge, operation, e, result)
	g := c.groups[key]
	if g == nil {
		if len(c.groups) >= maxGroups && e.Interaction == nil {
			c.ungrouped++
			return
		}
		g = &group{result: result, notChecked: partCounts{}}
		g.check = report.Check{ID: id, Suite: report.Traffic, HTTP: e.Exchange.Response.Status, NearMiss: !result.Judged}
		g.check.Request, g.check.Response = judge.Excerpt(e.Exchange)
		g.check.Repeat = c.entry(judge, e, g.check.Request)
		c.groups[key] = g
		c.order = append(c.order, key)
	}
	g.check.Times++
	g.unchecked.add(result.Unchecked())
	g.notChecked.add(operation, notLookedAt, 1, result.NotChecked...)
	switch unrecorded := e.Exchange.Unrecorded; {
	case !result.Judged:
	case unrecorded&contract.UnrecordedResponse != 0:
		g.notChecked.add(operation, notRecorded, 1, "response")
	case unrecorded&contract.UnrecordedResponseBody != 0:
		g.notChecked.add(operation, notRecorded, 1, "response body")
	}
	switch unrecorded := e.Exchange.Unrecorded; {
	case !result.Judged:
	case unrecorded&contract.UnrecordedRequest != 0:
		g.notChecked.add(operation, notRecorded, 1, "request")
	case unrecorded&contract.UnrecordedRequestBody != 0:
		g.notChecked.add(operation, notRecorded, 1, "request body")
	}
	if g.check.Times == 1 || !g.last.Covers(result) {
		g.passed.add(result.Passed())
		g.covered.add(result.Covered())
		g.last = result
	}
}

// maxPlaces bounds the groups of a check by the places of findings about requests. Further places share one more group, so that
// a consumer with ever new wrong parameters cannot use up maxGroups.
const maxPlaces = 20

// idAndKey returns the id of an exchange's check and the key of its group.
func (c *Collector) idAndKey(judge *contract.Judge, operation string, e traffic.Entry, result contract.Result) (id, key string) {
	if e.Interaction != nil {
		id = c.interactionID(judge, operation, e)
		return id, id
	}
	id = checkID(operation, e, result)
	return id, c.key(id, e, result)
}

// key returns the key of an exchange's group.
func (c *Collector) key(id string, e traffic.Entry, result contract.Result) string {
	end := ""
	if len(result.Errors) > 0 {
		end = " error"
	}
	wrong := wrongPlaces(e, result)
	if wrong == "" {
		return id + end
	}
	key := id + " " + wrong + end
	if c.groups[key] != nil {
		return key
	}
	if c.places[id] == maxPlaces {
		return id + " elsewhere" + end
	}
	c.places[id]++
	return key
}

// wrongPlaces lists the findings about the request with their places, each once; "" if there are none. The path of the request
// is added if no operation has it.
func wrongPlaces(e traffic.Entry, result contract.Result) string {
	var places set[string]
	for _, f := range result.Findings {
		if f.Side() == contract.Consumer {
			places.add([]string{f.ID + folded(f.Pointer)})
		}
	}
	if len(places.list) == 0 {
		return ""
	}
	slices.Sort(places.list)
	if isElsewhere := result.Operation == "" || !result.Judged; isElsewhere {
		path, _, _ := strings.Cut(e.Exchange.Request.Target, "?")
		places.list = append(places.list, folded(path))
	}
	return strings.Join(places.list, " ")
}

// indexOrID matches an array index, or a number or a long hexadecimal id in a path.
var indexOrID = regexp.MustCompile(`/(?:[0-9]+|[0-9a-fA-F-]{16,})(/|$)`)

// folded replaces indexes and ids: /request/body/7/name becomes /request/body/*/name.
func folded(pointer string) string {
	for { // two indexes in a row share a slash
		shorter := indexOrID.ReplaceAllString(pointer, "/*$1")
		if shorter == pointer {
			return pointer
		}
		pointer = shorter
	}
}

// entry names an exchange for people: "entry 7 of traffic.har: GET https://api.example.com/things?page=2". The excerpt is that
// of its request, in which secrets are already replaced.
func (c *Collector) entry(judge *contract.Judge, e traffic.Entry, excerpt string) string {
	place := fmt.Sprintf("entry %d", e.Number)
	if e.Interaction != nil {
		place = hidden(judge, e, e.Interaction.String())
	}
	if c.file != "" {
		place += " of " + c.file
	}
	_, target := requestLine(excerpt)
	return fmt.Sprintf("%s: %s %s%s", place, e.Exchange.Request.Method, e.Origin, target)
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

// requestLine returns method and target of an excerpt, in which secrets are already replaced.
func requestLine(excerpt string) (method, target string) {
	line, _, _ := strings.Cut(excerpt, "\n")
	method, target, _ = strings.Cut(line, " ")
	return method, target
}
