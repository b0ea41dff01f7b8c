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
		{"the same", `{"kind":"a","name":"x"}`, `{"name":"x","kind":"a"}`, true},
		{"less", `{"kind":"b","name":"x"}`, `{"kind":"b"}`, true},
		{"more", `{"kind":"b"}`, `{"kind":"b","name":"x"}`, false},
		{"another value of the enum", `{"kind":"b"}`, `{"kind":"c"}`, false},
		{"a promise that is broken", `{"kind":"a"}`, `{"kind":"a","note":"n"}`, false},
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
