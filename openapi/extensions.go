package openapi

import (
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

var (
	operationPointer = regexp.MustCompile(`^/paths/[^/]+/(get|put|post|delete|options|head|patch|trace)$`)
	responsePointer  = regexp.MustCompile(`^(/paths/[^/]+/[a-z]+|/components)/responses/[^/]+$`)
	schemePointer    = regexp.MustCompile(`^/components/securitySchemes/[^/]+$`)
	ruleName         = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// extensions holds what the x- keys of a document say, by the pointer of the node that carries them.
type extensions struct {
	rules         []*Rule
	evidence      map[string]Evidence
	authorization map[string]*Authorization
	codes         map[string]*ErrorCodes
	sources       []*Page
	signing       map[string][]*SigningHeader // by the name of the security scheme
}

func (t *tree) extensions(isSchema func(pointer string) bool) (*extensions, error) {
	ext := &extensions{
		rules:         []*Rule{},
		evidence:      map[string]Evidence{},
		authorization: map[string]*Authorization{},
		codes:         map[string]*ErrorCodes{},
		signing:       map[string][]*SigningHeader{},
	}
	if n := t.nodes["/x-sources"]; n != nil { // first: every other extension names its sources
		var err error
		if ext.sources, err = t.readSources(n); err != nil {
			return nil, err
		}
	}
	names := map[string]int{} // line of each rule's name
	for _, pointer := range t.order {
		node, holder, line := t.nodes[pointer], parent(pointer), t.lines[pointer]
		if !strings.HasPrefix(pointer[strings.LastIndexByte(pointer, '/')+1:], "x-") || isData(pointer) || isName(pointer) {
			continue
		}
		var err error
		switch {
		case strings.HasSuffix(pointer, "/x-evidence"):
			ext.evidence[holder], err = t.evidence("x-evidence", node)
		case strings.HasSuffix(pointer, "/x-rules"):
			var scope Scope
			switch {
			case holder == "":
				scope = ScopeDocument
			case operationPointer.MatchString(holder):
				scope = ScopeOperation
			case isSchema(holder):
				scope = ScopeSchema
			default:
				return nil, t.errorAt(line, "x-rules belongs to the document, an operation or a schema")
			}
			var rules []*Rule
			rules, err = t.rules(node, pointer, scope, names)
			ext.rules = append(ext.rules, rules...)
		case strings.HasSuffix(pointer, "/x-authorization"):
			if !operationPointer.MatchString(holder) {
				return nil, t.errorAt(line, "x-authorization belongs to an operation")
			}
			ext.authorization[holder], err = t.authorization(node, line)
		case strings.HasSuffix(pointer, "/x-error-codes"):
			if !responsePointer.MatchString(holder) {
				return nil, t.errorAt(line, "x-error-codes belongs to a response")
			}
			ext.codes[holder], err = t.errorCodes(node, line)
		case strings.HasSuffix(pointer, "/x-signing-headers"):
			if !schemePointer.MatchString(holder) {
				return nil, t.errorAt(line, "x-signing-headers belongs to a security scheme")
			}
			scheme := unescape(holder[strings.LastIndexByte(holder, '/')+1:])
			ext.signing[scheme], err = t.signingHeaders(node, pointer)
		case strings.HasSuffix(pointer, "/x-sources") && holder != "":
			return nil, t.errorAt(line, "x-sources belongs to the document")
		}
		if err != nil {
			return nil, err
		}
	}
	return ext, nil
}

func (t *tree) evidence(what string, n *yaml.Node) (Evidence, error) {
	f, err := t.fields(what, n, "grade", "source")
	if err != nil {
		return Evidence{}, err
	}
	return t.evidenceOf(what, n.Line, f)
}

// evidenceOf reads grade and source, which neither evidence nor a rule can be without.
func (t *tree) evidenceOf(what string, line int, f map[string]*yaml.Node) (e Evidence, err error) {
	for _, key := range []string{"grade", "source"} {
		if f[key] == nil {
			return e, t.errorAt(line, "%s: %s is missing", what, key)
		}
	}
	name, err := t.text(what+": grade", f["grade"])
	if err != nil {
		return e, err
	}
	if e.Grade, err = ParseGrade(name); err != nil {
		return e, t.errorAt(f["grade"].Line, "%s: %v", what, err)
	}
	if e.Grade == Undocumented {
		return e, t.errorAt(f["grade"].Line, "%s: a promise cannot be undocumented", what)
	}
	if e.Source, err = t.texts(what+": source", f["source"]); err != nil {
		return e, err
	}
	for _, source := range e.Source {
		if name, _, _ := strings.Cut(source, "/"); t.sources != nil && !t.sources[name] {
			return e, t.errorAt(f["source"].Line, "%s: x-sources has no %q", what, name)
		}
	}
	return e, nil
}

func (t *tree) rules(n *yaml.Node, pointer string, scope Scope, names map[string]int) ([]*Rule, error) {
	if n.Kind != yaml.SequenceNode {
		return nil, t.errorAt(n.Line, "x-rules: want a list")
	}
	rules := []*Rule{}
	for i, item := range n.Content {
		f, err := t.fields("x-rules", item, "id", "says", "grade", "source", "probe", "rule")
		if err != nil {
			return nil, err
		}
		for _, key := range []string{"id", "says"} {
			if f[key] == nil {
				return nil, t.errorAt(item.Line, "x-rules: %s is missing", key)
			}
		}
		r := &Rule{Scope: scope, Holder: parent(pointer), Line: item.Line}
		r.Pointer = pointer + "/" + strconv.Itoa(i)
		if r.ID, err = t.text("x-rules: id", f["id"]); err != nil {
			return nil, err
		}
		if !ruleName.MatchString(r.ID) {
			return nil, t.errorAt(item.Line, "x-rules: id %q: want words joined by hyphens, such as type-filter", r.ID)
		}
		what := "rule " + r.ID
		if line, twice := names[r.ID]; twice {
			return nil, t.errorAt(item.Line, "%s: the same id stands in line %d", what, line)
		}
		names[r.ID] = item.Line
		if r.Says, err = t.text(what+": says", f["says"]); err != nil {
			return nil, err
		}
		if r.Evidence, err = t.evidenceOf(what, item.Line, f); err != nil {
			return nil, err
		}
		if f["rule"] == nil && f["probe"] == nil {
			return nil, t.errorAt(item.Line, "%s: neither rule nor probe proves it", what)
		}
		if f["rule"] != nil {
			if r.Expr, err = t.text(what+": rule", f["rule"]); err != nil {
				return nil, err
			}
		}
		if f["probe"] != nil {
			if r.Probe, err = t.text(what+": probe", f["probe"]); err != nil {
				return nil, err
			}
			if scope == ScopeSchema {
				return nil, t.errorAt(f["probe"].Line, "%s: no probe can be about a schema", what)
			}
			if !contains(probeNames(), r.Probe) {
				return nil, t.errorAt(f["probe"].Line, "%s: unknown probe %q, it is one of %s", what, r.Probe, strings.Join(probeNames(), ", "))
			}
		}
		rules = append(rules, r)
	}
	return rules, nil
}

func (t *tree) authorization(n *yaml.Node, line int) (*Authorization, error) {
	const what = "x-authorization"
	keys := []string{"action", "default", "iam-project", "enterprise-project", "grade", "source"}
	f, err := t.fields(what, n, keys...)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		if f[key] == nil {
			return nil, t.errorAt(line, "%s: %s is missing", what, key)
		}
	}
	a := &Authorization{Line: line}
	if a.Action, err = t.text(what+": action", f["action"]); err != nil {
		return nil, err
	}
	switch f["default"].Value {
	case "allow":
		a.DefaultAllow = true
	case "deny":
	default:
		return nil, t.errorAt(f["default"].Line, "%s: default: want allow or deny", what)
	}
	if a.IAMProject, err = t.flag(what+": iam-project", f["iam-project"]); err != nil {
		return nil, err
	}
	if a.EnterpriseProject, err = t.flag(what+": enterprise-project", f["enterprise-project"]); err != nil {
		return nil, err
	}
	a.Evidence, err = t.evidenceOf(what, line, f)
	return a, err
}

func (t *tree) errorCodes(n *yaml.Node, line int) (*ErrorCodes, error) {
	const what = "x-error-codes"
	f, err := t.fields(what, n, "at", "codes")
	if err != nil {
		return nil, err
	}
	if f["at"] == nil || f["codes"] == nil {
		return nil, t.errorAt(line, "%s: want at and codes", what)
	}
	c := &ErrorCodes{Line: line, Codes: []ErrorCode{}}
	if c.At, err = t.text(what+": at", f["at"]); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(c.At, "/") {
		return nil, t.errorAt(f["at"].Line, "%s: at %q: want a JSON pointer into the body", what, c.At)
	}
	if f["codes"].Kind != yaml.SequenceNode || len(f["codes"].Content) == 0 {
		return nil, t.errorAt(f["codes"].Line, "%s: codes: want a list", what)
	}
	for _, item := range f["codes"].Content {
		g, err := t.fields(what, item, "code", "message", "when")
		if err != nil {
			return nil, err
		}
		if g["code"] == nil || g["message"] == nil {
			return nil, t.errorAt(item.Line, "%s: want code and message", what)
		}
		var code ErrorCode
		if code.Code, err = t.text(what+": code", g["code"]); err != nil {
			return nil, err
		}
		if code.Message, err = t.text(what+": message", g["message"]); err != nil {
			return nil, err
		}
		if g["when"] != nil {
			faults, err := t.texts(what+": when", g["when"])
			if err != nil {
				return nil, err
			}
			for _, name := range faults {
				if !contains(faultNames(), name) {
					return nil, t.errorAt(g["when"].Line, "%s: unknown fault %q, it is one of %s", what, name, strings.Join(faultNames(), ", "))
				}
				code.When = append(code.When, Fault(name))
			}
		}
		c.Codes = append(c.Codes, code)
	}
	return c, nil
}
