package mutate

import "strings"

// needs lists what would kill the mutants of an operator, by the first words of the operator's name. The first match counts.
var needs = []struct{ operator, sentence string }{
	{"bound loosened", "an exchange with the value just beyond the bound, which must fail"},
	{"bound dropped", "an exchange with a value beyond the bound, which must fail"},
	{"bound", "an exchange with the value at the bound, which must pass"},
	{"pattern loosened", "an exchange with a value that matches but for its first or last character, which must fail"},
	{"pattern", "an exchange with a value that matches the pattern, and one that does not match"},
	{"format", "an exchange with a value that breaks the format and nothing else"},
	{"type", "an exchange with a value of another type, and one with this type"},
	{"null", "an exchange with null in this place"},
	{"enum", "an exchange with each value, and one with a value that is not in the list"},
	{"required member", "an exchange without the member"},
	{"further members", "an exchange with a member that is not in the document"},
	{"member", "an exchange with the member, or a row of the inventory"},
	{"reference", "an exchange that passes by one component and fails by the other"},
	{"rule's probe", "a row of the inventory"},
	{"rule", "an exchange that breaks the rule, and one that the rule applies to and passes"},
	{"status", "an exchange with this status, and one with another"},
	{"header", "an exchange with the header and one without"},
	{"media type", "an exchange with this media type, or a row of the inventory"},
	{"parameter", "an exchange with the parameter and one without"},
	{"security", "an exchange with these credentials, and one without any"},
	{"example", "a recording that names the example and equals it"},
	{"error code", "an exchange with this code, or a row of the inventory"},
	{"", "a row of the inventory"},
}

// Needs names in one phrase what would kill a mutant that survived.
func (m Mutant) Needs() string {
	if strings.HasPrefix(m.Of, "exchange") {
		return "a keyword or a rule of the document that this breaks, or a line of the equivalents with the reason why it is correct"
	}
	for _, n := range needs {
		if strings.HasPrefix(m.Operator, n.operator) {
			return n.sentence
		}
	}
	return ""
}
