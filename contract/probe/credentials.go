package probe

import (
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi"
)

// carrier puts a credential where a security scheme expects it.
type carrier func(r *contract.Request, credential string)

// security is what the operation asks for: one of these alternatives.
func (d *deriver) security() openapi3.SecurityRequirements {
	if d.op.Spec.Security != nil {
		return *d.op.Spec.Security
	}
	return d.doc.T.Security
}

// secured says whether nobody may ask without credentials.
func (d *deriver) secured() bool {
	alternatives := d.security()
	return len(alternatives) > 0 && !slices.ContainsFunc(alternatives, func(a openapi3.SecurityRequirement) bool { return len(a) == 0 })
}

// alternative is one of the ways to show who asks.
type alternative struct {
	name  string // of the scheme
	carry carrier
	plain bool // a principal's credential can stand there as it is: one scheme, and no signature or the like
}

// alternatives are those for which wrong credentials can be made up. Where several are needed at once, each gets one.
func (d *deriver) alternatives() []alternative {
	list := []alternative{}
	for _, requirement := range d.security() {
		names := slices.Sorted(maps.Keys(requirement))
		carriers := []carrier{}
		for _, name := range names {
			if c := d.carrierOf(name); c != nil {
				carriers = append(carriers, c)
			}
		}
		if len(names) == 0 || len(carriers) != len(names) {
			continue
		}
		list = append(list, alternative{strings.Join(names, "-"), func(r *contract.Request, credential string) {
			for _, c := range carriers {
				c(r, credential)
			}
		}, len(names) == 1 && d.isPlain(names[0])})
	}
	return list
}

// carrier is where a principal's credential goes: into the first alternative that needs one plain one, since it has no more.
func (d *deriver) carrier() carrier {
	for _, a := range d.alternatives() {
		if a.plain {
			return a.carry
		}
	}
	return nil
}

// schemes are the security schemes of the document by their names.
func (d *deriver) schemes() openapi3.SecuritySchemes {
	if d.doc.T.Components == nil {
		return nil
	}
	return d.doc.T.Components.SecuritySchemes
}

// isPlain says whether a scheme's credential is one text that a principal can hold. Of an http scheme other than basic and
// bearer nobody but its signer knows how to make one.
func (d *deriver) isPlain(scheme string) bool {
	s := d.schemes()[scheme].Value
	return s.Type != "http" || strings.EqualFold(s.Scheme, "basic") || strings.EqualFold(s.Scheme, "bearer")
}

// carrierOf puts a credential where a scheme expects it; nil: there is no such scheme, or nothing says where. Behind the
// name of a scheme that is not plain it can only be a wrong one.
func (d *deriver) carrierOf(scheme string) carrier {
	ref := d.schemes()[scheme]
	if ref == nil || ref.Value == nil {
		return nil
	}
	switch s := ref.Value; {
	case s.Type == "apiKey" && s.In == "header":
		return func(r *contract.Request, credential string) { setHeader(r, s.Name, credential) }
	case s.Type == "apiKey" && s.In == "query":
		return func(r *contract.Request, credential string) {
			addQuery(r, url.QueryEscape(s.Name)+"="+url.QueryEscape(credential))
		}
	case s.Type == "apiKey" && s.In == "cookie":
		return func(r *contract.Request, credential string) { addCookie(r, s.Name+"="+url.QueryEscape(credential)) }
	case s.Type == "http" && strings.EqualFold(s.Scheme, "basic"):
		return func(r *contract.Request, credential string) {
			if !strings.Contains(credential, ":") {
				credential = "nobody:" + credential
			}
			r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(credential)))
		}
	case !d.isPlain(scheme):
		return func(r *contract.Request, credential string) { r.Header.Set("Authorization", s.Scheme+" "+credential) }
	case s.Type == "http" || s.Type == "oauth2" || s.Type == "openIdConnect":
		return func(r *contract.Request, credential string) { r.Header.Set("Authorization", "Bearer "+credential) }
	}
	return nil
}

// credentials asks without any, and with some that nobody holds, in each place where the document takes one. No real
// credential is in them: a provider may lock it.
func (d *deriver) credentials() {
	if !d.secured() {
		return
	}
	d.add("no-credentials", string(openapi.NoCredentials), Nobody, nil)
	if more := d.further(); more != nil {
		d.add("no-credentials-with-parameters", string(openapi.NoCredentials), Nobody, more)
	}
	for i, a := range d.alternatives() {
		suffix := ""
		if i > 0 {
			suffix = "-" + a.name
		}
		d.add("empty-credentials"+suffix, string(openapi.MalformedCredentials), Nobody, func(r *contract.Request) { a.carry(r, "") })
		d.add("malformed-credentials"+suffix, string(openapi.MalformedCredentials), Nobody, func(r *contract.Request) { a.carry(r, "{no token}") })
		d.add("unknown-credentials"+suffix, string(openapi.UnknownCredentials), Nobody, func(r *contract.Request) { a.carry(r, "quotaspec0probe0token0that0nobody0holds") })
	}
	d.add("expired-credentials", string(openapi.ExpiredCredentials), Expired, nil)
	if d.names(openapi.UnknownKey) {
		d.add("unknown-key", string(openapi.UnknownKey), Impostor, nil)
	}
}

// names says whether the document names a fault at all.
func (d *deriver) names(f openapi.Fault) bool { return len(d.op.Statuses(f)) > 0 }

// permission asks as somebody without a grant.
func (d *deriver) permission() {
	switch a := d.op.Authorization; {
	case a == nil:
	case a.DefaultAllow:
		d.add("no-grant-needed", contract.ValidRequest, Limited, nil)
	default:
		d.add("no-permission", string(openapi.NoPermission), Limited, nil)
	}
}
