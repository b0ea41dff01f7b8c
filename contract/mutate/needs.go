package mutate

import "strings"

// needs says of the operators, by what their names begin with or hold, what would notice their mutants.
var needs = []struct{ operator, sentence string }{
	{"bound loosened", "an exchange with the value just beyond the bound, which must be wrong"},
	{"bound dropped", "an exchange with a value beyond the bound, which must be wrong"},
	{"bound", "an exchange with the value at the bound, which must be right"},
	{"pattern loosened", "an exchange with a value that matches but for its first or its last character, which must be wrong"},
	{"pattern", "an exchange with a value of the pattern, and one that is not"},
	{"format", "an exchange with a value that is not of the format, and is wrong for no other reason"},
	{"type", "an exchange with a value of another type, and one of this type"},
	{"null", "an exchange with null in this place"},
	{"enum", "an exchange with each value, and one with a value that is not in the list"},
	{"required member", "an exchange without the member"},
	{"further members", "an exchange with a member that is not in the document"},
	{"member", "an exchange with the member, or a row of the inventory"},
	{"reference", "an exchange that is right by the one component and wrong by the other"},
	{"rule's probe", "a row of the inventory"},
	{"rule", "an exchange that the rule refuses, and one that it speaks of and allows"},
	{"status", "an exchange with this status, and one with another"},
	{"header", "an exchange with the header and one without"},
	{"media type", "an exchange with this media type, or a row of the inventory"},
	{"parameter", "an exchange with the parameter and one without"},
	{"security", "an exchange with these credentials, and one without any"},
	{"example", "a recording that names the example and equals it"},
	{"error code", "an exchange with this code, or a row of the inventory"},
	{"", "a row of the inventory"},
}

// Needs says in one sentence what would notice a mutant that nobody noticed.
func (m Mutant) Needs() string {
	if strings.HasPrefix(m.Of, "exchange") {
		return "a keyword or a rule in the document that this breaks, or a line of the equivalents with the reason for which it is right"
	}
	for _, n := range needs {
		if strings.HasPrefix(m.Operator, n.operator) {
			return n.sentence
		}
	}
	return ""
}
