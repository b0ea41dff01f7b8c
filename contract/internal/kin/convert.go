package kin

import (
	"math"
	"regexp"
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// kin-openapi can visit by the rules of OpenAPI 3.0, or have another library judge by those of JSON Schema. That one compiles
// the schema for every value, and its errors do not lead back to a schema. So 3.1 is judged by the rules of 3.0, too: what
// those can say of it is converted, and the keywords that they do not know (prefixItems, contains, patternProperties,
// dependent…, unevaluated…, propertyNames, if, and a $dynamicRef that needs the dynamic scope) are left out.

// schema returns the conversion of a schema. All that it contains is converted with it, so that visits need no lock.
func (c *Checker) schema(s *spec.Schema) *openapi3.Schema {
	c.lock.RLock()
	k := c.theirs[s]
	c.lock.RUnlock()
	if k != nil {
		return k
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	k = c.ref(s).Value
	for len(c.todo) > 0 {
		next := c.todo[len(c.todo)-1]
		c.todo = c.todo[:len(c.todo)-1]
		c.fill(c.theirs[next], next)
	}
	return k
}

// origin is the schema that was converted.
func (c *Checker) origin(k *openapi3.Schema) *spec.Schema {
	c.lock.RLock()
	defer c.lock.RUnlock()
	return c.ours[k]
}

// ref returns a reference to the conversion of a schema, which may still be empty; nil for nil. A discriminator chooses among
// references by their texts.
func (c *Checker) ref(s *spec.Schema) *openapi3.SchemaRef {
	if s == nil {
		return nil
	}
	k := c.theirs[s]
	if k == nil {
		k = &openapi3.Schema{Title: "#/" + strconv.Itoa(len(c.theirs))}
		c.theirs[s], c.ours[k] = k, s
		c.todo = append(c.todo, s)
	}
	return openapi3.NewSchemaRef(k.Title, k)
}

func (c *Checker) refs(list ...*spec.Schema) openapi3.SchemaRefs {
	refs := openapi3.SchemaRefs{}
	for _, s := range list {
		refs = append(refs, c.ref(s))
	}
	return refs
}

func (c *Checker) fill(k *openapi3.Schema, s *spec.Schema) {
	// A visit looks first whether the schema is empty, which has no end in one that contains itself. This field says that it
	// is not, and nothing else reads it.
	k.AllowEmptyValue = true
	if s.Always || s.Never {
		k.Always = &s.Always
		return
	}
	k.AllOf, k.AnyOf, k.OneOf = c.refs(applied(s)...), c.refs(s.AnyOf...), c.refs(s.OneOf...)
	k.Not = c.ref(s.Not)
	k.Discriminator = c.discriminator(s)
	fillType(k, s)
	fillNumber(k, s)
	fillString(k, s)
	c.fillArray(k, s)
	c.fillObject(k, s)
}

// applied are the schemas that all apply to the same value.
func applied(s *spec.Schema) []*spec.Schema {
	list := []*spec.Schema{}
	if s.Ref != nil {
		list = append(list, s.Ref)
	}
	if s.DynamicRef != nil && s.DynamicName == "" {
		list = append(list, s.DynamicRef)
	}
	return append(list, s.AllOf...)
}

// discriminator converts what tells the alternatives of OpenAPI 3.0 apart; from 3.1 on it does not change what is valid.
func (c *Checker) discriminator(s *spec.Schema) *openapi3.Discriminator {
	d := s.Discriminator
	if d == nil || s.Dialect != spec.Dialect30 || d.PropertyName == "" {
		return nil
	}
	mapping := map[string]openapi3.MappingRef{}
	for _, m := range d.Mapping {
		if m.Schema == nil {
			return nil
		}
		mapping[m.Value] = openapi3.MappingRef(*c.ref(m.Schema))
	}
	return &openapi3.Discriminator{PropertyName: d.PropertyName, Mapping: mapping}
}

func fillType(k *openapi3.Schema, s *spec.Schema) {
	for _, n := range s.Enum {
		k.Enum = append(k.Enum, n.Value())
	}
	if s.Const != nil {
		k.Enum = []any{s.Const.Value()}
	}
	types := slices.Clone(s.Types)
	k.Nullable = s.Nullable
	if s.Dialect == spec.Draft202012 {
		k.Nullable = takesNull(s, k.Enum)
		if len(types) > 1 { // kin-openapi would take null for the type's sake, whatever enum, anyOf and the others say
			types = slices.DeleteFunc(types, func(name string) bool { return name == "null" })
		}
	}
	if len(types) > 0 {
		k.Type = (*openapi3.Types)(&types)
	}
	k.ReadOnly, k.WriteOnly = s.ReadOnly, s.WriteOnly
	for target := s.Ref; target != nil; target = target.Ref {
		k.ReadOnly, k.WriteOnly = k.ReadOnly || target.ReadOnly, k.WriteOnly || target.WriteOnly
	}
}

// takesNull says whether a schema of JSON Schema takes null at once. What its parts say of null, they are asked.
func takesNull(s *spec.Schema, enum []any) bool {
	return (len(s.Types) == 0 || slices.Contains(s.Types, "null")) &&
		(len(enum) == 0 || slices.Contains(enum, nil)) &&
		len(applied(s))+len(s.AnyOf)+len(s.OneOf) == 0
}

func fillNumber(k *openapi3.Schema, s *spec.Schema) {
	k.Min, k.Max = number(s.Minimum), number(s.Maximum)
	k.ExclusiveMin.Value, k.ExclusiveMax.Value = number(s.ExclusiveMinimum), number(s.ExclusiveMaximum)
	if m := number(s.MultipleOf); m != nil && *m > 0 {
		k.MultipleOf = m
	}
}

// number returns the value of a number, or nil if a float64 cannot hold it.
func number(n *spec.Node) *float64 {
	if n == nil {
		return nil
	}
	f, err := strconv.ParseFloat(n.Text, 64)
	if err != nil {
		return nil
	}
	return &f
}

var unicodeEscape = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

func fillString(k *openapi3.Schema, s *spec.Schema) {
	k.Format = s.Format
	k.MinLength, k.MaxLength = atLeast(s.MinLength), atMost(s.MaxLength)
	if s.Pattern != nil {
		pattern := unicodeEscape.ReplaceAllString(s.Pattern.Text, `\x{$1}`)
		if _, err := regexp.Compile(pattern); err == nil {
			k.Pattern = pattern
		}
	}
}

func (c *Checker) fillArray(k *openapi3.Schema, s *spec.Schema) {
	k.MinItems, k.MaxItems = atLeast(s.MinItems), atMost(s.MaxItems)
	k.UniqueItems = s.UniqueItems
	k.Items = c.ref(s.Items)
	k.PrefixItems = c.refs(s.PrefixItems...) // their number says where items begins
}

func (c *Checker) fillObject(k *openapi3.Schema, s *spec.Schema) {
	k.MinProps, k.MaxProps = atLeast(s.MinProperties), atMost(s.MaxProperties)
	k.Required = s.Required
	k.Properties = openapi3.Schemas{}
	for _, p := range s.Properties {
		k.Properties[p.Name] = c.ref(p.Schema)
	}
	switch more := s.AdditionalProperties; {
	case more == nil || len(s.PatternProperties) > 0: // which members are additional, kin-openapi cannot say
	case more.Always || more.Never:
		k.AdditionalProperties.Has = &more.Always
	default:
		k.AdditionalProperties.Schema = c.ref(more)
	}
}

// Counts are compared as int64.

func atLeast(count *uint64) uint64 {
	if count == nil {
		return 0
	}
	return min(*count, math.MaxInt64)
}

func atMost(count *uint64) *uint64 {
	if count == nil || *count > math.MaxInt64 {
		return nil
	}
	return count
}
