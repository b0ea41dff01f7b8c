package contract_test

import "testing"

// kinds is a document with an enum, whose values are parts that an exchange may have, and a rule about some answers.
const kinds = `
openapi: 3.0.3
info: {title: Kinds, version: '1'}
paths:
  /parcels/7:
    get:
      operationId: showKind
      x-rules: [{id: named, says: A parcel of kind a has a note., grade: documented, source: manual, rule: "response.body.kind == 'a' ? has(response.body.note) : true"}]
      responses:
        '200': {description: It., content: {application/json: {schema: {type: object, properties: {kind: {type: string, enum: [a, b, c]}, name: {enum: [x, y]}, note: {type: string}}}}}}
`

// TestResultCovers tests when one result can stand for another: when it has kept and seen all that the other has.
func TestResultCovers(t *testing.T) {
	judge := newJudge(t, kinds)
	for _, test := range []struct {
		name, body, other string
		want              bool
	}{
		{name: "the same", body: `{"kind":"a","name":"x"}`, other: `{"name":"x","kind":"a"}`, want: true},
		{name: "less", body: `{"kind":"b","name":"x"}`, other: `{"kind":"b"}`, want: true},
		{name: "more", body: `{"kind":"b"}`, other: `{"kind":"b","name":"x"}`},
		{name: "another value of the enum", body: `{"kind":"b"}`, other: `{"kind":"c"}`},
		{name: "a promise that is broken", body: `{"kind":"a"}`, other: `{"kind":"a","note":"n"}`},
	} {
		result := checkRaw(t, judge, showOne, parcelResponse(200, "application/json", test.body))
		other := checkRaw(t, judge, showOne, parcelResponse(200, "application/json", test.other))
		if got := result.Covers(other); got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
	body := parcelResponse(200, "application/json", `{"kind":"a","name":"x"}`)
	if checkRaw(t, judge, showOne, body).Covers(checkRaw(t, newJudge(t, kinds), showOne, body)) {
		t.Error("a result covers one by another document")
	}
}
