package contract

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// Every option of kin-openapi stands in this file.

// formats are the string formats that are checked; kin-openapi leaves some unchecked, and takes any date that looks like one.
var formats = map[string]openapi3.StringFormatValidator{
	"date":      format(func(s string) error { _, err := time.Parse(time.DateOnly, s); return err }),
	"date-time": format(checkTime),
	"uuid":      format(func(s string) error { return orIf(nil, !uuidShape.MatchString(s)) }),
	"email":     format(func(s string) error { _, err := mail.ParseAddress(s); return err }),
	"uri":       format(func(s string) error { u, err := url.Parse(s); return orIf(err, err == nil && !u.IsAbs()) }),
	"ipv4":      format(func(s string) error { return orIf(nil, net.ParseIP(s) == nil || strings.Contains(s, ":")) }),
	"ipv6":      format(func(s string) error { return orIf(nil, net.ParseIP(s) == nil || !strings.Contains(s, ":")) }),
}

// The shapes that RFC 3339 and RFC 9562 give; the packages that read them are more generous.
var (
	timeShape = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$`)
	uuidShape = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
)

// checkTime takes what RFC 3339 does and package time does not: small letters and leap seconds.
func checkTime(s string) error {
	s = strings.ToUpper(s)
	if !timeShape.MatchString(s) {
		return errFormat
	}
	_, err := time.Parse(time.RFC3339Nano, strings.Replace(s, ":60", ":59", 1))
	return err
}

var errFormat = errors.New("not of the format")

func format(check func(string) error) openapi3.StringFormatValidator {
	return openapi3.NewCallbackValidator(check)
}

func orIf(err error, bad bool) error {
	if err == nil && bad {
		return errFormat
	}
	return err
}

// direction is the way that a body goes: some members are for requests or for responses only.
type direction int

const (
	asRequest direction = iota
	asResponse
)

var (
	strictOptions = []openapi3.SchemaValidationOption{openapi3.EnableFormatValidation(), openapi3.WithStringFormatValidators(formats)}
	usualOptions  = append(slices.Clip(strictOptions), openapi3.MultiErrors())

	// With the quick options a visit says whether there is anything wrong, with the full ones all that is.
	quickOptions = [...][]openapi3.SchemaValidationOption{
		asRequest:  append(slices.Clip(strictOptions), openapi3.FailFast(), openapi3.VisitAsRequest()),
		asResponse: append(slices.Clip(strictOptions), openapi3.FailFast(), openapi3.VisitAsResponse()),
	}
	fullOptions = [...][]openapi3.SchemaValidationOption{
		asRequest:  append(slices.Clip(usualOptions), openapi3.VisitAsRequest()),
		asResponse: append(slices.Clip(usualOptions), openapi3.VisitAsResponse()),
	}
)

func schemaOptions() []openapi3.SchemaValidationOption { return usualOptions }

// FilterOptions are the options under which openapi3filter, kin-openapi's own judge of whole messages, misses the least.
func FilterOptions() *openapi3filter.Options {
	return &openapi3filter.Options{
		MultiError:              true,
		IncludeResponseStatus:   true,
		SkipSettingDefaults:     true,
		AuthenticationFunc:      openapi3filter.NoopAuthenticationFunc, // whether credentials are there is judged apart
		SchemaValidationOptions: schemaOptions(),
	}
}

var filterOptions = FilterOptions()

// violation is a schema error of kin-openapi in terms of ours: its texts change between releases and are never shown.
type violation struct {
	keyword string
	pointer string // into the value
	schema  *openapi3.Schema
	value   any
}

// violations are what VisitJSON returned, one by one. Where an object has members that it must not have, kin-openapi says so
// once for each and names none but in its text: they are found in the object.
func violations(err error) []violation {
	list := flatten(err)
	type object struct {
		schema  *openapi3.Schema
		pointer string
	}
	forbidden := map[object][]string{} // names that were not told yet
	for i := range list {
		v := &list[i]
		members, ok := v.value.(map[string]any)
		if !ok || v.keyword != "additionalProperties" {
			continue
		}
		at := object{v.schema, v.pointer}
		names, begun := forbidden[at]
		if !begun {
			names = slices.DeleteFunc(sortedKeys(members), func(name string) bool { return v.schema.Properties[name] != nil })
		}
		if len(names) > 0 {
			v.pointer, v.value = v.pointer+"/"+escapePointer(names[0]), members[names[0]]
			forbidden[at] = names[1:]
		}
	}
	return list
}

func flatten(err error) []violation {
	var multi openapi3.MultiError
	var schema *openapi3.SchemaError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &schema) && err == error(schema): //nolint:errorlint // only the error itself, not one inside of a list
		if inner := errors.Unwrap(schema.Origin); schema.SchemaField == "allOf" && errors.As(inner, &multi) {
			return flatten(multi)
		}
		pointer := ""
		for _, key := range schema.JSONPointer() {
			pointer += "/" + escapePointer(key)
		}
		return []violation{{keywordOf(schema), pointer, schema.Schema, schema.Value}}
	case errors.As(err, &multi):
		list := []violation{}
		for _, e := range multi {
			list = append(list, flatten(e)...)
		}
		return list
	}
	return []violation{{keyword: "value"}}
}

func keywordOf(e *openapi3.SchemaError) string {
	if e.SchemaField == "properties" {
		return "additionalProperties"
	}
	return e.SchemaField
}

// wantOf says what a schema's keyword asks for.
func wantOf(v violation) string {
	s := v.schema
	if s == nil {
		return "a value of the schema"
	}
	switch v.keyword {
	case "type":
		return "type " + strings.Join(s.Type.Slice(), " or ")
	case "nullable":
		return "no null"
	case "enum":
		words := []string{}
		for _, e := range s.Enum {
			words = append(words, fmt.Sprint(e))
		}
		return "one of " + strings.Join(words, ", ")
	case "format":
		return "format " + s.Format
	case "pattern":
		return "a match of " + s.Pattern
	case "required":
		return "the member"
	case "additionalProperties":
		return "no such member"
	case "minimum":
		return fmt.Sprintf("at least %v", *s.Min)
	case "maximum":
		return fmt.Sprintf("at most %v", *s.Max)
	case "minLength":
		return fmt.Sprintf("at least %d characters", s.MinLength)
	case "maxLength":
		return fmt.Sprintf("at most %d characters", *s.MaxLength)
	case "minItems":
		return fmt.Sprintf("at least %d elements", s.MinItems)
	case "maxItems":
		return fmt.Sprintf("at most %d elements", *s.MaxItems)
	case "uniqueItems":
		return "no element twice"
	}
	return "what " + v.keyword + " says"
}

// gotOf shows a value in few words.
func gotOf(v violation) string {
	switch v.keyword {
	case "required":
		return "none"
	case "type", "nullable":
		return strings.TrimSpace(kindOf(v.value) + " " + compact(v.value))
	}
	return compact(v.value)
}
