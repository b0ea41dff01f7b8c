package spec

// Schema is a schema. There is one Schema for each node, so schemas can be compared by pointer, and a schema may contain
// itself. In OpenAPI 3.0 a $ref replaces its siblings, so the Schema of a node with $ref is that of the target. From 3.1 on,
// the siblings count too, and Ref is the target.
//
// The field of an absent keyword is nil, empty or false. A keyword of the wrong type, or of another version of OpenAPI, is a
// finding and counts as absent.
type Schema struct {
	Node    *Node
	Is30    bool     // the dialect is that of OpenAPI 3.0; false: JSON Schema 2020-12
	Always  bool     // the schema true: every value is valid
	Never   bool     // the schema false: no value is valid
	Refused *Finding // the cause why it cannot judge values, its own or that of a schema that it uses; nil: it can

	Ref         *Schema
	DynamicRef  *Schema // the target of $dynamicRef without a dynamic scope
	DynamicName string  // the $dynamicAnchor to find in the dynamic scope; empty: $dynamicRef works as $ref

	Types    []string
	Nullable bool
	Enum     []*Node // nil: no enum
	Const    *Node
	Format   string

	MultipleOf, Maximum, Minimum, ExclusiveMaximum, ExclusiveMinimum *Node // numbers; 3.0's exclusive flags are resolved

	MinLength, MaxLength              *uint64 // in characters
	Pattern                           *Node   // a string
	ContentEncoding, ContentMediaType string
	ContentSchema                     *Schema

	MinItems, MaxItems, MinContains, MaxContains *uint64
	UniqueItems                                  bool
	Items, Contains, UnevaluatedItems            *Schema
	PrefixItems                                  []*Schema

	MinProperties, MaxProperties                               *uint64
	Required                                                   []string
	Properties, PatternProperties, DependentSchemas            []Property // in the order of the file
	AdditionalProperties, PropertyNames, UnevaluatedProperties *Schema
	DependentRequired                                          []Dependency

	AllOf, AnyOf, OneOf []*Schema
	Not, If, Then, Else *Schema

	ReadOnly, WriteOnly, Deprecated bool
	Default, Example                *Node
	Examples                        []*Node
	Discriminator                   *Discriminator
	Rules                           []*Rule

	uses, usedBy []use // the schemas that it applies to a value or its parts, and the schemas that apply it
	resource     *resource
	document     *Document
}

// Property is the name of a property, or a pattern of names, with a schema.
type Property struct {
	Name   string
	Schema *Schema
}

// Dependency is a property that requires other properties (dependentRequired).
type Dependency struct {
	Name     string
	Required []string
}

// Discriminator names the property whose value selects a schema.
type Discriminator struct {
	PropertyName   string
	Mapping        []Mapping
	DefaultMapping *Mapping // OpenAPI 3.2; nil: none
}

// Mapping is a value of a discriminator and the schema that it selects.
type Mapping struct {
	Value  string
	Schema *Schema // nil: it does not exist, which is a finding
}

// Dynamic returns the schema with the $dynamicAnchor in the resource that contains s, or nil. A $dynamicRef refers to the one
// in the outermost resource of the evaluation.
func (s *Schema) Dynamic(name string) *Schema {
	if s.resource == nil {
		return nil
	}
	return s.document.Schema(s.resource.dynamic[name])
}

// use is the application of one schema by another with a keyword.
type use struct {
	keyword string
	schema  *Schema
}

// inPlace reports whether the schema is applied to the same value, and not to a part of it.
func (u use) inPlace() bool {
	switch u.keyword {
	case "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "$ref", "$dynamicRef":
		return true
	}
	return false
}

// use records that s applies another schema, and returns that schema, which may be nil.
func (s *Schema) use(keyword string, other *Schema) *Schema {
	if other != nil {
		s.uses = append(s.uses, use{keyword, other})
		other.usedBy = append(other.usedBy, use{keyword, s})
	}
	return other
}
