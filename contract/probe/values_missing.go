package probe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A probe that lacks a value or a principal is skipped. All probes of an operation that lack values have one reason, and all
// probes of a principal too, so that a report lists each once. A reason begins with what to add to the config:
//
//	add values: {getPet.petId: …} to quotaspec.yaml: 10 probes of getPet were not sent, since no value that exists on the
//	provider is known for the path parameter petId

// Explain gives all probes that lack the same thing the same reason to Skip, with the number of these probes in the lists.
// Derive has called it with all probes of a document; call it again for parts of them, or for several documents.
func Explain(lists ...[]Probe) {
	byOperation, byRole := map[*spec.Operation]*lack{}, map[Role]*lack{}
	for _, probes := range lists {
		for i := range probes {
			switch p := &probes[i]; {
			case p.lacksRole:
				addLack(byRole, p.Role, p)
			case len(p.lacks) > 0:
				addLack(byOperation, p.Operation, p)
			}
		}
	}
	for _, l := range byOperation {
		l.explain(l.values())
	}
	for role, l := range byRole {
		l.explain(l.principal(role), missingPrincipal(role))
	}
}

// lack is what several probes lack.
type lack struct {
	probes     []*Probe
	parameters []*spec.Parameter // each once
	operations []*spec.Operation
}

func addLack[K comparable](by map[K]*lack, key K, p *Probe) {
	l := by[key]
	if l == nil {
		l = &lack{}
		by[key] = l
	}
	l.probes = append(l.probes, p)
	for _, parameter := range p.lacks {
		if !slices.Contains(l.parameters, parameter) {
			l.parameters = append(l.parameters, parameter)
		}
	}
	if !slices.Contains(l.operations, p.Operation) {
		l.operations = append(l.operations, p.Operation)
	}
}

func (l *lack) explain(reason string, missing [][]string) {
	for _, p := range l.probes {
		p.Skip, p.Missing = reason, missing
	}
}

// notSent says how many probes were not sent.
func (l *lack) notSent(of string) string {
	return text.Count(len(l.probes), "probe of "+of+" was", "probes of "+of+" were") + " not sent"
}

// values is the reason why the probes of one operation are skipped that lack values of parameters, and the keys of these.
func (l *lack) values() (reason string, missing [][]string) {
	op, names, yaml := l.operations[0], []string{}, []string{}
	mustExist, isFound, role := false, false, l.probes[0].ownValues
	for _, p := range l.parameters {
		names = append(names, p.In+" parameter "+p.Name)
		key := op.ID + "." + p.Name
		if role != "" { // other principals have the value for all operations
			key = p.Name
		}
		keys := []string{"values", yamlKey(key), "…"}
		if role != "" {
			keys = append([]string{"principals", yamlKey(string(role))}, keys...)
		}
		missing = append(missing, keys)
		yaml = append(yaml, yamlKey(key)+": …")
		mustExist = mustExist || p.In == "path"
	}
	for _, p := range l.probes {
		isFound = isFound || p.onlyFound
	}
	why := "since no value that exists on the provider is known for the "
	if !mustExist {
		why = "since no value is known for the "
	}
	why += strings.Join(names, " and the ")
	if isFound {
		why = "since the resource was only found on the provider, and probes change no such resource"
	}
	add := "values: {" + strings.Join(yaml, ", ") + "}"
	if role != "" {
		add = fmt.Sprintf("principals: {%s: {%s}}", yamlKey(string(role)), add)
	}
	return fmt.Sprintf("add %s to quotaspec.yaml: %s, %s", add, l.notSent(op.ID), why), missing
}

// proves is what the probes of a principal would show.
var proves = map[Role]string{
	Reader:   "callers with credentials get what the document promises",
	Limited:  "a permission that must be granted is enforced",
	Stranger: "an account cannot read another one",
	Expired:  "expired credentials are refused",
	Impostor: "unknown keys are refused",
}

// principal is the reason why the probes of a principal that does not exist are skipped.
func (l *lack) principal(role Role) string {
	reason := fmt.Sprintf("there is no principal %q: ", role)
	for _, m := range missingPrincipal(role) {
		reason += fmt.Sprintf("add principals: {%s: {token_env: %s}} to quotaspec.yaml: ", role, m[len(m)-1])
	}
	reason += l.notSent(text.Count(len(l.operations), "operation", "operations"))
	if shows := proves[role]; shows != "" {
		reason += ", which would show that " + shows
	}
	return reason
}

// missingPrincipal returns the keys of a principal that does not exist; none for one whose key must be unknown, so that nobody
// can give it.
func missingPrincipal(role Role) [][]string {
	if role == Impostor {
		return nil
	}
	return [][]string{{"principals", string(role), "token_env", "QS_" + strings.ToUpper(string(role))}}
}

// yamlKey quotes a key of a mapping in braces, if it needs that: 'GET /pets/{id}.id'.
func yamlKey(key string) string {
	isPlain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_./-", r)
	}
	if strings.IndexFunc(key, func(r rune) bool { return !isPlain(r) }) < 0 && !strings.HasPrefix(key, "-") {
		return key
	}
	return "'" + strings.ReplaceAll(key, "'", "''") + "'"
}
