package spec

import (
	"cmp"
	"iter"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Document is an OpenAPI document with what our extensions say in it. It does not change once it is read.
type Document struct {
	Name string // the file's name without its ending, such as "iam"
	File string // as it is shown in places, such as "openapi/iam.yaml"
	Root *Node

	Version     Version
	Title       string // info.title, which may be empty
	InfoVersion string // info.version, which may be empty

	Servers    []*Server
	Security   []Requirement // nil: the document says nothing; an empty Requirement: no credentials are needed
	Schemes    []*SecurityScheme
	PathItems  []*PathItem  // in the order of the file
	Operations []*Operation // of PathItems, in the order of the file
	Webhooks   []*PathItem

	Rules    []*Rule    // every rule of the document, in the order of the file
	Sources  []*Page    // x-sources, in the order of the file
	Findings []*Finding // faults that do not refuse an operation, in the order of the files

	open    func(name string) ([]byte, error)
	files   map[string]*file // by path
	inOrder []*file          // those that could be read
	bytes   int              // of all files

	resources map[*Node]*resource
	byAddress map[string]*resource
	targets   map[*Node]*Node // of references, by the node of $ref

	schemeOf map[string]*SecurityScheme
	dynamic  []*Node // those with $dynamicAnchor
	schemas  []*Schema
	schemaOf map[*Node]*Schema
	parts    parts
	known    map[Finding]*Finding
	evidence map[*Node]Evidence
}

// Load reads a document from disk. References to files in its folder and below are followed, no others. A document that
// cannot be used at all has the error Errors.
func Load(name string) (*Document, error) {
	data, err := readMain(name)
	if err != nil {
		return nil, err
	}
	return Read(name, data, readFolder(filepath.Dir(name)))
}

// Read makes a document of bytes. The name is how the file is shown in places; open reads a further file by its path, with
// slashes, below the document's folder. With a nil open, every reference to another file is a fault. The error is Errors.
func Read(name string, data []byte, open func(name string) ([]byte, error)) (*Document, error) {
	base := path.Base(filepath.ToSlash(name))
	d := &Document{
		Name: strings.TrimSuffix(base, path.Ext(base)), File: name, open: open,
		files:     map[string]*file{},
		resources: map[*Node]*resource{}, byAddress: map[string]*resource{}, targets: map[*Node]*Node{},
		schemeOf: map[string]*SecurityScheme{}, schemaOf: map[*Node]*Schema{},
		parts: parts{
			map[*Node]*Parameter{}, map[*Node]*Header{}, map[*Node]*MediaType{}, map[*Node]*RequestBody{}, map[*Node]*Response{}, 0,
		},
		known: map[Finding]*Finding{}, evidence: map[*Node]Evidence{},
	}
	f := d.newFile(base, data)
	if f.root == nil {
		return nil, Errors(f.faults)
	}
	var fault *Finding
	if d.Version, fault = readVersion(f.root); fault != nil {
		return nil, Errors{fault}
	}
	d.Root = f.root
	d.join(f)
	d.readView()
	if errs := d.readExtensions(); len(errs) > 0 {
		return nil, errs
	}
	d.refuse()
	d.sortFindings()
	return d, nil
}

// readView makes the typed view of the whole document.
func (d *Document) readView() {
	info := d.Root.Member("info")
	d.Title, d.InfoVersion = d.text(info, "title"), d.text(info, "version")
	for _, key := range []string{"title", "version"} {
		if info.Member(key) == nil {
			d.find("document/info", cmp.Or(info, d.Root), "info: %s is missing", key)
		}
	}
	d.Servers = d.servers(d.Root)
	d.readSchemes()
	d.Security = d.security(d.Root)
	d.readPaths()
	d.readComponents()
	d.fillSchemas()
}

// readComponents reads also what no operation refers to: its schemas have rules, and its faults are findings.
func (d *Document) readComponents() {
	components := d.Root.Member("components")
	for _, kind := range []struct {
		name string
		read func(m Member)
	}{
		{"schemas", func(m Member) { d.schema(m.Value) }},
		{"parameters", func(m Member) { d.parameter(m.Value) }},
		{"headers", func(m Member) { d.header(m.Name, m.Value) }},
		{"requestBodies", func(m Member) { d.body(m.Value) }},
		{"responses", func(m Member) { d.response(m.Value) }},
		{"pathItems", func(m Member) { d.pathItem(m.Name, "", m.Value) }},
	} {
		for _, m := range d.object(components, kind.name) {
			kind.read(m)
		}
	}
}

// Operation returns an operation by its ID, or nil.
func (d *Document) Operation(id string) *Operation {
	for _, op := range d.Operations {
		if op.ID == id {
			return op
		}
	}
	return nil
}

// Schema returns the schema that a node is, or nil for a node that neither an operation nor a component uses as one. In
// OpenAPI 3.0 a node with $ref is the schema that it refers to.
func (d *Document) Schema(n *Node) *Schema { return d.schemaOf[n] }

// Schemas returns every schema that an operation or a component uses, each once.
func (d *Document) Schemas() iter.Seq[*Schema] { return slices.Values(d.schemas) }

// find adds a finding at a node.
func (d *Document) find(id string, n *Node, format string, args ...any) *Finding {
	return d.add(fault(id, n, format, args...))
}

// add adds a finding. The same fault of the same node is added once.
func (d *Document) add(f *Finding) *Finding {
	if known := d.known[*f]; known != nil {
		return known
	}
	d.known[*f] = f
	d.Findings = append(d.Findings, f)
	return f
}

// sortFindings puts the findings into the order of the files and leaves out those that refuse an operation.
func (d *Document) sortFindings() {
	refusing := map[*Finding]bool{}
	for _, op := range d.Operations {
		refusing[op.Refused] = true
	}
	d.Findings = slices.DeleteFunc(d.Findings, func(f *Finding) bool { return refusing[f] })
	slices.SortStableFunc(d.Findings, func(a, b *Finding) int {
		return d.compare(a.Place(), b.Place())
	})
}
