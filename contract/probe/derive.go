package probe

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi"
)

// Derive makes the probes of a document, in a fixed order.
func Derive(doc *openapi.Document, principals Principals) []Probe {
	all := []Probe{}
	for _, op := range doc.Operations {
		d := deriver{doc: doc, op: op, principals: principals}
		d.valid()
		d.invalidParameters()
		d.invalidBodies()
		d.credentials()
		d.permission()
		d.account()
		d.methods()
		d.paths()
		d.repeat()
		all = append(all, d.probes...)
	}
	return all
}

// deriver makes the probes of one operation.
type deriver struct {
	doc        *openapi.Document
	op         *openapi.Operation
	principals Principals
	probes     []Probe
}

// add makes one probe. change alters the valid request.
func (d *deriver) add(name, kind string, role Role, change func(*contract.Request)) {
	if role == Reader && !d.secured() {
		role = Nobody
	}
	p := Probe{ID: d.op.ID + "/" + name, Operation: d.op, Kind: kind, Role: role, carry: d.carrier()}
	values := d.principals[role].Values
	if values == nil {
		values = d.principals[Reader].Values
	}
	var missing string
	if p.Request, missing = d.request(values); missing != "" {
		p.Skip = "nothing says which " + missing + " to ask for"
	}
	if _, ok := d.principals[role]; !ok && role != Nobody {
		p.Skip = fmt.Sprintf("there is no principal %q", role)
	}
	if change != nil && p.Skip == "" {
		change(&p.Request)
	}
	d.probes = append(d.probes, p)
}

// request is the operation's request with what is required, and the name of what nothing fills.
func (d *deriver) request(own map[string]string) (r contract.Request, missing string) {
	r = contract.Request{Method: d.op.Method, Target: d.op.Path, Header: http.Header{}}
	for _, p := range d.op.Parameters {
		if !p.Required {
			continue
		}
		value, ok := valueOf(p, own)
		if !ok {
			return r, p.Name
		}
		set(&r, d.op, p, value)
	}
	if mediaType, content := d.jsonBody(); content != nil {
		value, ok := sampleBody(content, false)
		if !ok && d.op.Spec.RequestBody.Value.Required {
			return r, "body"
		}
		if ok {
			setBody(&r, mediaType, value)
		}
	} else if d.op.Spec.RequestBody != nil && d.op.Spec.RequestBody.Value.Required {
		return r, "body that is no JSON"
	}
	return r, ""
}

// valid asks what must be answered with success: without the optional parameters, with each value of an enum, with each
// named example, and with the values at the bounds.
func (d *deriver) valid() {
	d.add("plain", contract.ValidRequest, Reader, nil)
	for _, p := range d.op.Parameters {
		if p.In == openapi3.ParameterInHeader || p.In == openapi3.ParameterInCookie || p.Schema == nil || p.Schema.Value == nil {
			continue
		}
		if _, own := d.principals[Reader].Values[p.Name]; own {
			continue // only the principal knows which values exist
		}
		for _, value := range validValues(p) {
			d.add(p.Name+"="+written(value, ","), contract.ValidRequest, Reader, d.with(p, value))
		}
	}
	d.validBodies()
}

// validValues lists the values of a parameter that are worth a request each.
func validValues(p openapi.Parameter) []any {
	s := p.Schema.Value
	values := slices.DeleteFunc(slices.Clone(s.Enum), func(v any) bool { return v == nil })
	for _, name := range slices.Sorted(maps.Keys(p.Examples)) {
		if example := p.Examples[name].Value; example != nil && example.Value != nil {
			values = append(values, example.Value)
		}
	}
	if s.Min != nil && !s.ExclusiveMin.IsTrue() && s.Type.Is(openapi3.TypeInteger) {
		values = append(values, int64(*s.Min))
	}
	if s.Max != nil && !s.ExclusiveMax.IsTrue() && s.Type.Is(openapi3.TypeInteger) {
		values = append(values, int64(*s.Max))
	}
	if len(values) == 0 && !p.Required {
		if v, ok := valueOf(p, nil); ok {
			values = append(values, v)
		}
	}
	unique := []any{}
	for _, v := range values {
		if !slices.ContainsFunc(unique, func(u any) bool { return fmt.Sprint(u) == fmt.Sprint(v) }) {
			unique = append(unique, v)
		}
	}
	return unique
}

// with puts a parameter into the request, which may have it already.
func (d *deriver) with(p openapi.Parameter, value any) func(*contract.Request) {
	return func(r *contract.Request) {
		if p.In == openapi3.ParameterInQuery {
			dropQuery(r, p.Name)
		}
		set(r, d.op, p, value)
	}
}

