package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/gen/iam"
)

// The documented examples of a 200: all-types and type-group of openapi/iam.yaml, image of openapi/ims.yaml.
const (
	allTypes = `{"quotas":{"resources":[
		{"max":1000,"min":50,"quota":50,"type":"user","used":10},
		{"max":300,"min":10,"quota":20,"type":"group","used":8},
		{"max":20,"min":10,"quota":10,"type":"idp","used":9},
		{"max":300,"min":10,"quota":50,"type":"agency","used":12},
		{"max":300,"min":128,"quota":200,"type":"policy","used":8},
		{"max":500,"min":50,"quota":200,"type":"assigment_group_mp","used":8},
		{"max":500,"min":50,"quota":200,"type":"assigment_agency_mp","used":8},
		{"max":5000,"min":50,"quota":500,"type":"assigment_group_ep","used":8},
		{"max":5000,"min":50,"quota":500,"type":"assigment_user_ep","used":8},
		{"max":100,"min":10,"quota":10,"type":"mapping","used":null}]}}`
	typeGroup = `{"quotas":{"resources":[{"max":200,"min":10,"quota":20,"type":"group","used":6}]}}`
	image     = `{"quotas":{"resources":[{"type":"image","used":0,"quota":20,"min":1,"max":1000}]}}`
)

func TestDomainQuotas(t *testing.T) {
	user := client.Quota{Type: "user", Quota: 50, Used: new(int32(10)), Min: 50, Max: 1000}
	group := client.Quota{Type: "group", Quota: 20, Used: new(int32(8)), Min: 10, Max: 300}
	mapping := client.Quota{Type: "mapping", Quota: 10, Min: 10, Max: 100}
	all := []client.Quota{
		user, group,
		{Type: "idp", Quota: 10, Used: new(int32(9)), Min: 10, Max: 20},
		{Type: "agency", Quota: 50, Used: new(int32(12)), Min: 10, Max: 300},
		{Type: "policy", Quota: 200, Used: new(int32(8)), Min: 128, Max: 300},
		{Type: "assigment_group_mp", Quota: 200, Used: new(int32(8)), Min: 50, Max: 500},
		{Type: "assigment_agency_mp", Quota: 200, Used: new(int32(8)), Min: 50, Max: 500},
		{Type: "assigment_group_ep", Quota: 500, Used: new(int32(8)), Min: 50, Max: 5000},
		{Type: "assigment_user_ep", Quota: 500, Used: new(int32(8)), Min: 50, Max: 5000},
		mapping,
	}
	const row = `{"quotas":{"resources":[{"type":"user","quota":50,"used":10,"min":50,"max":1000%s}]}}`
	for _, test := range []struct {
		name        string
		contentType string
		body        string
		types       []iam.QuotaType
		want        []client.Quota
	}{
		{name: "all", body: allTypes, want: all},
		{
			name: "one type", body: typeGroup, types: []iam.QuotaType{"group"},
			want: []client.Quota{{Type: "group", Quota: 20, Used: new(int32(6)), Min: 10, Max: 200}},
		},
		{
			name: "one type of a service that does not filter", body: allTypes, types: []iam.QuotaType{"user"},
			want: []client.Quota{user},
		},
		{
			name: "several types, in the order of the service", body: allTypes,
			types: []iam.QuotaType{"mapping", "user", "mapping"}, want: []client.Quota{user, mapping},
		},
		{
			name: "several types, one unknown", body: allTypes, types: []iam.QuotaType{"user", "robot"},
			want: []client.Quota{user},
		},
		{
			name: "several types, none returned", body: typeGroup, types: []iam.QuotaType{"user", "robot"},
			want: []client.Quota{},
		},
		{name: "no resources", body: `{"quotas":{"resources":[]}}`, want: []client.Quota{}},
		{name: "unknown type", contentType: "", body: `{"quotas":{"resources":[{"type":"robot","quota":3,"used":2,"min":1,` +
			`"max":4}]}}`, types: nil,
			want: []client.Quota{{Type: "robot", Quota: 3, Used: new(int32(2)), Min: 1, Max: 4}}},
		{
			name: "used absent", body: `{"quotas":{"resources":[{"type":"mapping","quota":10,"min":10,"max":100}]}}`,
			want: []client.Quota{mapping},
		},
		{
			name: "unknown members", body: `{"trace":{"quotas":1},` + fmt.Sprintf(row, `,"unit":"count"`)[1:],
			want: []client.Quota{user},
		},
		{
			name: "unknown members that differ in case",
			body: `{"Quotas":1,` + fmt.Sprintf(row, `,"TYPE":"x","Quota":1,"USED":"1","Min":7.5,"mAx":2`)[1:],
			want: []client.Quota{user},
		},
		{name: "the bounds of int32, and -0", contentType: "", body: `{"quotas":{"resources":[{"type":"user","quota":-0,"used":0,` +
			`"min":-2147483648,"max":2147483647}]}}`, types: nil,
			want: []client.Quota{{Type: "user", Used: new(int32(0)), Min: -2147483648, Max: 2147483647}}},
		{
			name: "escapes, and brackets and quotes in strings",
			body: `{"a\\":"}]\"{[,:\\","\u0071uotas" : {"b":[{"c":[]},[{}],"]"], "resources":[ { "\u0074ype" : "us\u0065r" ,` +
				`"quota":50,"used" :10,"min":50,"max":1000 } ] , "d":{} } }`,
			want: []client.Quota{user},
		},
		{
			name: "a type beyond ASCII", body: `{"quotas":{"resources":[{"type":"é\ud83d\ude00","quota":1,"min":1,"max":1}]}}`,
			want: []client.Quota{{Type: "é😀", Quota: 1, Min: 1, Max: 1}},
		},
		{
			name: "white space around", body: "\r\n\t " + typeGroup + " \n", types: []iam.QuotaType{"group"},
			want: []client.Quota{{Type: "group", Quota: 20, Used: new(int32(6)), Min: 10, Max: 200}},
		},
		{
			name: "charset", contentType: "Application/JSON ; charset=utf8", body: fmt.Sprintf(row, ""),
			want: []client.Quota{user},
		},
		{
			name: "exactly the limit", body: fmt.Sprintf(row, "") + strings.Repeat(" ", 1<<20-len(fmt.Sprintf(row, ""))),
			want: []client.Quota{user},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			contentType := test.contentType
			if contentType == "" {
				contentType = "application/json"
			}
			got, err := fake(t, fixed(200, contentType, test.body)).DomainQuotas(t.Context(), domainID, test.types...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" { // nil and empty differ
				t.Errorf("quotas (-want +got):\n%s", diff)
			}
		})
	}
}

