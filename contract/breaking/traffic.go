package breaking

import "github.com/quotaspec/quotaspec/contract"

// traffic is what recorded exchanges show of the use of the documents.
type traffic struct {
	exchanges, foreign int
}

// Add adds a recorded exchange. The name stands in reports: entry 7 of traffic.har.
func (c *Comparer) Add(name string, ex contract.Exchange) { c.traffic.exchanges++ }
