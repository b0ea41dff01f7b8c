package spec

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Our extensions (docs/extensions.md) are read after the view, because each belongs to a kind of node: x-rules to an operation,
// a schema or the document, x-error-codes to a response. readExtensions walks all files, reads each extension for its node, and
// then attaches the results to operations and responses. An error in an extension refuses the document, since a promise would
// otherwise be lost silently; all errors are listed.

// extensions is the state of readExtensions.
type extensions struct {
	document   *Document
	errs       Errors
	sources    map[string]bool // the names in x-sources; nil: the document has no x-sources, and any source is valid
	operations map[*Node][]*Operation
}

func (d *Document) readExtensions() Errors {
	x := &extensions{document: d, operations: map[*Node][]*Operation{}}
	for _, op := range d.Operations {
		x.operations[op.Node] = append(x.operations[op.Node], op)
	}
	if n := d.Root.Member("x-sources"); n != nil { // first, since the other extensions refer to it
		x.readSources(n)
	}
	visited := map[*Node]bool{}
	for _, f := range d.inOrder {
		walk(f.root, visited, func(object *Node) {
			for _, m := range object.Members {
				if strings.HasPrefix(m.Name, "x-") {
					x.read(object, m.Name, m.Value)
				}
			}
		})
	}
	x.attach()
	x.nameRules()
	slices.SortStableFunc(x.errs, func(a, b *Finding) int { return d.compare(a.Place(), b.Place()) })
	return x.errs
}

// read reads one member whose name begins with x-. Extensions of others are ignored.
func (x *extensions) read(holder *Node, name string, n *Node) {
	switch name {
	case "x-evidence":
		x.document.evidence[holder] = x.open(name, n, "grade", "source").evidence()
	case "x-rules":
		x.readRules(holder, n)
	case "x-authorization":
		if x.belongs(x.operations[holder] != nil, n, "x-authorization belongs to an operation") {
			x.readAuthorization(holder, n)
		}
	case "x-error-codes":
		if x.belongs(x.document.parts.responses[holder] != nil, n, "x-error-codes belongs to a response") {
			x.readCodes(holder, n)
		}
	case "x-signing-headers":
		i := slices.IndexFunc(x.document.Schemes, func(s *SecurityScheme) bool { return s.Node == holder })
		if x.belongs(i >= 0, n, "x-signing-headers belongs to a security scheme") {
			x.readSigningHeaders(x.document.Schemes[i], n)
		}
	case "x-sources":
		x.belongs(holder == x.document.Root, n, "x-sources belongs to the document")
	}
}

// fail adds an error at the place of the value, failAtName at the place of its key.
func (x *extensions) fail(n *Node, format string, args ...any) {
	x.failAtName(n, format, args...)
	x.errs[len(x.errs)-1].own = true
}

func (x *extensions) failAtName(n *Node, format string, args ...any) {
	x.errs = append(x.errs, newFinding("document/extension", n, format, args...))
}

// belongs adds an error if an extension is in the wrong place.
func (x *extensions) belongs(ok bool, n *Node, text string) bool {
	if !ok {
		x.failAtName(n, "%s", text)
	}
	return ok
}

// readAuthorization reads x-authorization of an operation.
func (x *extensions) readAuthorization(holder, n *Node) {
	f := x.open("x-authorization", n, "action", "default", "iam-project", "enterprise-project", "grade", "source")
	a := &Authorization{Action: f.text("action")}
	switch how := f.member("default"); how.Value() {
	case "allow":
		a.DefaultAllow = true
	case "deny":
	default:
		f.fail(how, "default: want allow or deny")
	}
	a.IAMProject, a.EnterpriseProject, a.Evidence = f.flag("iam-project"), f.flag("enterprise-project"), f.evidence()
	for _, op := range x.operations[holder] {
		op.Authorization = a
	}
}

// readCodes reads x-error-codes of a response.
func (x *extensions) readCodes(holder, n *Node) {
	f := x.open("x-error-codes", n, "at", "codes")
	c := &ErrorCodes{At: f.text("at"), Node: n, Codes: []ErrorCode{}}
	if !strings.HasPrefix(c.At, "/") {
		f.fail(n.Member("at"), "at %q: want a JSON pointer into the body", shortened(c.At))
	}
	list := f.member("codes")
	if list != nil && len(list.Items) == 0 {
		f.fail(list, "codes: want a list")
	}
	x.document.parts.responses[holder].Codes = c
	if f.failed {
		return
	}
	for _, item := range list.Items {
		c.Codes = append(c.Codes, x.readCode(item))
	}
}

func (x *extensions) readCode(n *Node) ErrorCode {
	f := x.open("x-error-codes", n, "code", "message", "when")
	code := ErrorCode{Code: f.text("code"), Message: f.text("message")}
	if when := n.Member("when"); when != nil {
		for _, name := range f.texts("when") {
			if !slices.Contains(causeNames(), name) {
				f.fail(when, "unknown cause %q: it is one of %s", shortened(name), strings.Join(causeNames(), ", "))
			}
			code.When = append(code.When, Probe(name))
		}
	}
	return code
}

// readSigningHeaders reads the list x-signing-headers.
func (x *extensions) readSigningHeaders(scheme *SecurityScheme, n *Node) {
	if len(n.Items) == 0 {
		x.fail(n, "x-signing-headers: want a list")
		return
	}
	for _, item := range n.Items {
		f := x.open("x-signing-headers", item, "name", "says", "pattern", "grade", "source")
		h := &SigningHeader{Name: f.text("name"), Says: f.text("says"), Node: item}
		if pattern := f.optional("pattern"); pattern != "" {
			var err error
			if h.Pattern, err = regexp.Compile(pattern); err != nil {
				f.fail(item.Member("pattern"), "pattern %q is not a regular expression", shortened(pattern))
			}
		}
		f.what += ": " + h.Name
		h.Evidence = f.evidence()
		scheme.SigningHeaders = append(scheme.SigningHeaders, h)
	}
}

// attach sets the evidence and the codes of operations and responses. A response without x-evidence has that of its operation,
// an operation that of its path, and a path that of the document. Without any, the document itself is the evidence.
func (x *extensions) attach() {
	d := x.document
	for _, item := range d.PathItems {
		above := d.Evidence(item.own, Evidence{Documented, []string{d.File}})
		for _, op := range item.Operations {
			op.Evidence = d.Evidence(op.Node, above)
			for _, r := range op.Responses {
				r.Evidence, r.Codes = d.Evidence(r.Node, op.Evidence), r.shared.Codes
			}
		}
	}
}

// compare orders places by file, in the order of reading, and line.
func (d *Document) compare(a, b Place) int {
	fileOf := func(p Place) int { return slices.IndexFunc(d.inOrder, func(f *file) bool { return f.name == p.File }) }
	return cmp.Or(fileOf(a)-fileOf(b), a.Line-b.Line)
}
