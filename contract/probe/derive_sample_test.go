package probe_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// parcels is a document without our extensions, and with parts of OpenAPI that our two documents do not use.
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

func deriveParcels(t *testing.T, principals probe.Principals) (*contract.Judge, []probe.Probe) {
	t.Helper()
	judge := judge(t, "parcels.yaml", parcels)
	return judge, probe.Derive(judge, principals)
}

// TestProbesFitTheirKind judges the requests of all probes: those of valid kinds break nothing, and those of invalid kinds break
// the document.
func TestProbesFitTheirKind(t *testing.T) {
	judge, all := deriveParcels(t, allPrincipals())
	for _, p := range all {
		if p.Skip != "" {
			continue
		}
		ex := contract.Exchange{Request: p.Request, Response: contract.Response{Status: 200}, Unrecorded: contract.UnrecordedCredentials}
		result := judge.Check(ex)
		var findings []string
		for _, f := range result.Findings {
			if f.Side() == contract.Consumer {
				findings = append(findings, f.String())
			}
		}
		switch p.Kind {
		case spec.ValidRequest, spec.Repeat, spec.NoCredentials, spec.MalformedCredentials, spec.UnknownCredentials, spec.ExpiredCredentials:
			if len(findings) > 0 || result.Operation != p.Operation.ID {
				t.Errorf("%s (%s): %s %s of operation %q breaks %s", p.ID, p.Kind, p.Request.Method, p.Request.Target, result.Operation, findings)
			}
		case spec.InvalidParameter:
			if len(findings) == 0 && result.Operation == p.Operation.ID {
				t.Errorf("%s (%s): %s %s breaks nothing", p.ID, p.Kind, p.Request.Method, p.Request.Target)
			}
		case spec.UnknownResource:
			if result.Operation != p.Operation.ID {
				t.Errorf("%s (%s): %s %s is of operation %q", p.ID, p.Kind, p.Request.Method, p.Request.Target, result.Operation)
			}
		case spec.UnknownPath:
			if result.Judged {
				t.Errorf("%s (%s): %s %s is in the document", p.ID, p.Kind, p.Request.Method, p.Request.Target)
			}
		case spec.OtherMethod:
			if !result.Judged || result.Operation != "" {
				t.Errorf("%s (%s): %s %s is of operation %q", p.ID, p.Kind, p.Request.Method, p.Request.Target, result.Operation)
			}
		}
	}
}

// TestProbeIDs tests which probes are derived and which are skipped, and that their ids are unique and in a fixed order.
func TestProbeIDs(t *testing.T) {
	ids := func() (list []string) {
		_, all := deriveParcels(t, allPrincipals())
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
	for _, want := range []string{
		"listParcels/plain", "listParcels/size=S", "listParcels/page=2", "listParcels/tag-element-unknown", "listParcels/no-credentials",
		"sendParcel/plain", "sendParcel/body-other-media-type", "showParcel/plain skipped", "showParcel/method-HEAD", "showStreet/plain", "showStreet/repeatable",
	} {
		if !slices.Contains(first, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, never := range []string{"showParcel/no-credentials", "showStreet/no-credentials", "showParcel/expired-credentials"} {
		if slices.Contains(first, never) {
			t.Errorf("%s of an operation without security", never)
		}
	}
	sorted := slices.Sorted(slices.Values(first))
	if diff := cmp.Diff(slices.Compact(slices.Clone(sorted)), sorted); diff != "" {
		t.Errorf("duplicate ids:\n%s", diff)
	}
	for range 20 {
		if diff := cmp.Diff(first, ids()); diff != "" {
			t.Fatalf("the order differs between runs:\n%s", diff)
		}
	}
}

// TestRequestTargets tests the targets of single probes.
func TestRequestTargets(t *testing.T) {
	principals := allPrincipals()
	principals[probe.Reader].Values["town"] = "v1/streets"
	principals[probe.Stranger].Values["town"] = "w"
	_, all := deriveParcels(t, principals)
	for _, test := range []struct{ id, target string }{
		{id: "listParcels/size=s", target: "/parcels?size=s"},
		{id: "listParcels/path-trailing-slash", target: "/parcels/?size=S"},
		{id: "listParcels/a b=x&y", target: "/parcels?size=S&a+b=x%26y"},
		{id: "showStreet/plain", target: "/towns/v1%2Fstreets/streets/3"},
		{id: "showStreet/other-account", target: "/towns/w/streets/3"},
		{id: "showStreet/unknown-resource", target: "/towns/v1%2Fstreets/streets/2147483647"},
		{id: "showStreet/unknown-resource-malformed", target: "/towns/v1%2Fstreets/streets/no-such-id"},
		{id: "showStreet/path-empty-segment", target: "/towns/v1%2Fstreets/streets/"},
	} {
		i := slices.IndexFunc(all, func(p probe.Probe) bool { return p.ID == test.id })
		if i < 0 {
			t.Errorf("no probe %s", test.id)
		} else if got := all[i].Request.Target; got != test.target {
			t.Errorf("%s: got %s, want %s", test.id, got, test.target)
		}
	}
}

// TestOverlappingPaths checks that a probe of another method matches no operation of the document, and tests the targets of
// paths with a query, a fragment or an object.
func TestOverlappingPaths(t *testing.T) {
	judge := judge(t, "pets.yaml", `
openapi: 3.0.3
info: {title: Pets, version: '1'}
x-id: &id {name: id, in: path, required: true, example: 1, schema: {type: integer}}
x-op: &op {responses: {200: {description: Yes.}}}
paths:
  /pets/{id}: {parameters: [*id], get: *op}
  /pets/{name}: {parameters: [{name: name, in: path, required: true, example: Rex, schema: {type: string}}], delete: *op}
  /pets/{id}#rename: {parameters: [*id], put: *op}
  /pets/mine: {get: *op}
  /pets?beta=true: {post: {<<: *op, parameters: [{name: size, in: query, required: true, example: 3, schema: {type: integer}}]}}
  /pets/{id}/{where}:
    parameters: [*id, {name: where, in: path, required: true, schema: {type: object, properties: {x: {type: integer}}}}]
    get: *op
`)
	all := probe.Derive(judge, nil)
	for _, test := range []struct{ id, target string }{
		{id: "GET /pets/{id}/plain", target: "/pets/1"},
		{id: "PUT /pets/{id}#rename/plain", target: "/pets/1"},
		{id: "POST /pets?beta=true/plain", target: "/pets?beta=true&size=3"},
		{id: "GET /pets/{id}/{where}/plain", target: "/pets/1/x,1"},
	} {
		if i := slices.IndexFunc(all, func(p probe.Probe) bool { return p.ID == test.id }); i < 0 || all[i].Request.Target != test.target {
			t.Errorf("%s: got %v, want %s", test.id, all[max(i, 0)].Request.Target, test.target)
		}
	}
	for _, p := range all {
		if p.Kind != spec.OtherMethod {
			continue
		}
		if result := judge.Check(contract.Exchange{Request: p.Request, Response: contract.Response{Status: 405}}); result.Operation != "" {
			t.Errorf("%s: %s %s is of operation %q", p.ID, p.Request.Method, p.Request.Target, result.Operation)
		}
		if slices.Contains([]string{"PUT", "DELETE"}, p.Request.Method) && p.Request.Target == "/pets/mine" {
			t.Errorf("%s: %s of a path that also matches /pets/{name}", p.ID, p.Request.Method)
		}
	}
}
