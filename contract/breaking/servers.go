package breaking

import (
	"regexp"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A server stands for as many base URLs as its variables have values. One that is new or gone is a change, however the document
// writes it:
//
//	https://{region}.example.com    region: [eu, us] → [eu, us, cn]    https://cn.example.com is new

// servers compares the base URLs of two operations.
func (l *list) servers(p part) {
	p.kind = ofServer
	old, new := p.old.op.Servers, p.new.op.Servers
	for _, s := range old {
		if names, says := onlyOf(s, new); len(names) > 0 {
			at := serversNode(l.comparer.new.doc, new)
			l.add(p, difference{id: "server/removed", says: says + "gone", old: s.Node, new: at, names: names})
		}
	}
	for _, s := range new {
		if names, says := onlyOf(s, old); len(names) > 0 {
			at := serversNode(l.comparer.old.doc, old)
			l.add(p, difference{id: "server/added", says: says + "new", old: at, new: s.Node, names: names})
		}
	}
}

// onlyOf returns the base URLs of a server that others do not have, and the beginning of a sentence about them.
func onlyOf(s *spec.Server, others []*spec.Server) (names []string, says string) {
	all, isNamed := []string{}, false
	for _, other := range others {
		all = append(all, addresses(other)...)
		isNamed = isNamed || other.URL == s.URL
	}
	if len(others) == 0 { // then it is /, says OpenAPI
		all = append(all, "/")
	}
	names = without(addresses(s), all)
	if isNamed {
		return names, listed(names) + isOrAre(names)
	}
	return names, s.URL + " is "
}

// maxAddresses limits the base URLs of one server. Further variables stay in them.
const maxAddresses = 500

// addresses returns the base URLs of a server. A variable of any value stays in them, with its default:
// https://{region=eu}.example.com.
func addresses(s *spec.Server) []string {
	list := []string{s.URL}
	for _, v := range s.Variables {
		values := v.Enum
		if len(values) == 0 || len(list)*len(values) > maxAddresses {
			values = []string{"{" + v.Name + "=" + v.Default + strings.Join(v.Enum, "|") + "}"}
		}
		longer := []string{}
		for _, address := range list {
			for _, value := range values {
				longer = append(longer, strings.ReplaceAll(address, "{"+v.Name+"}", value))
			}
		}
		slices.Sort(longer)
		list = slices.Compact(longer)
	}
	return list
}

var openVariable = regexp.MustCompile(`\{[^=}]*=([^|}]*)[^}]*\}`)

// withDefaults is a base URL with the defaults of the variables that stay in it.
func withDefaults(address string) string { return openVariable.ReplaceAllString(address, "$1") }

func serversNode(d *spec.Document, servers []*spec.Server) *spec.Node {
	if len(servers) > 0 {
		return servers[0].Node
	}
	return d.Root
}
