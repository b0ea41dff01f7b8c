package contract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSchemaFaults holds each keyword to its id, its pointer into the message and its place in the document.
func TestSchemaFaults(t *testing.T) {
	judge := newJudge(t, parcels)
	for _, test := range []struct {
		name, members string
		id, pointer   string
		at            string // a text on the line of the place
	}{
		{"format uuid", `"inner":{"id":"1"}`, "schema/format", "/inner/id", "id: {type: string, format: uuid}"},
		{"uuid without hyphens", `"inner":{"id":"123e4567e89b42d3a456426614174000"}`, "schema/format", "/inner/id", "id: {type: string, format: uuid}"},
		{"uuid in braces", `"inner":{"id":"{123e4567-e89b-42d3-a456-426614174000}"}`, "schema/format", "/inner/id", "id: {type: string, format: uuid}"},
		{"uuid as urn", `"inner":{"id":"urn:uuid:123e4567-e89b-42d3-a456-426614174000"}`, "schema/format", "/inner/id", "id: {type: string, format: uuid}"},
		{"required in itself", `"inner":{}`, "schema/required", "/inner/id", "required: [id]"},
		{"minimum", `"weight":0`, "schema/minimum", "/weight", "weight: {"},
		{"int64", `"weight":9223372036854775808`, "schema/format", "/weight", "weight: {"},
		{"an integer with a fraction that a double loses", `"weight":7.00000000000000000001`, "schema/type", "/weight", "weight: {"},
		{"multipleOf", `"price":0.001`, "schema/multipleOf", "/price", "price: {"},
		{"exclusiveMinimum", `"price":0`, "schema/exclusiveMinimum", "/price", "price: {"},
		{"a date that looks like one", `"posted":"2025-02-29"`, "schema/format", "/posted", "posted: {"},
		{"a date with a time", `"posted":"2025-02-28T00:00:00Z"`, "schema/format", "/posted", "posted: {"},
		{"a time without a zone", `"due":"2025-02-28T00:00:00"`, "schema/format", "/due", "due: {"},
		{"a time with a blank", `"due":"2025-02-28 00:00:00Z"`, "schema/format", "/due", "due: {"},
		{"a time with a comma", `"due":"2025-02-28T00:00:00,5Z"`, "schema/format", "/due", "due: {"},
		{"minute 60", `"due":"1990-12-31T15:60:00Z"`, "schema/format", "/due", "due: {"},
		{"an offset of 60 minutes", `"due":"1990-12-31T15:59:00+01:60"`, "schema/format", "/due", "due: {"},
		{"second 60 where there was none", `"due":"2017-12-31T23:59:60Z"`, "schema/format", "/due", "due: {"},
		{"a time with one digit", `"due":"2025-02-28T1:00:00Z"`, "schema/format", "/due", "due: {"},
		{"pattern", `"code":"de1"`, "schema/pattern", "/code", "code: {"},
		{"maxLength", `"code":"DE12345"`, "schema/maxLength", "/code", "code: {"},
		{"enum", `"colour":"green"`, "schema/enum", "/colour", "colour: {"},
		{"minItems", `"grades":[]`, "schema/minItems", "/grades", "grades: {"},
		{"maxItems", `"grades":[1,2,3,4]`, "schema/maxItems", "/grades", "grades: {"},
		{"uniqueItems", `"grades":[1,2,1]`, "schema/uniqueItems", "/grades", "grades: {"},
		{"type of an element", `"grades":[1,"2"]`, "schema/type", "/grades/1", "grades: {"},
		{"format of an element", `"grades":[1,2147483648]`, "schema/format", "/grades/1", "grades: {"},
		{"a member by its schema", `"labels":{"a~/b":"toolong"}`, "schema/maxLength", "/labels/a~0~1b", "labels: {"},
		{"maxProperties", `"labels":{"a":"","b":"","c":""}`, "schema/maxProperties", "/labels", "labels: {"},
		{"no further members", `"box":{"width":1,"height":2}`, "schema/additionalProperties", "/box/height", "additionalProperties: false"},
		{"a part of allOf, below", `"to":{"town":"Bern","door":"1"}`, "schema/type", "/to/door", "required: [door]"},
		{"a part of allOf, by reference", `"to":{"town":"B","door":1}`, "schema/minLength", "/to/town", "town: {"},
		{"a part of allOf, missing", `"to":{"town":"Bern"}`, "schema/required", "/to/door", "required: [door]"},
		{"an int32 in allOf", `"to":{"town":"Bern","door":2147483648}`, "schema/format", "/to/door", "required: [door]"},
		{"a name with a slash", `"from":{"town":"Bern","street/no":[1]}`, "schema/type", "/from/street~1no/0", "street/no: {"},
		{"allOf, deeper", `"inner":{"id":"123e4567-e89b-42d3-a456-426614174000","to":{"town":"Bern","door":1,"street/no":[null]}}`, "schema/nullable", "/inner/to/street~1no/0", "street/no: {"},
		{"neither of oneOf", `"payment":{}`, "schema/oneOf", "/payment", "          oneOf:"},
		{"both of oneOf", `"payment":{"coins":1,"number":"1"}`, "schema/oneOf", "/payment", "          oneOf:"},
		{"none of anyOf", `"amount":"1"`, "schema/anyOf", "/amount", "          anyOf:\n            - {type: integer, format: int32}\n            - {type: integer, format: int64}\n"},
		{"not", `"mode":"air"`, "schema/not", "/mode", "mode: {"},
		{"null where none may be", `"count":null`, "schema/nullable", "/count", "count: {"},
		{"null instead of an object", `"from":null`, "schema/nullable", "/from", "    Place:"},
		{"writeOnly in a response", `"secret":"x"`, "schema/writeOnly", "/secret", "secret: {"},
		{"a member that nobody knows", `"wieght":1`, "member/undocumented", "/wieght", "    Parcel:\n      type: object"},
		{"one in allOf", `"to":{"town":"Bern","door":1,"bell":2}`, "member/undocumented", "/to/bell", "        to:"},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := checkRaw(t, judge, showOne, parcelResponse(200, "application/json", parcel(test.members)))
			if len(result.Findings) != 1 {
				t.Fatalf("got %d findings, want 1:\n%s", len(result.Findings), lines(result))
			}
			d := result.Findings[0]
			want := []string{test.id, "/response/body" + test.pointer, placeOf(t, parcels, test.at)}
			if diff := cmp.Diff(want, []string{d.ID, d.Pointer, d.Place()}); diff != "" {
				t.Errorf("id, pointer, place (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSchemaVariants holds what no schema forbids.
func TestSchemaVariants(t *testing.T) {
	judge := newJudge(t, parcels)
	for _, test := range []struct{ name, members string }{
		{"nothing more", ""},
		{"uuid in upper case", `"inner":{"id":"123E4567-E89B-42D3-A456-426614174000"}`},
		{"the largest int64", `"weight":9223372036854775807`},
		{"an integer beyond int64, without a format", `"count":-123456789012345678901234567890`},
		{"multiples that no double holds", `"price":19.99`},
		{"a number with an exponent", `"price":1.5e1`},
		{"a leap day", `"posted":"2024-02-29"`},
		{"a time with a fraction and an offset", `"due":"2025-02-28T00:00:00.123456789+08:00"`},
		{"a leap second", `"due":"2016-12-31T23:59:60Z"`},
		{"a leap second west of Greenwich", `"due":"1990-12-31T15:59:60-08:00"`},
		{"a time in lower case", `"due":"2025-02-28t00:00:00z"`},
		{"null where it may be", `"due":null,"colour":null`},
		{"integers with a point or an exponent", `"weight":1.0,"count":1e2,"counts":{"a":1,"b":2.0},"total":7.0`},
		{"an enum with null in it", `"colour":"red"`},
		{"elements of other numbers", `"grades":[2147483647,-2147483648,0]`},
		{"further members by a schema", `"labels":{"anything":"fits","":""}`},
		{"no further members", `"labels":{},"free":{},"box":{}`},
		{"further members, free", `"free":{"a":{"b":[1.0,{"c":null}]}}`},
		{"anything: an object", `"any":{"a":{"b":1.0}}`},
		{"anything: a list", `"any":[1.0,"x",null,{"a":1}]`},
		{"allOf", `"to":{"town":"Bern","street/no":["Gasse","1"],"door":-1}`},
		{"the first of oneOf", `"payment":{"coins":3}`},
		{"the second of oneOf", `"payment":{"number":"4"}`},
		{"an int32 in anyOf", `"amount":7`},
		{"an int64 in anyOf", `"amount":2147483648`},
		{"an int64 where int32 is the other choice", `"total":2147483648`},
		{"a number in anyOf", `"amount":0.5`},
		{"a number like an integer in anyOf", `"amount":-1.0`},
		{"readOnly in a response", `"state":"sent"`},
		{"within itself", `"inner":` + parcel(`"inner":`+parcel(""))},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := checkRaw(t, judge, showOne, parcelResponse(200, "application/json", parcel(test.members)))
			if len(v.Findings) > 0 || len(v.Errors) > 0 || !v.Judged {
				t.Errorf("judged: %t, errors: %v, findings:\n%s", v.Judged, v.Errors, lines(v))
			}
		})
	}
}

// TestDeepValues judges values that nest as deep as may be, by a schema that holds itself.
func TestDeepValues(t *testing.T) {
	judge := newJudge(t, parcels)
	deep := strings.Repeat(`{"id":"`+parcelID+`","inner":`, 500) + parcel(`"count":"x"`) + strings.Repeat("}", 500)
	v := checkRaw(t, judge, showOne, parcelResponse(200, "application/json", deep))
	if len(v.Findings) != 1 || v.Findings[0].Pointer != "/response/body"+strings.Repeat("/inner", 500)+"/count" {
		t.Errorf("got %d findings:\n%s", len(v.Findings), lines(v))
	}
}
