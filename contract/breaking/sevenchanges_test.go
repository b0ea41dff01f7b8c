package breaking_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/breaking"
)

// pets is the document that the seven changes change.
const pets = `openapi: 3.0.3
info: {title: Pets, version: 1.4.0}
security: [{token: []}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - name: kind
          in: query
          schema:
            type: string
            enum: [cat, dog, bird]
      responses:
        '200':
          description: The pets.
          headers:
            X-Total:
              required: true
              schema: {type: integer}
          content:
            application/json:
              schema:
                type: array
                items: {$ref: '#/components/schemas/Pet'}
  /pets/{id}:
    get:
      operationId: showPet
      security: [{token: []}]
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses:
        '200':
          description: The pet.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
        '404':
          description: There is no such pet.
components:
  securitySchemes:
    token: {type: apiKey, in: header, name: X-Token}
  schemas:
    Pet:
      type: object
      required: [id, name]
      properties:
        id: {type: integer}
        name:
          type: string
        kind:
          type: string
          enum: [cat, dog]
        age:
          type: integer
          minimum: 1
`

// sevenChanges are the changes that any team asks about first, each as a pair of texts.
var sevenChanges = []struct {
	name, before, after string
	id, check           string
	pointer             string
	level               breaking.Level
	side                contract.Side
	old, new            string // the places
	probe               string // part of the request that shows what no exchange can
}{
	{
		name: "a parameter loses a value", before: "enum: [cat, dog, bird]", after: "enum: [cat, dog] # one less",
		id: "enum/removed", check: "listPets/request", pointer: "/request/query/kind",
		level: breaking.Breaking, side: contract.Provider, old: "old.yaml:13", new: "new.yaml:13",
	},
	{
		name: "a header becomes optional", before: "required: true\n              schema", after: "required: false\n              schema",
		id: "header/optional", check: "listPets/200", pointer: "/response/headers/x-total",
		level: breaking.Breaking, side: contract.Consumer, old: "old.yaml:18", new: "new.yaml:18",
	},
	{
		name: "a member becomes optional", before: "required: [id, name]", after: "required: [id]",
		id: "required/removed", check: "listPets/200", pointer: "/response/body/*",
		level: breaking.Breaking, side: contract.Consumer, old: "old.yaml:46", new: "new.yaml:46",
	},
	{
		name: "a response gains a value", before: "enum: [cat, dog]\n", after: "enum: [cat, dog, bird]\n",
		id: "enum/added", check: "listPets/200", pointer: "/response/body/*/kind",
		level: breaking.Breaking, side: contract.Consumer, old: "old.yaml:53", new: "new.yaml:53",
	},
	{
		name: "a minimum is lowered", before: "minimum: 1", after: "minimum: 0",
		id: "bound/lowered", check: "listPets/200", pointer: "/response/body/*/age",
		level: breaking.Breaking, side: contract.Consumer, old: "old.yaml:56", new: "new.yaml:56",
	},
	{
		name: "404 is gone", before: "        '404':\n          description: There is no such pet.\n", after: "",
		id: "status/removed", check: "showPet/404", pointer: "/response/status",
		level: breaking.Breaking, side: contract.Consumer, old: "old.yaml:38", new: "new.yaml:32",
	},
	{
		name: "security is gone", before: "      security: [{token: []}]\n", after: "      security: []\n",
		id: "security/loosened", check: "showPet/request", pointer: "/request/headers",
		level: breaking.PossiblyBreaking, side: contract.Provider, old: "old.yaml:29", new: "new.yaml:29",
		probe: "GET /pets/{id} without credentials",
	},
}

// TestSevenChanges makes each of the seven changes alone, and all together: there is a finding for each, with its side, level
// and places, and for the first six an exchange that the one document accepts and the other refuses.
func TestSevenChanges(t *testing.T) {
	all := []string{}
	for _, change := range sevenChanges {
		all = append(all, change.before, change.after)
		t.Run(change.name, func(t *testing.T) {
			findings := compareTexts(t, pets, changed(t, pets, change.before, change.after))
			if len(findings) != 1 {
				t.Fatalf("got %d findings, want one: %s", len(findings), strings.Join(lines(findings), "\n"))
			}
			f := findings[0]
			got := fmt.Sprintln(f.ID, f.Check, f.Pointer, f.Level, f.Side, f.Old.Place(), f.New.Place())
			want := fmt.Sprintln(change.id, change.check, change.pointer, change.level, change.side, change.old, change.new)
			if got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			if hasWitness := f.Witness != nil; hasWitness != (change.probe == "") || !strings.Contains(f.Probe, change.probe) {
				t.Errorf("has a witness: %t; probe %q, want %q; why: %s", hasWitness, f.Probe, change.probe, f.Why)
			}
		})
	}
	ids := map[string]int{}
	for _, f := range compareTexts(t, pets, changed(t, pets, all...)) {
		ids[f.ID]++
	}
	for _, change := range sevenChanges {
		if ids[change.id] != 1 {
			t.Errorf("all together: %d findings %s, want one", ids[change.id], change.id)
		}
	}
	if len(ids) != len(sevenChanges) {
		t.Errorf("all together: got %v, want seven findings", ids)
	}
}

// compareTexts compares two documents, and checks each witness again: by judges of our own, and by kin-openapi.
func compareTexts(t *testing.T, old, new string) []breaking.Finding {
	t.Helper()
	p := newPair(t, "pets", &judges{doc: read(t, "old.yaml", []byte(old))}, &judges{doc: read(t, "new.yaml", []byte(new))})
	for _, f := range p.comparison.Findings {
		if err := p.confirmed(t, f); err != nil {
			t.Errorf("%s: %v", f.ID, err)
		}
	}
	return p.comparison.Findings
}

// changed replaces texts of a document: pairs of a text, which must be there once, and the text instead of it.
func changed(t testing.TB, document string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if n := strings.Count(document, pairs[i]); n != 1 {
			t.Fatalf("%q is there %d times", pairs[i], n)
		}
		document = strings.Replace(document, pairs[i], pairs[i+1], 1)
	}
	return document
}
