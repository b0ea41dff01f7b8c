package probe

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The security requirements of an operation say where credentials go. They serve two purposes: to send the Credential of a
// principal, and to send wrong credentials in the same places, which must be refused:
//
//	security: [{Key: []}, {Basic: []}]    unknown-credentials: X-Key: quotaspec0probe0…
//	                                      unknown-credentials-Basic: Authorization: Basic bm9ib2R5…

// hasPlainCredential reports whether the principal authenticates with Credential.
func (p Principal) hasPlainCredential() bool {
	return p.Authenticate == nil && (p.Credential != "" || p.Token != nil)
}

// carries reports whether a header or cookie of the principal is what a scheme asks for.
func (p Principal) carries(s *spec.SecurityScheme) bool {
	if s.Type == "apiKey" {
		return s.In != "query" && p.has(s.ParameterName, s.In == "cookie")
	}
	return p.has("Authorization", false)
}

// requiresCredentials reports whether the operation is closed to anonymous callers.
func (d *deriver) requiresCredentials() bool { return requireCredentials(d.op) }

// NeedsCredentials reports whether the operation of the probe is closed to anonymous callers.
func (p Probe) NeedsCredentials() bool { return requireCredentials(p.Operation) }

func requireCredentials(op *spec.Operation) bool {
	return len(op.Security) > 0 && !slices.ContainsFunc(op.Security, func(r spec.Requirement) bool { return len(r) == 0 })
}

// alternatives are the security requirements whose schemes all say where a credential goes.
func (d *deriver) alternatives() []spec.Requirement {
	return slices.DeleteFunc(slices.Clone(d.op.Security), func(r spec.Requirement) bool {
		return len(r) == 0 || slices.ContainsFunc(r, func(required spec.RequiredScheme) bool { return !hasPlace(required.Scheme) })
	})
}

// credentialScheme is where the Credential of a principal goes: the one plain scheme of an alternative that its own headers
// and cookies leave. It is nil if they satisfy an alternative. ok is false if nothing does.
//
//	security: [{Key: [], Bearer: []}]    {token_env: QS_TOKEN, headers: {X-Key: {env: QS_KEY}}}    Bearer
func (d *deriver) credentialScheme(principal Principal) (scheme spec.Requirement, ok bool) {
	for _, r := range d.alternatives() {
		isCarried := func(required spec.RequiredScheme) bool { return principal.carries(required.Scheme) }
		switch rest := slices.DeleteFunc(slices.Clone(r), isCarried); {
		case len(rest) == 0:
			return nil, true
		case len(rest) == 1 && isPlain(rest[0].Scheme) && principal.hasPlainCredential():
			return rest, true
		}
	}
	return nil, false
}

// noScheme is the reason to skip a request of a principal for whose credential the document has no place.
func (d *deriver) noScheme() string {
	for _, r := range d.alternatives() {
		if len(r) > 1 {
			names := []string{}
			for _, required := range r {
				names = append(names, required.Name)
			}
			slices.Sort(names)
			return fmt.Sprintf("it needs several credentials (%s): give the principal headers or cookies for all but one",
				strings.Join(names, " and "))
		}
	}
	return "no security scheme of the document takes the credential of the principal"
}

// hasPlace reports whether a scheme exists and says where its credential goes.
func hasPlace(s *spec.SecurityScheme) bool {
	if s != nil && s.Type == "apiKey" {
		return s.In == "header" || s.In == "query" || s.In == "cookie"
	}
	return s != nil && (s.Type == "http" || s.Type == "oauth2" || s.Type == "openIdConnect")
}

// isPlain reports whether a scheme's credential is a single text. Other http schemes than basic and bearer are signatures,
// which only Authenticate can make.
func isPlain(s *spec.SecurityScheme) bool {
	return s.Type != "http" || strings.EqualFold(s.HTTPScheme, "basic") || strings.EqualFold(s.HTTPScheme, "bearer")
}

// addCredential sends a credential by each scheme of a requirement. For a scheme that is not plain, the credential is wrong.
func addCredential(r *contract.Request, requirement spec.Requirement, credential string) {
	for _, required := range requirement {
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

// credentials adds requests without credentials, and with empty, malformed and unknown ones by each alternative. They
// contain no real credential, since a provider may lock it after failures.
func (d *deriver) credentials() {
	if !d.requiresCredentials() {
		return
	}
	d.add("no-credentials", spec.NoCredentials, Anonymous, nil)
	if more := d.withOptional(); more != nil {
		d.add("no-credentials-with-parameters", spec.NoCredentials, Anonymous, more)
	}
	for i, requirement := range d.alternatives() {
		suffix := ""
		if i > 0 {
			for _, required := range requirement {
				suffix += "-" + required.Name
			}
		}
		wrong := func(name string, kind spec.Probe, credential string) {
			d.add(name+suffix, kind, Anonymous, func(r *contract.Request) { addCredential(r, requirement, credential) })
		}
		wrong("empty-credentials", spec.MalformedCredentials, "")
		wrong("malformed-credentials", spec.MalformedCredentials, "{no token}")
		wrong("unknown-credentials", spec.UnknownCredentials, "quotaspec0probe0token0that0nobody0holds")
	}
	if _, has := d.principals[Expired]; has || d.hasStatus(spec.ExpiredCredentials) {
		d.add("expired-credentials", spec.ExpiredCredentials, Expired, nil)
	}
	if d.hasStatus(spec.UnknownKey) {
		d.add("unknown-key", spec.UnknownKey, Impostor, nil)
	}
	if d.op.Method == http.MethodDelete {
		return // a resource can be deleted once
	}
	for _, role := range slices.Sorted(maps.Keys(d.principals)) {
		if !role.IsMeant() {
			d.add("plain-as-"+string(role), spec.ValidRequest, role, nil)
		}
	}
}

// hasStatus reports whether the document gives a status for a cause.
func (d *deriver) hasStatus(p spec.Probe) bool { return len(d.op.Statuses(p)) > 0 }

// permission adds a request by a principal without permissions. Whether it must fail depends on the action's default.
func (d *deriver) permission() {
	switch a := d.op.Authorization; {
	case a == nil:
	case a.DefaultAllow:
		d.add("no-grant-needed", spec.ValidRequest, Limited, nil)
	default:
		d.add("no-permission", spec.NoPermission, Limited, nil)
	}
}
