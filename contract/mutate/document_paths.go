package mutate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The operators on paths, operations, parameters, responses, headers and content. Each drops, renames or adds one part, or
// flips one boolean. At its end an operator calls otherKeywords with the keys that it knows.
//
// A method belongs to a kind of nodes (kind.go) and records all mutants of one node. Each has the name of the change, the place
// and the new value:
//
//	document things: path renamed at /paths/~1things (/thingss)
//	document things: status renumbered at /paths/~1things/get/responses/404 (455)
//	document things: parameter moved at /paths/~1things/get/parameters/0/in (header)
//
// The operators do not ask whether a change matters to anyone. If nothing notices the mutant, either a test is missing or the
// mutant behaves like the original, and the file of equivalents says why.

// document drops what stands at the root and applies to all operations.
func (m *documentMutator) document(s site) {
	m.drop("security dropped", s, "security")
	m.drop("servers dropped", s, "servers")
	m.drop("rules dropped", s, "x-rules")
	m.drop("sources dropped", s, "x-sources")
	m.otherKeywords(s, "security", "servers", "x-rules", "x-sources", "paths", "components", "x-evidence")
}

// paths drops and renames paths, so that a request to the old path has no operation.
func (m *documentMutator) paths(s site) {
	for _, e := range s.entries() {
		m.drop("path dropped", s, e.key)
		m.rename("path renamed", s, e.key, e.key+"s")
		m.rename("path in other case", s, e.key, otherCase(e.key))
	}
}

var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// path drops operations, gives them another method, and adds one that the provider does not have.
func (m *documentMutator) path(s site) {
	for _, e := range s.entries() {
		if !slices.Contains(methods, e.key) {
			continue
		}
		m.drop("operation dropped", s, e.key)
		m.rename("method swapped", s, e.key, "post")
		m.rename("method swapped", s, e.key, "delete")
		if !s.has("put") {
			operation := e.node
			m.change("operation added", s, s.pointer+"/put", "", func(n *spec.Node) {
				put(n, "put", edited(operation, nil, func(copied *spec.Node) {
					put(copied, "operationId", scalar("added"))
					remove(copied, "x-rules")
				}))
			})
		}
	}
	m.otherKeywords(s, append([]string{"parameters", "servers", "x-evidence"}, methods...)...)
}

// operation drops each part of an operation. Without security of its own, it is opened to callers without credentials.
func (m *documentMutator) operation(s site) {
	m.drop("operation id dropped", s, "operationId")
	m.transform("operation id renamed", s, "operationId", func(id string) string { return id + "s" })
	m.flip("deprecation flipped", s, "deprecated")
	m.drop("request body dropped", s, "requestBody")
	m.drop("rules dropped", s, "x-rules")
	m.drop("authorization dropped", s, "x-authorization")
	m.drop("parameters dropped", s, "parameters")
	if s.has("security") {
		m.drop("security dropped", s, "security")
	} else {
		m.set("security opened", s, "security", parsed(`[]`))
	}
	m.otherKeywords(s, "operationId", "deprecated", "requestBody", "x-rules", "x-authorization", "parameters", "security",
		"responses", "x-evidence", "servers")
}

// parameters drops each parameter and adds further ones: a required one makes all known requests wrong.
func (m *documentMutator) parameters(s site) {
	dropEach("parameter dropped")(m, s)
	for _, in := range []string{"query", "header"} {
		further := `{"name": "further", "in": "` + in + `", "schema": {"type": "string"}`
		m.add("required parameter added", s, parsed(further+`, "required": true}`))
		m.add("optional parameter added", s, parsed(further+`}`))
	}
}

// parameter changes how a parameter is called, where it stands, whether it is required, and how it is written.
func (m *documentMutator) parameter(s site) {
	m.transform("parameter renamed", s, "name", func(name string) string { return name + "s" })
	if s.text("in") != "header" {
		m.transform("parameter in other case", s, "name", otherCase)
	}
	for _, in := range []string{"query", "header", "cookie", "path"} {
		m.transform("parameter moved", s, "in", func(string) string { return in })
	}
	m.flip("parameter required or not", s, "required")
	m.flip("deprecation flipped", s, "deprecated")
	if s.text("in") == "query" {
		m.flip("empty value allowed or not", s, "allowEmptyValue")
	}
	styles := map[string]string{"query": "spaceDelimited", "path": "label", "header": "", "cookie": ""}
	if style := styles[s.text("in")]; style != "" && !s.has("content") {
		m.set("style swapped", s, "style", scalar(style))
	}
	if s.has("explode") {
		m.flip("explode flipped", s, "explode")
	}
	m.plainExample(s)
	m.otherKeywords(s, "name", "in", "required", "deprecated", "allowEmptyValue", "style", "explode", "example", "examples",
		"schema", "content", "x-evidence")
}

