package oasdiff

// sevenChanges are those for which contract/breaking was made, to testdata/pets.yaml.
var sevenChanges = []patch{
	{name: "a parameter's enum value is removed", old: "enum: [cat, dog, bird]", new: "enum: [cat, dog]"},
	{name: "a header becomes optional", old: "X-Total: {required: true, ", new: "X-Total: {"},
	{name: "a member becomes optional", old: "required: [id, name, kind]", new: "required: [id, name]"},
	{
		name: "an enum value is added to a response",
		old:  "        kind: {type: string, enum: [cat, dog]}\n        age: {type: integer, minimum: 0, maximum: 30}",
		new:  "        kind: {type: string, enum: [cat, dog, bird]}\n        age: {type: integer, minimum: 0, maximum: 30}",
	},
	{name: "a minimum of a response is lowered", old: "minimum: 0, maximum: 30", new: "minimum: -1, maximum: 30"},
	{
		name: "a 404 is removed",
		old:  "        \"404\": {$ref: \"#/components/responses/Problem\"}\n        \"429\"",
		new:  "        \"429\"",
	},
	{name: "the security is removed", old: "security: [{key: []}]\npaths:", new: "paths:"},
}

// singleChanges are changes to testdata/pets.yaml. Each makes two pairs, forth and back, so that "removed" stands for "added",
// too.
var singleChanges = []patch{
	// operations, servers, security, names
	{name: "operation removed", old: `
    delete:
      operationId: deletePet
      deprecated: true
      parameters:
        - {name: petId, in: path, required: true, schema: {type: integer}}
      responses:
        "204": {description: Gone}
        "404": {$ref: "#/components/responses/Problem"}`},
	{name: "operationId renamed", old: "operationId: listPets", new: "operationId: pets"},
	{name: "tag renamed", old: "tags: [pets]\n      parameters", new: "tags: [animals]\n      parameters"},
	{name: "server replaced", old: "pets.example/v1", new: "pets.example/v2"},
	{name: "server added", old: `v1"}`, new: "v1\"}\n  - {url: \"https://eu.pets.example/v1\"}"},
	{name: "security alternative removed", old: "[{key: []}, {token: []}]", new: "[{key: []}]"},
	{name: "security requirements joined", old: "[{key: []}, {token: []}]", new: "[{key: [], token: []}]"},
	{name: "security made optional", old: "security: [{key: []}]\npaths", new: "security: [{key: []}, {}]\npaths"},
	{name: "another header of the key", old: "name: X-Api-Key", new: "name: X-Key"},
	{name: "another scheme", old: "scheme: bearer", new: "scheme: basic"},
	{name: "prose changed", old: "description: A shop.", new: "description: A pet shop."},
	{name: "deprecation dropped", old: "      deprecated: true\n"},

	// parameters
	{
		name: "query parameter removed",
		old:  "        - {name: kind, in: query, schema: {type: string, enum: [cat, dog, bird]}}\n",
	},
	{name: "required parameter removed", old: "        - {name: fields, in: query, required: true, schema: {type: string}}\n"},
	{name: "parameter made optional", old: "fields, in: query, required: true,", new: "fields, in: query,"},
	{name: "header parameter removed", old: "        - {name: X-Trace, in: header, schema: {type: string}}\n"},
	{name: "parameter moved", old: "name: X-Trace, in: header", new: "name: X-Trace, in: query"},
	{name: "parameter not exploded", old: "name: tag, in: query,", new: "name: tag, in: query, explode: false,"},
	{name: "default of a parameter changed", old: "default: 20", new: "default: 50"},
	{name: "default of a parameter removed", old: ", default: 20"},
	{name: "enum of a parameter dropped", old: ", enum: [cat, dog, bird]"},
	{name: "maximum of a parameter raised", old: "maximum: 100", new: "maximum: 200"},
	{name: "maximum of a parameter removed", old: ", maximum: 100"},
	{
		name: "minimum of a parameter exclusive",
		old:  "minimum: 1, maximum: 100",
		new:  "minimum: 1, exclusiveMinimum: true, maximum: 100",
	},
	{name: "maxItems of a parameter removed", old: "maxItems: 5, "},
	{name: "pattern of a parameter removed", old: `, pattern: "^[a-z]+$"`},
	{name: "pattern of a parameter loosened", old: "^[a-z]+$", new: "^[a-zA-Z]+$"},
	{name: "minLength of a parameter lowered", old: "minLength: 2", new: "minLength: 1"},
	{
		name: "format of a parameter dropped",
		old:  "name: since, in: query, schema: {type: string, format: date}",
		new:  "name: since, in: query, schema: {type: string}",
	},
	{
		name: "type of a parameter widened",
		old:  "name: limit, in: query, schema: {type: integer,",
		new:  "name: limit, in: query, schema: {type: number,",
	},
	{name: "type of a path parameter changed", old: "schema: {type: integer, format: int64}}", new: "schema: {type: string}}"},

	// bodies of requests
	{name: "request body made optional", old: "        required: true\n"},
	{name: "request body removed", old: `
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: "#/components/schemas/NewPet"}}
          application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/Form"}}`},
	{name: "media type of a request removed", old: `
          application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/Form"}}`},
	{
		name: "encoding of a form changed", old: `{schema: {$ref: "#/components/schemas/Form"}}`,
		new: `{schema: {$ref: "#/components/schemas/Form"}, encoding: {friends: {style: form, explode: false}}}`,
	},
	{name: "required of a request dropped", old: "      required: [name]\n"},
	{name: "member of a request removed", old: "\n        note: {type: string, default: none}"},
	{name: "member of a closed object of a request removed", old: `false, properties: {city: {type: string}, street: {type: string}}}
        note`, new: `false, properties: {city: {type: string}}}
        note`},
	{name: "object of a request opened", old: `additionalProperties: false, properties: {city: {type: string}, street: {type: string}}}
        note`, new: `properties: {city: {type: string}, street: {type: string}}}
        note`},
	{name: "default of a member changed", old: "default: none", new: "default: good"},
	{name: "maxItems of a request raised", old: "maxItems: 3", new: "maxItems: 4"},
	{name: "minItems of a request removed", old: "minItems: 1, "},
	{
		name: "alternative of a request removed",
		old:  `anyOf: [{$ref: "#/components/schemas/Meat"}, {$ref: "#/components/schemas/Grain"}]`,
		new:  `anyOf: [{$ref: "#/components/schemas/Meat"}]`,
	},
	{name: "writeOnly dropped", old: ", writeOnly: true"},
	{
		name: "null of a request forbidden",
		old:  "owner: {type: string, nullable: true}\n        tags",
		new:  "owner: {type: string}\n        tags",
	},
	{name: "format of a request changed", old: "format: date}\n", new: "format: date-time}\n"},
	{
		name: "multipleOf of a request changed",
		old:  "multipleOf: 0.5}\n        born: {type: string, format: date}",
		new:  "multipleOf: 0.25}\n        born: {type: string, format: date}",
	},

	// responses
	{
		name: "success status added",
		old:  `        "204": {description: Gone}`,
		new:  "        \"204\": {description: Gone}\n        \"202\": {description: Later}",
	},
	{name: "success status replaced", old: `        "201":`, new: `        "200":`},
	{name: "error status removed", old: "        \"429\": {$ref: \"#/components/responses/Problem\"}\n"},
	{name: "status of all errors", old: `        "400": {`, new: `        4XX: {`},
	{
		name: "default response added",
		old:  `        "400": {`,
		new:  "        default: {$ref: \"#/components/responses/Problem\"}\n        \"400\": {",
	},
	{name: "header of a response removed", old: "            X-Next: {schema: {type: string}}\n"},
	{name: "required header of a response removed", old: "            X-Total: {required: true, schema: {type: integer}}\n"},
	{
		name: "type of a header changed",
		old:  "X-Total: {required: true, schema: {type: integer}}",
		new:  "X-Total: {required: true, schema: {type: number}}",
	},
	{name: "media type of a response removed", old: "\n            text/csv: {schema: {type: string}}"},
	{
		name: "required member of a response removed",
		old:  "      required: [message]\n      properties:\n        message: {type: string, description: For people}",
		new:  "      properties:",
	},
	{name: "optional member of an open response removed", old: "\n        code: {type: string}"},
	{name: "member of a closed object of a response removed", old: `false, properties: {city: {type: string}, street: {type: string}}}
    Meat`, new: `false, properties: {city: {type: string}}}
    Meat`},
	{name: "object of a response opened", old: `additionalProperties: false, properties: {city: {type: string}, street: {type: string}}}
    Meat`, new: `properties: {city: {type: string}, street: {type: string}}}
    Meat`},
	{
		name: "map of a response without values of a type",
		old:  "additionalProperties: {type: string}",
		new:  "additionalProperties: true",
	},
	{
		name: "type of a member widened",
		old:  "age: {type: integer, minimum: 0, maximum: 30}",
		new:  "age: {type: number, minimum: 0, maximum: 30}",
	},
	{name: "type of a member changed", old: "code: {type: string}", new: "code: {type: integer}"},
	{
		name: "null of a response forbidden",
		old:  "owner: {type: string, nullable: true}\n        food: {oneOf",
		new:  "owner: {type: string}\n        food: {oneOf",
	},
	{
		name: "pattern of a response dropped",
		old:  "        chip: {type: string, pattern: \"^[0-9]{15}$\"}\n        owner: {type: string, nullable: true}\n        food",
		new:  "        chip: {type: string}\n        owner: {type: string, nullable: true}\n        food",
	},
	{name: "format of a response dropped", old: "born: {type: string, format: date-time}", new: "born: {type: string}"},
	{
		name: "multipleOf of a response dropped",
		old:  "weight: {type: number, multipleOf: 0.5}\n        born: {type: string, format: date-time}",
		new:  "weight: {type: number}\n        born: {type: string, format: date-time}",
	},
	{name: "maximum of a response dropped", old: ", maximum: 30"},
	{
		name: "maxLength of a response raised",
		old:  "name: {type: string, maxLength: 40}",
		new:  "name: {type: string, maxLength: 50}",
	},
	{name: "uniqueItems dropped", old: "uniqueItems: true, "},
	{name: "minItems of a response raised", old: "minItems: 0", new: "minItems: 1"},
	{name: "items of a response without a type", old: `items: {$ref: "#/components/schemas/Pet"}`, new: "items: {}"},
	{
		name: "alternative of a response added", old: `oneOf: [{$ref: "#/components/schemas/Meat"}, {$ref: "#/components/schemas/Grain"}]`,
		new: `oneOf: [{$ref: "#/components/schemas/Meat"}, {$ref: "#/components/schemas/Grain"}, {$ref: "#/components/schemas/Fish"}]`,
	},
	{
		name: "discriminator added", old: `{$ref: "#/components/schemas/Grain"}]}
        labels`, new: `{$ref: "#/components/schemas/Grain"}], discriminator: {propertyName: is}}
        labels`,
	},
	{name: "readOnly dropped", old: ", readOnly: true"},
	{name: "schema of a component renamed", old: "\n    Fish:", new: "\n    Salmon:"},
	{
		name: "alternatives of a response replaced by a schema",
		old:  `{oneOf: [{$ref: "#/components/schemas/Meat"}, {$ref: "#/components/schemas/Grain"}]}`,
		new:  `{$ref: "#/components/schemas/Meat"}`,
	},
	{
		name: "rule dropped",
		old: `      x-rules:
        - id: not-its-kind
          says: No pet is named as its kind.
          grade: documented
          source: shop
          rule: "self.pets.all(p, !has(p.kind) || p.name != p.kind)"
`,
	},
	{name: "callback renamed", old: "        grown:\n", new: "        bigger:\n"},
	{name: "member of a callback changed", old: "size: {type: integer}", new: "size: {type: string}"},
	{name: "version raised", old: "version: 1.0.0", new: "version: 1.1.0"},
}

