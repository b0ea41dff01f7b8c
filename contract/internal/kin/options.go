package kin

import (
	"errors"
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
// Other formats say nothing.
var formats = map[string]openapi3.StringFormatValidator{
	"date":      format(func(s string) error { _, err := time.Parse(time.DateOnly, s); return err }),
	"date-time": format(checkTime),
	"uuid":      format(func(s string) error { return orIf(nil, !uuidShape.MatchString(s)) }),
	"email":     format(func(s string) error { _, err := mail.ParseAddress(s); return err }),
	"uri":       format(func(s string) error { u, err := url.Parse(s); return orIf(err, err == nil && !u.IsAbs()) }),
	"ipv4":      format(func(s string) error { return orIf(nil, net.ParseIP(s) == nil || strings.Contains(s, ":")) }),
	"ipv6":      format(func(s string) error { return orIf(nil, net.ParseIP(s) == nil || !strings.Contains(s, ":")) }),
}

// unchecked are the other formats that OpenAPI and JSON Schema define.
var unchecked = []string{
	"int32", "int64", "float", "double", "byte", "binary", "password", "time", "duration", "idn-email", "hostname", "idn-hostname", "uri-reference", "iri",
	"iri-reference", "uri-template", "json-pointer", "relative-json-pointer", "regex",
}

// KnowsFormat says whether OpenAPI or JSON Schema defines a format. Any other is a name that only the author of the document
// knows.
func KnowsFormat(name string) bool {
	_, checked := formats[name]
	return checked || slices.Contains(unchecked, name)
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

// Without DisableSchemaErrorDetails, kin-openapi writes the schema and the value into its texts, which nobody reads.
var (
	strictOptions = []openapi3.SchemaValidationOption{openapi3.EnableFormatValidation(), openapi3.WithStringFormatValidators(formats), openapi3.DisableSchemaErrorDetails()}
	usualOptions  = append(slices.Clip(strictOptions), openapi3.MultiErrors())

	// With the quick options a visit says whether there is anything wrong, with the full ones all that is.
	quickOptions = [...][]openapi3.SchemaValidationOption{
		AsRequest:  append(slices.Clip(strictOptions), openapi3.FailFast(), openapi3.VisitAsRequest()),
		AsResponse: append(slices.Clip(strictOptions), openapi3.FailFast(), openapi3.VisitAsResponse()),
	}
	fullOptions = [...][]openapi3.SchemaValidationOption{
		AsRequest:  append(slices.Clip(usualOptions), openapi3.VisitAsRequest()),
		AsResponse: append(slices.Clip(usualOptions), openapi3.VisitAsResponse()),
	}
)

// filterOptions are for parameters.
var filterOptions = &openapi3filter.Options{MultiError: true, SkipSettingDefaults: true, SchemaValidationOptions: usualOptions}
