package probe

import (
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// methods asks with every method that the path does not have, and that no other path has which a provider may take it for.
func (d *deriver) methods() {
	for _, method := range []string{"HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		if !slices.ContainsFunc(d.doc.Operations, func(op *spec.Operation) bool { return op.Method == method && fits(op, pathOf(d.op)) }) {
			d.add("method-"+method, spec.OtherMethod, Reader, nil).Request.Method = method
		}
	}
}

// paths asks for what lies beside the path.
func (d *deriver) paths() {
	template := pathOf(d.op)
	last := template[strings.LastIndexByte(template, '/')+1:]
	add := func(name string, change func(path string) string) {
		made := d.add(name, spec.UnknownPath, Reader, func(r *contract.Request) {
			path, _, _ := strings.Cut(r.Target, "?")
			r.Target = change(path) + strings.TrimPrefix(r.Target, path)
		})
		path, _, _ := strings.Cut(made.Request.Target, "?")
		if made.Skip == "" && d.knows(path) {
			d.probes = d.probes[:len(d.probes)-1] // it is the path of another operation
		}
	}
	add("path-trailing-slash", func(path string) string { return path + "/" })
	add("path-doubled-slash", func(path string) string {
		i := strings.LastIndexByte(path, '/')
		return path[:i] + "/" + path[i:]
	})
	add("path-other-case", func(path string) string {
		segments := strings.Split(path, "/")
		for i, text := range strings.Split(template, "/") {
			if !strings.Contains(text, "{") {
				segments[i] = otherCase(segments[i])
			}
		}
		return strings.Join(segments, "/")
	})
	add("path-longer", func(path string) string { return path + "/more" })
	if strings.Contains(last, "{") {
		add("path-empty-segment", func(path string) string { return path[:strings.LastIndexByte(path, '/')+1] })
	} else {
		add("path-other-name", func(path string) string { return path + "s" })
	}
}

// otherCase writes a segment in capitals, or in small letters if it has capitals only.
func otherCase(text string) string {
	if upper := strings.ToUpper(text); upper != text {
		return upper
	}
	return strings.ToLower(text)
}

// knows says whether a path is one of the document's.
func (d *deriver) knows(path string) bool {
	return slices.ContainsFunc(d.doc.Operations, func(op *spec.Operation) bool { return fits(op, path) })
}

// fits says whether a path may be that of an operation.
func fits(op *spec.Operation, path string) bool {
	return slices.EqualFunc(strings.Split(pathOf(op), "/"), strings.Split(path, "/"), func(template, segment string) bool {
		if strings.Contains(template, "{") {
			return segment != ""
		}
		return segment == escapeTarget(template)
	})
}

// pathOf is the template of an operation's path. Some documents tell operations of one path apart by a query or a fragment.
func pathOf(op *spec.Operation) string {
	path, _, _ := strings.Cut(withoutFragment(op.Path), "?")
	return path
}

// withoutFragment is what of a path is sent.
func withoutFragment(path string) string {
	path, _, _ = strings.Cut(path, "#")
	return path
}

// repeat asks twice.
func (d *deriver) repeat() {
	if d.op.Method == http.MethodGet {
		d.add("repeatable", spec.Repeat, Reader, nil)
	}
}
