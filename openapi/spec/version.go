package spec

import (
	"cmp"
	"regexp"
	"strconv"
)

// Version is the OpenAPI version of a document.
type Version struct {
	Minor int    // 0 to 2
	Text  string // as in the document, such as 3.0.3
}

var versionText = regexp.MustCompile(`^3\.([0-2])(\.[0-9A-Za-z.+-]+)?$`)

// readVersion reads the version of a document. The finding names the value found instead of 3.0, 3.1 or 3.2.
func readVersion(root *Node) (v Version, f *Finding) {
	fail := func(n *Node, format string, args ...any) (Version, *Finding) {
		return v, newFinding("document/version", n, "want an OpenAPI document of version 3.0, 3.1 or 3.2"+format, args...)
	}
	if root.Kind != Object {
		return fail(root, ", got %s", root.Kind)
	}
	if old := cmp.Or(root.Member("swagger"), root.Member("swaggerVersion")); old != nil {
		return fail(old, ", got Swagger %s: convert it first, for example with swagger2openapi", shortened(old.Text))
	}
	n := root.Member("openapi")
	if n == nil {
		return fail(root, ": the key openapi is missing")
	}
	if n.Kind != String && n.Kind != Number {
		return fail(n, ", got %s", n.Kind)
	}
	m := versionText.FindStringSubmatch(n.Text)
	if m == nil {
		return fail(n, ", got %q", shortened(n.Text))
	}
	minor, _ := strconv.Atoi(m[1])
	return Version{minor, n.Text}, nil
}
