package breaking

import (
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestLevels tests the level of a change by what its witness shows.
func TestLevels(t *testing.T) {
	undocumented := func(id, at string) contract.Finding {
		return contract.Finding{ID: id, Pointer: at, Evidence: spec.Evidence{Grade: spec.Undocumented}}
	}
	documented := contract.Finding{ID: "schema/type", Pointer: "/request/body/a", Evidence: spec.Evidence{Grade: spec.Documented}}
	member := []step{{kind: toMember, name: "a"}}
	onlyOld := verdict{old: opinion{accepts: true}}
	onlyNew := verdict{new: opinion{accepts: true}}
	body := part{isResponse: true, kind: ofBody}
	sent := part{kind: ofBody}
	optional, required := element{parameter: &spec.Parameter{}}, element{parameter: &spec.Parameter{Required: true}}
	tests := []struct {
		name    string
		change  change
		verdict verdict
		related []contract.Finding
		level   Level
		why     string
	}{
		{
			name:   "a response that only the new document has",
			change: change{id: "enum/added", part: body}, verdict: onlyNew, level: Breaking,
		},
		{
			name:   "a response that only the old document has",
			change: change{id: "enum/removed", part: body}, verdict: onlyOld, level: Compatible,
		},
		{
			name:   "a status is gone",
			change: change{id: "status/removed", part: part{isResponse: true, kind: ofStatus}}, verdict: onlyOld, level: Breaking,
		},
		{
			name:   "a media type of a response is gone",
			change: change{id: "media-type/removed", part: part{isResponse: true, kind: ofMedia}}, verdict: onlyOld, level: Breaking,
		},
		{
			name:    "a success is new",
			change:  change{id: "status/added", part: part{isResponse: true, kind: ofStatus, status: "202"}},
			verdict: onlyNew, level: Breaking,
		},
		{
			name:    "an error is new",
			change:  change{id: "status/added", part: part{isResponse: true, kind: ofStatus, status: "4XX"}},
			verdict: onlyNew, level: PossiblyBreaking, why: whyClass,
		},
		{
			name:    "a media type of a response is new",
			change:  change{id: "media-type/added", part: part{isResponse: true, kind: ofMedia}},
			verdict: onlyNew, level: PossiblyBreaking, why: whyMedia,
		},
		{
			name:   "a member of an open response is gone",
			change: change{id: "property/removed", part: body, path: member},
			verdict: verdict{new: opinion{
				accepts: true, findings: []contract.Finding{undocumented("member/undocumented", "/response/body/a")},
			}},
			level: PossiblyBreaking, why: whyOpen,
		},
		{
			name:   "another member is not described either",
			change: change{id: "property/removed", part: body, path: member},
			verdict: verdict{new: opinion{
				accepts: true, findings: []contract.Finding{undocumented("member/undocumented", "/response/body/b")},
			}},
			level: Breaking,
		},
		{
			name:   "a header of a response is gone",
			change: change{id: "header/removed", part: part{isResponse: true, kind: ofHeader, name: "X-A"}},
			verdict: verdict{new: opinion{
				accepts: true, findings: []contract.Finding{undocumented("header/undocumented", "/response/headers/x-a")},
			}},
			level: PossiblyBreaking, why: whyHeader,
		},
		{
			name:   "a closed response is open",
			change: change{id: "additional/opened", part: body},
			verdict: verdict{new: opinion{
				accepts: true, findings: []contract.Finding{undocumented("member/undocumented", "/response/body/b")},
			}},
			related: []contract.Finding{{ID: "schema/additionalProperties", Pointer: "/response/body/b"}},
			level:   PossiblyBreaking, why: whyOpened,
		},
		{
			name:    "a closed response has members of a schema",
			change:  change{id: "additional/opened", part: body},
			verdict: onlyNew, related: []contract.Finding{{ID: "schema/additionalProperties", Pointer: "/response/body/b"}},
			level: Breaking,
		},
		{
			name:    "an optional header of a response that HTTP itself describes is gone",
			change:  change{id: "header/removed", part: part{isResponse: true, kind: ofHeader, name: "Retry-After", old: optional}},
			verdict: onlyNew, level: PossiblyBreaking, why: whyHeader,
		},
		{
			name:    "a required header of a response is gone",
			change:  change{id: "header/removed", part: part{isResponse: true, kind: ofHeader, name: "Retry-After", old: required}},
			verdict: onlyNew, level: Breaking,
		},
		{
			name:   "a member of a closed response is gone",
			change: change{id: "property/removed", part: body, path: member}, verdict: onlyOld,
			level: PossiblyBreaking, why: whyGone,
		},
		{
			name:   "a member of a response has another type, of which no value is right",
			change: change{id: "type/changed", part: body, path: member}, verdict: onlyOld,
			level: PossiblyBreaking, why: whyType,
		},
		{
			name:   "a form is written in another way",
			change: change{id: "encoding/changed", part: sent}, verdict: onlyNew, level: PossiblyBreaking, why: whyRead,
		},
		{
			name:   "a text of a response is encoded in another way",
			change: change{id: "encoding/changed", part: body, oldSchema: &spec.Schema{}}, verdict: onlyOld, level: Compatible,
		},
		{
			name:   "a request that only the old document takes",
			change: change{id: "type/changed", part: sent, path: member}, verdict: onlyOld,
			related: []contract.Finding{documented}, level: Breaking,
		},
		{
			name:   "a request that only the new document takes",
			change: change{id: "type/added", part: sent, path: member}, verdict: onlyNew,
			related: []contract.Finding{documented}, level: Compatible,
		},
		{
			name:    "a member of an open request is gone",
			change:  change{id: "property/removed", part: sent, path: member},
			verdict: onlyOld, related: []contract.Finding{undocumented("member/undocumented", "/request/body/a")},
			level: PossiblyBreaking, why: whySent,
		},
		{
			name:    "a parameter of the query is gone",
			change:  change{id: "parameter/removed", part: part{kind: ofParameter}},
			verdict: onlyOld, related: []contract.Finding{undocumented("parameter/undocumented", "/request/query/a")},
			level: Breaking,
		},
		{
			name:    "a server is gone",
			change:  change{id: "server/removed", part: part{kind: ofServer}},
			verdict: onlyOld, level: PossiblyBreaking, why: whyServer,
		},
		{
			name:    "a server is new",
			change:  change{id: "server/added", part: part{kind: ofServer}},
			verdict: onlyNew, level: Compatible,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if k := test.change.part.kind; k == ofParameter {
				test.change.part.old.parameter = &spec.Parameter{In: "query", Name: "a"}
			}
			level, why := levelOf(test.change, test.verdict, test.related)
			if level != test.level || why != test.why {
				t.Errorf("got %s (%s), want %s (%s)", level, why, test.level, test.why)
			}
		})
	}
}

