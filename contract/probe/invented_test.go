package probe_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestInvented sends the valid requests of operations and lists those whose exchanges say that a value is invented.
func TestInvented(t *testing.T) {
	judge := judge(t, "things.yaml", `openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /list:
    get:
      operationId: list
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 9}}
        - {name: kind, in: query, schema: {enum: [a, b]}}
        - {name: all, in: query, schema: {type: boolean}}
        - {name: since, in: query, schema: {type: string}, example: yesterday}
        - {name: cursor, in: query, schema: {type: string}}
      responses: {'200': {description: Some.}}
  /pages:
    get:
      operationId: page
      parameters: [{name: token, in: query, required: true, schema: {type: string}}]
      responses: {'200': {description: Some.}}
  /shown:
    post:
      operationId: shown
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Run'}, examples: {one: {value: {id: r1, flow_id: f1}}}}}
      responses: {'201': {description: Done.}}
  /made:
    post:
      operationId: made
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Run'}}}}
      responses: {'201': {description: Done.}}
  /named:
    post:
      operationId: named
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Named'}}}}
      responses: {'201': {description: Done.}}
  /form:
    post:
      operationId: form
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Run'}}}}
      responses: {'201': {description: Done.}}
components:
  schemas:
    Run: {type: object, required: [flow_id], properties: {flow_id: {type: string}, id: {type: string, readOnly: true}}}
    Named:
      type: object
      required: [kind, on, size, tags, sort]
      properties:
        kind: {const: a}
        on: {type: boolean}
        size: {type: integer, minimum: 3}
        tags: {type: array, items: {type: string, examples: [x]}}
        sort: {anyOf: [{enum: [up, down]}, {type: 'null'}]}
`)
	provider := httptest.NewServer(http.NotFoundHandler())
	defer provider.Close()
	at, _ := url.Parse(provider.URL)
	got := []string{}
	for _, p := range probe.Derive(judge, nil) {
		if p.Kind != spec.ValidRequest && p.Kind != spec.Repeat {
			continue
		}
		ex, err := probe.Target{URL: at, Timeout: time.Minute}.Run(context.Background(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		if ex.Invented {
			got = append(got, p.ID)
		}
	}
	want := []string{
		"list/cursor=text", "page/plain", "page/compressed", "page/repeatable",
		"shown/body-required-only", "shown/body-complete", "made/plain", "made/body-required-only", "made/body-complete",
		"form/plain", "form/body-required-only", "form/body-complete",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("invented (-want +got):\n%s", diff)
	}
}