// body makes a request body required or optional.
func (m *documentMutator) body(s site) {
	m.flip("request body required or not", s, "required")
	m.otherKeywords(s, "required", "content", "x-evidence")
}

// responses drops, renumbers and widens statuses, and adds some that the operation does not have. 404 becomes 455, 4XX and
// default in turn.
func (m *documentMutator) responses(s site) {
	statuses := slices.DeleteFunc(s.entries(), func(e site) bool { return strings.HasPrefix(e.key, "x-") })
	for _, e := range statuses {
		m.drop("status dropped", s, e.key)
		if code, err := strconv.Atoi(e.key); err == nil {
			m.rename("status renumbered", s, e.key, strconv.Itoa(code+51))
			m.rename("status widened", s, e.key, strconv.Itoa(code/100)+"XX")
			m.rename("status widened", s, e.key, "default")
		}
	}
	if len(statuses) == 0 {
		return
	}
	for _, status := range []string{"201", "302", "418", "default"} {
		if !s.has(status) {
			m.change("status added", s, s.pointer+"/"+status, "", func(n *spec.Node) { put(n, status, statuses[0].node) })
		}
	}
}

// headers drops and renames headers of a response, and adds a required one, which no known response has, and an optional one.
func (m *documentMutator) headers(s site) {
	for _, e := range s.entries() {
		m.drop("header dropped", s, e.key)
		m.rename("header renamed", s, e.key, e.key+"s")
	}
	m.set("required header added", s, "X-Further", parsed(`{"required": true, "schema": {"type": "string"}}`))
	m.set("optional header added", s, "X-Further", parsed(`{"required": false, "schema": {"type": "string"}}`))
}

// header makes a header required or optional. Its schema is mutated like any other.
func (m *documentMutator) header(s site) {
	m.flip("header required or not", s, "required")
	m.flip("deprecation flipped", s, "deprecated")
	m.plainExample(s)
	m.otherKeywords(s, "required", "deprecated", "schema", "content", "example", "examples", "x-evidence")
}

// content drops, renames, widens and narrows media types: application/json becomes */* and application/problem+json.
func (m *documentMutator) content(s site) {
	for _, e := range s.entries() {
		m.drop("media type dropped", s, e.key)
		m.rename("media type renamed", s, e.key, "application/xml")
		m.rename("media type widened", s, e.key, "*/*")
		m.rename("media type narrowed", s, e.key, strings.Replace(e.key, "/", "/problem+", 1))
		if !s.has("text/plain") {
			m.change("media type added", s, s.pointer+"/text~1plain", "", func(n *spec.Node) { put(n, "text/plain", parsed(`{}`)) })
		}
	}
}

// media drops the schema of a media type, so that any body of that type would be right.
func (m *documentMutator) media(s site) {
	m.drop("schema dropped", s, "schema")
	m.plainExample(s)
	m.otherKeywords(s, "schema", "example", "examples", "x-evidence")
}

// plainExample changes the keyword example, whose value has no name.
func (m *documentMutator) plainExample(s site) {
	m.drop("example dropped", s, "example")
	m.transform("example changed", s, "example", misspelt)
}

// examples drops and renames named examples, which probes and the comparison with recordings use.
func (m *documentMutator) examples(s site) {
	for _, e := range s.entries() {
		m.drop("example dropped", s, e.key)
		m.rename("example renamed", s, e.key, e.key+"s")
	}
}

// example changes the first scalar of an example.
func (m *documentMutator) example(s site) {
	value, ok := s.at("value")
	for ok && !isScalar(value.node) {
		children := value.entries()
		if ok = len(children) > 0; ok {
			value = children[0]
		}
	}
	if ok {
		m.change("example changed", value, value.pointer, "", func(n *spec.Node) {
			if n.Kind == spec.String {
				n.Text = misspelt(n.Text)
			} else {
				*n = *raw("4242")
			}
		})
	}
	m.otherKeywords(s, "value", "x-evidence")
}

// misspelt doubles the last letter of a text. The result is never the same.
func misspelt(text string) string {
	if text == "" {
		return "x"
	}
	return text + text[len(text)-1:]
}

// other replaces one word, in any case, by another, and every other text by the first word.
func other[T ~string](one, another T) func(string) string {
	return func(text string) string {
		if strings.EqualFold(text, string(one)) {
			return string(another)
		}
		return string(one)
	}
}

// otherCase writes a text in upper case, or in lower case if it is upper case.
func otherCase(text string) string {
	if upper := strings.ToUpper(text); upper != text {
		return upper
	}
	return strings.ToLower(text)
}
