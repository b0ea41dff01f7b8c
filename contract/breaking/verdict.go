package breaking

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// verdict is what both judges say about one side of an exchange. A document refuses an exchange if quotaspec verify would fail by
// it, at its default grade: what is only inferred, and members that a document does not mention, refuse nothing.
type verdict struct {
	old, new opinion
}

// opinion is that of one judge.
type opinion struct {
	accepts  bool
	findings []contract.Finding // what is wrong; of an exchange that is accepted, warnings, such as undocumented members
}

// check judges one side of an exchange by both documents. The second result is false if a judge could not judge: its limits were
// reached, a rule cannot be evaluated, or an operation is refused by the reader. What is wrong for another reason is refused.
func (c *Comparer) check(ex contract.Exchange, side contract.Side) (verdict, bool) {
	old, okOld := c.old.opinion(ex, side)
	new, okNew := c.new.opinion(ex, side)
	return verdict{old, new}, okOld && okNew
}

func (v *version) opinion(ex contract.Exchange, side contract.Side) (opinion, bool) {
	return opinionOf(v.judge.Check(ex), side)
}

// opinionOf is the opinion about one side of an exchange that was judged.
func opinionOf(result contract.Result, side contract.Side) (opinion, bool) {
	if !result.Judged { // of a request: the document has no such path
		return opinion{findings: result.Findings}, true
	}
	o := opinion{accepts: true}
	for _, f := range result.Findings {
		if f.Side() != judged(side) {
			continue
		}
		o.findings = append(o.findings, f)
		if f.Fails(judged(side), spec.Recorded) {
			o.accepts = false
		}
	}
	return o, len(result.Errors) == 0 || !o.accepts
}

// judged is the side that the judge must judge. Who breaks is the receiver of a message, who is judged is its sender:
//
//	a response that a consumer cannot read    breaks the consumer, is wrong of the provider
//	a request that a provider refuses         breaks the provider's promise to take it, is wrong of the consumer
func judged(side contract.Side) contract.Side {
	if side == contract.Consumer {
		return contract.Provider
	}
	return contract.Consumer
}

// breaks reports whether the exchange shows that the change breaks the side: a response that only the new document accepts, or a
// request that only the old one does.
func (v verdict) breaks(side contract.Side) bool {
	if side == contract.Consumer {
		return v.new.accepts && !v.old.accepts
	}
	return v.old.accepts && !v.new.accepts
}

// differs reports whether one document accepts the exchange and the other refuses it.
func (v verdict) differs() bool { return v.old.accepts != v.new.accepts }

// failing returns the findings that refuse an exchange.
func (o opinion) failing(side contract.Side) []contract.Finding {
	return slices.DeleteFunc(slices.Clone(o.findings), func(f contract.Finding) bool { return !f.Fails(judged(side), spec.Recorded) })
}
