// Package interop tests the reference provider with the vendor's published client, huaweicloud-sdk-go-v3: the provider accepts
// what the SDK sends, and the SDK decodes what the provider responds.
//
// The tests start the provider on loopback and call it through the SDK with each kind of credential. They also play recorded
// responses to the SDK, judge its traffic through the proxy, and compare its signatures with ours.
//
// It has only tests, and is a module of its own, so that no other package downloads the SDK.
package interop
