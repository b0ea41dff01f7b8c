package breaking

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A scheme may describe the headers of its signatures (x-signing-headers). Only a signed request has them, so that they are
// compared as parts of the security of an operation.

// signing compares the signing headers of the schemes that an operation takes by both documents.
func signing(old, new *spec.Operation) []change {
	list := []change{}
	after := slices.Concat(schemesFor(new)...)
	for _, was := range slices.Concat(schemesFor(old)...) {
		i := slices.IndexFunc(after, func(is *spec.SecurityScheme) bool { return schemeName(is) == schemeName(was) })
		if i < 0 {
			continue
		}
		before, now := patternsOf(was), patternsOf(after[i])
		names := []string{}
		for _, name := range slices.Sorted(maps.Keys(mergedNames(before, now))) {
			if a, b := before[name], now[name]; a == nil || b == nil || *a != *b {
				names = append(names, name)
			}
		}
		if len(names) > 0 {
			list = append(list, change{
				id: "security/changed", part: part{old: element{op: old}, new: element{op: new}, kind: ofSecurity},
				old: was.Node, new: after[i].Node, names: names,
				says: fmt.Sprintf("signing headers of %s changed: %s", schemeName(was), strings.Join(names, ", ")),
			})
		}
	}
	return list
}

// patternsOf maps the names of signing headers, in lower case, to their patterns; "" is any value.
func patternsOf(s *spec.SecurityScheme) map[string]*string {
	patterns := map[string]*string{}
	for _, h := range s.SigningHeaders {
		text := ""
		if h.Pattern != nil {
			text = h.Pattern.String()
		}
		patterns[strings.ToLower(h.Name)] = &text
	}
	return patterns
}

func mergedNames(a, b map[string]*string) map[string]*string {
	merged := maps.Clone(a)
	maps.Copy(merged, b)
	return merged
}

// showSigning looks for a signed request with a header that one document only takes.
func (c *Comparer) showSigning(ch change) shown {
	s := shown{level: PossiblyBreaking, why: "no exchange shows it: both documents take the values that were tried"}
	for _, one := range c.signedRequests(ch) {
		v, ok := c.check(one.exchange, contract.Provider)
		switch {
		case !ok || !v.differs():
		case v.breaks(contract.Provider):
			return shown{level: Breaking, witness: requestWitness(one, v)}
		case s.witness == nil:
			s = shown{level: Compatible, witness: requestWitness(one, v)}
		}
	}
	return s
}

// signedRequests are signed requests, each with another value of a header that has changed.
func (c *Comparer) signedRequests(ch change) []seed {
	list := []seed{}
	for _, a := range slices.Concat(schemesFor(ch.part.old.op), schemesFor(ch.part.new.op)) {
		for _, base := range c.requestsOf(ch.part) {
			for _, name := range ch.names {
				for _, value := range signedValues(a, name) {
					one := base
					one.exchange.Request = withHost(one.exchange.Request)
					addCredentials(&one.exchange.Request, a)
					one.exchange.Request.Header.Set(name, value)
					list = append(list, one)
				}
			}
		}
	}
	return list
}

// requestWitness is a request as a witness.
func requestWitness(s seed, v verdict) *Witness {
	old, new := v.old.failing(contract.Provider), v.new.failing(contract.Provider)
	return &Witness{Exchange: s.exchange, Origin: s.name, Old: old, New: new}
}

// signedValues lists values of a header: one that matches its pattern, and others that may not.
func signedValues(a schemeSet, name string) []string {
	values := []string{}
	for _, s := range a {
		for _, h := range s.SigningHeaders {
			if !strings.EqualFold(h.Name, name) || h.Pattern == nil {
				continue
			}
			if text, ok := sample.Matching(h.Pattern.String(), 0); ok {
				values = append(values, text, text+"0", "0"+text)
			}
		}
	}
	return append(values, "text", "4711")
}
