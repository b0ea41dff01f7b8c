package server

import (
	_ "embed" // sample.yaml
	"slices"
)

// What others may rely on in the sample data: it never changes.
const (
	SampleDomainID  = "d78cbac186b744899480f25bd022f468" // the quotas of seed 003
	SampleProjectID = "fd73a4a14a4a4dfb9771a8475e5198ea"

	StrangerDomainID  = "a1b2c3d4e5f60718293a4b5c6d7e8f90" // another account, with other numbers
	StrangerProjectID = "0f9e8d7c6b5a49382716050f4e3d2c1b"

	ReaderToken   = "reader-token"   // may do both
	LimitedToken  = "limited-token"  // the same account; may not ask for image quotas
	StrangerToken = "stranger-token" // another account; may do both there
	ExpiredToken  = "expired-token"  // was the reader's

	ReaderKeyID   = "QSREADER000000000001"
	LimitedKeyID  = "QSLIMITED00000000001"
	ReaderSecret  = "reader-secret"
	LimitedSecret = "limited-secret"
)

//go:embed sample.yaml
var sampleFile []byte

// Sample returns the data that is served where no other is given: server/sample.yaml, which is also the example of a data
// file. Each call makes a new copy.
func Sample() Data {
	d, err := ReadData("server/sample.yaml", sampleFile)
	if err != nil {
		panic(err) // the tests read it
	}
	d.file = nil // a copy may be changed, and then no line would be right
	return *d
}

// HasSampleCredentials says whether somebody can ask for this data with a token or key that everybody knows.
func (d *Data) HasSampleCredentials() bool {
	sample := Sample()
	known := sample.secrets()
	return slices.ContainsFunc(d.secrets(), func(secret string) bool { return slices.Contains(known, secret) })
}

// secrets lists what the principals prove themselves with.
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
