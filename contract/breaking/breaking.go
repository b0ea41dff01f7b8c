// Package breaking compares two versions of an OpenAPI document and shows what the change breaks, by exchanges.
//
// A change has two sides. A consumer that was built for the old document may break on a response that the new one allows and the
// old one forbids, or that the old one has and the new one has no longer. A provider of the new document may refuse a request
// that was right by the old one. The judges of both documents decide: a witness is an exchange that the one accepts and the
// other refuses.
//
//	listPets/200 enum/added /response/body/*/kind: "bird" is new (breaking, consumer)
//	  GET /pets → 200 [{"kind": "bird"}]
//	  old: schema/enum at /response/body/0/kind: want one of cat, dog, got "bird"
//	  new: accepted
//
// There are three steps. The documents are compared part by part (pairs.go and the files named after the parts), which yields
// changes. For each change, exchanges that may show it are made from recordings, examples and schemas, and both judges check
// them (witness.go). What they show gives the level of the finding (level.go).
//
// The package knows no service, reads no file and prints nothing.
package breaking

import (
	"sync"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Comparer compares two documents. Add the traffic before Compare. It is not safe for concurrent use.
type Comparer struct {
	// Progress is called after each change with its operation, by several goroutines; it may be nil.
	Progress func(done, all int, operation string)

	old, new *version
	traffic  traffic

	mu    sync.Mutex            // for pools
	pools map[poolKey][]attempt // of exchanges that may break rules
}

// version is one of the two documents with its judge.
type version struct {
	doc    *spec.Document
	judge  *contract.Judge
	shapes map[string][]*spec.Operation // by method and shape of the path
}

// New returns a comparer of two documents.
func New(old, new *spec.Document) (*Comparer, error) {
	oldJudge, err := contract.New(old)
	if err != nil {
		return nil, err
	}
	newJudge, err := contract.New(new)
	if err != nil {
		return nil, err
	}
	return &Comparer{old: &version{doc: old, judge: oldJudge}, new: &version{doc: new, judge: newJudge}}, nil
}

// Comparison is the result: all differences of two documents that somebody may notice.
type Comparison struct {
	Old, New *spec.Document
	// Findings are sorted: by level, the worst first, then by their place in the new document, or in the old one.
	Findings []Finding
	// Exchanges is the number of exchanges of traffic; 0: none was given, and every use of the documents counts.
	Exchanges int
	// Foreign is the number of those that neither document has.
	Foreign int
}

// Finding is one difference between the documents and what it breaks.
type Finding struct {
	// ID names the kind of change, in words: enum/added, required/removed, status/removed.
	ID    string
	Level Level
	// Side is who may break: Consumer by a response that it does not expect, Provider by a request that it does not take any
	// more. It is "" if nobody can, which is so for prose.
	Side contract.Side
	// Check is the part of the contract, as an operation and a part of its exchanges: listPets/200, listPets/request.
	Check string
	// Also lists other checks with the same change, since they share a part of the document.
	Also []string
	// Pointer is the place in the exchange, with * for any index or key: /response/body/*/kind.
	Pointer string
	// Says is the change in words: "bird" is new
	Says string
	// Old and New are the places in the documents. One of them may be nil; then the other document has no such part.
	Old, New *spec.Node
	// Witness is an exchange that one document accepts and the other refuses; nil: there is none, for the reason Why.
	Witness *Witness
	// Why says why there is no witness, why the level is not Breaking in spite of one, or which exchange of the traffic is no
	// witness and uses the change; "" if there is nothing to explain.
	Why string
	// Probe is the request that would show the change at a provider, in words, if no exchange can; else "".
	Probe string
	// Unused says that the traffic does not use the part that has changed, so that its consumer does not break.
	Unused bool
}

// Operation is the id of the operation.
func (f Finding) Operation() string { return operationOf(f.Check) }

// Witness is an exchange that one document accepts and the other refuses.
type Witness struct {
	Exchange contract.Exchange
	// Origin says where the exchange comes from: schema, example cat, entry 7 of traffic.har.
	Origin string
	// Old and New are what the judge of each document finds wrong about the side of the finding. One of them is empty: that
	// document accepts the exchange.
	Old, New []contract.Finding
}
