package probe

import (
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi"
)

// methods asks with every method that the path does not have.
func (d *deriver) methods() {
	item := d.doc.T.Paths.Value(d.op.Path)
	for _, method := range []string{"HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		if item.GetOperation(method) == nil {
			d.add("method-"+method, string(openapi.OtherMethod), Reader, nil)
			d.probes[len(d.probes)-1].Request.Method = method
		}
	}
}

// paths asks for what lies beside the path.
func (d *deriver) paths() {
	kind := string(openapi.UnknownPath)
	last := d.op.Path[strings.LastIndexByte(d.op.Path, '/')+1:]
	add := func(name string, change func(path string) string) {
		d.add(name, kind, Reader, func(r *contract.Request) {
			path, query, hasQuery := strings.Cut(r.Target, "?")
			if r.Target = change(path); hasQuery {
				r.Target += "?" + query
			}
		})
		made := d.probes[len(d.probes)-1]
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
		for i, template := range strings.Split(d.op.Path, "/") {
			if i < len(segments) && !strings.Contains(template, "{") {
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
	segments := strings.Split(path, "/")
	return slices.ContainsFunc(d.doc.Operations, func(op *openapi.Operation) bool {
		template := strings.Split(op.Path, "/")
		for i := range template {
			if i >= len(segments) || segments[i] == "" && template[i] != "" || escapeTarget(template[i]) != segments[i] && !strings.Contains(template[i], "{") {
				return false
			}
		}
		return len(template) == len(segments)
	})
}

// repeat asks twice.
func (d *deriver) repeat() {
	if d.op.Method == http.MethodGet {
		d.add("repeatable", openapi.Repeat, Reader, nil)
	}
}
