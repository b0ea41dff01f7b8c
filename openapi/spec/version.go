package spec

import (
	"cmp"
	"regexp"
	"strconv"
)

// Version is the version of OpenAPI that a document is written in.
type Version struct {
	Major, Minor int
	Text         string // as it stands there, such as 3.0.3
}

var versionText = regexp.MustCompile(`^3\.([0-2])(\.[0-9A-Za-z.+-]+)?$`)

// readVersion reads the version of a document. The fault names what was found instead of 3.0, 3.1 or 3.2.
func readVersion(root *Node) (Version, *Finding) {
	const want = "want an OpenAPI document of version 3.0, 3.1 or 3.2"
	if root.Kind != Object {
		return Version{}, fault("document/version", root, "%s, got %s", want, root.Kind)
	}
	if old := cmp.Or(root.Member("swagger"), root.Member("swaggerVersion")); old != nil {
		return Version{}, fault("document/version", old, "%s, got Swagger %s: convert it first, for example with swagger2openapi", want, shortened(old.Text))
	}
	n := root.Member("openapi")
	if n == nil {
		return Version{}, fault("document/version", root, "%s: the key openapi is missing", want)
	}
	if n.Kind != String && n.Kind != Number {
		return Version{}, fault("document/version", n, "%s, got %s", want, n.Kind)
	}
	m := versionText.FindStringSubmatch(n.Text)
	if m == nil {
		return Version{}, fault("document/version", n, "%s, got %q", want, shortened(n.Text))
	}
	minor, _ := strconv.Atoi(m[1])
	return Version{3, minor, n.Text}, nil
}
