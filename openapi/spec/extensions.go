package spec

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Our extensions (docs/extensions.md) are read last, because where one may stand depends on what the node is: an operation,
// a response, a schema. A fault in one refuses the document, for the promise would be lost without a word; all are listed.

// extensions is what readExtensions knows while it reads.
type extensions struct {
	document   *Document
	errs       Errors
	sources    map[string]bool // the names of x-sources; nil: the document has none, and any source is right
	operations map[*Node][]*Operation
}

func (d *Document) readExtensions() Errors {
	x := &extensions{document: d, operations: map[*Node][]*Operation{}}
	for _, op := range d.Operations {
		x.operations[op.Node] = append(x.operations[op.Node], op)
	}
	if n := d.Root.Member("x-sources"); n != nil { // first: every other extension names its sources
		x.readSources(n)
	}
	seen := map[*Node]bool{}
	for _, f := range d.inOrder {
		walk(f.root, seen, func(object *Node) {
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

// read reads one member that may be an extension of ours.
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

// fail adds a fault at the value itself, failAtName one at the key that leads to it.
func (x *extensions) fail(n *Node, format string, args ...any) {
	x.failAtName(n, format, args...)
	x.errs[len(x.errs)-1].own = true
}

func (x *extensions) failAtName(n *Node, format string, args ...any) {
	x.errs = append(x.errs, fault("document/extension", n, format, args...))
}

// belongs adds a fault if an extension stands where it means nothing.
func (x *extensions) belongs(right bool, n *Node, text string) bool {
	if !right {
		x.failAtName(n, "%s", text)
	}
	return right
}

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

func (x *extensions) readCodes(holder, n *Node) {
	f := x.open("x-error-codes", n, "at", "codes")
	c := &ErrorCodes{At: f.text("at"), Node: n, Codes: []ErrorCode{}}
	if !strings.HasPrefix(c.At, "/") {
		f.fail(n.Member("at"), "at %q: want a JSON pointer into the body", shortened(c.At))
	}
	list := f.member("codes")
	if list != nil && (list.Kind != Array || len(list.Items) == 0) {
		f.fail(list, "codes: want a list")
	}
	x.document.parts.responses[holder].Codes = c
	if f.faulty {
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
			if !slices.Contains(faultNames(), name) {
				f.fail(when, "unknown fault %q, it is one of %s", shortened(name), strings.Join(faultNames(), ", "))
			}
			code.When = append(code.When, Probe(name))
		}
	}
	return code
}

// readSigningHeaders reads x-signing-headers, a list.
func (x *extensions) readSigningHeaders(scheme *SecurityScheme, n *Node) {
	if n.Kind != Array || len(n.Items) == 0 {
		x.fail(n, "x-signing-headers: want a list")
		return
	}
	for _, item := range n.Items {
		f := x.open("x-signing-headers", item, "name", "says", "pattern", "grade", "source")
		h := &SigningHeader{Name: f.text("name"), Says: f.text("says"), Node: item}
		if pattern := f.optional("pattern"); pattern != "" {
			var err error
			if h.Pattern, err = regexp.Compile(pattern); err != nil {
				f.fail(item.Member("pattern"), "pattern %q is no regular expression", shortened(pattern))
			}
		}
		f.what += ": " + h.Name
		h.Evidence = f.evidence()
		scheme.SigningHeaders = append(scheme.SigningHeaders, h)
	}
}

// attach gives the operations and their responses what was read for their nodes.
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

// compare orders places by file and line.
func (d *Document) compare(a, b Place) int {
	fileOf := func(p Place) int { return slices.IndexFunc(d.inOrder, func(f *file) bool { return f.name == p.File }) }
	return cmp.Or(fileOf(a)-fileOf(b), a.Line-b.Line)
}
