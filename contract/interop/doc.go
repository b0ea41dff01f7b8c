// Package interop holds the reference provider against the vendor's own client, huaweicloud-sdk-go-v3, as it is published:
// what its users send is understood, and what is answered arrives with them.
//
// It has tests only, and is a module of its own, so that nobody who uses or tests the others downloads that SDK.
package interop
