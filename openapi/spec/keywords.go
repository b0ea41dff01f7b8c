package spec

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
