package breaking

import (
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A recorded exchange shows a change if a judge refuses it at the place of the change, for a reason that the change can have:
//
//	enum/added      /response/body/*/kind   schema/enum at /response/body/3/kind     the same place, and its keyword
//	required/added  /request/body           schema/required at /request/body/name    a member of the place
//	enum/added      /response/body/*/kind   schema/oneOf at /response/body/3         an alternative that contains the place

// changed is what a finding of the comparison is about.
type changed struct {
	id       string
	side     contract.Side
	tokens   []string // of the pointer; a token may be *
	old, new *spec.Node
}

func changedBy(f Finding) changed {
	p := changed{id: f.ID, side: f.Side, old: f.Old, new: f.New}
	for name := range pointer.Names(f.Pointer) {
		p.tokens = append(p.tokens, name)
	}
	if len(p.tokens) > 2 && p.tokens[1] == "headers" {
		p.tokens[2] = strings.ToLower(p.tokens[2])
	}
	return p
}

// thing is the first part of the id: enum of enum/added.
func (p changed) thing() string {
	thing, _, _ := strings.Cut(p.id, "/")
	return thing
}

// statusOf is the key of the response that a check names, such as 200 or default; "" if it names none.
func statusOf(check string) string {
	_, status, _ := strings.Cut(check[len(operationOf(check)):], "/")
	return status
}

// is reports whether responses with a status are those of a key of either document. A nil statusUse is of no response.
func (s *statusUse) is(key string, status int) bool {
	return key == strconv.Itoa(status) || s != nil && key != "" && (strings.EqualFold(key, s.old) || strings.EqualFold(key, s.new))
}

// reasons lists the last words of the ids that a judge reports for a kind of change. Kinds that are not listed have any.
var reasons = map[string][]string{
	"operation":   {"path/undocumented", "method/undocumented"},
	"server":      {"server/undocumented", "path/undocumented"},
	"required":    {"required"},
	"null":        {"type", "enum", "const"},
	"type":        {"type", "enum", "const", "value"},
	"enum":        {"enum", "const"},
	"bound":       boundWords,
	"format":      {"format"},
	"pattern":     {"pattern"},
	"multiple-of": {"multipleOf"},
	"unique":      {"uniqueItems"},
	"additional":  {"additionalProperties", "unevaluatedProperties", "undocumented"},
	"default":     {},
}

var boundWords = []string{
	"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems",
	"minProperties", "maxProperties", "minContains", "maxContains", "contains",
}

// outerWords are the keywords that refuse a value because of something in it.
var outerWords = []string{"oneOf", "anyOf", "not", "if", "contains", "discriminator", "propertyNames", "dependentSchemas"}

// isShownBy reports whether a recorded exchange shows the change at the place.
func (p changed) isShownBy(key witnessKey, r *recorded) bool {
	switch p.thing() {
	case "rule", "error-codes", "security":
		isPromise := func(f contract.Finding) bool { return f.Node == p.old || f.Node == p.new }
		isCredential := p.thing() == "security" && key.id == "credentials/missing"
		return isCredential || slices.ContainsFunc(slices.Concat(r.old, r.new), isPromise)
	case "operation", "server":
		return slices.Contains(reasons[p.thing()], key.id)
	case "status":
		return strings.HasPrefix(key.place, "/response/status")
	}
	at := slices.Collect(pointer.Names(key.place))
	_, word, _ := strings.Cut(key.id, "/")
	within := min(len(at), len(p.tokens))
	isAround := len(at) < len(p.tokens) && slices.Contains(outerWords, word)
	switch {
	case !matches(p.tokens[:within], at[:within]):
		return false
	case isAround:
		return true
	case len(at) < len(p.tokens):
		return false
	}
	words, isLimited := reasons[p.thing()]
	return !isLimited || slices.Contains(words, word)
}

// matches compares tokens with the first ones of others, which are not fewer. The token * stands for any.
func matches(pattern, tokens []string) bool {
	for i, token := range pattern {
		if token != anyPart && token != tokens[i] {
			return false
		}
	}
	return true
}
