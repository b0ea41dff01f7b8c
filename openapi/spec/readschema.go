package spec

import "strings"

// Schemas are read in two steps, since they may refer to each other in cycles and long chains. schema makes an empty Schema for
// a node and queues it. fillSchemas reads the keywords of queued schemas, which queues the schemas that these refer to, without
// recursion. The table in keywords.go says how to read each keyword.

// schema returns the schema of a node. Its keywords are read later.
func (d *Document) schema(n *Node) *Schema {
	if s := d.schemaOf[n]; s != nil {
		return s
	}
	at, is30 := n, d.Version.Minor == 0
	var f *Finding
	if is30 {
		at, f = d.follow(n)
	}
	s := d.schemaOf[at]
	if s == nil {
		s = &Schema{Node: at, Is30: is30, Refused: f, document: d}
		d.schemaOf[at] = s
		d.schemas = append(d.schemas, s)
	}
	d.schemaOf[n] = s
	return s
}

// fillSchemas reads the keywords of all schemas, including those that it finds while reading. A node with $dynamicAnchor is a
// schema too, since a dynamic reference may refer to it.
func (d *Document) fillSchemas() {
	for i, anchors := 0, 0; ; {
		switch {
		case i < len(d.schemas):
			if d.schemas[i].Refused == nil {
				d.fill(d.schemas[i])
			}
			i++
		case anchors < len(d.dynamic):
			d.schema(d.dynamic[anchors])
			anchors++
		default:
			return
		}
	}
}

// fill reads the keywords of one schema.
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
	if !s.Is30 {
		s.resource = d.resourceOf(s.Node)
		d.findVocabulary(s.resource)
	}
	for _, m := range s.Node.Members {
		k, known := keywords[m.Name]
		switch {
		case !known || s.resource.leavesOut(m.Name):
		case !s.has(m.Name, k):
			d.find("schema/keyword", m.Value, "%s is not a keyword of OpenAPI 3.%d: it is ignored", m.Name, d.Version.Minor)
		case s.Is30 && strings.HasPrefix(m.Name, "exclusive"): // a boolean, read below
		case k.field == nil:
			d.special(s, m.Name, m.Value)
		default:
			d.keyword(s, k, m.Name, m.Value)
		}
	}
	if s.Is30 {
		d.exclusive30(s, "exclusiveMaximum", &s.Maximum, &s.ExclusiveMaximum)
		d.exclusive30(s, "exclusiveMinimum", &s.Minimum, &s.ExclusiveMinimum)
	}
}

// exclusive30 makes a limit exclusive if the keyword is true: exclusiveMaximum is a boolean in OpenAPI 3.0, a number from 3.1
// on.
func (d *Document) exclusive30(s *Schema, name string, limit, exclusive **Node) {
	if n := s.Node.Member(name); n != nil && d.of(n, name, Bool) && n.Text == "true" {
		*limit, *exclusive = nil, *limit
	}
}

// keyword reads a keyword according to the type of its field.
func (d *Document) keyword(s *Schema, k keyword, name string, n *Node) {
	switch field := k.field(s).(type) {
	case *bool:
		*field = d.flag(s.Node, name, false)
	case *string:
		*field = d.text(s.Node, name)
	case *[]string:
		*field = d.texts(s.Node, name)
	case **uint64:
		*field = d.count(n, name)
	case **Node:
		if k.kind == anyKind || d.of(n, name, k.kind) {
			*field = n
		}
	case **Schema:
		*field = s.use(name, d.schema(n))
	case *[]*Schema:
		for _, item := range d.list(s.Node, name) {
			*field = append(*field, s.use(name, d.schema(item)))
		}
	case *[]Property:
		for _, m := range d.object(s.Node, name) {
			*field = append(*field, Property{m.Name, s.use(name, d.schema(m.Value))})
		}
	}
}

// special reads a keyword that needs its own code.
func (d *Document) special(s *Schema, name string, n *Node) {
	switch name {
	case "$ref":
		s.Ref = d.referred(s, name, n)
	case "$dynamicRef":
		s.DynamicRef = d.referred(s, name, n)
		_, fragment, _ := strings.Cut(n.Text, "#")
		if s.DynamicRef != nil && s.DynamicRef.Node.word("$dynamicAnchor") == fragment {
			s.DynamicName = fragment
		}
	case "$defs": // read, but used only by references
		for _, m := range d.object(s.Node, name) {
			d.schema(m.Value)
		}
	case "type":
		d.types(s, n)
	case "enum":
		if d.of(n, name, Array) {
			s.Enum = n.Items
		}
	case "examples":
		s.Examples = d.list(s.Node, name)
	case "dependentRequired":
		for _, m := range d.object(s.Node, name) {
			s.DependentRequired = append(s.DependentRequired, Dependency{m.Name, d.texts(n, m.Name)})
		}
	case "items":
		if n.Kind == Array {
			d.find("schema/keyword", n, "items: want a schema, got array; it is ignored")
		} else {
			s.Items = s.use(name, d.schema(n))
		}
	case "discriminator":
		d.discriminator(s, n)
	}
}
