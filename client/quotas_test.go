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
		{"all", "", allTypes, nil, all},
		{"one type", "", typeGroup, []iam.QuotaType{"group"}, []client.Quota{{Type: "group", Quota: 20, Used: new(int32(6)), Min: 10, Max: 200}}},
		{"one type of a service that does not filter", "", allTypes, []iam.QuotaType{"user"}, []client.Quota{user}},
		{"several types, in the order of the service", "", allTypes, []iam.QuotaType{"mapping", "user", "mapping"}, []client.Quota{user, mapping}},
		{"several types, one unknown", "", allTypes, []iam.QuotaType{"user", "robot"}, []client.Quota{user}},
		{"several types, none answered", "", typeGroup, []iam.QuotaType{"user", "robot"}, []client.Quota{}},
		{"no resources", "", `{"quotas":{"resources":[]}}`, nil, []client.Quota{}},
		{"unknown type", "", `{"quotas":{"resources":[{"type":"robot","quota":3,"used":2,"min":1,"max":4}]}}`, nil,
			[]client.Quota{{Type: "robot", Quota: 3, Used: new(int32(2)), Min: 1, Max: 4}}},
		{"used absent", "", `{"quotas":{"resources":[{"type":"mapping","quota":10,"min":10,"max":100}]}}`, nil, []client.Quota{mapping}},
		{"unknown members", "", `{"trace":{"quotas":1},` + fmt.Sprintf(row, `,"unit":"count"`)[1:], nil, []client.Quota{user}},
		{"unknown members that differ in case", "", `{"Quotas":1,` + fmt.Sprintf(row, `,"TYPE":"x","Quota":1,"USED":"1","Min":7.5,"mAx":2`)[1:], nil, []client.Quota{user}},
		{"the bounds of int32, and -0", "", `{"quotas":{"resources":[{"type":"user","quota":-0,"used":0,"min":-2147483648,"max":2147483647}]}}`, nil,
			[]client.Quota{{Type: "user", Used: new(int32(0)), Min: -2147483648, Max: 2147483647}}},
		{"escapes, and brackets and quotes in strings", "", `{"a\\":"}]\"{[,:\\","\u0071uotas" : {"b":[{"c":[]},[{}],"]"], "resources":[ { "\u0074ype" : "us\u0065r" ,"quota":50,"used" :10,"min":50,"max":1000 } ] , "d":{} } }`, nil, []client.Quota{user}},
		{"a type beyond ASCII", "", `{"quotas":{"resources":[{"type":"é\ud83d\ude00","quota":1,"min":1,"max":1}]}}`, nil, []client.Quota{{Type: "é😀", Quota: 1, Min: 1, Max: 1}}},
		{"white space around", "", "\r\n\t " + typeGroup + " \n", []iam.QuotaType{"group"}, []client.Quota{{Type: "group", Quota: 20, Used: new(int32(6)), Min: 10, Max: 200}}},
		{"charset", "Application/JSON ; charset=utf8", fmt.Sprintf(row, ""), nil, []client.Quota{user}},
		{"exactly the limit", "", fmt.Sprintf(row, "") + strings.Repeat(" ", 1<<20-len(fmt.Sprintf(row, ""))), nil, []client.Quota{user}},
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
		{"the example", image, []client.Quota{{Type: "image", Quota: 20, Used: new(int32(0)), Min: 1, Max: 1000}}},
		{"no resources", `{"quotas":{"resources":[]}}`, []client.Quota{}},
		{"several types, one unknown, one without used", `{"quotas":{"resources":[
			{"type":"image_member","used":1,"quota":2,"min":3,"max":4},{"type":"image_copy","quota":6,"min":7,"max":8}]}}`, []client.Quota{
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

// TestUnusableAnswer: a 200 that is not wholly what is documented gives an error that says why, and no list.
func TestUnusableAnswer(t *testing.T) {
	resource := func(members string) string { return `{"quotas":{"resources":[{"type":"image",` + members + `}]}}` }
	for _, test := range []struct {
		name        string
		contentType string
		body        string
		want        string // Message begins so
	}{
		{"page of a proxy", "text/html", "<html>\n<title>Sign in</title>", `content type "text/html", want application/json: <html> <title>Sign in</title>`},
		{"JSON as text", "text/plain; charset=utf-8", image, `content type "text/plain; charset=utf-8", want`},
		{"problem+json", "application/problem+json", image, `content type "application/problem+json", want`},
		{"json in the name only", "application/jsonp", image, `content type "application/jsonp", want`},
		{"endless content type", "text/" + strings.Repeat("x", 5000), image, `content type "text/xxx`},
		{"no content type", "", image, `content type "", want`},
		{"empty", "application/json", "", "body is not the documented JSON: unexpected end of JSON input: no readable body"},
		{"white space", "application/json", " \r\n", "body is not the documented JSON: unexpected end of JSON input: no readable body"},
		{"HTML all the same", "application/json", "<html>", "body is not the documented JSON: invalid character '<'"},
		{"truncated", "application/json", image[:40], "body is not the documented JSON: unexpected end"},
		{"trailing bytes", "application/json", image + "x", "body is not the documented JSON: invalid character 'x'"},
		{"second value", "application/json", image + image, "body is not the documented JSON: invalid character '{'"},
		{"byte order mark", "application/json", "\ufeff" + image, "body is not the documented JSON: invalid character"},
		{"null", "application/json", "null", "body has no quotas.resources: null"},
		{"array", "application/json", "[]", `body is not the documented JSON: unexpected array at ""`},
		{"no quotas", "application/json", "{}", "body has no quotas.resources: {}"},
		{"quotas null", "application/json", `{"quotas":null}`, "body has no quotas.resources"},
		{"quotas an array", "application/json", `{"quotas":[]}`, `body is not the documented JSON: unexpected array at "quotas"`},
		{"quotas in capitals", "application/json", strings.Replace(image, "quotas", "Quotas", 1), "body has no quotas.resources"},
		{"no resources", "application/json", `{"quotas":{}}`, "body has no quotas.resources"},
		{"resources null", "application/json", `{"quotas":{"resources":null}}`, "body has no quotas.resources"},
		{"resources in capitals", "application/json", strings.Replace(image, "resources", "RESOURCES", 1), "body has no quotas.resources"},
		{"resources an object", "application/json", `{"quotas":{"resources":{}}}`, "body is not the documented JSON: unexpected object at"},
		{"resources twice, the second empty", "application/json", image[:len(image)-2] + `,"resources":[]}}`, "body is not the documented JSON: resources are told twice"},
		{"quotas twice", "application/json", image[:len(image)-1] + `,` + image[1:], "body is not the documented JSON: quotas are told twice"},
		{"quotas twice, the first null", "application/json", `{"quotas":null,` + image[1:], "body is not the documented JSON: quotas are told twice"},
		{"quotas twice, one escaped", "application/json", `{"\u0071uotas":{"resources":[]},` + image[1:], "body is not the documented JSON: quotas are told twice"},
		{"type twice", "application/json", resource(`"quota":1,"used":1,"min":1,"max":1,"type":"image_shared"`), "body is not the documented JSON: a type is told twice"},
		{"type null", "application/json", `{"quotas":{"resources":[{"type":null,"quota":1,"used":1,"min":1,"max":1}]}}`, "quotas.resources[0] has not all of"},
		{"resource null", "application/json", `{"quotas":{"resources":[null]}}`, "quotas.resources[0] has not all of"},
		{"resource a number", "application/json", `{"quotas":{"resources":[5]}}`, "body is not the documented JSON: unexpected number"},
		{"an error with 200", "application/json", `{"error_msg":"no","error_code":"IAM.0002"}`, "body has no quotas.resources"},
		{"type absent", "application/json", `{"quotas":{"resources":[{"quota":1,"used":1,"min":1,"max":1}]}}`, "quotas.resources[0] has not all of"},
		{"type a number", "application/json", `{"quotas":{"resources":[{"type":1,"quota":1,"used":1,"min":1,"max":1}]}}`, `body is not the documented JSON: unexpected number at "quotas.resources.type"`},
		{"quota absent", "application/json", resource(`"used":1,"min":1,"max":1`), "quotas.resources[0] has not all of"},
		{"quota null", "application/json", resource(`"quota":null,"used":1,"min":1,"max":1`), "quotas.resources[0] has not all of"},
		{"quota in capitals", "application/json", resource(`"QUOTA":1,"used":1,"min":1,"max":1`), "quotas.resources[0] has not all of"},
		{"min absent", "application/json", resource(`"quota":1,"used":1,"max":1`), "quotas.resources[0] has not all of"},
		{"max absent", "application/json", resource(`"quota":1,"used":1,"min":1`), "quotas.resources[0] has not all of"},
		{"quota twice", "application/json", resource(`"quota":1,"used":1,"min":1,"max":1,"quota":2`), "body is not the documented JSON: a number is told twice"},
		{"quota a string", "application/json", resource(`"quota":"1","used":1,"min":1,"max":1`), "body is not the documented JSON: a number is not a plain int32"},
		{"quota 7.0", "application/json", resource(`"quota":7.0,"used":1,"min":1,"max":1`), "body is not the documented JSON: a number is not a plain int32"},
		{"max 1e1", "application/json", resource(`"quota":1,"used":1,"min":1,"max":1e1`), "body is not the documented JSON: a number is not a plain int32"},
		{"max beyond int32", "application/json", resource(`"quota":1,"used":1,"min":1,"max":2147483648`), "body is not the documented JSON: a number is not a plain int32"},
		{"min below int32", "application/json", resource(`"quota":1,"used":1,"min":-2147483649,"max":1`), "body is not the documented JSON: a number is not a plain int32"},
		{"used true", "application/json", resource(`"quota":1,"used":true,"min":1,"max":1`), "body is not the documented JSON: a number is not a plain int32"},
		{"used an object", "application/json", resource(`"quota":1,"used":{},"min":1,"max":1`), "body is not the documented JSON: a number is not a plain int32"},
		{"one byte over the limit", "application/json", image + strings.Repeat(" ", 1<<20+1-len(image)), "body of more than 1048576 bytes"},
		{"far over the limit", "application/json", image + strings.Repeat(" ", 1<<22), "body of more than 1048576 bytes"},
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
