package breaking

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Security requirements are sets of schemes, one of which a request must satisfy. A scheme is what a request carries, whatever
// its key in the document:
//
//	old: Token: []                   X-Auth-Token
//	new: Ticket: [] or Basic: []     X-Auth-Token, or Authorization with basic
//
// An alternative of the old document of which no alternative of the new one is a part is a request that the new one refuses:
// the security is tightened. The other way round it is loosened, which no exchange shows, since a request with more credentials
// than needed is right.

// security compares the security requirements of an operation.
func (c *Comparer) security(old, new *spec.Operation) []change {
	if old == nil || new == nil {
		return nil
	}
	before, after := schemesFor(old), schemesFor(new)
	ch := change{
		part: part{old: element{op: old}, new: element{op: new}, kind: ofSecurity},
		old:  securityNode(c.old.doc, old), new: securityNode(c.new.doc, new),
		says: fmt.Sprintf("credentials: %s → %s", wordsOf(before), wordsOf(after)),
	}
	headers := signing(old, new)
	tightened, loosened := len(uncovered(before, after)) > 0, len(uncovered(after, before)) > 0
	switch {
	case tightened && loosened:
		ch.id = "security/changed"
	case tightened:
		ch.id = "security/tightened"
	case loosened:
		ch.id = "security/loosened"
	case sortedWords(before) != sortedWords(after): // of what is optional
		ch.id = "security/changed"
	case grantsOf(old) != grantsOf(new):
		ch.id, ch.says = "security/changed", "it needs other scopes, or tokens from another place"
	default:
		return headers
	}
	return append(headers, ch)
}

// showSecurity says what a change of the security requirements breaks.
func (c *Comparer) showSecurity(ch change) shown {
	if len(ch.names) > 0 {
		return c.showSigning(ch)
	}
	old, new := ch.part.old.op, ch.part.new.op
	before, after := schemesFor(old), schemesFor(new)
	refused, taken := uncovered(before, after), uncovered(after, before)
	s := shown{level: PossiblyBreaking}
	if len(refused)+len(taken) == 0 && sortedWords(before) != sortedWords(after) {
		return shown{level: Compatible, why: "no exchange shows it: each request that was right still is, and no other"}
	}
	if len(taken) > 0 {
		s.probe = fmt.Sprintf("%s %s %s", new.Method, new.Path, taken[0].only())
		s.why = "only a provider shows it: by the old document it must refuse this request, by the new one it may answer it"
	}
	if len(refused)+len(taken) == 0 {
		s.why = "no exchange shows it: scopes, and where a token comes from, are not seen in an exchange"
		return s
	}
	for _, alternative := range refused {
		if w := c.securityWitness(ch, alternative); w != nil {
			s.level, s.witness, s.why = Breaking, w, ""
			return s
		}
	}
	if len(refused) > 0 {
		s.why = "no exchange shows it: no right request of the old document is known, or the new one takes its credentials too"
	}
	return s
}

// securityWitness makes a request with the credentials of one alternative, which the new document refuses.
func (c *Comparer) securityWitness(ch change, a schemeSet) *Witness {
	for _, base := range c.requestsOf(ch.part) {
		for _, request := range []contract.Request{base.exchange.Request, withHost(base.exchange.Request)} {
			base.exchange.Request = request
			addCredentials(&base.exchange.Request, a)
			if v, ok := c.check(base.exchange, contract.Provider); ok && v.breaks(contract.Provider) {
				return requestWitness(base, v)
			}
		}
	}
	return nil
}

// schemeSet is a set of schemes that a request must satisfy together, each once, sorted by name.
type schemeSet []*spec.SecurityScheme

