package probe

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// carrier puts a credential where a security scheme expects it.
type carrier func(r *contract.Request, credential string)

// secured says whether nobody may ask without credentials.
func (d *deriver) secured() bool {
	return len(d.op.Security) > 0 && !slices.ContainsFunc(d.op.Security, func(r spec.Requirement) bool { return len(r) == 0 })
}

// alternative is one of the ways to show who asks.
type alternative struct {
	name  string // of the scheme, or of all
	carry carrier
	plain bool // a principal's credential can stand there as it is: one scheme, and no signature or the like
}

// alternatives are those for which wrong credentials can be made up. Where several are needed at once, each gets one.
func (d *deriver) alternatives() []alternative {
	list := []alternative{}
	for _, requirement := range d.op.Security {
		names, carriers := []string{}, []carrier{}
		for _, required := range requirement {
			names = append(names, required.Name)
			if c := carrierOf(required.Scheme); c != nil {
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
		}, len(names) == 1 && isPlain(requirement[0].Scheme)})
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

// isPlain says whether a scheme's credential is one text that a principal can hold. Of an http scheme other than basic and
// bearer nobody but its signer knows how to make one.
func isPlain(s *spec.SecurityScheme) bool {
	return s.Type != "http" || strings.EqualFold(s.HTTPScheme, "basic") || strings.EqualFold(s.HTTPScheme, "bearer")
}

// carrierOf puts a credential where a scheme expects it; nil: there is no such scheme, or nothing says where. Behind the
// name of a scheme that is not plain it can only be a wrong one.
func carrierOf(s *spec.SecurityScheme) carrier {
	switch {
	case s == nil:
		return nil
	case s.Type == "apiKey" && s.In == "header":
		return func(r *contract.Request, credential string) { setHeader(r, s.ParameterName, credential) }
	case s.Type == "apiKey" && s.In == "query":
		return func(r *contract.Request, credential string) {
			addQuery(r, url.QueryEscape(s.ParameterName)+"="+url.QueryEscape(credential))
		}
	case s.Type == "apiKey" && s.In == "cookie":
		return func(r *contract.Request, credential string) {
			addCookie(r, s.ParameterName+"="+url.QueryEscape(credential))
		}
	case s.Type == "http" && strings.EqualFold(s.HTTPScheme, "basic"):
		return func(r *contract.Request, credential string) {
			if !strings.Contains(credential, ":") {
				credential = "nobody:" + credential
			}
			r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(credential)))
		}
	case !isPlain(s):
		return func(r *contract.Request, credential string) {
			r.Header.Set("Authorization", s.HTTPScheme+" "+credential)
		}
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
	d.add("no-credentials", spec.NoCredentials, Nobody, nil)
	if more := d.further(); more != nil {
		d.add("no-credentials-with-parameters", spec.NoCredentials, Nobody, more)
	}
	for i, a := range d.alternatives() {
		suffix := ""
		if i > 0 {
			suffix = "-" + a.name
		}
		d.add("empty-credentials"+suffix, spec.MalformedCredentials, Nobody, func(r *contract.Request) { a.carry(r, "") })
		d.add("malformed-credentials"+suffix, spec.MalformedCredentials, Nobody, func(r *contract.Request) { a.carry(r, "{no token}") })
		d.add("unknown-credentials"+suffix, spec.UnknownCredentials, Nobody, func(r *contract.Request) { a.carry(r, "quotaspec0probe0token0that0nobody0holds") })
	}
	d.add("expired-credentials", spec.ExpiredCredentials, Expired, nil)
	if d.names(spec.UnknownKey) {
		d.add("unknown-key", spec.UnknownKey, Impostor, nil)
	}
}

// names says whether the document names a fault at all.
func (d *deriver) names(p spec.Probe) bool { return len(d.op.Statuses(p)) > 0 }

// permission asks as somebody without a grant.
func (d *deriver) permission() {
	switch a := d.op.Authorization; {
	case a == nil:
	case a.DefaultAllow:
		d.add("no-grant-needed", spec.ValidRequest, Limited, nil)
	default:
		d.add("no-permission", spec.NoPermission, Limited, nil)
	}
}
