package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// parcels is a document unlike ours: the judge must know more than what two documents happen to use.
const parcels = `openapi: 3.0.3
info: {title: Parcels, version: 1.0.0}
security:
  - Key: []
paths:
  /parcels:
    post:
      operationId: sendParcel
      parameters:
        - {name: Parcel-Ticket, in: header, required: true, schema: {type: string, format: uuid}}
        - {name: Parcel-Slots, in: header, schema: {type: array, items: {type: integer}}}
        - {name: tag, in: query, schema: {type: array, maxItems: 3, items: {type: string, enum: [cold, fragile, heavy]}}}
        - {name: near, in: query, style: form, explode: false, schema: {type: array, items: {type: integer, minimum: 0}}}
        - name: size
          in: query
          style: deepObject
          explode: true
          schema: {type: object, properties: {width: {type: integer}, height: {type: integer}}}
        - {name: session, in: cookie, schema: {type: string, minLength: 3}}
        - {name: dry, in: query, schema: {type: boolean}}
      requestBody: {$ref: '#/components/requestBodies/Parcel'}
      responses:
        '201':
          description: It is on its way.
          headers:
            Parcels-Left: {required: true, schema: {type: integer, format: int32, minimum: 0}}
            Parcels-Seen: {schema: {type: array, maxItems: 2, items: {type: integer}}}
            Parcels-Late: {schema: {type: boolean}}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Parcel'}
            text/plain:
              schema: {type: string}
        '202': {description: It will be looked at.}
        4XX:
          description: The parcel is wrong.
          content:
            application/problem+json:
              schema: {$ref: '#/components/schemas/Problem'}
        default:
          description: Anything else.
          content:
            application/json; charset=utf-8:
              schema: {$ref: '#/components/schemas/Problem'}
  /parcels/{parcel_id}:
    parameters:
      - {name: parcel_id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
    get:
      operationId: showParcel
      security: []
      responses:
        '200':
          description: One parcel.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Parcel'}
  /parcels/mine:
    get:
      operationId: listParcels
      responses:
        '200':
          description: All parcels, as a list.
          content:
            application/*:
              schema: {type: array, items: {$ref: '#/components/schemas/Parcel'}}
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: Parcels-Key}
  requestBodies:
    Parcel:
      required: true
      content:
        application/json:
          schema: {$ref: '#/components/schemas/Parcel'}
  schemas:
    Parcel:
      type: object
      required: [id]
      properties:
        id: {type: string, format: uuid}
        secret: {type: string, writeOnly: true}
        state: {type: string, readOnly: true}
        weight: {type: integer, format: int64, minimum: 1}
        price: {type: number, multipleOf: 0.01, minimum: 0, exclusiveMinimum: true}
        count: {type: integer}
        posted: {type: string, format: date}
        due: {type: string, format: date-time, nullable: true}
        code: {type: string, pattern: '^[A-Z]{2}[0-9]+$', maxLength: 6}
        colour: {type: string, nullable: true, enum: [red, blue, null]}
        grades: {type: array, uniqueItems: true, minItems: 1, maxItems: 3, items: {type: integer, format: int32}}
        labels: {type: object, maxProperties: 2, additionalProperties: {type: string, maxLength: 5}}
        counts: {type: object, additionalProperties: {type: integer}}
        free: {type: object, additionalProperties: true}
        any: {}
        box: {$ref: '#/components/schemas/Box'}
        from: {$ref: '#/components/schemas/Place'}
        to:
          nullable: true
          allOf:
            - {$ref: '#/components/schemas/Place'}
            - {type: object, required: [door], properties: {door: {type: integer, format: int32}}}
        payment:
          oneOf:
            - {$ref: '#/components/schemas/Cash'}
            - {$ref: '#/components/schemas/Card'}
        amount:
          anyOf:
            - {type: integer, format: int32}
            - {type: integer, format: int64}
            - {type: number, maximum: 0.5}
        total:
          anyOf:
            - {type: integer, format: int32}
            - {type: integer, format: int64, minimum: 100}
        mode: {not: {enum: [air]}, type: string}
        inner: {$ref: '#/components/schemas/Parcel'}
    Box:
      type: object
      additionalProperties: false
      properties:
        width: {type: integer}
    Place:
      type: object
      required: [town]
      properties:
        town: {type: string, minLength: 2}
        street/no: {type: array, items: {type: string}}
    Cash:
      type: object
      required: [coins]
      properties:
        coins: {type: integer}
    Card:
      type: object
      required: [number]
      properties:
        number: {type: string}
    Problem:
      type: object
      required: [title]
      properties:
        title: {type: string}
`

// newJudge makes a judge of a document that stands in a test.
func newJudge(t testing.TB, text string) *contract.Judge {
	t.Helper()
	doc, err := spec.Read("small.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	return judge
}

// checkRaw judges raw messages by a document.
func checkRaw(t *testing.T, judge *contract.Judge, request, response string) contract.Result {
	t.Helper()
	req, err := contract.ParseRequest([]byte(request))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := contract.ParseResponse([]byte(response))
	if err != nil {
		t.Fatal(err)
	}
	return judge.Check(contract.Exchange{Request: req, Response: resp})
}

// placeOf returns the place of a text that the document contains once.
func placeOf(t *testing.T, document, text string) string {
	t.Helper()
	before, _, found := strings.Cut(document, text)
	if !found || strings.Count(document, text) != 1 {
		t.Fatalf("the document does not hold %q exactly once", text)
	}
	return fmt.Sprintf("small.yaml:%d", 1+strings.Count(before, "\n"))
}

const (
	parcelID = "123e4567-e89b-42d3-a456-426614174000"
	showOne  = "GET /parcels/7 HTTP/1.1\r\nHost: x\r\n\r\n"
	listAll  = "GET /parcels/mine HTTP/1.1\r\nParcels-Key: secret\r\n\r\n"
)

// parcel is a body with more members behind the id.
func parcel(members string) string {
	if members != "" {
		members = "," + members
	}
	return `{"id":"` + parcelID + `"` + members + `}`
}

// send returns a request with a body. Given headers replace the usual ones of the same name.
func send(target, body string, headers ...string) string {
	head := "POST " + target + " HTTP/1.1\r\nHost: x\r\n"
	for _, h := range append(headers, "Content-Type: application/json", "Parcel-Ticket: "+parcelID, "Parcels-Key: secret") {
		if name, _, _ := strings.Cut(h, ":"); !strings.Contains(head, "\r\n"+name+":") {
			head += h + "\r\n"
		}
	}
	return head + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
}

// parcelResponse returns a response with a Content-Type and headers of its own.
func parcelResponse(status int, mediaType, body string, headers ...string) string {
	head := fmt.Sprintf("HTTP/1.1 %d Status\r\n", status)
	if mediaType != "" {
		head += "Content-Type: " + mediaType + "\r\n"
	}
	for _, h := range headers {
		head += h + "\r\n"
	}
	return head + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
}

func idsAndPointers(findings []contract.Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, f.ID+" "+f.Pointer)
	}
	return all
}