func TestImageQuotas(t *testing.T) {
	for _, test := range []struct {
		name string
		body string
		want []client.Quota
	}{
		{
			name: "the example", body: image,
			want: []client.Quota{{Type: "image", Quota: 20, Used: new(int32(0)), Min: 1, Max: 1000}},
		},
		{name: "no resources", body: `{"quotas":{"resources":[]}}`, want: []client.Quota{}},
		{name: "several types, one unknown, one without used", body: `{"quotas":{"resources":[
			{"type":"image_member","used":1,"quota":2,"min":3,"max":4},{"type":"image_copy","quota":6,"min":7,"max":8}]}}`, want: []client.Quota{
			{Type: "image_member", Quota: 2, Used: new(int32(1)), Min: 3, Max: 4},
			{Type: "image_copy", Quota: 6, Min: 7, Max: 8}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := fake(t, fixed(200, "application/json", test.body)).ImageQuotas(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("quotas (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUnusableResponse checks that a 200 whose body is not the documented one is an error that says why.
func TestUnusableResponse(t *testing.T) {
	resource := func(members string) string { return `{"quotas":{"resources":[{"type":"image",` + members + `}]}}` }
	for _, test := range []struct {
		name        string
		contentType string
		body        string
		want        string // Message begins so
	}{
		{
			name: "page of a proxy", contentType: "text/html", body: "<html>\n<title>Sign in</title>",
			want: `content type "text/html", want application/json: <html> <title>Sign in</title>`,
		},
		{
			name: "JSON as text", contentType: "text/plain; charset=utf-8", body: image,
			want: `content type "text/plain; charset=utf-8", want`,
		},
		{
			name: "problem+json", contentType: "application/problem+json", body: image,
			want: `content type "application/problem+json", want`,
		},
		{
			name: "json in the name only", contentType: "application/jsonp", body: image,
			want: `content type "application/jsonp", want`,
		},
		{
			name: "endless content type", contentType: "text/" + strings.Repeat("x", 5000), body: image,
			want: `content type "text/xxx`,
		},
		{name: "no content type", body: image, want: `content type "", want`},
		{
			name: "empty", contentType: "application/json",
			want: "body is not the documented JSON: unexpected end of JSON input: no readable body",
		},
		{
			name: "white space", contentType: "application/json", body: " \r\n",
			want: "body is not the documented JSON: unexpected end of JSON input: no readable body",
		},
		{
			name: "HTML as JSON", contentType: "application/json", body: "<html>",
			want: "body is not the documented JSON: invalid character '<'",
		},
		{
			name: "truncated", contentType: "application/json", body: image[:40],
			want: "body is not the documented JSON: unexpected end",
		},
		{
			name: "trailing bytes", contentType: "application/json", body: image + "x",
			want: "body is not the documented JSON: invalid character 'x'",
		},
		{
			name: "second value", contentType: "application/json", body: image + image,
			want: "body is not the documented JSON: invalid character '{'",
		},
		{
			name: "byte order mark", contentType: "application/json", body: "\ufeff" + image,
			want: "body is not the documented JSON: invalid character",
		},
		{name: "null", contentType: "application/json", body: "null", want: "body has no quotas.resources: null"},
		{
			name: "array", contentType: "application/json", body: "[]",
			want: `body is not the documented JSON: want an object with the member quotas, got array`,
		},
		{name: "no quotas", contentType: "application/json", body: "{}", want: "body has no quotas.resources: {}"},
		{name: "quotas null", contentType: "application/json", body: `{"quotas":null}`, want: "body has no quotas.resources"},
		{
			name: "quotas an array", contentType: "application/json", body: `{"quotas":[]}`,
			want: `body is not the documented JSON: want an object with the member resources, got array`,
		},
		{
			name: "quotas in capitals", contentType: "application/json", body: strings.Replace(image, "quotas", "Quotas", 1),
			want: "body has no quotas.resources",
		},
		{name: "no resources", contentType: "application/json", body: `{"quotas":{}}`, want: "body has no quotas.resources"},
		{
			name: "resources null", contentType: "application/json", body: `{"quotas":{"resources":null}}`,
			want: "body has no quotas.resources",
		},
		{
			name: "resources in capitals", contentType: "application/json",
			body: strings.Replace(image, "resources", "RESOURCES", 1), want: "body has no quotas.resources",
		},
		{
			name: "resources an object", contentType: "application/json", body: `{"quotas":{"resources":{}}}`,
			want: "body is not the documented JSON: quotas.resources: want an array, got object",
		},
		{
			name: "resources twice, the second empty", contentType: "application/json",
			body: image[:len(image)-2] + `,"resources":[]}}`, want: "body is not the documented JSON: duplicate member resources",
		},
		{
			name: "quotas twice", contentType: "application/json", body: image[:len(image)-1] + `,` + image[1:],
			want: "body is not the documented JSON: duplicate member quotas",
		},
		{
			name: "quotas twice, the first null", contentType: "application/json", body: `{"quotas":null,` + image[1:],
			want: "body is not the documented JSON: duplicate member quotas",
		},
		{
			name: "quotas twice, one escaped", contentType: "application/json",
			body: `{"\u0071uotas":{"resources":[]},` + image[1:], want: "body is not the documented JSON: duplicate member quotas",
		},
		{
			name: "type twice", contentType: "application/json",
			body: resource(`"quota":1,"used":1,"min":1,"max":1,"type":"image_shared"`),
			want: "body is not the documented JSON: quotas.resources.type: duplicate member",
		},
		{
			name: "type null", contentType: "application/json",
			body: `{"quotas":{"resources":[{"type":null,"quota":1,"used":1,"min":1,"max":1}]}}`,
			want: "quotas.resources[0] has not all of",
		},
		{
			name: "resource null", contentType: "application/json", body: `{"quotas":{"resources":[null]}}`,
			want: "quotas.resources[0] has not all of",
		},
		{
			name: "resource a number", contentType: "application/json", body: `{"quotas":{"resources":[5]}}`,
			want: "body is not the documented JSON: quotas.resources: want an object, got number",
		},
		{
			name: "an error with 200", contentType: "application/json", body: `{"error_msg":"no","error_code":"IAM.0002"}`,
			want: "body has no quotas.resources",
		},
		{
			name: "type absent", contentType: "application/json",
			body: `{"quotas":{"resources":[{"quota":1,"used":1,"min":1,"max":1}]}}`, want: "quotas.resources[0] has not all of",
		},
		{
			name: "type a number", contentType: "application/json",
			body: `{"quotas":{"resources":[{"type":1,"quota":1,"used":1,"min":1,"max":1}]}}`,
			want: `body is not the documented JSON: quotas.resources.type: want a string, got number`,
		},
		{
			name: "quota absent", contentType: "application/json", body: resource(`"used":1,"min":1,"max":1`),
			want: "quotas.resources[0] has not all of",
		},
		{
			name: "quota null", contentType: "application/json", body: resource(`"quota":null,"used":1,"min":1,"max":1`),
			want: "quotas.resources[0] has not all of",
		},
		{
			name: "quota in capitals", contentType: "application/json", body: resource(`"QUOTA":1,"used":1,"min":1,"max":1`),
			want: "quotas.resources[0] has not all of",
		},
		{
			name: "min absent", contentType: "application/json", body: resource(`"quota":1,"used":1,"max":1`),
			want: "quotas.resources[0] has not all of",
		},
		{
			name: "max absent", contentType: "application/json", body: resource(`"quota":1,"used":1,"min":1`),
			want: "quotas.resources[0] has not all of",
		},
		{
			name: "quota twice", contentType: "application/json", body: resource(`"quota":1,"used":1,"min":1,"max":1,"quota":2`),
			want: "body is not the documented JSON: quotas.resources.quota: duplicate member",
		},
		{
			name: "quota a string", contentType: "application/json", body: resource(`"quota":"1","used":1,"min":1,"max":1`),
			want: "body is not the documented JSON: quotas.resources.quota: want a plain int32",
		},
		{
			name: "quota 7.0", contentType: "application/json", body: resource(`"quota":7.0,"used":1,"min":1,"max":1`),
			want: "body is not the documented JSON: quotas.resources.quota: want a plain int32",
		},
		{
			name: "max 1e1", contentType: "application/json", body: resource(`"quota":1,"used":1,"min":1,"max":1e1`),
			want: "body is not the documented JSON: quotas.resources.max: want a plain int32",
		},
		{
			name: "max beyond int32", contentType: "application/json",
			body: resource(`"quota":1,"used":1,"min":1,"max":2147483648`),
			want: "body is not the documented JSON: quotas.resources.max: want a plain int32",
		},
		{
			name: "min below int32", contentType: "application/json",
			body: resource(`"quota":1,"used":1,"min":-2147483649,"max":1`),
			want: "body is not the documented JSON: quotas.resources.min: want a plain int32",
		},
		{
			name: "used true", contentType: "application/json", body: resource(`"quota":1,"used":true,"min":1,"max":1`),
			want: "body is not the documented JSON: quotas.resources.used: want a plain int32",
		},
		{
			name: "used an object", contentType: "application/json", body: resource(`"quota":1,"used":{},"min":1,"max":1`),
			want: "body is not the documented JSON: quotas.resources.used: want a plain int32",
		},
		{
			name: "one byte over the limit", contentType: "application/json",
			body: image + strings.Repeat(" ", 1<<20+1-len(image)), want: "body of more than 1048576 bytes",
		},
		{
			name: "far over the limit", contentType: "application/json", body: image + strings.Repeat(" ", 1<<22),
			want: "body of more than 1048576 bytes",
		},
	} {
		for _, operation := range calls {
			t.Run(test.name+"/"+operation.operation, func(t *testing.T) {
				c := fake(t, func(w http.ResponseWriter, _ *http.Request) {
					w.Header()["Content-Type"] = nil // net/http would guess one
					w.Header().Set("X-Request-Id", "r1")
					if test.contentType != "" {
						w.Header().Set("Content-Type", test.contentType)
					}
					_, _ = w.Write([]byte(test.body))
				})
				_, isNil, err := operation.call(t.Context(), c)
				var got *client.Error
				if !errors.As(err, &got) || !isNil || !errors.Is(err, client.ErrUnusable) {
					t.Fatalf("got list %t, error %v, want an *Error alone", !isNil, err)
				}
				if !strings.HasPrefix(got.Message, test.want) || len(got.Message) > 1024 {
					t.Errorf("message: got %s, want %s…", got.Message, test.want)
				}
				want := client.Error{Operation: operation.operation, Status: 200, Message: got.Message, RequestID: "r1"}
				if diff := cmp.Diff(want, *got); diff != "" {
					t.Errorf("error (-want +got):\n%s", diff)
				}
			})
		}
	}
}
