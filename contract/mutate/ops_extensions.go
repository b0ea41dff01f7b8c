package mutate

import (
	"regexp"

	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// comparison finds what can be swapped in a rule.
var comparison = regexp.MustCompile(`<=|>=|==|!=|<|>|&&|\|\||exists_one\(|exists\(|all\(`)

var swapped = map[string]string{
	"<=": "<", ">=": ">", "==": "!=", "!=": "==", "<": "<=", ">": ">=", "&&": "||", "||": "&&",
	"exists_one(": "exists(", "exists(": "exists_one(", "all(": "exists(",
}

func (m *maker) rule(s site) {
	m.turn("rule renamed", s, "id", func(id string) string { return id + "s" })
	m.grade(s)
	if rule := s.text("rule"); rule != "" {
		m.set("rule negated", s, "rule", scalar("!("+rule+")"))
		m.set("rule emptied", s, "rule", scalar("true"))
		for _, at := range comparison.FindAllStringIndex(rule, -1) {
			changed := rule[:at[0]] + swapped[rule[at[0]:at[1]]] + rule[at[1]:]
			around := text.OneLine(changed[max(0, at[0]-12):min(len(changed), at[1]+12)])
			m.change("rule's comparison swapped", s, s.pointer+"/rule", around, func(n *spec.Node) { put(n, "rule", scalar(changed)) })
		}
		m.drop("rule's probe dropped", s, "probe")
	}
	m.turn("rule's probe swapped", s, "probe", other(spec.NoCredentials, spec.OtherMethod))
	m.unknown(s, "id", "grade", "source", "rule", "probe")
}

func (m *maker) evidence(s site) {
	m.grade(s)
	m.unknown(s, "grade", "source")
}

// grade changes how sure a promise is, and where it comes from.
func (m *maker) grade(s site) {
	m.turn("grade changed", s, "grade", other(spec.Documented.String(), spec.Inferred.String()))
	m.turn("source changed", s, "source", misspelt)
	m.turn("source swapped", s, "source", func(page string) string { return following(m.root.node.Member("x-sources"), page) })
	if source, ok := s.at("source"); ok && source.node.Kind == spec.Array {
		dropEach("source dropped")(m, source)
	}
}

func (m *maker) authorization(s site) {
	m.turn("action changed", s, "action", misspelt)
	m.turn("action's default flipped", s, "default", other("allow", "deny"))
	for _, e := range s.entries() {
		if e.node.Kind == spec.Bool {
			m.flip("way of granting flipped", s, e.key)
		}
	}
	m.grade(s)
}

func (m *maker) errorCodes(s site) {
	m.turn("place of the code changed", s, "at", func(at string) string { return at + "s" })
	m.unknown(s, "at", "codes")
}

func (m *maker) codes(s site) {
	dropEach("error code dropped")(m, s)
	m.add("error code added", s, parsed(`{"code": "ADDED.1", "message": "Added."}`))
}

func (m *maker) code(s site) {
	m.turn("error code misspelt", s, "code", misspelt)
	m.turn("message changed", s, "message", misspelt)
	when, ok := s.at("when")
	if !ok {
		m.set("fault added", s, "when", scalar(string(spec.InvalidParameter)))
		return
	}
	swap := other(spec.Unavailable, spec.Throttled)
	if isScalar(when.node) {
		m.drop("fault dropped", s, "when")
		m.turn("fault swapped", s, "when", swap)
		return
	}
	for _, e := range when.entries() {
		m.drop("fault dropped", when, e.key)
		m.replace("fault swapped", e, swap(e.node.Text))
	}
}

// sources are the pages that promises come from, by their names.
func (m *maker) sources(s site) {
	for _, e := range s.entries() {
		m.drop("page dropped", s, e.key)
		m.rename("page renamed", s, e.key, misspelt(e.key))
	}
	m.set("page added", s, "added", parsed(`{"title": "Added.", "url": "https://added.example/", "edition": "first"}`))
}

func (m *maker) source(s site) {
	m.turn("page's title changed", s, "title", misspelt)
	m.turn("page's address changed", s, "url", misspelt)
	m.turn("page's edition changed", s, "edition", misspelt)
	m.unknown(s, "url", "edition")
}

func (m *maker) signingHeaders(s site) {
	dropEach("signing header dropped")(m, s)
	m.add("signing header added", s, edited(s.node.Items[0], nil, func(n *spec.Node) { put(n, "name", scalar("Further")) }))
}

func (m *maker) signingHeader(s site) {
	m.turn("signing header renamed", s, "name", misspelt)
	m.pattern(s)
	if !s.has("pattern") {
		m.set("pattern added", s, "pattern", scalar("^[a-z]{1,3}$"))
	}
	m.grade(s)
	m.unknown(s, "name", "pattern", "grade", "source")
}
