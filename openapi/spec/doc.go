// Package spec reads OpenAPI documents of versions 3.0, 3.1 and 3.2 into a typed view in which every node knows its file,
// line and column.
//
// It reads in three steps: bytes become nodes (json.go, yaml.go), the nodes of several files become one document by
// references (reference.go, resource.go), and the nodes become the view (document.go, operation.go, schema.go, …). A fault
// that does not hinder judging is a Finding of the document; one that does refuses the operations that it concerns, and only
// what concerns every operation refuses the document. The package judges nothing, evaluates no rule, and imports nothing else
// of this module.
package spec
