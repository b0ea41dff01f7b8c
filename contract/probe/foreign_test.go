package probe_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi"
)

// parcels is a document without one of our extensions, and with what our two documents do not have.
const parcels = `openapi: 3.0.3
info: {title: Parcels, version: 1.0.0}
security:
  - Key: []
    Second: []
    Third: []
paths:
  /parcels:
    get:
      operationId: listParcels
      parameters:
        - {name: size, in: query, required: true, schema: {type: string, enum: [S, s, Ss]}}
        - {name: page, in: query, schema: {type: integer, enum: [1, 2]}}
        - {name: a b, in: query, schema: {type: string, enum: ['x&y', null], nullable: true}}
        - {name: tag, in: query, schema: {type: array, items: {type: string, enum: [cold, heavy]}}}
        - {name: blank, in: query, allowEmptyValue: true, schema: {type: string, enum: [full, half]}}
      responses:
        '200': {description: Parcels.}
        default: {description: No.}
    post:
      operationId: sendParcel
      requestBody:
        required: true
        content:
          text/plain: {schema: {type: string}}
      responses:
        '201': {description: Sent.}
  /parcels/{parcel_id}:
    parameters:
      - {name: parcel_id, in: path, required: true, schema: {type: string}}
    get:
      operationId: showParcel
      security: []
      responses:
        '200': {description: A parcel.}
  /towns/{town}/streets/{street}:
    get:
      operationId: showStreet
      security: [{}, {Key: []}]
      parameters:
        - {name: town, in: path, required: true, example: v1, schema: {type: string}}
        - {name: street, in: path, required: true, schema: {type: integer, minimum: 3, default: 3}}
      responses:
        '200': {description: A street.}
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: Parcels-Key}
    Second: {type: apiKey, in: header, name: Parcels-Second}
    Third: {type: apiKey, in: header, name: Parcels-Third}
`

func deriveForeign(t *testing.T, principals probe.Principals) (*contract.Judge, []probe.Probe) {
	t.Helper()
	doc, err := openapi.Load("parcels.yaml", []byte(parcels))
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	return judge, probe.Derive(doc, principals)
}

// TestForeignProbes judges what is asked: a probe that is said to be valid breaks nothing, and one that is said to break
// the document does.
func TestForeignProbes(t *testing.T) {
	judge, all := deriveForeign(t, everybody())
	for _, p := range all {
		if p.Skip != "" {
			continue
		}
		ex := contract.Exchange{Request: p.Request, Response: contract.Response{Status: 200}, Unseen: contract.UnseenCredentials}
		v := judge.Check(ex)
		var broken []string
		for _, d := range v.Findings {
			if d.Request() {
				broken = append(broken, d.String())
			}
		}
		switch p.Kind {
		case contract.ValidRequest, openapi.Repeat, string(openapi.NoCredentials), string(openapi.MalformedCredentials), string(openapi.UnknownCredentials), string(openapi.ExpiredCredentials):
			if len(broken) > 0 || v.Operation != p.Operation.ID {
				t.Errorf("%s (%s) asks %s %s of %q, and breaks %s", p.ID, p.Kind, p.Request.Method, p.Request.Target, v.Operation, broken)
			}
		case string(openapi.InvalidParameter):
			if len(broken) == 0 && v.Operation == p.Operation.ID {
				t.Errorf("%s (%s) asks %s %s, and nothing is wrong with it", p.ID, p.Kind, p.Request.Method, p.Request.Target)
			}
		case string(openapi.UnknownResource):
			if v.Operation != p.Operation.ID {
				t.Errorf("%s (%s) asks %s %s, which is of %q", p.ID, p.Kind, p.Request.Method, p.Request.Target, v.Operation)
			}
		case string(openapi.UnknownPath):
			if v.Judged {
				t.Errorf("%s (%s) asks %s %s, which the document knows", p.ID, p.Kind, p.Request.Method, p.Request.Target)
			}
		case string(openapi.OtherMethod):
			if !v.Judged || v.Operation != "" {
				t.Errorf("%s (%s) asks %s %s, which is %q", p.ID, p.Kind, p.Request.Method, p.Request.Target, v.Operation)
			}
		}
	}
}

// TestForeignProbeList holds which probes are there, and which cannot be: an id for each, never two the same, in one order.
func TestForeignProbeList(t *testing.T) {
	ids := func() (list []string) {
		_, all := deriveForeign(t, everybody())
		for _, p := range all {
			id := p.ID
			if strings.Contains(id, "known-credentials") {
				id += fmt.Sprint(" ", p.Request.Header)
			}
			if p.Skip != "" {
				id += " skipped"
			}
			list = append(list, id)
		}
		return list
	}
	first := ids()
	for _, want := range []string{"listParcels/plain", "listParcels/size=S", "listParcels/page=2", "listParcels/tag-element-unknown", "listParcels/no-credentials",
		"sendParcel/plain skipped", "showParcel/plain skipped", "showParcel/method-HEAD", "showStreet/plain", "showStreet/repeatable"} {
		if !slices.Contains(first, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, never := range []string{"showParcel/no-credentials", "showStreet/no-credentials", "showParcel/expired-credentials"} {
		if slices.Contains(first, never) {
			t.Errorf("%s, where nobody needs any", never)
		}
	}
	sorted := slices.Sorted(slices.Values(first))
	if diff := cmp.Diff(slices.Compact(slices.Clone(sorted)), sorted); diff != "" {
		t.Errorf("ids that come twice:\n%s", diff)
	}
	for range 20 {
		if diff := cmp.Diff(first, ids()); diff != "" {
			t.Fatalf("another time:\n%s", diff)
		}
	}
}

// TestForeignRequests holds single requests to what they must be.
func TestForeignRequests(t *testing.T) {
	principals := everybody()
	principals[probe.Reader].Values["town"] = "v1/streets"
	principals[probe.Stranger].Values["town"] = "w"
	_, all := deriveForeign(t, principals)
	for _, test := range []struct{ id, target string }{
		{"listParcels/size=s", "/parcels?size=s"},
		{"listParcels/path-trailing-slash", "/parcels/?size=S"},
		{"listParcels/a b=x&y", "/parcels?size=S&a+b=x%26y"},
		{"showStreet/plain", "/towns/v1%2Fstreets/streets/3"},
		{"showStreet/other-account", "/towns/w/streets/3"},
		{"showStreet/unknown-resource", "/towns/v1%2Fstreets/streets/2147483647"},
		{"showStreet/unknown-resource-malformed", "/towns/v1%2Fstreets/streets/no-such-id"},
		{"showStreet/path-empty-segment", "/towns/v1%2Fstreets/streets/"},
	} {
		i := slices.IndexFunc(all, func(p probe.Probe) bool { return p.ID == test.id })
		if i < 0 {
			t.Errorf("no probe %s", test.id)
		} else if got := all[i].Request.Target; got != test.target {
			t.Errorf("%s: got %s, want %s", test.id, got, test.target)
		}
	}
}
