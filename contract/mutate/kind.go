package mutate

// kind is what a node of a document is, in words. Of a kind without a row in kinds nothing is known.
type kind string

// keys says what stands below the keys of a kind; "" is every other key, or element.
type keys map[string]kind

// kinds says of each kind what stands below it, and what mutants are made of a node itself; those below it have their own.
// In data, such as an example or a list of values, what looks like a keyword is none.
var kinds = map[kind]struct {
	below  keys
	mutate func(*maker, site) // nil: none
}{
	"document": {
		keys{"servers": "servers", "security": "security", "paths": "paths", "components": "components", "x-sources": "sources"},
		(*maker).document,
	},
	"components": {
		keys{
			"schemas": "schemas", "responses": "named responses", "headers": "named headers", "securitySchemes": "schemes",
			"parameters": "named parameters", "requestBodies": "named bodies", "examples": "examples",
		},
		nil,
	},
	"named responses":  {keys{"": "response"}, dropEach("component dropped")},
	"named headers":    {keys{"": "header"}, dropEach("component dropped")},
	"named parameters": {keys{"": "parameter"}, nil},
	"named bodies":     {keys{"": "body"}, nil},

	"paths": {keys{"": "path"}, (*maker).paths},
	"path": {
		keys{
			"parameters": "parameters", "servers": "servers",
			"get": "operation", "put": "operation", "post": "operation", "delete": "operation",
			"options": "operation", "head": "operation", "patch": "operation", "trace": "operation",
		},
		(*maker).path,
	},
	"operation": {
		keys{
			"parameters": "parameters", "requestBody": "body", "responses": "responses",
			"security": "security", "servers": "servers", "x-authorization": "authorization",
		},
		(*maker).operation,
	},
	"parameters": {keys{"": "parameter"}, (*maker).parameters},
	"parameter":  {keys{"schema": "schema", "content": "content", "examples": "examples", "example": "data"}, (*maker).parameter},
	"body":       {keys{"content": "content"}, (*maker).body},
	"responses":  {keys{"": "response"}, (*maker).responses},
	"response":   {keys{"headers": "headers", "content": "content", "x-error-codes": "error codes"}, nil},
	"headers":    {keys{"": "header"}, (*maker).headers},
	"header":     {keys{"schema": "schema", "content": "content", "examples": "examples", "example": "data"}, (*maker).header},
	"content":    {keys{"": "media type"}, (*maker).content},
	"media type": {keys{"schema": "schema", "examples": "examples", "example": "data"}, (*maker).media},
	"examples":   {keys{"": "example"}, (*maker).examples},
	"example":    {keys{"value": "data"}, (*maker).example},

	"schemas":     {keys{"": "schema"}, nil},
	"composition": {keys{"": "schema"}, nil},
	"schema": {
		keys{
			"properties": "schemas", "items": "schema", "additionalProperties": "schema", "not": "schema",
			"allOf": "composition", "oneOf": "composition", "anyOf": "composition",
			"enum": "data", "required": "data", "default": "data", "example": "data",
		},
		(*maker).schema,
	},
	"data": {keys{"": "data"}, nil},

	"schemes":         {keys{"": "scheme"}, dropEach("security scheme dropped")},
	"scheme":          {keys{"x-signing-headers": "signing headers"}, (*maker).scheme},
	"signing headers": {keys{"": "signing header"}, (*maker).signingHeaders},
	"signing header":  {keys{"source": "data"}, (*maker).signingHeader},
	"security":        {keys{"": "alternative"}, (*maker).security},
	"alternative":     {keys{"": "data"}, nil},
	"servers":         {keys{"": "server"}, (*maker).servers},
	"server":          {keys{"variables": "variables"}, (*maker).server},
	"variables":       {keys{"": "variable"}, nil},
	"variable":        {keys{"enum": "data"}, (*maker).variable},

	"rules":         {keys{"": "rule"}, dropEach("rule dropped")},
	"rule":          {keys{"source": "data"}, (*maker).rule},
	"evidence":      {keys{"source": "data"}, (*maker).evidence},
	"authorization": {nil, (*maker).authorization},
	"error codes":   {keys{"codes": "codes"}, (*maker).errorCodes},
	"codes":         {keys{"": "code"}, (*maker).codes},
	"code":          {keys{"when": "data"}, (*maker).code},
	"sources":       {keys{"": "source"}, (*maker).sources},
	"source":        {nil, (*maker).source},
}

// below is what the value of a key is.
func (k kind) below(key string) kind {
	if anywhere := (keys{"x-rules": "rules", "x-evidence": "evidence"}[key]); anywhere != "" && !k.named() {
		return anywhere
	}
	if child, ok := kinds[k].below[key]; ok {
		return child
	}
	return kinds[k].below[""]
}

// named says whether the keys of an object are names and no keywords.
func (k kind) named() bool {
	_, every := kinds[k].below[""]
	return every
}
