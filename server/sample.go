package server

import (
	_ "embed" // sample.yaml
	"slices"
)

// Parts of the sample data that never change, so tests of others may rely on them.
const (
	SampleDomainID  = "d78cbac186b744899480f25bd022f468" // the quotas of seed 003
	SampleProjectID = "fd73a4a14a4a4dfb9771a8475e5198ea"

	StrangerDomainID  = "a1b2c3d4e5f60718293a4b5c6d7e8f90" // another account, with other numbers
	StrangerProjectID = "0f9e8d7c6b5a49382716050f4e3d2c1b"

	ReaderToken   = "reader-token"   // may call both operations
	LimitedToken  = "limited-token"  // the same account; may not read image quotas
	StrangerToken = "stranger-token" // another account; may call both operations there
	ExpiredToken  = "expired-token"  // was the reader's

	ReaderKeyID   = "QSREADER000000000001"
	LimitedKeyID  = "QSLIMITED00000000001"
	ReaderSecret  = "reader-secret"
	LimitedSecret = "limited-secret"
)

//go:embed sample.yaml
var sampleFile []byte

// Sample returns a new copy of the default data, server/sample.yaml, which is also the example of a data file.
func Sample() Data {
	d, err := ReadData("server/sample.yaml", sampleFile)
	if err != nil {
		panic(err) // the tests read it
	}
	d.file = nil // the caller may change the copy, so lines would be wrong
	return *d
}

// HasSampleCredentials reports whether a token or key of this data is one of the published sample.
func (d *Data) HasSampleCredentials() bool {
	sample := Sample()
	known := sample.secrets()
	return slices.ContainsFunc(d.secrets(), func(secret string) bool { return slices.Contains(known, secret) })
}

// secrets returns all tokens and secret keys.
func (d *Data) secrets() []string {
	list := []string{}
	for _, p := range d.Principals {
		for _, t := range p.Tokens {
			list = append(list, t.Value)
		}
		for _, k := range p.AccessKeys {
			list = append(list, k.Secret)
		}
	}
	return list
}
