package probe

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// secured says whether nobody may ask without credentials.
func (d *deriver) secured() bool {
	return len(d.op.Security) > 0 && !slices.ContainsFunc(d.op.Security, func(r spec.Requirement) bool { return len(r) == 0 })
}

// alternatives are the ways to show who asks for which wrong credentials can be made up.
func (d *deriver) alternatives() []spec.Requirement {
	return slices.DeleteFunc(slices.Clone(d.op.Security), func(r spec.Requirement) bool {
		return len(r) == 0 || slices.ContainsFunc(r, func(required spec.RequiredScheme) bool { return !hasPlace(required.Scheme) })
	})
}

// way is where a principal's credential goes: the first alternative that needs one plain one, since it has no more.
func (d *deriver) way() spec.Requirement {
	for _, r := range d.alternatives() {
		if len(r) == 1 && isPlain(r[0].Scheme) {
			return r
		}
	}
	return nil
}

// hasPlace says whether the document has a scheme and says where its credential goes.
func hasPlace(s *spec.SecurityScheme) bool {
	if s != nil && s.Type == "apiKey" {
		return s.In == "header" || s.In == "query" || s.In == "cookie"
	}
	return s != nil && (s.Type == "http" || s.Type == "oauth2" || s.Type == "openIdConnect")
}

// isPlain says whether a scheme's credential is one text that a principal can hold. Of an http scheme other than basic and
// bearer nobody but its signer knows how to make one.
func isPlain(s *spec.SecurityScheme) bool {
	return s.Type != "http" || strings.EqualFold(s.HTTPScheme, "basic") || strings.EqualFold(s.HTTPScheme, "bearer")
}

// show puts a credential where each scheme of a requirement expects it. Behind the name of a scheme that is not plain it can
// only be a wrong one.
func show(r *contract.Request, way spec.Requirement, credential string) {
	for _, required := range way {
		switch s := required.Scheme; {
		case s.Type == "apiKey" && s.In == "header":
			setHeader(r, s.ParameterName, credential)
		case s.Type == "apiKey" && s.In == "query":
			addQuery(r, url.QueryEscape(s.ParameterName)+"="+url.QueryEscape(credential))
		case s.Type == "apiKey":
			addCookie(r, s.ParameterName+"="+url.QueryEscape(credential))
		case s.Type == "http" && strings.EqualFold(s.HTTPScheme, "basic"):
			pair := credential
			if !strings.Contains(pair, ":") {
				pair = "nobody:" + pair
			}
			r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(pair)))
		case !isPlain(s):
			r.Header.Set("Authorization", s.HTTPScheme+" "+credential)
		default:
			r.Header.Set("Authorization", "Bearer "+credential)
		}
	}
}

// credentials asks without any, and with some that nobody holds, in each place where the document takes one. No real
// credential is in them: a provider may lock it.
func (d *deriver) credentials() {
	if !d.secured() {
		return
	}
	d.add("no-credentials", spec.NoCredentials, Anonymous, nil)
	if more := d.further(); more != nil {
		d.add("no-credentials-with-parameters", spec.NoCredentials, Anonymous, more)
	}
	for i, way := range d.alternatives() {
		suffix := ""
		if i > 0 {
			for _, required := range way {
				suffix += "-" + required.Name
			}
		}
		wrong := func(name string, kind spec.Probe, credential string) {
			d.add(name+suffix, kind, Anonymous, func(r *contract.Request) { show(r, way, credential) })
		}
		wrong("empty-credentials", spec.MalformedCredentials, "")
		wrong("malformed-credentials", spec.MalformedCredentials, "{no token}")
		wrong("unknown-credentials", spec.UnknownCredentials, "quotaspec0probe0token0that0nobody0holds")
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
