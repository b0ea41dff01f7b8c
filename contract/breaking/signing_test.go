package breaking

import (
	"fmt"
	"testing"
)

const signedPets = `openapi: 3.0.3
info: {title: pets, version: 1.0.0}
security: [{Signature: []}]
paths:
  /pets:
    get:
      operationId: listPets
      x-evidence: {grade: %s, source: m}
      parameters: [{name: kind, in: query, schema: {type: string, enum: [cat, dog]}}]
      responses:
        '200':
          description: the pets
          x-evidence: {grade: %s, source: m}
          content: {application/json: {schema: {type: array, items: {type: object, properties: {kind: {type: string}}}}}}
components:
  securitySchemes:
    Signature:
      type: http
      scheme: HMAC
      x-signing-headers: [{name: X-Date, says: The time., grade: documented, source: m%s}]
`

// TestSigningHeaders tests changes of the headers of a signature, and changes of the grade of a whole part.
func TestSigningHeaders(t *testing.T) {
	plain := fmt.Sprintf(signedPets, "documented", "documented", "")
	for _, test := range []struct {
		name, old, new string
		want           string // id, level and side
		witness        bool
	}{
		{name: "the same", old: plain, new: plain},
		{
			name: "a pattern added", old: plain, new: fmt.Sprintf(signedPets, "documented", "documented", ", pattern: '^[0-9]{8}Z$'"),
			want: "security/changed breaking provider", witness: true,
		},
		{
			name: "a pattern dropped", old: fmt.Sprintf(signedPets, "documented", "documented", ", pattern: '^[0-9]{8}Z$'"), new: plain,
			want: "security/changed compatible provider", witness: true,
		},
		{
			name: "a weaker grade of a response", old: plain, new: fmt.Sprintf(signedPets, "documented", "inferred", ""),
			want: "rule/grade breaking consumer", witness: true,
		},
		{
			name: "a stronger grade of a response", old: fmt.Sprintf(signedPets, "documented", "inferred", ""), new: plain,
			want: "rule/grade compatible consumer", witness: true,
		},
		{
			name: "two grades that fail", old: plain, new: fmt.Sprintf(signedPets, "documented", "recorded", ""),
			want: "rule/grade compatible consumer",
		},
		{
			name: "a stronger grade of an operation, for its parameters", old: fmt.Sprintf(signedPets, "inferred", "inferred", ""),
			new: fmt.Sprintf(signedPets, "documented", "inferred", ""), want: "rule/grade breaking provider", witness: true,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, got := comparerOf(t, test.old, test.new), ""
			for _, f := range findingsOf(t, c) {
				got += fmt.Sprintf("%s %s %s", f.ID, f.Level, f.Side)
				if (f.Witness != nil) != test.witness {
					t.Errorf("got witness %v, want one: %t", f.Witness, test.witness)
				}
				if f.Witness != nil {
					checkWitness(t, c, f.Witness, f.Side)
				}
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
