package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

// The documents in short. What is required has an exclamation mark. Nothing here changes without somebody meaning it.
const inventory = `
showDomainQuota  GET /v3.0/OS-QUOTA/domains/{domain_id}
  security   Token or Signature
  action     iam:quotas:listQuotas, allowed by default: true, by IAM project: false, by enterprise project: false
  path       domain_id! string of 1 and more
  query      type QuotaType
  200        application/json DomainQuotas, X-Iam-Trace-Id, X-Request-Id
  400        application/json DomainQuotaError, X-Iam-Trace-Id, X-Request-Id
  401        application/json DomainQuotaError, X-Iam-Trace-Id, X-Request-Id
  403        application/json DomainQuotaError, X-Iam-Trace-Id, X-Request-Id
  404        application/json DomainQuotaError, X-Iam-Trace-Id, X-Request-Id
  429        application/json DomainQuotaError, Retry-After, X-Iam-Trace-Id, X-Request-Id
  500        application/json DomainQuotaError, X-Iam-Trace-Id, X-Request-Id
Signature  http SDK-HMAC-SHA256
  signed     X-Domain-Id
  signed     X-Project-Id
  signed     X-Sdk-Date ^[0-9]{8}T[0-9]{6}Z$
  signed     X-Security-Token
  signed     X-Sdk-Content-Sha256
Token  apiKey in header X-Auth-Token
DomainQuota  object
  max! integer int32
  min! integer int32
  quota! integer int32
  type! string
  used integer int32 or null
DomainQuotaError  object
  error_code! string of 1 and more
  error_msg! string
  request_id string
DomainQuotaList  object
  resources! array of DomainQuota
DomainQuotas  object
  quotas! DomainQuotaList
QuotaType  string of [user group idp agency policy assigment_group_mp assigment_agency_mp assigment_group_ep assigment_user_ep mapping]
showImageQuota  GET /v1/cloudimages/quota
  security   Token or Signature
  action     ims:quotas:get, allowed by default: false, by IAM project: true, by enterprise project: true
  200        application/json ImageQuotas, X-Request-Id
  400        application/json ImageError, X-Request-Id
  401        application/json GatewayError, X-Request-Id
  403        application/json ImageError, X-Request-Id
  404        application/json GatewayError, X-Request-Id
  429        application/json GatewayError, Retry-After, X-Request-Id
  500        application/json GatewayError, X-Request-Id
  503        application/json GatewayError, X-Request-Id
Signature  http SDK-HMAC-SHA256
  signed     X-Project-Id
  signed     X-Domain-Id
  signed     X-Sdk-Date ^[0-9]{8}T[0-9]{6}Z$
  signed     X-Security-Token
  signed     X-Sdk-Content-Sha256
Token  apiKey in header X-Auth-Token
GatewayError  object
  error_code! string of 1 and more
  error_msg! string
  request_id string
ImageError  object
  error! ImageErrorDetail
ImageErrorDetail  object
  code! string of 1 and more
  message! string
ImageQuota  object
  max! integer int32
  min! integer int32
  quota! integer int32
  type! string
  used! integer int32
ImageQuotaList  object
  resources! array of ImageQuota
ImageQuotas  object
  quotas! ImageQuotaList
`

func TestInventory(t *testing.T) {
	lines := []string{""}
	for _, name := range Names() {
		lines = append(lines, inventoryOf(embedded(t, name))...)
	}
	if diff := cmp.Diff(inventory, strings.Join(lines, "\n")+"\n"); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func inventoryOf(d *Document) []string {
	lines := []string{}
	add := func(format string, args ...any) {
		lines = append(lines, strings.TrimRight(fmt.Sprintf(format, args...), " "))
	}
	for _, op := range d.Operations {
		add("%s  %s %s", op.ID, op.Method, op.Path)
		security := d.T.Security
		if op.Spec.Security != nil {
			security = *op.Spec.Security
		}
		schemes := []string{}
		for _, alternative := range security {
			schemes = append(schemes, strings.Join(slices.Sorted(maps.Keys(alternative)), "+"))
		}
		add("  security   %s", strings.Join(schemes, " or "))
		a := op.Authorization
		add("  action     %s, allowed by default: %t, by IAM project: %t, by enterprise project: %t", a.Action, a.DefaultAllow, a.IAMProject, a.EnterpriseProject)
		for _, p := range op.Parameters {
			add("  %-10s %s", p.In, member(p.Name, p.Required, p.Schema))
		}
		for _, r := range op.Responses {
			headers := []string{}
			for _, name := range slices.Sorted(maps.Keys(r.Spec.Headers)) {
				headers = append(headers, member(name, r.Spec.Headers[name].Value.Required, nil))
			}
			for _, kind := range slices.Sorted(maps.Keys(r.Spec.Content)) {
				add("  %-10s %s%s, %s", r.Status, kind, typeOf(r.Spec.Content[kind].Schema), strings.Join(headers, ", "))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.T.Components.SecuritySchemes)) {
		s := d.T.Components.SecuritySchemes[name].Value
		if s.Type == "http" {
			add("%s  http %s", name, s.Scheme)
		} else {
			add("%s  %s in %s %s", name, s.Type, s.In, s.Name)
		}
		for _, h := range d.SigningHeaders[name] {
			pattern := ""
			if h.Pattern != nil {
				pattern = h.Pattern.String()
			}
			add("  signed     %s %s", h.Name, pattern)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.T.Components.Schemas)) {
		s := d.T.Components.Schemas[name].Value
		add("%s %s", name, typeOf(&openapi3.SchemaRef{Value: s}))
		for _, property := range slices.Sorted(maps.Keys(s.Properties)) {
			add("  %s", member(property, slices.Contains(s.Required, property), s.Properties[property]))
		}
	}
	return lines
}

func member(name string, required bool, schema *openapi3.SchemaRef) string {
	if required {
		name += "!"
	}
	return name + typeOf(schema)
}

// typeOf describes a schema in a few words, or names the component.
func typeOf(ref *openapi3.SchemaRef) string {
	if ref == nil {
		return ""
	}
	if ref.Ref != "" {
		return " " + strings.TrimPrefix(ref.Ref, "#/components/schemas/")
	}
	s := ref.Value
	words := " " + strings.Join(s.Type.Slice(), " ")
	for _, word := range []string{s.Format, s.Pattern} {
		if word != "" {
			words += " " + word
		}
	}
	if s.Nullable {
		words += " or null"
	}
	if s.MinLength > 0 {
		words += fmt.Sprintf(" of %d and more", s.MinLength)
	}
	if s.Min != nil {
		words += fmt.Sprintf(" from %v", *s.Min)
	}
	if s.Max != nil {
		words += fmt.Sprintf(" to %v", *s.Max)
	}
	if len(s.Enum) > 0 {
		words += fmt.Sprintf(" of %v", s.Enum)
	}
	if s.Items != nil {
		words += " of" + typeOf(s.Items)
	}
	return words
}
