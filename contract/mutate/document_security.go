package mutate

import (
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The operators on security requirements, security schemes and servers.

func (m *documentMutator) security(s site) {
	dropEach("security alternative dropped")(m, s)
	if len(s.node.Items) > 1 {
		m.change("security alternatives joined", s, s.pointer, "", func(n *spec.Node) {
			joined := &spec.Node{Kind: spec.Object, Members: slices.Concat(n.Items[0].Members, n.Items[1].Members)}
			n.Items = slices.Concat([]*spec.Node{joined}, n.Items[2:])
		})
	}
	m.add("security made optional", s, parsed(`{}`))
}

func (m *documentMutator) scheme(s site) {
	m.transform("security scheme renamed", s, "name", func(name string) string { return name + "s" })
	for _, in := range []string{"query", "cookie", "header"} {
		m.transform("security scheme moved", s, "in", func(string) string { return in })
	}
	name, retyped := "http", `{"type": "http", "scheme": "bearer"}`
	if s.text("type") != "apiKey" {
		name, retyped = "apiKey", `{"type": "apiKey", "in": "query", "name": "key"}`
	}
	m.change("security scheme retyped", s, s.pointer+"/type", name, func(n *spec.Node) { *n = *parsed(retyped) })
	m.transform("security scheme swapped", s, "scheme", other("basic", "bearer"))
	m.drop("signing headers dropped", s, "x-signing-headers")
	m.otherKeywords(s, "name", "in", "type", "scheme", "x-evidence", "x-signing-headers")
}

func (m *documentMutator) servers(s site) {
	dropEach("server dropped")(m, s)
	m.add("server added", s, parsed(`{"url": "https://added.example"}`))
}

func (m *documentMutator) server(s site) {
	m.transform("server address changed", s, "url", func(url string) string { return url + ".example" })
	m.transform("server without TLS", s, "url", func(url string) string { return strings.Replace(url, "https://", "http://", 1) })
	m.otherKeywords(s, "url", "variables", "x-evidence")
}

func (m *documentMutator) variable(s site) {
	enum, ok := s.at("enum")
	if !ok {
		m.transform("server variable changed", s, "default", misspelt)
		return
	}
	m.transform("server variable changed", s, "default", func(string) string { return enum.node.Items[0].Text })
	dropEach("server value dropped")(m, enum)
	m.add("server value added", enum, scalar("added"))
	m.otherKeywords(s, "default", "enum")
}