// invalid asks what must be refused because the request breaks the document.
func (d *deriver) invalid(name string, change func(*contract.Request)) {
	d.add(name, string(openapi.InvalidParameter), Reader, change)
}

// invalidParameters breaks each constraint of a parameter of the path or the query once. Headers that a provider does not
// need it may ignore, so nothing is broken there.
func (d *deriver) invalidParameters() {
	for _, p := range d.op.Parameters {
		if p.Schema == nil || p.Schema.Value == nil {
			continue
		}
		s := p.Schema.Value
		switch p.In {
		case openapi3.ParameterInPath:
			for _, b := range breaking(s) {
				if text := written(b.value, ","); text != "" && !strings.Contains(text, "/") {
					d.invalid(p.Name+"-"+b.name, d.with(p, b.value))
				}
			}
		case openapi3.ParameterInQuery:
			d.invalidQuery(p, s)
		case openapi3.ParameterInHeader:
			if p.Required {
				d.invalid(p.Name+"-missing", func(r *contract.Request) { r.Header.Del(p.Name) })
			}
		}
	}
}

func (d *deriver) invalidQuery(p openapi.Parameter, s *openapi3.Schema) {
	name := url.QueryEscape(p.Name)
	raw := func(suffix, part string) {
		d.invalid(p.Name+"-"+suffix, func(r *contract.Request) {
			dropQuery(r, p.Name)
			addQuery(r, part)
		})
	}
	if p.Required {
		d.invalid(p.Name+"-missing", func(r *contract.Request) { dropQuery(r, p.Name) })
	}
	if s.Type.Is(openapi3.TypeArray) {
		if s.Items != nil && s.Items.Value != nil {
			for _, b := range breaking(s.Items.Value) {
				d.invalid(p.Name+"-element-"+b.name, d.with(p, []any{b.value}))
			}
		}
		return
	}
	if s.Type.Is(openapi3.TypeObject) {
		return
	}
	for _, b := range breaking(s) {
		d.invalid(p.Name+"-"+b.name, d.with(p, b.value))
	}
	if !p.AllowEmptyValue && s.VisitJSON("") != nil {
		raw("empty", name+"=")
	}
	if value, ok := valueOf(p, nil); ok {
		part := queryOf(p, value)
		raw("doubled", part+"&"+part)
		if len(s.Enum) > 1 {
			raw("contradicted", part+"&"+queryOf(p, s.Enum[len(s.Enum)-1]))
		}
	}
	if !s.Type.Is(openapi3.TypeString) || len(s.Enum) > 0 {
		raw("bad-escape", name+"=%zz")
	}
}

// dropQuery takes a parameter out of the query.
func dropQuery(r *contract.Request, name string) {
	path, query, _ := strings.Cut(r.Target, "?")
	kept := []string{}
	for _, part := range strings.Split(query, "&") {
		if key, _, _ := strings.Cut(part, "="); part != "" && key != url.QueryEscape(name) {
			kept = append(kept, part)
		}
	}
	r.Target = path
	if len(kept) > 0 {
		r.Target += "?" + strings.Join(kept, "&")
	}
}

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

// credentials asks without any, and with some that nobody holds. No real credential is in them: a provider may lock it.
func (d *deriver) credentials() {
	if !d.secured() {
		return
	}
	d.add("no-credentials", string(openapi.NoCredentials), Nobody, nil)
	if carry := d.carrier(); carry != nil {
		d.add("malformed-credentials", string(openapi.MalformedCredentials), Nobody, func(r *contract.Request) { carry(r, "{no token}") })
		d.add("unknown-credentials", string(openapi.UnknownCredentials), Nobody, func(r *contract.Request) { carry(r, "quotaspec0probe0token0that0nobody0holds") })
	}
	d.add("expired-credentials", string(openapi.ExpiredCredentials), Expired, nil)
	if d.names(openapi.UnknownKey) {
		d.add("unknown-key", string(openapi.UnknownKey), Impostor, nil)
	}
}

// names says whether the document names a fault at all.
func (d *deriver) names(f openapi.Fault) bool { return len(d.op.Statuses(f)) > 0 }

