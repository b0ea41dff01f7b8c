package mutate

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
)

// maxAccepted is how many exchanges of one operation and status Accept takes. More would find little and take long.
const maxAccepted = 20

// LeftOut counts the cases that Accept leaves out, by reason.
type LeftOut struct {
	Findings int // the judge finds something else in them than they expect
	Unknown  int // the document has no such operation, or no response was recorded
	Alike    int // equal to others, or beyond 20 of one operation and status
}

// String lists the counts in a line; "" if nothing was left out.
func (l LeftOut) String() string {
	parts := []string{}
	for _, part := range []struct {
		n    int
		what string
	}{
		{l.Findings, "with unexpected findings"}, {l.Unknown, "of no operation or without a response"}, {l.Alike, "like others"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.what))
		}
	}
	return strings.Join(parts, ", ")
}

// Accept returns the contract with those cases of a list that the judge of its document accepts: they have the findings that
// they expect, or none. It is for exchanges of which nobody has checked that they are right. A case without an operation,
// such as an entry of a HAR, gets that of its exchange.
func (c Contract) Accept(cases []Case) (accepted Contract, leftOut LeftOut, err error) {
	judge, err := newJudge(c.File, c.Document)
	if err != nil {
		return c, leftOut, err
	}
	c.Cases = slices.Clone(c.Cases)
	seen, counts := map[[sha256.Size]byte]bool{}, map[string]int{}
	for _, one := range cases {
		result := judge.Check(one.Exchange)
		const needed = contract.UnrecordedResponse | contract.UnrecordedResponseBody
		isUnknown := result.Operation == "" || (one.Operation != "" && one.Operation != result.Operation)
		hasNoResponse := one.Exchange.Expected || one.Exchange.Unrecorded&needed != 0
		if isUnknown || hasNoResponse {
			leftOut.Unknown++
			continue
		}
		one.Operation = result.Operation
		if e := (entry{Case: one}); e.mismatch(judge.Document(), result) != "" {
			leftOut.Findings++
			continue
		}
		status := fmt.Sprint(one.Operation, " ", one.Exchange.Response.Status)
		key := sha256.Sum256(fmt.Appendf(nil, "%s %q %q %q", status, one.Exchange.Request.Target, one.Exchange.Request.Body,
			one.Exchange.Response.Body))
		if seen[key] || counts[status] == maxAccepted {
			leftOut.Alike++
			continue
		}
		seen[key] = true
		counts[status]++
		c.Cases = append(c.Cases, one)
	}
	return c, leftOut, nil
}
