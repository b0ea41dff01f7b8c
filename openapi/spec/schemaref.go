package spec

import "regexp"

// referred returns the target of a $ref or $dynamicRef from OpenAPI 3.1 on. A broken reference refuses s.
func (d *Document) referred(s *Schema, keyword string, ref *Node) *Schema {
	target, f := d.resolve(ref)
	if f != nil {
		s.Refused = f
		return nil
	}
	return s.use(keyword, d.schema(target))
}

// schemaIn returns the schema at a key of a parameter, a header or a media type. Null is a finding and counts as no schema.
func (d *Document) schemaIn(n *Node, key string) *Schema {
	m := n.Member(key)
	if m == nil {
		return nil
	}
	if m.Kind == Null {
		d.find("schema/kind", m, "%s: want a schema, got null; it is ignored", key)
		return nil
	}
	return d.schema(m)
}

var componentName = regexp.MustCompile(`^[a-zA-Z0-9._-]+$`)

// discriminator reads the keyword. A mapping is the name of a component, or a reference.
func (d *Document) discriminator(s *Schema, n *Node) {
	if !d.of(n, "discriminator", Object) {
		return
	}
	s.Discriminator = &Discriminator{PropertyName: d.text(n, "propertyName")}
	for _, m := range d.object(n, "mapping") {
		s.Discriminator.Mapping = append(s.Discriminator.Mapping, Mapping{m.Name, s.use("discriminator", d.mapped(m.Value))})
	}
	if n := n.Member("defaultMapping"); n != nil && d.Version.Minor >= 2 {
		s.Discriminator.DefaultMapping = &Mapping{Schema: s.use("discriminator", d.mapped(n))}
	}
}

// mapped returns the schema of a mapping, or nil.
func (d *Document) mapped(n *Node) *Schema {
	if n.Kind == String && componentName.MatchString(n.Text) {
		if named := d.Root.Member("components").Member("schemas").Member(n.Text); named != nil {
			return d.schema(named)
		}
	}
	target, f := d.resolve(n)
	if f != nil {
		return nil
	}
	return d.schema(target)
}