// carrier puts a made-up credential where the first of the document's schemes that takes a plain one expects it.
func (d *deriver) carrier() func(r *contract.Request, credential string) {
	if d.doc.T.Components == nil {
		return nil
	}
	for _, alternative := range d.security() {
		for _, name := range slices.Sorted(maps.Keys(alternative)) {
			ref := d.doc.T.Components.SecuritySchemes[name]
			if ref == nil || ref.Value == nil {
				continue
			}
			switch s := ref.Value; {
			case s.Type == "apiKey" && s.In == "header":
				return func(r *contract.Request, credential string) { r.Header.Set(s.Name, credential) }
			case s.Type == "apiKey" && s.In == "query":
				return func(r *contract.Request, credential string) { addQuery(r, s.Name+"="+url.QueryEscape(credential)) }
			case s.Type == "apiKey" && s.In == "cookie":
				return func(r *contract.Request, credential string) {
					r.Header.Add("Cookie", s.Name+"="+url.QueryEscape(credential))
				}
			case s.Type == "http" && s.Scheme == "basic":
				return func(r *contract.Request, credential string) {
					if !strings.Contains(credential, ":") {
						credential = "nobody:" + credential
					}
					r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(credential)))
				}
			case s.Type == "http" || s.Type == "oauth2" || s.Type == "openIdConnect":
				return func(r *contract.Request, credential string) { r.Header.Set("Authorization", "Bearer "+credential) }
			}
		}
	}
	return nil
}

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

// account asks for what belongs to somebody else: a path parameter that principals have each their own value of.
func (d *deriver) account() {
	for _, p := range d.op.Parameters {
		if p.In != openapi3.ParameterInPath {
			continue
		}
		own, isOwn := d.principals[Reader].Values[p.Name]
		foreign, isForeign := d.principals[Stranger].Values[p.Name]
		if isOwn && !isForeign {
			d.add("other-account", string(openapi.OtherAccount), Stranger, nil)
			return
		}
		if isOwn && own != foreign {
			d.add("other-account", string(openapi.OtherAccount), Reader, func(r *contract.Request) {
				r.Target = strings.Replace(r.Target, url.PathEscape(own), url.PathEscape(foreign), 1)
			})
			return
		}
	}
	if d.names(openapi.OtherAccount) {
		d.add("other-account", string(openapi.OtherAccount), Reader, nil)
		d.probes[len(d.probes)-1].Skip = fmt.Sprintf("there are no principals %q and %q with an account of their own each", Reader, Stranger)
	}
}

// methods asks with every method that the path does not have.
func (d *deriver) methods() {
	item := d.doc.T.Paths.Value(d.op.Path)
	for _, method := range []string{"HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		if item.GetOperation(method) == nil {
			d.add("method-"+method, string(openapi.OtherMethod), Reader, func(r *contract.Request) { r.Method = method })
		}
	}
}

// paths asks for what lies beside the path.
func (d *deriver) paths() {
	kind := string(openapi.UnknownPath)
	last := d.op.Path[strings.LastIndexByte(d.op.Path, '/')+1:]
	add := func(name string, change func(path string) string) {
		d.add(name, kind, Reader, func(r *contract.Request) {
			path, query, hasQuery := strings.Cut(r.Target, "?")
			if r.Target = change(path); hasQuery {
				r.Target += "?" + query
			}
		})
		made := d.probes[len(d.probes)-1]
		path, _, _ := strings.Cut(made.Request.Target, "?")
		if made.Skip == "" && d.knows(path) {
			d.probes = d.probes[:len(d.probes)-1] // it is the path of another operation
		}
	}
	add("path-trailing-slash", func(path string) string { return path + "/" })
	add("path-doubled-slash", func(path string) string {
		i := strings.LastIndexByte(path, '/')
		return path[:i] + "/" + path[i:]
	})
	add("path-longer", func(path string) string { return path + "/more" })
	if strings.Contains(last, "{") {
		add("path-empty-segment", func(path string) string { return path[:strings.LastIndexByte(path, '/')+1] })
	} else {
		add("path-other-name", func(path string) string { return path + "s" })
	}
}

// knows says whether a path is one of the document's.
func (d *deriver) knows(path string) bool {
	segments := strings.Split(path, "/")
	return slices.ContainsFunc(d.doc.Operations, func(op *openapi.Operation) bool {
		template := strings.Split(op.Path, "/")
		for i := range template {
			if i >= len(segments) || segments[i] == "" && template[i] != "" || template[i] != segments[i] && !strings.Contains(template[i], "{") {
				return false
			}
		}
		return len(template) == len(segments)
	})
}

// repeat asks twice.
func (d *deriver) repeat() {
	if d.op.Method == http.MethodGet {
		d.add("repeatable", openapi.Repeat, Reader, nil)
	}
}
