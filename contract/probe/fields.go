package probe

import (
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
)

// A field is a header or cookie that a principal sends with every request, beside its credential. A document may describe it as
// a parameter, so that a probe can have a value of its own for it. What is wrong on purpose must stay wrong:
//
//	the document requires X-Tenant    plain                X-Tenant: the field
//	                                  X-Tenant-missing     none, though the principal has the field
//	                                  X-Tenant-too-long    the value of the probe
//	it does not know X-Tenant         every probe          X-Tenant: the field
//
// The derived request has what a reader may see of the field; the value itself is added just before the request is sent.

// Field is a header or a cookie with its value.
type Field struct {
	Name, Value string
	Env         string // name of the environment variable that the value, a secret, comes from; "" if everybody may see it
	Cookie      bool
}

// shown is what curl lines and derived requests have as the value.
func (f Field) shown() string {
	if f.Env != "" {
		return "$" + f.Env
	}
	return f.Value
}

// in returns the place of a parameter with this field.
func (f Field) in() string {
	if f.Cookie {
		return "cookie"
	}
	return "header"
}

// withFields returns the values of a principal's parameters with those of its fields, as shown.
func (d *deriver) withFields(values Values, fields []Field) Values {
	all := Values{}
	for _, f := range fields {
		for _, p := range d.op.Parameters {
			if p.In == f.in() && strings.EqualFold(p.Name, f.Name) {
				all[p.Name] = f.shown()
			}
		}
	}
	if len(all) == 0 {
		return values
	}
	for name, value := range values {
		all[name] = value
	}
	return all
}

// addFields adds the fields of a principal to a request. A parameter that the probe has changed or left out stays as it is.
func addFields(r *contract.Request, p Probe, fields []Field, value func(Field) string) {
	for _, f := range fields {
		required := false
		for _, param := range p.Operation.Parameters {
			if param.In == f.in() && strings.EqualFold(param.Name, f.Name) {
				required = param.Required
			}
		}
		pair := f.Name + "=" + value(f)
		if f.Cookie && replaceCookie(r, f.Name+"="+f.shown(), pair) {
			continue
		}
		has := p.Request.Header.Get(f.Name)
		if f.Cookie {
			has = cookieOf(p.Request.Header, f.Name)
		}
		isOwn := has != "" && has != f.shown()
		isLeftOut := has == "" && required
		switch {
		case isOwn, isLeftOut:
		case f.Cookie:
			addCookie(r, pair)
		default:
			setHeader(r, f.Name, value(f))
		}
	}
}

// replaceCookie replaces a pair of the header Cookie, if it is there.
func replaceCookie(r *contract.Request, from, to string) bool {
	pairs := strings.Split(r.Header.Get("Cookie"), "; ")
	i := slices.Index(pairs, from)
	if i < 0 {
		return false
	}
	pairs[i] = to
	r.Header.Set("Cookie", strings.Join(pairs, "; "))
	return true
}

// cookieOf returns the value of a cookie, or "".
func cookieOf(header http.Header, name string) string {
	cookie, err := (&http.Request{Header: header}).Cookie(name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// has reports whether the principal has a header, or a cookie, of this name.
func (p Principal) has(name string, cookie bool) bool {
	return slices.ContainsFunc(p.Fields, func(f Field) bool { return f.Cookie == cookie && strings.EqualFold(f.Name, name) })
}

// quoteField quotes the value of a header for a shell. Variables of secret fields stay variables:
//
//	X-Key: $QS_KEY    "X-Key: $QS_KEY"
func quoteField(header string, fields []Field) string {
	names := []string{}
	for _, f := range fields {
		if f.Env != "" && strings.Contains(header, f.shown()) {
			names = append(names, `\`+f.shown(), f.shown())
		}
	}
	if len(names) == 0 {
		return quote(header)
	}
	escaped := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", "$", `\$`).Replace(header)
	return `"` + strings.NewReplacer(names...).Replace(escaped) + `"`
}
