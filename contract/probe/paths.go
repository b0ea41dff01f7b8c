package probe

import (
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// These requests differ from a documented one in their method or path only. A provider that routes more leniently than its
// document says answers them with success. For GET /pets/7 of the path /pets/{id}:
//
//	path-trailing-slash    /pets/7/         path-other-case       /PETS/7
//	path-doubled-slash     /pets//7         path-empty-segment    /pets/
//	path-longer            /pets/7/more     method-DELETE         DELETE /pets/7

// methods adds a request with each method that the document has for no path that matches.
func (d *deriver) methods() {
	for _, method := range []string{"HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		isDocumented := func(op *spec.Operation) bool { return op.Method == method && fits(op, pathOf(d.op)) }
		if !slices.ContainsFunc(d.doc.Operations, isDocumented) {
			d.reads = onlyReads(method)
			d.add("method-"+method, spec.OtherMethod, Reader, nil).Request.Method = method
		}
	}
	d.reads = onlyReads(d.op.Method)
}

// paths adds requests for paths next to that of the operation: with a slash more, in another case, longer or misspelt. A path
// that matches another operation is left out.
func (d *deriver) paths() {
	template := pathOf(d.op)
	last := template[strings.LastIndexByte(template, '/')+1:]
	add := func(name string, change func(path string) string) {
		made := d.add(name, spec.UnknownPath, Reader, func(r *contract.Request) {
			path, _, _ := strings.Cut(r.Target, "?")
			r.Target = change(path) + strings.TrimPrefix(r.Target, path)
		})
		path, _, _ := strings.Cut(made.Request.Target, "?")
		isDocumented := func(op *spec.Operation) bool { return fits(op, path) }
		if made.Skip == "" && slices.ContainsFunc(d.doc.Operations, isDocumented) {
			d.probes = d.probes[:len(d.probes)-1] // the path of another operation
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

// otherCase writes a text in upper case, or in lower case if it is upper case.
func otherCase(text string) string {
	if upper := strings.ToUpper(text); upper != text {
		return upper
	}
	return strings.ToLower(text)
}

// fits reports whether a path matches the template of an operation.
func fits(op *spec.Operation, path string) bool {
	return slices.EqualFunc(strings.Split(pathOf(op), "/"), strings.Split(path, "/"), func(template, segment string) bool {
		if strings.Contains(template, "{") {
			return segment != ""
		}
		return segment == escapeTarget(template)
	})
}

// pathOf is the path template of an operation without a query or fragment, by which some documents distinguish operations.
func pathOf(op *spec.Operation) string {
	path, _, _ := strings.Cut(withoutFragment(op.Path), "?")
	return path
}

// withoutFragment removes the part of a path that is never sent.
func withoutFragment(path string) string {
	path, _, _ = strings.Cut(path, "#")
	return path
}

// repeat adds a request that is sent twice.
func (d *deriver) repeat() {
	if d.op.Method == http.MethodGet {
		d.add("repeatable", spec.Repeat, Reader, nil)
	}
}
