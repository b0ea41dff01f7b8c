package spec

import (
	"slices"
	"strconv"
)

// schema returns the schema of a node, which fillSchemas reads: schemas refer to one another, and a chain of them may be long.
func (d *Document) schema(n *Node) *Schema {
	if s := d.schemaOf[n]; s != nil {
		return s
	}
	at := n
	var f *Finding
	if d.Version.Minor == 0 {
		if at, f = d.follow(n); f != nil {
			at = n
		} else if s := d.schemaOf[at]; s != nil {
			d.schemaOf[n] = s
			return s
		}
	}
	s := &Schema{Node: at, Refused: f, document: d}
	if d.Version.Minor > 0 {
		s.Dialect = Draft202012
	}
	d.schemaOf[n], d.schemaOf[at] = s, s
	d.schemas = append(d.schemas, s)
	return s
}

// fillSchemas reads the keywords of all schemas, also of those that turn up while it reads. A $dynamicAnchor makes a schema,
// too: a dynamic reference may lead to it.
func (d *Document) fillSchemas() {
	anchors := 0
	for i := 0; i < len(d.schemas) || anchors < len(d.dynamic); i++ {
		for i == len(d.schemas) && anchors < len(d.dynamic) {
			d.schema(d.dynamic[anchors])
			anchors++
		}
		if i < len(d.schemas) && d.schemas[i].Refused == nil {
			d.fill(d.schemas[i])
		}
	}
}

func (d *Document) fill(s *Schema) {
	switch s.Node.Kind {
	case Bool:
		s.Always, s.Never = s.Node.Text == "true", s.Node.Text == "false"
		return
	case Object:
	default:
		s.Refused = d.find("schema/kind", s.Node, "want a schema, got %s", s.Node.Kind)
		return
	}
	if s.Dialect == Draft202012 {
		s.resource = d.resourceOf(s.Node)
	}
	for _, m := range s.Node.Members {
		if s.lacks(m.Name) {
			d.find("schema/keyword", m.Value, "%s is no keyword of OpenAPI %d.%d: it is ignored", m.Name, d.Version.Major, d.Version.Minor)
			continue
		}
		d.keyword(s, m.Name, m.Value)
	}
	d.exclusive(s)
}

// lacks says whether the dialect of the schema does not have a keyword that the other has.
func (s *Schema) lacks(keyword string) bool {
	switch keyword {
	case "nullable":
		return s.Dialect != Dialect30
	case "$ref", "$dynamicRef", "$defs", "const", "contentEncoding", "contentMediaType", "contentSchema", "minContains",
		"maxContains", "contains", "prefixItems", "unevaluatedItems", "patternProperties", "dependentSchemas", "propertyNames",
		"unevaluatedProperties", "dependentRequired", "if", "then", "else", "examples":
		return s.Dialect == Dialect30
	}
	return false
}

// keyword reads one keyword. Unknown ones are of no concern.
func (d *Document) keyword(s *Schema, name string, n *Node) {
	switch name {
	case "$ref":
		s.Ref = d.referred(s, n)
	case "$dynamicRef":
		if s.DynamicRef = d.referred(s, n); s.DynamicRef != nil {
			s.dynamicName(s.DynamicRef.Node)
		}
	case "type":
		d.types(s, n)
	case "nullable":
		s.Nullable = d.isTrue(s, name)
	case "enum":
		if d.of(n, name, Array) {
			s.Enum = n.Items
		}
	case "const":
		s.Const = n
	case "pattern":
		if d.of(n, name, String) {
			s.Pattern = n
		}
	case "format":
		s.Format = d.text(s.Node, name)
	case "contentEncoding":
		s.ContentEncoding = d.text(s.Node, name)
	case "contentMediaType":
		s.ContentMediaType = d.text(s.Node, name)
	case "required":
		s.Required = d.texts(s.Node, name)
	case "dependentRequired":
		for _, m := range d.object(s.Node, name) {
			s.DependentRequired = append(s.DependentRequired, Dependency{m.Name, d.texts(n, m.Name)})
		}
	case "uniqueItems":
		s.UniqueItems = d.isTrue(s, name)
	case "readOnly":
		s.ReadOnly = d.isTrue(s, name)
	case "writeOnly":
		s.WriteOnly = d.isTrue(s, name)
	case "deprecated":
		s.Deprecated = d.isTrue(s, name)
	case "default":
		s.Default = n
	case "example":
		s.Example = n
	case "examples":
		s.Examples = d.list(s.Node, name)
	case "discriminator":
		d.discriminator(s, n)
	default:
		d.numberKeyword(s, name, n)
		d.schemaKeyword(s, name, n)
	}
}

// numberKeyword reads a keyword whose value is a number or a count.
func (d *Document) numberKeyword(s *Schema, name string, n *Node) {
	switch name {
	case "multipleOf":
		if d.of(n, name, Number) {
			s.MultipleOf = n
		}
	case "maximum":
		if d.of(n, name, Number) {
			s.Maximum = n
		}
	case "minimum":
		if d.of(n, name, Number) {
			s.Minimum = n
		}
	case "minLength":
		s.MinLength = d.count(n, name)
	case "maxLength":
		s.MaxLength = d.count(n, name)
	case "minItems":
		s.MinItems = d.count(n, name)
	case "maxItems":
		s.MaxItems = d.count(n, name)
	case "minContains":
		s.MinContains = d.count(n, name)
	case "maxContains":
		s.MaxContains = d.count(n, name)
	case "minProperties":
		s.MinProperties = d.count(n, name)
	case "maxProperties":
		s.MaxProperties = d.count(n, name)
	}
}

