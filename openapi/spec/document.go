package spec

import (
	"cmp"
	"iter"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Document is the typed view of an OpenAPI document with our extensions. Treat it as read-only: it may be shared.
type Document struct {
	Name string // the name of the file without its extension, such as "iam"
	File string // the path as places show it, such as "openapi/iam.yaml"
	Root *Node

	Version     Version
	Title       string // info.title; it may be empty
	InfoVersion string // info.version; it may be empty

	Servers    []*Server
	Security   []Requirement // nil: not declared
	Schemes    []*SecurityScheme
	PathItems  []*PathItem  // in the order of the file
	Operations []*Operation // of PathItems, in the order of the file
	Webhooks   []*PathItem

	Rules    []*Rule    // every rule of the document, in the order of the file
	Sources  []*Page    // x-sources, in the order of the file
	Findings []*Finding // errors that do not refuse an operation, in the order of the files

	open    func(name string) ([]byte, error)
	files   map[string]*file // by path
	inOrder []*file          // the files without syntax errors
	bytes   int              // of all files

	resources map[*Node]*resource
	byAddress map[string]*resource // by addressKey
	targets   map[*Node]*Node      // the target of each reference that was followed, by the node of $ref

	schemeOf map[string]*SecurityScheme
	dynamic  []*Node           // the nodes with $dynamicAnchor
	schemas  []*Schema         // in the order of finding; fillSchemas appends while it reads
	schemaOf map[*Node]*Schema // in OpenAPI 3.0 also by the nodes of references
	parts    parts
	known    map[Finding]*Finding // to add each finding once
	evidence map[*Node]Evidence   // x-evidence, by the node that contains it
}

// Load reads a document from disk. It follows references to files in the document's folder and below, and no others. The error
// is that of the file system, or Errors.
func Load(name string) (*Document, error) {
	data, err := readMain(name)
	if err != nil {
		return nil, err
	}
	return Read(name, data, readFolder(filepath.Dir(name)))
}

// Read reads a document from bytes. Places show the file under the given name, which may also be that of a file in a revision,
// such as main:openapi.yaml. The function open reads another file by its slash-separated path below the document's folder; if it
// is nil, references to other files are errors of the document. The error is Errors.
func Read(name string, data []byte, open func(name string) ([]byte, error)) (*Document, error) {
	base := cmp.Or(name[folderLength(name):], path.Base(name))
	d := &Document{
		Name: strings.TrimSuffix(base, path.Ext(base)), File: name, open: open,
		files:     map[string]*file{},
		resources: map[*Node]*resource{}, byAddress: map[string]*resource{}, targets: map[*Node]*Node{},
		schemeOf: map[string]*SecurityScheme{}, schemaOf: map[*Node]*Schema{},
		parts: parts{
			parameters: map[*Node]*Parameter{}, headers: map[*Node]*Header{}, mediaTypes: map[*Node]*MediaType{},
			bodies: map[*Node]*RequestBody{}, responses: map[*Node]*Response{},
		},
		known: map[Finding]*Finding{}, evidence: map[*Node]Evidence{},
	}
	f := d.newFile(base, data)
	if f.root == nil {
		return nil, Errors(f.findings)
	}
	var cause *Finding
	if d.Version, cause = readVersion(f.root); cause != nil {
		return nil, Errors{cause}
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

// readView builds the typed view of the whole document. Security schemes come before the operations that refer to them, and
// schemas last, when all of them are known.
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

// readComponents also reads components that no operation refers to, for their findings and the rules of their schemas.
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

// Operation returns the operation with the ID, or nil.
func (d *Document) Operation(id string) *Operation {
	for _, op := range d.Operations {
		if op.ID == id {
			return op
		}
	}
	return nil
}

// Schema returns the schema of a node, or nil for a node that neither an operation nor a component uses as a schema. In OpenAPI
// 3.0 the schema of a node with $ref is its target.
func (d *Document) Schema(n *Node) *Schema { return d.schemaOf[n] }

// Schemas returns every schema that an operation or a component uses, each once.
func (d *Document) Schemas() iter.Seq[*Schema] { return slices.Values(d.schemas) }

// find makes a finding and adds it.
func (d *Document) find(id string, n *Node, format string, args ...any) *Finding {
	return d.add(newFinding(id, n, format, args...))
}

// add adds a finding, unless the same one was added before, and returns the one that was added.
func (d *Document) add(f *Finding) *Finding {
	if known := d.known[*f]; known != nil {
		return known
	}
	d.known[*f] = f
	d.Findings = append(d.Findings, f)
	return f
}

// sortFindings sorts the findings by file and line, and removes those that refuse an operation.
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
