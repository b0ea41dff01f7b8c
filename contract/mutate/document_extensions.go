package mutate

import (
	"regexp"

	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The operators on our extensions: rules, evidence, authorization, error codes, sources and signing headers. A rule is negated,
// emptied, and each comparison in it is swapped for its counterpart:
//
//	r.used <= r.quota    becomes    r.used < r.quota

// comparison matches the operators of a CEL rule that have a counterpart in swapped.
var comparison = regexp.MustCompile(`<=|>=|==|!=|<|>|&&|\|\||exists_one\(|exists\(|all\(`)

var swapped = map[string]string{
	"<=": "<", ">=": ">", "==": "!=", "!=": "==", "<": "<=", ">": ">=", "&&": "||", "||": "&&",
	"exists_one(": "exists(", "exists(": "exists_one(", "all(": "exists(",
}

// rule changes what a rule says (negated, always true, one operator swapped) and when it applies (its probe).
func (m *documentMutator) rule(s site) {
	m.transform("rule renamed", s, "id", func(id string) string { return id + "s" })
	m.grade(s)
	if rule := s.text("rule"); rule != "" {
		m.set("rule negated", s, "rule", scalar("!("+rule+")"))
		m.set("rule emptied", s, "rule", scalar("true"))
		for _, at := range comparison.FindAllStringIndex(rule, -1) {
			changed := rule[:at[0]] + swapped[rule[at[0]:at[1]]] + rule[at[1]:]
			context := text.OneLine(changed[max(0, at[0]-12):min(len(changed), at[1]+12)])
			m.change("rule's comparison swapped", s, s.pointer+"/rule", context, func(n *spec.Node) { put(n, "rule", scalar(changed)) })
		}
		m.drop("rule's probe dropped", s, "probe")
	}
	m.transform("rule's probe swapped", s, "probe", other(spec.NoCredentials, spec.OtherMethod))
	m.otherKeywords(s, "id", "grade", "source", "rule", "probe")
}

func (m *documentMutator) evidence(s site) {
	m.grade(s)
	m.otherKeywords(s, "grade", "source")
}

// grade changes the evidence of a promise: its grade and its sources.
func (m *documentMutator) grade(s site) {
	m.transform("grade changed", s, "grade", other(spec.Documented.String(), spec.Inferred.String()))
	m.transform("source changed", s, "source", misspelt)
	m.transform("source swapped", s, "source", func(name string) string { return nextKey(m.root.node.Member("x-sources"), name) })
	if source, ok := s.at("source"); ok && source.node.Kind == spec.Array {
		dropEach("source dropped")(m, source)
	}
}

// authorization changes which permission an operation needs. No exchange shows it, so the inventory lists it.
func (m *documentMutator) authorization(s site) {
	m.transform("action changed", s, "action", misspelt)
	m.transform("action's default flipped", s, "default", other("allow", "deny"))
	for _, e := range s.entries() {
		if e.node.Kind == spec.Bool {
			m.flip("way of granting flipped", s, e.key)
		}
	}
	m.grade(s)
}

// errorCodes changes the member of a body that has the error code.
func (m *documentMutator) errorCodes(s site) {
	m.transform("place of the code changed", s, "at", func(at string) string { return at + "s" })
	m.otherKeywords(s, "at", "codes")
}

func (m *documentMutator) codes(s site) {
	dropEach("error code dropped")(m, s)
	m.add("error code added", s, parsed(`{"code": "ADDED.1", "message": "Added."}`))
}

// code changes an error code, its message and its causes: one probe, or a list of them.
func (m *documentMutator) code(s site) {
	m.transform("error code misspelt", s, "code", misspelt)
	m.transform("message changed", s, "message", misspelt)
	when, ok := s.at("when")
	if !ok {
		m.set("condition added", s, "when", scalar(string(spec.InvalidParameter)))
		return
	}
	swap := other(spec.Unavailable, spec.Throttled)
	if isScalar(when.node) {
		m.drop("condition dropped", s, "when")
		m.transform("condition swapped", s, "when", swap)
		return
	}
	for _, e := range when.entries() {
		m.drop("condition dropped", when, e.key)
		m.replace("condition swapped", e, swap(e.node.Text))
	}
}

// sources changes the list of pages that promises refer to by name.
func (m *documentMutator) sources(s site) {
	for _, e := range s.entries() {
		m.drop("page dropped", s, e.key)
		m.rename("page renamed", s, e.key, misspelt(e.key))
	}
	m.set("page added", s, "added", parsed(`{"title": "Added.", "url": "https://added.example/", "edition": "first"}`))
}

func (m *documentMutator) source(s site) {
	m.transform("page's title changed", s, "title", misspelt)
	m.transform("page's address changed", s, "url", misspelt)
	m.transform("page's edition changed", s, "edition", misspelt)
	m.otherKeywords(s, "url", "edition")
}

func (m *documentMutator) signingHeaders(s site) {
	dropEach("signing header dropped")(m, s)
	m.add("signing header added", s, edited(s.node.Items[0], nil, func(n *spec.Node) { put(n, "name", scalar("Further")) }))
}

func (m *documentMutator) signingHeader(s site) {
	m.transform("signing header renamed", s, "name", misspelt)
	m.pattern(s)
	if !s.has("pattern") {
		m.set("pattern added", s, "pattern", scalar("^[a-z]{1,3}$"))
	}
	m.grade(s)
	m.otherKeywords(s, "name", "pattern", "grade", "source")
}
