package spec

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
		d.findVocabulary(s.resource)
	}
	for _, m := range s.Node.Members {
		if s.lacks(m.Name) {
			d.find("schema/keyword", m.Value, "%s is no keyword of OpenAPI %d.%d: it is ignored", m.Name, d.Version.Major, d.Version.Minor)
			continue
		}
		if s.resource.leavesOut(m.Name) {
			continue
		}
		d.keyword(s, m.Name, m.Value)
	}
	d.exclusive(s)
}

// exclusive reads exclusiveMaximum and exclusiveMinimum, which are flags in OpenAPI 3.0 and numbers from 3.1 on.
func (d *Document) exclusive(s *Schema) {
	for _, k := range []struct {
		name             string
		limit, exclusive **Node
	}{{"exclusiveMaximum", &s.Maximum, &s.ExclusiveMaximum}, {"exclusiveMinimum", &s.Minimum, &s.ExclusiveMinimum}} {
		n := s.Node.Member(k.name)
		if n == nil || s.resource.leavesOut(k.name) {
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