// TestPlaces compares places of findings with that of a change.
func TestPlaces(t *testing.T) {
	tests := []struct {
		pattern, at string
		want        place
	}{
		{pattern: "/response/body/*/kind", at: "/response/body/0/kind", want: samePlace},
		{pattern: "/response/body/*/kind", at: "/response/body/0/name", want: elsewhere},
		{pattern: "/response/body/*/kind", at: "/response/body/0", want: parentPlace},
		{pattern: "/response/body/*", at: "/response/body/0/kind", want: childPlace},
		{pattern: "/response/headers/X-Page", at: "/response/headers/x-page", want: samePlace},
		{pattern: "/request/query/a", at: "/response/body", want: elsewhere},
		{pattern: "/response/body/a~1b", at: "/response/body/a/b", want: elsewhere},
	}
	for _, test := range tests {
		if got := compare(test.pattern, test.at); got != test.want {
			t.Errorf("%s, %s: got %d, want %d", test.pattern, test.at, got, test.want)
		}
	}
}

// TestStatuses tests which status stands for a response.
func TestStatuses(t *testing.T) {
	op := func(statuses ...string) element {
		op := &spec.Operation{}
		for _, status := range statuses {
			op.Responses = append(op.Responses, &spec.Response{Status: status})
		}
		return element{op: op, response: op.Responses[0]}
	}
	without := func(e element) element { return element{op: e.op} }
	tests := []struct {
		name     string
		status   string
		old, new element
		want     int
	}{
		{name: "a number", status: "404", old: op("404"), new: op("404"), want: 404},
		{name: "a class", status: "4XX", old: op("4XX"), new: op("4XX", "404"), want: 400},
		{name: "a class beside one of it", status: "4XX", old: op("4XX", "400"), new: op("4XX"), want: 401},
		{name: "a class of errors that is new", status: "4XX", old: without(op("400")), new: op("4XX"), want: 401},
		{name: "the default", status: "default", old: op("default", "200"), new: op("default", "200"), want: 500},
		{name: "the default of all", status: "default", old: op("default"), new: op("default"), want: 200},
		{name: "a class of successes", status: "2XX", old: op("2XX"), new: op("2XX"), want: 200},
	}
	for _, test := range tests {
		p := part{old: test.old, new: test.new, isResponse: true, kind: ofStatus, status: test.status}
		if got := p.statusOf(); got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
	}
}
