package contract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSchemaFindings checks the id, the pointer and the place of a finding for each keyword.
func TestSchemaFindings(t *testing.T) {
	judge := newJudge(t, parcels)
	for _, test := range []struct {
		name, members string
		id, pointer   string
		at            string // a text on the line of the place
	}{
		{
			name: "format uuid", members: `"inner":{"id":"1"}`, id: "schema/format", pointer: "/inner/id",
			at: "id: {type: string, format: uuid}",
		},
		{
			name: "uuid without hyphens", members: `"inner":{"id":"123e4567e89b42d3a456426614174000"}`, id: "schema/format",
			pointer: "/inner/id", at: "id: {type: string, format: uuid}",
		},
		{
			name: "uuid in braces", members: `"inner":{"id":"{123e4567-e89b-42d3-a456-426614174000}"}`, id: "schema/format",
			pointer: "/inner/id", at: "id: {type: string, format: uuid}",
		},
		{
			name: "uuid as urn", members: `"inner":{"id":"urn:uuid:123e4567-e89b-42d3-a456-426614174000"}`, id: "schema/format",
			pointer: "/inner/id", at: "id: {type: string, format: uuid}",
		},
		{name: "required in itself", members: `"inner":{}`, id: "schema/required", pointer: "/inner/id", at: "required: [id]"},
		{name: "minimum", members: `"weight":0`, id: "schema/minimum", pointer: "/weight", at: "weight: {"},
		{name: "int64", members: `"weight":9223372036854775808`, id: "schema/format", pointer: "/weight", at: "weight: {"},
		{
			name: "an integer with a fraction that a double loses", members: `"weight":7.00000000000000000001`, id: "schema/type",
			pointer: "/weight", at: "weight: {",
		},
		{name: "multipleOf", members: `"price":0.001`, id: "schema/multipleOf", pointer: "/price", at: "price: {"},
		{name: "exclusiveMinimum", members: `"price":0`, id: "schema/exclusiveMinimum", pointer: "/price", at: "price: {"},
		{name: "a date that looks like one", members: `"posted":"2025-02-29"`, id: "schema/format", pointer: "/posted", at: "posted: {"},
		{name: "a date with a time", members: `"posted":"2025-02-28T00:00:00Z"`, id: "schema/format", pointer: "/posted", at: "posted: {"},
		{name: "a time without a zone", members: `"due":"2025-02-28T00:00:00"`, id: "schema/format", pointer: "/due", at: "due: {"},
		{name: "a time with a blank", members: `"due":"2025-02-28 00:00:00Z"`, id: "schema/format", pointer: "/due", at: "due: {"},
		{name: "a time with a comma", members: `"due":"2025-02-28T00:00:00,5Z"`, id: "schema/format", pointer: "/due", at: "due: {"},
		{name: "minute 60", members: `"due":"1990-12-31T15:60:00Z"`, id: "schema/format", pointer: "/due", at: "due: {"},
		{name: "an offset of 60 minutes", members: `"due":"1990-12-31T15:59:00+01:60"`, id: "schema/format", pointer: "/due", at: "due: {"},
		{
			name: "second 60 where there was none", members: `"due":"2017-12-31T23:59:60Z"`, id: "schema/format", pointer: "/due",
			at: "due: {",
		},
		{name: "a time with one digit", members: `"due":"2025-02-28T1:00:00Z"`, id: "schema/format", pointer: "/due", at: "due: {"},
		{name: "pattern", members: `"code":"de1"`, id: "schema/pattern", pointer: "/code", at: "code: {"},
		{name: "maxLength", members: `"code":"DE12345"`, id: "schema/maxLength", pointer: "/code", at: "code: {"},
		{name: "enum", members: `"colour":"green"`, id: "schema/enum", pointer: "/colour", at: "colour: {"},
		{name: "minItems", members: `"grades":[]`, id: "schema/minItems", pointer: "/grades", at: "grades: {"},
		{name: "maxItems", members: `"grades":[1,2,3,4]`, id: "schema/maxItems", pointer: "/grades", at: "grades: {"},
		{name: "uniqueItems", members: `"grades":[1,2,1]`, id: "schema/uniqueItems", pointer: "/grades", at: "grades: {"},
		{name: "type of an element", members: `"grades":[1,"2"]`, id: "schema/type", pointer: "/grades/1", at: "grades: {"},
		{name: "format of an element", members: `"grades":[1,2147483648]`, id: "schema/format", pointer: "/grades/1", at: "grades: {"},
		{
			name: "a member by its schema", members: `"labels":{"a~/b":"toolong"}`, id: "schema/maxLength",
			pointer: "/labels/a~0~1b", at: "labels: {",
		},
		{
			name: "maxProperties", members: `"labels":{"a":"","b":"","c":""}`, id: "schema/maxProperties", pointer: "/labels",
			at: "labels: {",
		},
		{
			name: "no further members", members: `"box":{"width":1,"height":2}`, id: "schema/additionalProperties",
			pointer: "/box/height", at: "additionalProperties: false",
		},
		{
			name: "a part of allOf, below", members: `"to":{"town":"Bern","door":"1"}`, id: "schema/type", pointer: "/to/door",
			at: "required: [door]",
		},
		{
			name: "a part of allOf, by reference", members: `"to":{"town":"B","door":1}`, id: "schema/minLength",
			pointer: "/to/town", at: "town: {",
		},
		{
			name: "a part of allOf, missing", members: `"to":{"town":"Bern"}`, id: "schema/required", pointer: "/to/door",
			at: "required: [door]",
		},
		{
			name: "an int32 in allOf", members: `"to":{"town":"Bern","door":2147483648}`, id: "schema/format", pointer: "/to/door",
			at: "required: [door]",
		},
		{
			name: "a name with a slash", members: `"from":{"town":"Bern","street/no":[1]}`, id: "schema/type",
			pointer: "/from/street~1no/0", at: "street/no: {",
		},
		{
			name:    "allOf, deeper",
			members: `"inner":{"id":"123e4567-e89b-42d3-a456-426614174000","to":{"town":"Bern","door":1,"street/no":[null]}}`,
			id:      "schema/nullable", pointer: "/inner/to/street~1no/0", at: "street/no: {",
		},
		{name: "neither of oneOf", members: `"payment":{}`, id: "schema/oneOf", pointer: "/payment", at: "          oneOf:"},
		{
			name: "both of oneOf", members: `"payment":{"coins":1,"number":"1"}`, id: "schema/oneOf", pointer: "/payment",
			at: "          oneOf:",
		},
		{
			name: "none of anyOf", members: `"amount":"1"`, id: "schema/anyOf", pointer: "/amount",
			at: "          anyOf:\n            - {type: integer, format: int32}\n            - {type: integer, format: int64}\n",
		},
		{name: "not", members: `"mode":"air"`, id: "schema/not", pointer: "/mode", at: "mode: {"},
		{name: "null where none may be", members: `"count":null`, id: "schema/nullable", pointer: "/count", at: "count: {"},
		{name: "null instead of an object", members: `"from":null`, id: "schema/nullable", pointer: "/from", at: "    Place:"},
		{name: "writeOnly in a response", members: `"secret":"x"`, id: "schema/writeOnly", pointer: "/secret", at: "secret: {"},
		{
			name: "an undocumented member", members: `"wieght":1`, id: "member/undocumented", pointer: "/wieght",
			at: "    Parcel:\n      type: object",
		},
		{
			name: "one in allOf", members: `"to":{"town":"Bern","door":1,"bell":2}`, id: "member/undocumented", pointer: "/to/bell",
			at: "        to:",
		},
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

// TestSchemaAccepts checks values that their schemas accept.
func TestSchemaAccepts(t *testing.T) {
	judge := newJudge(t, parcels)
	for _, test := range []struct{ name, members string }{
		{name: "nothing more"},
		{name: "uuid in upper case", members: `"inner":{"id":"123E4567-E89B-42D3-A456-426614174000"}`},
		{name: "the largest int64", members: `"weight":9223372036854775807`},
		{name: "an integer beyond int64, without a format", members: `"count":-123456789012345678901234567890`},
		{name: "multiples that no double represents", members: `"price":19.99`},
		{name: "a number with an exponent", members: `"price":1.5e1`},
		{name: "a leap day", members: `"posted":"2024-02-29"`},
		{name: "a time with a fraction and an offset", members: `"due":"2025-02-28T00:00:00.123456789+08:00"`},
		{name: "a leap second", members: `"due":"2016-12-31T23:59:60Z"`},
		{name: "a leap second west of Greenwich", members: `"due":"1990-12-31T15:59:60-08:00"`},
		{name: "a time in lower case", members: `"due":"2025-02-28t00:00:00z"`},
		{name: "null where it may be", members: `"due":null,"colour":null`},
		{name: "integers with a point or an exponent", members: `"weight":1.0,"count":1e2,"counts":{"a":1,"b":2.0},"total":7.0`},
		{name: "an enum with null in it", members: `"colour":"red"`},
		{name: "elements of other numbers", members: `"grades":[2147483647,-2147483648,0]`},
		{name: "further members by a schema", members: `"labels":{"anything":"fits","":""}`},
		{name: "no further members", members: `"labels":{},"free":{},"box":{}`},
		{name: "further members, free", members: `"free":{"a":{"b":[1.0,{"c":null}]}}`},
		{name: "anything: an object", members: `"any":{"a":{"b":1.0}}`},
		{name: "anything: a list", members: `"any":[1.0,"x",null,{"a":1}]`},
		{name: "allOf", members: `"to":{"town":"Bern","street/no":["Gasse","1"],"door":-1}`},
		{name: "the first of oneOf", members: `"payment":{"coins":3}`},
		{name: "the second of oneOf", members: `"payment":{"number":"4"}`},
		{name: "an int32 in anyOf", members: `"amount":7`},
		{name: "an int64 in anyOf", members: `"amount":2147483648`},
		{name: "an int64 where int32 is the other choice", members: `"total":2147483648`},
		{name: "a number in anyOf", members: `"amount":0.5`},
		{name: "a number like an integer in anyOf", members: `"amount":-1.0`},
		{name: "readOnly in a response", members: `"state":"sent"`},
		{name: "within itself", members: `"inner":` + parcel(`"inner":`+parcel(""))},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := checkRaw(t, judge, showOne, parcelResponse(200, "application/json", parcel(test.members)))
			if len(v.Findings) > 0 || len(v.Errors) > 0 || !v.Judged {
				t.Errorf("judged: %t, errors: %v, findings:\n%s", v.Judged, v.Errors, lines(v))
			}
		})
	}
}

// TestDeepValues judges values of the greatest depth that is allowed, by a schema that contains itself.
func TestDeepValues(t *testing.T) {
	judge := newJudge(t, parcels)
	deep := strings.Repeat(`{"id":"`+parcelID+`","inner":`, 500) + parcel(`"count":"x"`) + strings.Repeat("}", 500)
	v := checkRaw(t, judge, showOne, parcelResponse(200, "application/json", deep))
	if len(v.Findings) != 1 || v.Findings[0].Pointer != "/response/body"+strings.Repeat("/inner", 500)+"/count" {
		t.Errorf("got %d findings:\n%s", len(v.Findings), lines(v))
	}
}
