// Package spec reads OpenAPI documents of versions 3.0, 3.1 and 3.2 into a typed view in which every node knows its file,
// line and column.
//
// Reading has three steps. Bytes become nodes (json.go, yaml.go): one node for each value, whether written as JSON or YAML.
// References join the nodes of several files into one document (reference.go, resource.go). The typed view is built from the
// nodes (document.go, operation.go, schema.go, …), and the extensions x-… last (extensions.go).
//
// Every error of a document is a Finding with a place: openapi.yaml:12: reference "#/a" leads nowhere. If judging is still
// possible, it is one of Document.Findings. Otherwise it is the cause why an operation is refused (Operation.Refused). Only an
// error that affects all operations, such as invalid YAML, refuses the whole document (Errors).
//
// The package must not judge exchanges or evaluate rules. It imports no other package of this module.
package spec
