package mutate

// kind is what a node of a document is.
type kind int

const (
	kindOther kind = iota
	kindData       // an example, a default, a list of values: what looks like a keyword in it is none
	kindDocument
	kindPaths
	kindPath
	kindOperation
	kindParameters
	kindParameter
	kindBody
	kindResponses
	kindResponse
	kindHeaders
	kindHeader
	kindContent
	kindMedia
	kindExamples
	kindExample
	kindSchemas
	kindSchemaList
	kindSchema
	kindSchemes
	kindScheme
	kindSecurity
	kindAlternative
	kindServers
	kindServer
	kindVariables
	kindVariable
	kindRules
	kindRule
	kindEvidence
	kindAuthorization
	kindErrorCodes
	kindCodes
	kindCode
	kindComponents
	kindNamedParameters
	kindNamedBodies
	kindSources
	kindSource
	kindSigningHeaders
	kindSigningHeader
)

// keys says what stands below the keys of a kind; "" is every other key, or element.
var keys = map[kind]map[string]kind{
	kindDocument: {
		"servers": kindServers, "security": kindSecurity, "paths": kindPaths, "components": kindComponents, "x-sources": kindSources,
	},
	kindPaths: {"": kindPath},
	kindPath: {
		"parameters": kindParameters, "servers": kindServers,
		"get": kindOperation, "put": kindOperation, "post": kindOperation, "delete": kindOperation,
		"options": kindOperation, "head": kindOperation, "patch": kindOperation, "trace": kindOperation,
	},
	kindOperation: {
		"parameters": kindParameters, "requestBody": kindBody, "responses": kindResponses,
		"security": kindSecurity, "servers": kindServers, "x-authorization": kindAuthorization,
	},
	kindParameters: {"": kindParameter},
	kindParameter: {
		"schema": kindSchema, "content": kindContent, "examples": kindExamples, "example": kindData,
	},
	kindBody:       {"content": kindContent},
	kindResponses:  {"": kindResponse},
	kindResponse:   {"headers": kindHeaders, "content": kindContent, "x-error-codes": kindErrorCodes},
	kindHeaders:    {"": kindHeader},
	kindHeader:     {"schema": kindSchema, "content": kindContent, "examples": kindExamples, "example": kindData},
	kindContent:    {"": kindMedia},
	kindMedia:      {"schema": kindSchema, "examples": kindExamples, "example": kindData},
	kindExamples:   {"": kindExample},
	kindExample:    {"value": kindData},
	kindSchemas:    {"": kindSchema},
	kindSchemaList: {"": kindSchema},
	kindSchema: {
		"properties": kindSchemas, "items": kindSchema, "additionalProperties": kindSchema, "not": kindSchema,
		"allOf": kindSchemaList, "oneOf": kindSchemaList, "anyOf": kindSchemaList,
		"enum": kindData, "required": kindData, "default": kindData, "example": kindData,
	},
	kindSchemes:   {"": kindScheme},
	kindScheme:    {"x-signing-headers": kindSigningHeaders},
	kindSecurity:  {"": kindAlternative},
	kindServers:   {"": kindServer},
	kindServer:    {"variables": kindVariables},
	kindVariables: {"": kindVariable},
	kindVariable:  {"enum": kindData},
	kindRules:     {"": kindRule},
	kindRule:      {"source": kindData},
	kindEvidence:  {"source": kindData},
	kindErrorCodes: {
		"codes": kindCodes,
	},
	kindCodes: {"": kindCode},
	kindCode:  {"when": kindData},
	kindComponents: {
		"schemas": kindSchemas, "responses": kindResponses, "headers": kindHeaders, "securitySchemes": kindSchemes,
		"parameters": kindNamedParameters, "requestBodies": kindNamedBodies, "examples": kindExamples,
	},
	kindNamedParameters: {"": kindParameter},
	kindNamedBodies:     {"": kindBody},
	kindSources:         {"": kindSource},
	kindSigningHeaders:  {"": kindSigningHeader},
	kindSigningHeader:   {"source": kindData},
	kindData:            {"": kindData},
}

// below is what the value of a key is.
func (k kind) below(key string) kind {
	if !k.named() {
		switch key {
		case "x-rules":
			return kindRules
		case "x-evidence":
			return kindEvidence
		}
	}
	if child, ok := keys[k][key]; ok {
		return child
	}
	return keys[k][""]
}

// named says whether the keys of a mapping are names and no keywords.
func (k kind) named() bool {
	_, every := keys[k][""]
	return every || k == kindAlternative
}
