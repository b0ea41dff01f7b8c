// Package interop tests the documents and the reference provider with programs of other people.
//
// The vendor's SDK for Go is called by go test: the provider accepts what the SDK sends, and the SDK decodes what the provider
// responds. These tests also play recorded responses to the SDK, judge its traffic through the proxy, and compare its signatures
// with ours.
//
// TestTools runs only by make interop, since it downloads what it runs: testers, readers, the vendor's SDKs and generated clients
// in other languages, and validators. It writes what they did to docs/interop.md. Each of its sections copies a folder of testdata,
// installs what the folder pins, and runs steps, which are commands:
//
//	in := install(t, "readers")
//	output, exit := in.step(t, []string{"redocly", "lint", "iam.yaml"}, nil).run(t)
//
// The package has only tests, and is a module of its own, so that no other package downloads the SDK.
package interop