// newerChanges are changes to testdata/pets31.yaml, of keywords that came with OpenAPI 3.1.
var newerChanges = []patch{
	{
		name: "const of a request changed",
		old:  "kind: {const: cat}\n                age",
		new:  "kind: {const: dog}\n                age",
	},
	{name: "const of a request dropped", old: "kind: {const: cat}\n                age", new: "kind: {}\n                age"},
	{
		name: "const of a response dropped",
		old:  "kind: {const: cat}\n                  owner",
		new:  "kind: {}\n                  owner",
	},
	{name: "exclusive minimum lowered", old: "exclusiveMinimum: 0", new: "exclusiveMinimum: -1"},
	{
		name: "null of a request forbidden",
		old:  "owner: {type: [string, \"null\"]}\n                place",
		new:  "owner: {type: string}\n                place",
	},
	{
		name: "type of a request added",
		old:  "owner: {type: [string, \"null\"]}\n                place",
		new:  "owner: {type: [string, integer, \"null\"]}\n                place",
	},
	{name: "type of a response removed", old: "id: {type: [integer, string]}", new: "id: {type: integer}"},
	{
		name: "prefix items of a request changed",
		old:  "prefixItems: [{type: number}, {type: number}]}\n                card",
		new:  "prefixItems: [{type: number}, {type: string}]}\n                card",
	},
	{
		name: "prefix items of a response dropped",
		old:  ", prefixItems: [{type: number}, {type: number}]}\n                patt",
		new:  "}\n                patt",
	},
	{name: "dependentRequired dropped", old: "              dependentRequired: {card: [till]}\n"},
	{name: "if and then dropped", old: "              if: {required: [card]}\n              then: {required: [age]}\n"},
	{name: "not changed", old: "not: {required: [forbidden]}", new: "not: {required: [hidden]}"},
	{name: "propertyNames dropped", old: "              propertyNames: {maxLength: 20}\n"},
	{name: "contains dropped", old: ", contains: {type: string}, minContains: 1"},
	{name: "minContains raised", old: "minContains: 1", new: "minContains: 2"},
	{name: "pattern properties dropped", old: "                patternProperties: {\"^x-\": {type: string}}\n"},
	{name: "webhook renamed", old: "  petSold:\n", new: "  petGone:\n"},
	{name: "member of a webhook changed", old: "price: {type: integer}", new: "price: {type: number}"},
	{name: "unevaluated properties forbidden", old: "unevaluatedProperties: true", new: "unevaluatedProperties: false"},
}
