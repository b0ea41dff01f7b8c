package breaking

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/internal/text"
)

// recorded is an exchange of the traffic about which the documents differ. Mostly one accepts it and the other refuses it. Real
// requests also have faults that both refuse, such as a query parameter of an advertiser. What only one of the documents adds to
// these shows that the traffic uses a change, but such an exchange is no witness:
//
//	GET /pets?limit=80&utm_source=mail    OLD: parameter/undocumented    NEW: parameter/undocumented, parameter/maximum
type recorded struct {
	name     string
	exchange contract.Exchange // of one about a request, without the response
	status   int               // of its response; 0: it is not recorded
	size     int
	side     contract.Side
	old, new []contract.Finding // what refuses it, without what both find
	isShared bool               // both refuse it
	// isWhole says that the exchange is still refused and accepted in the same way without its secrets.
	isWhole bool
}

// witnessKey is the place that one document refuses. Exchanges with the same key show the same.
type witnessKey struct {
	side   contract.Side
	byOld  bool // the old document refuses
	id     string
	place  string // the folded pointer
	status int    // of a response
}

// maxGot is how many characters of a path a finding shows.
const maxGot = 100

// maxWitnesses bounds the witnesses of an operation. Those with the smallest keys are kept.
const maxWitnesses = 300

// addWitnesses keeps an exchange for each of the places that only one of the documents refuses. It returns true if both accept
// both sides.
func (c *Comparer) addWitnesses(u *use, r recorded, old, new contract.Result) (isRight bool) {
	isRight = true
	for _, side := range []contract.Side{contract.Provider, contract.Consumer} {
		r.side = side
		isCertain := c.judged(&r, old, new)
		isRefused := r.isShared || len(r.old)+len(r.new) > 0
		if !isCertain || isRefused {
			isRight = false
		}
		isOfOne := side == contract.Consumer && (!old.Judged || !new.Judged) // the request shows that already
		if !isCertain || isOfOne {
			continue
		}
		for _, f := range r.old {
			c.keep(u, c.keyOf(r, f, true), r)
		}
		for _, f := range r.new {
			c.keep(u, c.keyOf(r, f, false), r)
		}
	}
	return isRight
}

// judged sets what refuses the exchange. It returns false if a judge could not judge.
func (c *Comparer) judged(r *recorded, old, new contract.Result) bool {
	before, okBefore := opinionOf(old, r.side)
	after, okAfter := opinionOf(new, r.side)
	r.old, r.new = before.failing(r.side), after.failing(r.side)
	isRequest := r.side == contract.Provider
	if isUnknown := !old.Judged || !old.Served && isRequest; isUnknown {
		r.old = append(r.old, c.old.unknown(old, r.exchange))
	}
	if isUnknown := !new.Judged || !new.Served && isRequest; isUnknown {
		r.new = append(r.new, c.new.unknown(new, r.exchange))
	}
	if r.isShared = len(r.old) > 0 && len(r.new) > 0; r.isShared {
		r.old, r.new = notIn(r.old, r.new), notIn(r.new, r.old)
	}
	return okBefore && okAfter
}

// notIn returns the findings that others do not have at the same place.
func notIn(list, others []contract.Finding) []contract.Finding {
	rest := []contract.Finding{}
	for _, f := range list {
		isSame := func(other contract.Finding) bool { return other.ID == f.ID && other.Pointer == f.Pointer }
		if !slices.ContainsFunc(others, isSame) {
			rest = append(rest, f)
		}
	}
	return rest
}

// unknown is the finding about a request that is not of the document. Judges report none, since it may be meant for another
// API.
func (v *version) unknown(result contract.Result, ex contract.Exchange) contract.Finding {
	f := contract.Finding{
		ID: "path/undocumented", Pointer: "/request/path", Node: v.doc.Root.Member("paths"), Want: "a path of the document",
	}
	path, _, _ := strings.Cut(ex.Request.Target, "?")
	f.Got = text.Shorten(text.Printable(path), maxGot)
	if !result.Served {
		f.ID, f.Node, f.Want, f.Got = "server/undocumented", v.doc.Root.Member("servers"), "a server of the document", ex.Origin+f.Got
	}
	if f.Node == nil {
		f.Node = v.doc.Root
	}
	return f
}

