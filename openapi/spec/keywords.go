package spec

// keyword describes how to read a keyword of a schema. Most need only the field for the value: Document.keyword reads the value
// by the type of that field. The others are read by Document.special.
type keyword struct {
	vocabulary string              // of JSON Schema 2020-12
	from31     bool                // OpenAPI 3.0 lacks the keyword
	kind       Kind                // the kind of the value, for a field of type *Node; anyKind: any
	field      func(s *Schema) any // returns a pointer to the field for the value; nil: special reads the keyword
}

// The vocabularies, by the last part of their URIs. Keywords of the core always count.
const (
	core        = ""
	applicator  = "applicator"
	unevaluated = "unevaluated"
	validation  = "validation"
	format      = "format-" // format-annotation or format-assertion
	content     = "content"
)

// The values of keyword.from31.
const from30, from31 = false, true

const anyKind = Null

// keywords maps names to all keywords that are read. Others are ignored.
var keywords = map[string]keyword{
	"allOf":                 {applicator, from30, anyKind, func(s *Schema) any { return &s.AllOf }},
	"anyOf":                 {applicator, from30, anyKind, func(s *Schema) any { return &s.AnyOf }},
	"oneOf":                 {applicator, from30, anyKind, func(s *Schema) any { return &s.OneOf }},
	"not":                   {applicator, from30, anyKind, func(s *Schema) any { return &s.Not }},
	"if":                    {applicator, from31, anyKind, func(s *Schema) any { return &s.If }},
	"then":                  {applicator, from31, anyKind, func(s *Schema) any { return &s.Then }},
	"else":                  {applicator, from31, anyKind, func(s *Schema) any { return &s.Else }},
	"properties":            {applicator, from30, anyKind, func(s *Schema) any { return &s.Properties }},
	"patternProperties":     {applicator, from31, anyKind, func(s *Schema) any { return &s.PatternProperties }},
	"additionalProperties":  {applicator, from30, anyKind, func(s *Schema) any { return &s.AdditionalProperties }},
	"propertyNames":         {applicator, from31, anyKind, func(s *Schema) any { return &s.PropertyNames }},
	"dependentSchemas":      {applicator, from31, anyKind, func(s *Schema) any { return &s.DependentSchemas }},
	"items":                 {applicator, from30, anyKind, nil},
	"prefixItems":           {applicator, from31, anyKind, func(s *Schema) any { return &s.PrefixItems }},
	"contains":              {applicator, from31, anyKind, func(s *Schema) any { return &s.Contains }},
	"unevaluatedItems":      {unevaluated, from31, anyKind, func(s *Schema) any { return &s.UnevaluatedItems }},
	"unevaluatedProperties": {unevaluated, from31, anyKind, func(s *Schema) any { return &s.UnevaluatedProperties }},
	"contentSchema":         {content, from31, anyKind, func(s *Schema) any { return &s.ContentSchema }},

	"const":            {validation, from31, anyKind, func(s *Schema) any { return &s.Const }},
	"multipleOf":       {validation, from30, Number, func(s *Schema) any { return &s.MultipleOf }},
	"maximum":          {validation, from30, Number, func(s *Schema) any { return &s.Maximum }},
	"minimum":          {validation, from30, Number, func(s *Schema) any { return &s.Minimum }},
	"exclusiveMaximum": {validation, from30, Number, func(s *Schema) any { return &s.ExclusiveMaximum }},
	"exclusiveMinimum": {validation, from30, Number, func(s *Schema) any { return &s.ExclusiveMinimum }},
	"pattern":          {validation, from30, String, func(s *Schema) any { return &s.Pattern }},
	"default":          {core, from30, anyKind, func(s *Schema) any { return &s.Default }},
	"example":          {core, from30, anyKind, func(s *Schema) any { return &s.Example }},

	"minLength":     {validation, from30, anyKind, func(s *Schema) any { return &s.MinLength }},
	"maxLength":     {validation, from30, anyKind, func(s *Schema) any { return &s.MaxLength }},
	"minItems":      {validation, from30, anyKind, func(s *Schema) any { return &s.MinItems }},
	"maxItems":      {validation, from30, anyKind, func(s *Schema) any { return &s.MaxItems }},
	"minContains":   {validation, from31, anyKind, func(s *Schema) any { return &s.MinContains }},
	"maxContains":   {validation, from31, anyKind, func(s *Schema) any { return &s.MaxContains }},
	"minProperties": {validation, from30, anyKind, func(s *Schema) any { return &s.MinProperties }},
	"maxProperties": {validation, from30, anyKind, func(s *Schema) any { return &s.MaxProperties }},

	"required":         {validation, from30, anyKind, func(s *Schema) any { return &s.Required }},
	"uniqueItems":      {validation, from30, anyKind, func(s *Schema) any { return &s.UniqueItems }},
	"format":           {format, from30, anyKind, func(s *Schema) any { return &s.Format }},
	"contentEncoding":  {content, from31, anyKind, func(s *Schema) any { return &s.ContentEncoding }},
	"contentMediaType": {content, from31, anyKind, func(s *Schema) any { return &s.ContentMediaType }},
	"readOnly":         {core, from30, anyKind, func(s *Schema) any { return &s.ReadOnly }},
	"writeOnly":        {core, from30, anyKind, func(s *Schema) any { return &s.WriteOnly }},
	"deprecated":       {core, from30, anyKind, func(s *Schema) any { return &s.Deprecated }},
	"nullable":         {core, from30, anyKind, func(s *Schema) any { return &s.Nullable }},

	"$ref":              {core, from31, anyKind, nil},
	"$dynamicRef":       {core, from31, anyKind, nil},
	"$defs":             {core, from31, anyKind, nil},
	"type":              {validation, from30, anyKind, nil},
	"enum":              {validation, from30, anyKind, nil},
	"dependentRequired": {validation, from31, anyKind, nil},
	"examples":          {core, from31, anyKind, nil},
	"discriminator":     {core, from30, anyKind, nil},
}

// has reports whether the version of OpenAPI has the keyword. Only 3.0 has nullable.
func (s *Schema) has(name string, k keyword) bool {
	if name == "nullable" {
		return s.Is30
	}
	return !s.Is30 || !k.from31
}
