package breaking

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

const pets30 = `openapi: 3.0.3
info: {title: pets, version: 1.0.0}
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: kind, in: query, schema: {type: string, enum: [cat, dog]}}
      responses:
        '200':
          description: a pet
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
        '404': {description: none}
    put:
      operationId: putPet
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
      responses: {'204': {description: done}}
components:
  schemas:
    Pet:
      type: object
      required: [name, kind]
      properties:
        name: {type: string, nullable: true}
        kind: {type: string, enum: [cat, dog]}
        age: {type: integer, minimum: 0, exclusiveMinimum: true}
        owner:
          nullable: true
          allOf: [{$ref: '#/components/schemas/Owner'}]
    Owner: {type: object, nullable: true, properties: {pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
`

// changesOf lists the changes between two documents, prose left out unless it is all.
func changesOf(t *testing.T, old, new string) []string {
	t.Helper()
	read := func(name, text string) *spec.Document {
		doc, err := spec.Read(name, []byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	c, err := New(read("old.yaml", old), read("new.yaml", new))
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, ch := range c.changes() {
		line := fmt.Sprintf("%s %s %s: %s", ch.part.check(), ch.id, ch.pointer(), ch.says)
		if len(ch.also) > 0 {
			line += " (also " + strings.Join(ch.also, ", ") + ")"
		}
		list = append(list, line)
	}
	return list
}

// TestChanges tests which changes the comparison finds: one place in the documents is one change, however often it is used.
func TestChanges(t *testing.T) {
	for _, test := range []struct {
		name     string
		from, to string
		want     []string
	}{
		{
			name: "an enum of a schema in use by a request and a response",
			from: "kind: {type: string, enum: [cat, dog]}",
			to:   "kind: {type: string, enum: [dog, bird, cat]}",
			want: []string{
				`getPet/200 enum/added /response/body/kind: "bird" is new`,
				`putPet/request enum/added /request/body/kind: "bird" is new`,
			},
		},
		{
			name: "an enum of a parameter",
			from: "in: query, schema: {type: string, enum: [cat, dog]}",
			to:   "in: query, schema: {type: string, enum: [cat]}",
			want: []string{`getPet/request enum/removed /request/query/kind: "dog" is gone`},
		},
		{
			name: "a recursive schema",
			from: "pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}",
			to:   "pets: {type: array, maxItems: 3, items: {$ref: '#/components/schemas/Pet'}}",
			want: []string{
				"getPet/200 bound/added /response/body/owner/pets: maxItems 3 is new",
				"putPet/request bound/added /request/body/owner/pets: maxItems 3 is new",
			},
		},
		{
			name: "several required members",
			from: "required: [name, kind]",
			to:   "required: []",
			want: []string{
				`getPet/200 required/removed /response/body: "kind", "name" are no longer required`,
				`putPet/request required/removed /request/body: "kind", "name" are no longer required`,
			},
		},
		{
			name: "a member",
			from: "        kind: {type: string, enum: [cat, dog]}\n",
			to:   "",
			want: []string{
				`getPet/200 property/removed /response/body/kind: "kind" is gone; it is still required`,
				`putPet/request property/removed /request/body/kind: "kind" is gone; it is still required`,
			},
		},
		{
			name: "a status",
			from: "        '404': {description: none}\n",
			to:   "        '4XX': {description: none}\n",
			want: []string{"getPet/4XX status/added /response/status: 4XX is new"}, // 404 is one of them
		},
		{
			name: "a path parameter with another name",
			from: "/pets/{id}",
			to:   "/pets/{id}/toys",
			want: []string{
				"getPet operation/added : GET /pets/{id}/toys is new", "putPet operation/added : PUT /pets/{id}/toys is new",
				"getPet operation/removed : GET /pets/{id} is gone", "putPet operation/removed : PUT /pets/{id} is gone",
			},
		},
		{
			name: "an exclusive bound that is a plain one",
			from: "age: {type: integer, minimum: 0, exclusiveMinimum: true}",
			to:   "age: {type: integer, minimum: 0}",
			want: []string{
				"getPet/200 bound/lowered /response/body/age: exclusiveMinimum 0 → minimum 0",
				"putPet/request bound/lowered /request/body/age: exclusiveMinimum 0 → minimum 0",
			},
		},
		{
			name: "another type, with keywords of its own",
			from: "age: {type: integer, minimum: 0, exclusiveMinimum: true}",
			to:   "age: {type: string, maxLength: 9, pattern: '^[0-9]+$'}",
			want: []string{
				"getPet/200 type/changed /response/body/age: integer → string",
				"putPet/request type/changed /request/body/age: integer → string",
			},
		},
		{
			name: "a parameter that two operations share",
			from: "  /pets/{id}:\n    get:\n",
			to:   "  /pets/{id}:\n    parameters: [{name: dry, in: query, schema: {type: boolean}}]\n    get:\n",
			want: []string{`getPet/request parameter/added /request/query/dry: query parameter "dry" is new (also putPet/request)`},
		},
		{
			name: "an extension, and a server that was meant anyway",
			from: "      operationId: getPet\n",
			to:   "      operationId: getPet\n      x-owner: pets\n      servers: [{url: /, description: here}]\n",
			want: []string{"getPet prose/changed : x-owner changed"},
		},
		{name: "the order of an enum", from: "enum: [cat, dog]}\n        age", to: "enum: [dog, cat]}\n        age"},
		{name: "prose", from: "a pet", to: "the pet", want: []string{"getPet/200 prose/changed /response/status: description changed"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			changed := strings.Replace(pets30, test.from, test.to, 1)
			if changed == pets30 {
				t.Fatal("the text to replace is not there")
			}
			if got := changesOf(t, pets30, changed); !slices.Equal(got, test.want) {
				t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(test.want, "\n     "))
			}
		})
	}
}

// TestDiscriminator tests that a value of a discriminator is a part of the alternative that it selects.
func TestDiscriminator(t *testing.T) {
	const from = `openapi: 3.0.3
info: {title: pets, version: 1.0.0}
paths:
  /pets:
    post:
      operationId: addPet
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'204': {description: done}}
components:
  schemas:
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}}
    Cat: {type: object, required: [kind], properties: {kind: {type: string}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}}}
    Bird: {type: object, required: [kind], properties: {kind: {type: string}}}
`
	bird := strings.Replace(from, "Dog'}]", "Dog'}, {$ref: '#/components/schemas/Bird'}]", 1)
	bird = strings.Replace(bird, "cat: ", "bird: '#/components/schemas/Bird', cat: ", 1)
	for _, test := range []struct{ name, to, want string }{
		{name: "one more alternative", to: bird, want: "addPet/request alternative/added /request/body: the alternative Bird is new"},
		{
			name: "another value", to: strings.Replace(from, "cat: ", "tomcat: ", 1),
			want: "addPet/request discriminator/changed /request/body: discriminator: kind, cat, dog → kind, dog, tomcat",
		},
	} {
		if got := strings.Join(changesOf(t, from, test.to), "\n"); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// TestOperationOf tests that the operation of a check is found, also if its id is a method and a path.
func TestOperationOf(t *testing.T) {
	for check, want := range map[string]string{
		"getPet/200": "getPet", "getPet/4XX": "getPet", "getPet/default": "getPet", "getPet/request": "getPet", "getPet": "getPet",
		"GET /pets/all/200": "GET /pets/all", "GET /pets/all": "GET /pets/all", "document": "document",
	} {
		if got := operationOf(check); got != want {
			t.Errorf("%s: got %s, want %s", check, got, want)
		}
	}
}

// TestKinds tests that each id in the code is in the table of kinds, and each of the table in the code.
func TestKinds(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if file == "ids.go" || strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, id := range regexp.MustCompile(`[^\t]"([a-z]+(?:-[a-z]+)*/[a-z]+)"`).FindAllStringSubmatch(string(data), -1) {
			isOfJudge := strings.HasSuffix(id[1], "/undocumented") || strings.HasSuffix(id[1], "/missing") // a finding of the judge
			isMediaType := strings.HasPrefix(id[1], "text/") || strings.HasPrefix(id[1], "image/")
			used[id[1]] = !isOfJudge && !isMediaType
		}
	}
	for _, kind := range []string{"parameter", "header"} { // parameter makes these ids
		used[kind+"/required"], used[kind+"/optional"] = true, true
	}
	for _, k := range Kinds() {
		if !used[k.ID] {
			t.Errorf("%s is nowhere in the code", k.ID)
		}
		delete(used, k.ID)
	}
	for id, isChange := range used {
		if isChange {
			t.Errorf("%s is not in the table", id)
		}
	}
}
