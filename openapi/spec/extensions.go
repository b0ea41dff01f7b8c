package spec

import (
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
	responses  map[*Node]bool
	schemes    map[*Node]*SecurityScheme

	authorization map[*Node]*Authorization
	codes         map[*Node]*ErrorCodes
}

func (d *Document) readExtensions() Errors {
	x := &extensions{
		document: d, operations: map[*Node][]*Operation{}, responses: map[*Node]bool{}, schemes: map[*Node]*SecurityScheme{},
		authorization: map[*Node]*Authorization{}, codes: map[*Node]*ErrorCodes{},
	}
	for _, op := range d.Operations {
		x.operations[op.Node] = append(x.operations[op.Node], op)
	}
	for _, r := range d.parts.responses {
		x.responses[r.Node] = true
	}
	for _, s := range d.Schemes {
		x.schemes[s.Node] = s
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
		f := x.open(name, n, "grade", "source")
		f.need(n, true, "grade", "source")
		x.document.evidence[holder] = f.evidence()
		x.keep(f)
	case "x-rules":
		x.readRules(holder, n)
	case "x-authorization":
		if x.belongs(x.operations[holder] != nil, n, "x-authorization belongs to an operation") {
			x.readAuthorization(holder, n)
		}
	case "x-error-codes":
		if x.belongs(x.responses[holder], n, "x-error-codes belongs to a response") {
			x.readCodes(holder, n)
		}
	case "x-signing-headers":
		if x.belongs(x.schemes[holder] != nil, n, "x-signing-headers belongs to a security scheme") {
			x.readSigningHeaders(x.schemes[holder], n)
		}
	case "x-sources":
		x.belongs(holder == x.document.Root, n, "x-sources belongs to the document")
	}
}

// belongs adds a fault if an extension stands where it means nothing.
func (x *extensions) belongs(right bool, n *Node, text string) bool {
	if !right {
		x.errs = append(x.errs, fault("document/extension", n, "%s", text))
	}
	return right
}

// keep adds the fault of an object, and says whether it has none.
func (x *extensions) keep(f *fields) bool {
	if f.fault != nil {
		x.errs = append(x.errs, f.fault)
	}
	return f.fault == nil
}

func (x *extensions) readAuthorization(holder, n *Node) {
	keys := []string{"action", "default", "iam-project", "enterprise-project", "grade", "source"}
	f := x.open("x-authorization", n, keys...)
	f.need(n, false, keys...)
	a := &Authorization{Action: f.text("action"), Node: n}
	if f.fault == nil {
		how := f.node.Member("default")
		a.DefaultAllow = how.Kind == String && how.Text == "allow"
		if !a.DefaultAllow && (how.Kind != String || how.Text != "deny") {
			f.fail(how, "default: want allow or deny")
		}
	}
	a.IAMProject, a.EnterpriseProject, a.Evidence = f.flag("iam-project"), f.flag("enterprise-project"), f.evidence()
	x.keep(f)
	x.authorization[holder] = a
}

func (x *extensions) readCodes(holder, n *Node) {
	f := x.open("x-error-codes", n, "at", "codes")
	if f.fault == nil && (n.Member("at") == nil || n.Member("codes") == nil) {
		f.failAtName(n, "want at and codes")
	}
	c := &ErrorCodes{At: f.text("at"), Node: n, Codes: []ErrorCode{}}
	if !strings.HasPrefix(c.At, "/") && f.fault == nil {
		f.fail(n.Member("at"), "at %q: want a JSON pointer into the body", shortened(c.At))
	}
	list := n.Member("codes")
	if f.fault == nil && (list.Kind != Array || len(list.Items) == 0) {
		f.fail(list, "codes: want a list")
	}
	x.codes[holder] = c
	if !x.keep(f) {
		return
	}
	for _, item := range list.Items {
		c.Codes = append(c.Codes, x.readCode(item))
	}
}

func (x *extensions) readCode(n *Node) ErrorCode {
	f := x.open("x-error-codes", n, "code", "message", "when")
	if f.fault == nil && (n.Member("code") == nil || n.Member("message") == nil) {
		f.fail(n, "want code and message")
	}
	code := ErrorCode{Code: f.text("code"), Message: f.text("message")}
	if when := n.Member("when"); when != nil {
		for _, name := range f.texts("when") {
			if !slices.Contains(faultNames(), name) {
				f.fail(when, "unknown fault %q, it is one of %s", shortened(name), strings.Join(faultNames(), ", "))
			}
			code.When = append(code.When, Probe(name))
		}
	}
	x.keep(f)
	return code
}

// readSigningHeaders reads x-signing-headers, a list.
func (x *extensions) readSigningHeaders(scheme *SecurityScheme, n *Node) {
	if n.Kind != Array || len(n.Items) == 0 {
		x.errs = append(x.errs, &Finding{ID: "document/extension", Text: "x-signing-headers: want a list", Node: n, own: true})
		return
	}
	for _, item := range n.Items {
		f := x.open("x-signing-headers", item, "name", "says", "pattern", "grade", "source")
		f.need(item, true, "name")
		h := &SigningHeader{Name: f.text("name"), Node: item}
		f.need(item, true, "says")
		h.Says = f.text("says")
		if pattern := f.optional("pattern"); pattern != "" && f.fault == nil {
			var err error
			if h.Pattern, err = regexp.Compile(pattern); err != nil {
				f.fail(item.Member("pattern"), "pattern %q is no regular expression", shortened(pattern))
			}
		}
		f.what += ": " + h.Name
		f.need(item, true, "grade", "source")
		h.Evidence = f.evidence()
		x.keep(f)
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
			op.Authorization = x.authorization[op.Node]
			for _, r := range op.Responses {
				r.Evidence, r.Codes = d.Evidence(r.Node, op.Evidence), x.codes[r.Node]
			}
		}
	}
}

// compare orders places by file and line.
func (d *Document) compare(a, b Place) int {
	if a.File == b.File {
		return a.Line - b.Line
	}
	fileOf := func(p Place) int { return slices.IndexFunc(d.inOrder, func(f *file) bool { return f.name == p.File }) }
	return fileOf(a) - fileOf(b)
}
