package spec

import (
	"cmp"
	"regexp"
	"strings"
)

// readPaths reads the paths and the webhooks. Two paths have the same shape if they differ only in the names of parameters:
// /pets/{id} and /pets/{name}. OpenAPI forbids that, but some documents
// split the methods of a path in this way, so both are kept.
func (d *Document) readPaths() {
	if d.Root.Member("paths") == nil && d.Version.Minor == 0 {
		d.find("document/paths", d.Root, "paths is missing")
	}
	const maxPath = 1000 // bytes
	shapes := map[string]string{}
	ids := map[string]bool{}
	for _, m := range d.object(d.Root, "paths") {
		if strings.HasPrefix(m.Name, "x-") {
			continue
		}
		if len(m.Name) > maxPath {
			d.find("path/length", m.Value, "path %q is longer than %d bytes: it is ignored", shortened(m.Name), maxPath)
			continue
		}
		path := m.Name
		if !strings.HasPrefix(path, "/") {
			d.find("path/slash", m.Value,
				"path %q does not begin with a slash: it is read as %q", shortened(path), shortened("/"+path))
			path = "/" + path
		}
		item := d.pathItem(path, "/paths/"+escape(m.Name), m.Value)
		d.PathItems = append(d.PathItems, item)
		shape := variable.ReplaceAllString(path, "{}")
		if other, twice := shapes[shape]; twice {
			d.find("path/same-shape", m.Value, "path %s has the same shape as %s", shortened(path), shortened(other))
		} else {
			shapes[shape] = path
		}
		for _, op := range item.Operations {
			d.nameOperation(op, ids)
			d.checkPath(op)
			d.Operations = append(d.Operations, op)
		}
	}
	for _, m := range d.object(d.Root, "webhooks") {
		d.Webhooks = append(d.Webhooks, d.pathItem(m.Name, "/webhooks/"+escape(m.Name), m.Value))
	}
}

var variable = regexp.MustCompile(`\{[^}]*\}?`)

// nameOperation gives an operation a unique ID: operationId, or else the method and the path.
func (d *Document) nameOperation(op *Operation, ids map[string]bool) {
	if op.ID != "" && ids[op.ID] {
		d.find("operation/id-twice", cmp.Or(op.Node.Member("operationId"), op.Node),
			"duplicate operationId %q: %s %s is named by its method and path", shortened(op.ID), op.Method, shortened(op.Path))
		op.ID = ""
	}
	if op.ID == "" {
		op.ID = op.Method + " " + op.Path
	}
	ids[op.ID] = true
}

// checkPath compares the names in a path with the path parameters.
func (d *Document) checkPath(op *Operation) {
	declared := map[string]bool{}
	for _, p := range op.Parameters {
		if p.In != "path" {
			continue
		}
		declared[p.Name] = true
		if !strings.Contains(op.Path, "{"+p.Name+"}") {
			d.find("path/parameter", p.Node, "path parameter %q is not in the path %s", shortened(p.Name), shortened(op.Path))
		}
	}
	for _, part := range strings.Split(op.Path, "{")[1:] {
		if name, _, closed := strings.Cut(part, "}"); closed && !declared[name] {
			d.find("path/parameter", op.Node,
				"%s %s: path parameter %q is not declared", op.Method, shortened(op.Path), shortened(name))
		}
	}
}
