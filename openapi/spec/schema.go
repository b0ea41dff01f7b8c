package spec

// Schema is a schema. It is made once for each node, so pointers compare and a schema may contain itself. In OpenAPI 3.0 a
// $ref replaces everything beside it: then the Schema is that of the target. From 3.1 on both count, and Ref is the target.
//
// A keyword that is absent is nil, empty or false. A keyword of the wrong type, or of another version of OpenAPI, is a
// finding and counts as absent.
type Schema struct {
	Node    *Node
	Is30    bool     // it is written as OpenAPI 3.0 has it, else in JSON Schema 2020-12
	Always  bool     // the schema true: every value is right
	Never   bool     // the schema false: none is
	Refused *Finding // why no value can be judged by it: the fault of the schema or of one that it uses

	Ref         *Schema
	DynamicRef  *Schema // what $dynamicRef leads to without a dynamic scope
	DynamicName string  // the $dynamicAnchor to look for in the dynamic scope; empty: DynamicRef is an ordinary reference

	Types    []string
	Nullable bool
	Enum     []*Node // nil: no enum
	Const    *Node
	Format   string

	MultipleOf, Maximum, Minimum, ExclusiveMaximum, ExclusiveMinimum *Node // numbers; 3.0's exclusive flags are resolved

	MinLength, MaxLength              *uint64 // in characters
	Pattern                           *Node   // a text
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

	uses, usedBy []use // schemas that it applies to a value or to a part of it, and those that apply it so
	resource     *resource
	document     *Document
}

// Property is a name with a schema: of a property, or a pattern of names.
type Property struct {
	Name   string
	Schema *Schema
}

// Dependency is a property that requires others.
type Dependency struct {
	Name     string
	Required []string
}

// Discriminator names the property whose value chooses a schema.
type Discriminator struct {
	PropertyName   string
	Mapping        []Mapping
	DefaultMapping *Mapping // OpenAPI 3.2; nil: none
}

// Mapping is a value of a discriminator with the schema that it chooses.
type Mapping struct {
	Value  string
	Schema *Schema // nil: the document does not have it, which is a finding
}

// Dynamic returns the schema with a $dynamicAnchor in the schema resource that s is part of, or nil. A $dynamicRef leads to
// the one of the outermost resource that an evaluation went through.
func (s *Schema) Dynamic(name string) *Schema {
	if s.resource == nil {
		return nil
	}
	return s.document.Schema(s.resource.dynamic[name])
}

// use says that one schema applies another by a keyword.
type use struct {
	keyword string
	schema  *Schema
}

// inPlace says whether the schema is applied to the same value, not to a part of it.
func (u use) inPlace() bool {
	switch u.keyword {
	case "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "$ref", "$dynamicRef":
		return true
	}
	return false
}

// use notes that s applies another schema, if there is one, and returns that.
func (s *Schema) use(keyword string, other *Schema) *Schema {
	if other != nil {
		s.uses = append(s.uses, use{keyword, other})
		other.usedBy = append(other.usedBy, use{keyword, s})
	}
	return other
}
