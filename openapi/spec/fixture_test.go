package spec

import (
	"fmt"
	"strings"
	"testing"
)

// small is a valid document with every extension. Tests break it in one place, or check one part of it.
const small = `openapi: 3.0.3
info: {title: Things, version: 1.0.0}
security:
  - Token: []
x-sources:
  manual: {title: The manual of things, url: 'https://example.com/manual', edition: 2024-02}
  wild:
    title: Responses that users published
    url: https://example.com/wild
    edition: 2021 to 2025
  us: {title: Our own conclusion, url: 'https://example.com', edition: '7'}
x-rules:
  - id: only-200-succeeds
    says: Only 200 is a success.
    grade: documented
    source: manual/status
    rule: response.status == 200 || response.status >= 400
paths:
  /things/{thing_id}:
    parameters:
      - {name: thing_id, in: path, required: true, schema: {type: string}, example: t1}
      - {name: trace, in: query, schema: {type: string}}
    get:
      operationId: showThing
      x-evidence: {grade: documented, source: [manual/title, manual/uri]}
      x-authorization:
        action: things:get
        default: deny
        iam-project: true
        enterprise-project: false
        grade: recorded
        source: manual/actions
      x-rules:
        - id: no-permission
          says: A caller without the permission gets 403.
          grade: inferred
          source: [manual/actions, us]
          probe: no-permission
      parameters:
        - {name: trace, in: query, schema: {type: boolean}}
        - {$ref: '#/components/parameters/Language'}
      responses:
        '200':
          description: The thing.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing'}
              examples:
                seven: {value: {size: 7}}
        '403':
          description: Not allowed.
          x-evidence: {grade: recorded, source: wild}
          x-error-codes:
            at: /code
            codes:
              - {code: T.1, message: Not allowed., when: no-permission}
              - {code: T.2, message: 'Not yours: %(thing)s.', when: [other-account, no-permission]}
        '404': {$ref: '#/components/responses/Missing'}
        5XX: {description: The service failed.}
        default: {description: Anything else.}
  /things:
    get:
      operationId: listThings
      responses:
        '200':
          description: All things.
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}
    post:
      responses:
        '201': {description: Made.}
components:
  securitySchemes:
    Token: {type: apiKey, in: header, name: X-Auth-Token}
    Signature:
      type: http
      scheme: HMAC
      x-signing-headers:
        - name: X-Date
          says: When the request was signed.
          pattern: '^[0-9]{8}$'
          grade: documented
          source: manual/signing
        - {name: X-Owner, says: The account that signs., grade: inferred, source: us}
  parameters:
    Language: {name: X-Language, in: header, schema: {type: string}}
  responses:
    Missing:
      description: No such thing.
      x-evidence: {grade: inferred, source: us}
      x-error-codes: {at: /code, codes: [{code: T.3, message: Missing., when: other-account}]}
  schemas:
    Another: {$ref: '#/components/schemas/Thing'}
    Part:
      type: object
      description: A part.
      x-evidence: {grade: inferred, source: us}
      properties:
        of: {$ref: '#/components/schemas/Thing'}
    Thing:
      type: object
      description: A thing.
      x-rules:
        - id: positive
          says: The size is positive.
          grade: documented
          source: manual/size
          rule: self.size > 0
      properties:
        size: {type: integer}
        parts: {type: array, items: {$ref: '#/components/schemas/Part'}}
`

// readSmall reads the small document.
func readSmall(t *testing.T) *Document {
	t.Helper()
	d, err := Read("small.yaml", []byte(small), nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// lineOf returns the line of a text that a document must contain exactly once.
func lineOf(t *testing.T, document, text string) int {
	t.Helper()
	before, _, found := strings.Cut(document, text)
	if !found || strings.Count(document, text) != 1 {
		t.Fatalf("the document does not contain %q exactly once", text)
	}
	return 1 + strings.Count(before, "\n")
}

// replace replaces a text that the document contains exactly once.
func replace(t *testing.T, document, text, by string) string {
	t.Helper()
	lineOf(t, document, text)
	return strings.Replace(document, text, by, 1)
}

// broken is the small document with one error. Its place is where the new text begins, or the marker @@ in the new text, which
// is removed.
type broken struct{ name, old, new, want string }

const marker = "@@"

func (b broken) text(t *testing.T) (text string, line int) {
	t.Helper()
	text, line = replace(t, small, b.old, b.new), lineOf(t, small, b.old)
	if before, _, found := strings.Cut(text, marker); found {
		line = 1 + strings.Count(before, "\n")
	}
	return strings.Replace(text, marker, "", 1), line
}

// checkBroken checks that the error of each document is one line with the place.
func checkBroken(t *testing.T, documents []broken) {
	t.Helper()
	for _, b := range documents {
		text, line := b.text(t)
		_, err := Read("small.yaml", []byte(text), nil)
		if got, want := fmt.Sprint(err), fmt.Sprintf("small.yaml:%d: %s", line, b.want); got != want {
			t.Errorf("%s:\n got %s\nwant %s", b.name, got, want)
		}
	}
}
