package breaking

import (
	"cmp"
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// How a witness is found: candidates are exchanges that may show the change (witness_parts.go and values.go). Both judges check
// each. A candidate is a trial for the change only if the document that refuses it names the place of the change
// (witness_place.go), since another change of the same operation may have the same exchange refused. Of the trials, the one
// that shows the change most exactly wins, then the one of the worst level, then the one with the fewest other findings, then
// the first. It is shrunk as long as it shows the same (shrink.go).

// shown is what exchanges show of a change.
type shown struct {
	level   Level
	witness *Witness
	why     string
	probe   string
	side    contract.Side // "": that of the part
	nobody  bool          // no side may break
}

// maxTrials limits the exchanges that are judged for one change.
const maxTrials = 420

// show looks for an exchange that shows a change.
func (c *Comparer) show(ch change) shown {
	if s, ok := withoutExchange(ch); ok {
		return s
	}
	switch {
	case ch.part.kind == ofSecurity:
		return c.showSecurity(ch)
	case ch.part.kind == ofRule:
		return c.showRule(ch)
	case ch.id == "rule/grade":
		return c.showGrade(ch)
	}
	s := &search{Comparer: c, ch: &ch, maker: c.maker(ch.part.isResponse), seen: map[string]bool{}}
	s.run()
	best := s.best()
	if best == nil {
		level, why := withoutWitness(ch, s)
		return shown{level: level, why: why}
	}
	s.shrink(best)
	return shown{level: best.level, why: best.why, witness: &Witness{
		Exchange: best.exchange, Origin: best.origin,
		Old: s.refusal(c.old, best.verdict.old, best.exchange), New: s.refusal(c.new, best.verdict.new, best.exchange),
	}}
}

// refusal is what a document finds wrong, if it refuses the exchange: first what is wrong at the place of the change. A
// document that does not have the path says so.
func (s *search) refusal(v *version, o opinion, ex contract.Exchange) []contract.Finding {
	if o.accepts {
		return nil
	}
	list := o.failing(s.side())
	slices.SortStableFunc(list, func(a, b contract.Finding) int { return cmp.Compare(s.rankOf(a), s.rankOf(b)) })
	if len(list) > 0 {
		return list
	}
	f := v.unknown(v.judge.Check(ex), ex)
	f.Evidence = v.doc.Evidence(v.doc.Root, documented(v.doc.File))
	return []contract.Finding{f}
}

// search looks for the witness of one change.
type search struct {
	*Comparer
	ch      *change
	maker   maker
	seen    map[string]bool // the candidates that were judged
	trials  []trial
	accepts int    // how many candidates both documents accept
	unread  string // the media type of a body that judges do not read; "": they do
	// isInferred says that a document warns of a candidate at the place of the change, by a promise that is only inferred.
	isInferred bool
	isHidden   bool   // a document refuses candidates for other places only
	unjudged   string // why a judge could not judge a candidate; "": both could
}

func (s *search) side() contract.Side { return s.ch.part.side() }

// run judges candidates, one base after the other, until one of them shows the change as well as can be.
func (s *search) run() {
	isOfValue := len(s.ch.path) > 0 || s.ch.oldSchema != nil || s.ch.newSchema != nil
	if s.ch.part.kind == ofBody && isOfValue && s.isUnread() {
		return
	}
	for _, group := range s.groups() {
		from := len(s.trials)
		constant := findingCounts{}
		judged := 0
		for _, candidate := range group() {
			if len(s.seen) >= maxTrials || s.isPerfect(from) {
				break
			}
			if v, ok := s.judge(candidate); ok {
				constant.add(v, s.side())
				judged++
			}
		}
		s.settle(from, constant, judged)
		if s.isSettled() {
			return
		}
	}
}

// isUnread reports whether the judges do not read a body in this media type, so that no exchange can show the change. If the
// same schema describes JSON too, that is what is tried.
func (s *search) isUnread() bool {
	p := &s.ch.part
	m := either(p.new.media, p.old.media)
	if m == nil || sample.KindOf(m) != media.Other {
		return false
	}
	for _, other := range p.new.contents(p.isResponse) {
		partner := mediaType(p.old.contents(p.isResponse), other.Name)
		isSame := partner != nil && p.old.media != nil && p.new.media != nil &&
			other.Schema == p.new.media.Schema && partner.Schema == p.old.media.Schema
		if isSame && sample.KindOf(other) == media.JSON {
			p.old.media, p.new.media = partner, other
			return false
		}
	}
	s.unread = m.Name
	return true
}

// contents are the media types of the message of a part.
func (e element) contents(isResponse bool) []*spec.MediaType {
	switch {
	case isResponse && e.response != nil:
		return e.response.Content
	case !isResponse && e.op != nil && e.op.Body != nil:
		return e.op.Body.Content
	}
	return nil
}

// errorOf says in words why a judge cannot judge an exchange.
func (s *search) errorOf(ex contract.Exchange) string {
	for _, v := range []*version{s.old, s.new} {
		for _, err := range v.judge.Check(ex).Errors {
			return text.Shorten(text.Printable(err.Error()), maxError)
		}
	}
	return "an operation of one of the documents"
}

// maxError is the most characters of an error in a reason.
const maxError = 160

// judge judges a candidate once, and keeps it if it is a trial.
func (s *search) judge(c candidate) (verdict, bool) {
	key := keyOf(c.exchange)
	if s.seen[key] {
		return verdict{}, false
	}
	s.seen[key] = true
	v, ok := s.check(c.exchange, s.side())
	switch {
	case !ok:
		s.unjudged = cmp.Or(s.unjudged, s.errorOf(c.exchange))
		return v, false
	case !v.differs():
		if v.old.accepts {
			s.accepts++
			s.isInferred = s.isInferred || s.warns(v.old) != s.warns(v.new)
		}
		return v, true
	}
	t := trial{exchange: c.exchange, origin: c.origin, verdict: v, index: len(s.seen)}
	if s.rate(&t) {
		s.trials = append(s.trials, t)
	} else {
		s.isHidden = true
	}
	return v, true
}