// schemesFor lists the alternatives of an operation; one without schemes is satisfied without credentials.
func schemesFor(op *spec.Operation) []schemeSet {
	if len(op.Security) == 0 {
		return []schemeSet{{}}
	}
	list := []schemeSet{}
	for _, requirement := range op.Security {
		isUndefined := func(required spec.RequiredScheme) bool { return required.Scheme == nil }
		if slices.ContainsFunc(requirement, isUndefined) {
			continue // no request can satisfy it
		}
		a := schemeSet{}
		for _, required := range requirement {
			if !a.has(required.Scheme) {
				a = append(a, required.Scheme)
			}
		}
		slices.SortFunc(a, func(x, y *spec.SecurityScheme) int { return strings.Compare(schemeName(x), schemeName(y)) })
		list = append(list, a)
	}
	return list
}

// has reports whether the scheme, or one that is carried in the same way, is in the set.
func (a schemeSet) has(scheme *spec.SecurityScheme) bool {
	return slices.ContainsFunc(a, func(s *spec.SecurityScheme) bool { return schemeName(s) == schemeName(scheme) })
}

// uncovered returns the alternatives of which none of the others is a part.
func uncovered(list, others []schemeSet) []schemeSet {
	return slices.DeleteFunc(slices.Clone(list), func(a schemeSet) bool {
		return slices.ContainsFunc(others, func(other schemeSet) bool {
			return !slices.ContainsFunc(other, func(s *spec.SecurityScheme) bool { return !a.has(s) })
		})
	})
}

// schemeName says in words how a request carries the credential of a scheme: header X-Auth-Token, bearer, oauth2.
func schemeName(s *spec.SecurityScheme) string {
	switch {
	case s.Type == "apiKey" && s.In == "header":
		return "header " + strings.ToLower(s.ParameterName)
	case s.Type == "apiKey":
		return s.In + " " + s.ParameterName
	case s.Type == "http":
		return strings.ToLower(s.HTTPScheme)
	}
	return s.Type
}

func (a schemeSet) String() string {
	names := []string{}
	for _, s := range a {
		names = append(names, schemeName(s))
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, " and ")
}

// only describes a request with these credentials.
func (a schemeSet) only() string {
	if len(a) == 0 {
		return "without credentials"
	}
	return "with " + a.String() + " only"
}

func wordsOf(list []schemeSet) string {
	words := []string{}
	for _, a := range list {
		words = append(words, a.String())
	}
	return strings.Join(words, " or ")
}

// sortedWords are the same for the same alternatives, whatever their order.
func sortedWords(list []schemeSet) string {
	return wordsOf(slices.SortedFunc(slices.Values(list), func(a, b schemeSet) int { return strings.Compare(a.String(), b.String()) }))
}

// grantsOf lists what a credential of an operation must be granted, and where it comes from.
func grantsOf(op *spec.Operation) string {
	list := []string{}
	for _, requirement := range op.Security {
		grants := []string{}
		for _, required := range requirement {
			if required.Scheme != nil {
				scopes := slices.Sorted(slices.Values(required.Scopes))
				grants = append(grants, fmt.Sprintf("%s %q %q", schemeName(required.Scheme), scopes, issuersOf(required.Scheme)))
			}
		}
		slices.Sort(grants)
		list = append(list, strings.Join(grants, " and "))
	}
	slices.Sort(list)
	return strings.Join(list, " or ")
}

// issuersOf lists the URLs at which a client gets a token.
func issuersOf(s *spec.SecurityScheme) []string {
	list := []string{s.OpenIDURL}
	flows := s.Node.Member("flows")
	if flows == nil || flows.Kind != spec.Object {
		return list
	}
	for _, flow := range flows.Members {
		for _, name := range []string{"authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl"} {
			if url := flow.Value.Member(name); url != nil {
				list = append(list, flow.Name+" "+name+" "+url.Text)
			}
		}
	}
	slices.Sort(list)
	return list
}

// securityNode is the place of the requirements of an operation: its own, or those of the document.
func securityNode(doc *spec.Document, op *spec.Operation) *spec.Node {
	n := doc.Root.Member("security")
	if op.OwnSecurity {
		n = op.Node.Member("security")
	}
	if n == nil {
		return op.Node
	}
	return n
}