func (c *Comparer) keyOf(r recorded, f contract.Finding, byOld bool) witnessKey {
	key := witnessKey{side: r.side, byOld: byOld, id: f.ID, place: "/" + strings.Join(c.folded(f.Pointer), "/")}
	if r.side == contract.Consumer {
		key.status = r.status
	}
	return key
}

// keep keeps the exchange for a key if it is better than the one that is there.
func (c *Comparer) keep(u *use, key witnessKey, r recorded) {
	there, known := u.witnesses[key]
	r.isWhole = true // until it is judged without its secrets
	if known && compareRecorded(*there, r) <= 0 {
		return
	}
	r = c.cleaned(r)
	if known && compareRecorded(*there, r) <= 0 {
		return
	}
	u.witnesses[key] = &r
	if len(u.witnesses) > maxWitnesses {
		delete(u.witnesses, slices.MaxFunc(slices.Collect(maps.Keys(u.witnesses)), compareKeys))
	}
}

// compareRecorded orders the exchanges of a key, the best first: a witness, whole, with few findings, small. A request that its
// provider has refused comes after all others.
func compareRecorded(a, b recorded) int {
	isBroken := func(r recorded) int {
		if r.isWhole {
			return 0
		}
		return 1
	}
	isRefused := func(r recorded) int {
		if r.side == contract.Provider && r.status >= 400 {
			return 1
		}
		return 0
	}
	isShared := func(r recorded) int {
		if r.isShared {
			return 1
		}
		return 0
	}
	return cmp.Or(isShared(a)-isShared(b), isBroken(a)-isBroken(b), isRefused(a)-isRefused(b), len(a.old)+len(a.new)-len(b.old)-len(b.new), a.size-b.size,
		cmp.Compare(a.name, b.name))
}

func compareKeys(a, b witnessKey) int {
	isNew := func(k witnessKey) int {
		if k.byOld {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.side, b.side), isNew(a)-isNew(b), cmp.Compare(a.id, b.id), cmp.Compare(a.place, b.place),
		a.status-b.status)
}

// cleaned removes the secrets of an exchange. If the copy is judged in the same way, its findings are those of the copy.
func (c *Comparer) cleaned(r recorded) recorded {
	clean, secrets := c.withoutSecrets(r.exchange)
	if r.side == contract.Provider {
		clean.Response, clean.Unrecorded = contract.Response{}, clean.Unrecorded|contract.UnrecordedResponse
	}
	copied := recorded{name: r.name, exchange: clean, status: r.status, size: r.size, side: r.side}
	old, new := c.judge(clean)
	isCertain := c.judged(&copied, old, new)
	same := func(a, b contract.Finding) bool { return a.ID == b.ID && a.Node == b.Node }
	isSame := slices.EqualFunc(copied.old, r.old, same) && slices.EqualFunc(copied.new, r.new, same)
	if copied.isWhole = isCertain && isSame; !copied.isWhole {
		copied.old, copied.new = hideIn(r.old, secrets), hideIn(r.new, secrets)
	}
	return copied
}

// witness returns the exchange as reports show it.
func (r *recorded) witness() *Witness {
	origin := r.name
	if !r.isWhole {
		origin += ", with its secrets"
	}
	return &Witness{Exchange: r.exchange, Origin: origin, Old: r.old, New: r.new}
}

// recordedFor returns the best recorded exchange that shows a change in one of some checks; nil: the traffic has none.
// byOld says which document must refuse it.
func (c *Comparer) recordedFor(p changed, checks []string, byOld bool) *recorded {
	var best *recorded
	for _, check := range checks {
		for _, u := range c.traffic.of(operationOf(check)) {
			for key, r := range u.witnesses {
				isOfSide := key.side == p.side && key.byOld == byOld
				isOfStatus := key.status == 0 || statusOf(check) == "" || u.statuses[key.status].is(statusOf(check), key.status)
				isBetter := best == nil || compareRecorded(*r, *best) < 0
				if isOfSide && isOfStatus && p.isShownBy(key, r) && isBetter {
					best = r
				}
			}
		}
	}
	return best
}
