package mutate

// kind is what a node of a document is. A node whose kind has no row in kinds is neither mutated nor visited.
type kind string

// keys maps the keys of a kind to the kinds of their values. The key "" stands for every other key, and for elements.
type keys map[string]kind

// valueKeys are those of parameters and headers.
var valueKeys = keys{"schema": "schema", "content": "content", "examples": "examples", "example": "data"}

// kinds is the grammar of OpenAPI, as far as it is mutated: what is below a node, and the operators that change the node
// itself. Nodes of the kind data, such as examples and lists of values, contain no keywords. The walk reads the kind of each
// node from the row of its parent:
//
//	document → "paths" → paths → "/things" (any key) → path → "get" → operation → "responses" → responses → "404" → response
//
// So one more keyword of OpenAPI is one more entry here, and a kind with operators of its own is one more row.
var kinds = map[kind]struct {
	below  keys
	mutate func(*documentMutator, site) // nil: none
}{
	"document": {keys{
		"servers": "servers", "security": "security", "paths": "paths", "components": "components", "x-sources": "sources",
	}, (*documentMutator).document},
	"components": {keys{
		"schemas": "schemas", "responses": "named responses", "headers": "named headers", "securitySchemes": "schemes",
		"parameters": "named parameters", "requestBodies": "named bodies", "examples": "examples",
	}, nil},
	"named responses":  {keys{"": "response"}, dropEach("component dropped")},
	"named headers":    {keys{"": "header"}, dropEach("component dropped")},
	"named parameters": {keys{"": "parameter"}, nil},
	"named bodies":     {keys{"": "body"}, nil},

	"paths": {keys{"": "path"}, (*documentMutator).paths},
	"path": {keys{
		"parameters": "parameters", "servers": "servers",
		"get": "operation", "put": "operation", "post": "operation", "delete": "operation",
		"options": "operation", "head": "operation", "patch": "operation", "trace": "operation",
	}, (*documentMutator).path},
	"operation": {keys{
		"parameters": "parameters", "requestBody": "body", "responses": "responses",
		"security": "security", "servers": "servers", "x-authorization": "authorization",
	}, (*documentMutator).operation},
	"parameters": {keys{"": "parameter"}, (*documentMutator).parameters},
	"parameter":  {valueKeys, (*documentMutator).parameter},
	"body":       {keys{"content": "content"}, (*documentMutator).body},
	"responses":  {keys{"": "response"}, (*documentMutator).responses},
	"response":   {keys{"headers": "headers", "content": "content", "x-error-codes": "error codes"}, nil},
	"headers":    {keys{"": "header"}, (*documentMutator).headers},
	"header":     {valueKeys, (*documentMutator).header},
	"content":    {keys{"": "media type"}, (*documentMutator).content},
	"media type": {keys{"schema": "schema", "examples": "examples", "example": "data"}, (*documentMutator).media},
	"examples":   {keys{"": "example"}, (*documentMutator).examples},
	"example":    {keys{"value": "data"}, (*documentMutator).example},

	"schemas":     {keys{"": "schema"}, nil},
	"composition": {keys{"": "schema"}, nil},
	"schema": {keys{
		"properties": "schemas", "items": "schema", "additionalProperties": "schema", "not": "schema",
		"allOf": "composition", "oneOf": "composition", "anyOf": "composition",
		"enum": "data", "required": "data", "default": "data", "example": "data",
	}, (*documentMutator).schema},
	"data": {keys{"": "data"}, nil},

	"schemes":         {keys{"": "scheme"}, dropEach("security scheme dropped")},
	"scheme":          {keys{"x-signing-headers": "signing headers"}, (*documentMutator).scheme},
	"signing headers": {keys{"": "signing header"}, (*documentMutator).signingHeaders},
	"signing header":  {keys{"source": "data"}, (*documentMutator).signingHeader},
	"security":        {keys{"": "alternative"}, (*documentMutator).security},
	"alternative":     {keys{"": "data"}, nil},
	"servers":         {keys{"": "server"}, (*documentMutator).servers},
	"server":          {keys{"variables": "variables"}, (*documentMutator).server},
	"variables":       {keys{"": "variable"}, nil},
	"variable":        {keys{"enum": "data"}, (*documentMutator).variable},

	"rules":         {keys{"": "rule"}, dropEach("rule dropped")},
	"rule":          {keys{"source": "data"}, (*documentMutator).rule},
	"evidence":      {keys{"source": "data"}, (*documentMutator).evidence},
	"authorization": {nil, (*documentMutator).authorization},
	"error codes":   {keys{"codes": "codes"}, (*documentMutator).errorCodes},
	"codes":         {keys{"": "code"}, (*documentMutator).codes},
	"code":          {keys{"when": "data"}, (*documentMutator).code},
	"sources":       {keys{"": "source"}, (*documentMutator).sources},
	"source":        {nil, (*documentMutator).source},
}

// below is the kind of the value of a key.
func (k kind) below(key string) kind {
	if anywhere := (keys{"x-rules": "rules", "x-evidence": "evidence"}[key]); anywhere != "" && !k.named() {
		return anywhere
	}
	if child, ok := kinds[k].below[key]; ok {
		return child
	}
	return kinds[k].below[""]
}

// named reports whether the keys of an object are names, such as those of schemas, instead of keywords.
func (k kind) named() bool {
	_, every := kinds[k].below[""]
	return every
}
