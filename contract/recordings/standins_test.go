package recordings

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestStandIn checks that a stand-in has the length and the kinds of characters of its id.
func TestStandIn(t *testing.T) {
	for _, test := range []struct {
		name, id, want string
		n              int
	}{
		{name: "hexadecimal", id: "d78cbac186b744899480f25bd022f468", n: 1, want: "11000000110000001100000011000000"},
		{name: "UUID", id: "8c4a6b9e-2f1d-4e7a-9b3c-5d6e7f809112", n: 2, want: "12000000-1200-4000-9200-000012000000"},
		{name: "number", id: "2147483001", n: 3, want: "1300000013"},
		{name: "words", id: "acct-harbour-7", n: 14, want: "hkhg-gggghkh-0"},
		{name: "other alphabets", id: "straße-00000", n: 5, want: "hlgggg-00150"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := standIn(test.id, test.n); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestStandInsDiffer checks that no two ids have the same stand-in, and none is a text of the folder or another id.
func TestStandInsDiffer(t *testing.T) {
	s := newStandIns("a page about 12000000")
	s.add("13000000")
	of := map[string]string{}
	for i := range 3000 {
		id := string([]byte{'a' + byte(i%26), 'a' + byte(i/26%26), 'a' + byte(i/676)}) + "-12345"
		s.add(id)
		if other, ok := of[s.of[id]]; ok {
			t.Fatalf("%s and %s are both %s", id, other, s.of[id])
		}
		of[s.of[id]] = id
	}
	for _, id := range []string{"87654321", "87654322", "87654323"} {
		s.add(id)
		if got := s.of[id]; got == "12000000" || got == "13000000" {
			t.Errorf("%s: got %s", id, got)
		}
	}
}

// TestReplace checks where an id is replaced in a text.
func TestReplace(t *testing.T) {
	for _, test := range []struct {
		name, id, text, want string
	}{
		{name: "whole", id: "ab12cd34", text: "ab12cd34", want: "11000000"},
		{name: "in a URL", id: "ab12cd34", text: "https://h/a/ab12cd34?x", want: "https://h/a/11000000?x"},
		{name: "other case", id: "harbour7", text: "HARBOUR7 Harbour7", want: "HHGGGGG0 Hhggggg0"},
		{name: "part of a number", id: "12345678", text: "123456789 0.5", want: "123456789 0.5"},
		{name: "twice", id: "12345678", text: "12345678,12345678", want: "11000000,11000000"},
		{name: "a long one in a word", id: "ab12cd34ab12cd34", text: "xab12cd34ab12cd34x", want: "x1100000011000000x"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStandIns("")
			s.add(test.id)
			if got := s.replace(test.text); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// identified is a document with all kinds of parameters in paths.
const identified = `
openapi: 3.0.3
info: {title: Identified, version: '1'}
servers: [{url: 'https://api.example.com/base'}]
paths:
  /accounts/{account}/{kind}/{day}/report-{name}.{ending}:
    get:
      operationId: show
      parameters:
        - {name: account, in: path, required: true, schema: {type: string}}
        - {name: kind, in: path, required: true, schema: {type: string, enum: [everything, nothing-at-all]}}
        - {name: day, in: path, required: true, schema: {type: string, format: date}}
        - {name: name, in: path, required: true, schema: {type: string}}
        - {name: ending, in: path, required: true, schema: {type: string}}
        - {name: type_id, in: query, schema: {type: string, enum: [type-one-of-two]}}
      responses: {'200': {description: It.}}
`

// TestIdentifiers checks which values of an exchange are ids.
func TestIdentifiers(t *testing.T) {
	doc, err := spec.Read("identified.yaml", []byte(identified), nil)
	if err != nil {
		t.Fatal(err)
	}
	const path = "/base/accounts/a%3A100200/everything/2024-02-29/report-quarter-4.csv"
	for _, test := range []struct {
		name, query, header, body, form string
		want                            []string
	}{
		{name: "parameters of a path, but no enum and no date", want: []string{}},
		{name: "a query parameter", query: "tenant_id=harbour-17&type_id=type-one-of-two&size=12345678", want: []string{"harbour-17"}},
		{name: "several in a query", query: "ids[]=harbour-17&ids[]=harbour-18", want: []string{"harbour-17", "harbour-18"}},
		{name: "a header", header: "X-Tenant-Id: harbour-17", want: []string{"harbour-17"}},
		{name: "members", body: `{"id":"harbour-17","userId":12345678,"userID":"ABCDEFGH1","ids":["aaaa-bbbb",87654321],"paid":"yes, it is"}`,
			want: []string{"harbour-17", "12345678", "ABCDEFGH1", "aaaa-bbbb", "87654321"}},
		{name: "members of members", body: `{"user_id":{"name":"somebody else"}}`, want: []string{}},
		{name: "short ones stay", body: `{"id":"a1","user_id":1234567}`, want: []string{}},
		{name: "no numbers", body: `{"id":-12345678.5}`, want: []string{}},
		{name: "a UUID in a text", body: `{"a":"see 8c4a6b9e-2f1d-4e7a-9b3c-5d6e7f809112."}`,
			want: []string{"8c4a6b9e-2f1d-4e7a-9b3c-5d6e7f809112"}},
		{name: "hexadecimal after an escape", body: `{"a":"\nd78cbac186b74489"}`, want: []string{"d78cbac186b74489"}},
		{name: "hexadecimal in a URL", query: "next=%2Fd78cbac186b74489", want: []string{"d78cbac186b74489"}},
		{name: "a long number is none", body: `{"a":12345678901234567890}`, want: []string{}},
		{name: "the prefix of a kind stays", header: "X-Request-Id: req-8c4a6b9e77", want: []string{"8c4a6b9e77"}},
		{name: "a secret that was replaced", query: "id=REDACTED", want: []string{}},
		{name: "a form", form: "a=b&client_id=harbour%2B17", want: []string{"harbour+17"}},
		{name: "JSON that is nested too deep", body: `{"id":"harbour-17","b":` + strings.Repeat("[", 8e6), want: []string{"harbour-17"}},
		{name: "JSON that ends early", body: `{"id":"harbour-17","b":[`, want: []string{"harbour-17"}},
		{name: "no JSON", body: `<id>d78cbac186b74489</id>`, want: []string{"d78cbac186b74489"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			ex := contract.Exchange{Request: contract.Request{Target: path + "?" + test.query, Header: http.Header{}}}
			if name, value, ok := strings.Cut(test.header, ": "); ok {
				ex.Request.Header.Set(name, value)
			}
			if test.form != "" {
				ex.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				ex.Request.Body = []byte(test.form)
			}
			ex.Response.Body = []byte(test.body)
			want := append([]string{"a:100200", "quarter-4"}, test.want...)
			if diff := cmp.Diff(want, identifiersOf(doc.Operations[0], ex)); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
		})
	}
}

// TestReplaceInTarget checks that parts of a target are replaced decoded, and all others stay as they were sent.
func TestReplaceInTarget(t *testing.T) {
	s := newStandIns("")
	s.add("a:100200")
	s.add("harbour+17")
	for _, test := range []struct{ name, target, want string }{
		{name: "escaped", target: "/x%2F/a%3A100200/", want: "/x%2F/h:100000/"},
		{name: "as it is", target: "/a:100200?q=%41", want: "/h:100000?q=%41"},
		{name: "query", target: "/?b&id=harbour%2B17&id=harbour+17", want: "/?b&id=higgggg%2B01&id=harbour+17"},
		{name: "malformed", target: "/%zz/a:100200", want: "/%zz/h:100000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := replaceInTarget(test.target, s.replace); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