// schemaKeyword reads a keyword whose value is a schema, a list of schemas or an object of schemas.
func (d *Document) schemaKeyword(s *Schema, name string, n *Node) {
	switch name {
	case "allOf":
		s.AllOf = d.schemaList(s, name)
	case "anyOf":
		s.AnyOf = d.schemaList(s, name)
	case "oneOf":
		s.OneOf = d.schemaList(s, name)
	case "prefixItems":
		s.PrefixItems = d.schemaList(s, name)
	case "not":
		s.Not = d.schema(n)
	case "if":
		s.If = d.schema(n)
	case "then":
		s.Then = d.schema(n)
	case "else":
		s.Else = d.schema(n)
	case "items":
		if n.Kind == Array {
			d.find("schema/keyword", n, "items: want a schema, got array; it is ignored")
		} else {
			s.Items = d.schema(n)
		}
	case "contains":
		s.Contains = d.schema(n)
	case "contentSchema":
		s.ContentSchema = d.schema(n)
	case "unevaluatedItems":
		s.UnevaluatedItems = d.schema(n)
	case "unevaluatedProperties":
		s.UnevaluatedProperties = d.schema(n)
	case "additionalProperties":
		s.AdditionalProperties = d.schema(n)
	case "propertyNames":
		s.PropertyNames = d.schema(n)
	case "properties":
		s.Properties = d.schemaObject(s, name)
	case "patternProperties":
		s.PatternProperties = d.schemaObject(s, name)
	case "dependentSchemas":
		s.DependentSchemas = d.schemaObject(s, name)
	case "$defs":
		s.Defs = d.schemaObject(s, name)
	}
}

// of says whether the value of a keyword is of a kind.
func (d *Document) of(n *Node, keyword string, kind Kind) bool {
	if n.Kind == kind {
		return true
	}
	d.find("schema/keyword", n, "%s: want %s, got %s; it is ignored", keyword, kind, n.Kind)
	return false
}

func (d *Document) isTrue(s *Schema, name string) bool { return d.flag(s.Node, name, false) }

// count reads a number of characters, items or properties. 3.0 and 3e2 are whole numbers too.
func (d *Document) count(n *Node, keyword string) *uint64 {
	if !d.of(n, keyword, Number) {
		return nil
	}
	if count, err := strconv.ParseUint(n.Text, 10, 64); err == nil {
		return &count
	}
	if f, err := strconv.ParseFloat(n.Text, 64); err == nil && f >= 0 && f < 1<<63 && f == float64(uint64(f)) {
		count := uint64(f)
		return &count
	}
	d.find("schema/keyword", n, "%s: want a whole number from 0 on, got %s; it is ignored", keyword, shortened(n.Text))
	return nil
}

func (d *Document) schemaList(s *Schema, name string) []*Schema {
	list := []*Schema{}
	for _, item := range d.list(s.Node, name) {
		list = append(list, d.schema(item))
	}
	return list
}

func (d *Document) schemaObject(s *Schema, name string) []Property {
	members := d.object(s.Node, name)
	list := make([]Property, 0, len(members))
	for _, m := range members {
		list = append(list, Property{m.Name, d.schema(m.Value)})
	}
	return list
}

var typeNames = []string{"null", "boolean", "object", "array", "number", "string", "integer"}

// types reads type: one name, or from OpenAPI 3.1 on a list. A name that does not exist is left out.
func (d *Document) types(s *Schema, n *Node) {
	names := []*Node{n}
	if n.Kind == Array {
		names = n.Items
		if s.Dialect == Dialect30 {
			d.find("schema/keyword", n, "type: OpenAPI 3.0 has one type, got a list")
		}
	}
	for _, name := range names {
		if name.Kind != String || !slices.Contains(typeNames, name.Text) {
			d.find("schema/type", name, "unknown type %q: it is ignored", shortened(name.Text))
			s.Types = nil // any value may be meant
			return
		}
		s.Types = append(s.Types, name.Text)
	}
}

// exclusive reads exclusiveMaximum and exclusiveMinimum, which are flags in OpenAPI 3.0 and numbers from 3.1 on.
func (d *Document) exclusive(s *Schema) {
	for _, k := range []struct {
		name             string
		limit, exclusive **Node
	}{{"exclusiveMaximum", &s.Maximum, &s.ExclusiveMaximum}, {"exclusiveMinimum", &s.Minimum, &s.ExclusiveMinimum}} {
		n := s.Node.Member(k.name)
		if n == nil {
			continue
		}
		if s.Dialect == Draft202012 {
			if d.of(n, k.name, Number) {
				*k.exclusive = n
			}
		} else if d.of(n, k.name, Bool) && n.Text == "true" {
			*k.exclusive, *k.limit = *k.limit, nil
		}
	}
}
