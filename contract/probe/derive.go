package probe

import (
	"fmt"
	"net/http"
	"net/url"
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
	p := Probe{ID: d.op.ID + "/" + name, Operation: d.op, Kind: kind, Role: role}
	values := d.principals[role].Values
	if role == Nobody || role == Expired {
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

// request is the operation's request with its required parameters, and the name of one that nothing fills.
func (d *deriver) request(values map[string]string) (r contract.Request, missing string) {
	r = contract.Request{Method: d.op.Method, Header: http.Header{}}
	path, query := d.op.Path, url.Values{}
	for _, p := range d.op.Parameters {
		if !p.Required {
			continue
		}
		value, ok := values[p.Name]
		if !ok {
			value, ok = exampleOf(p)
		}
		if !ok {
			return r, p.Name
		}
		switch p.In {
		case openapi3.ParameterInPath:
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
		case openapi3.ParameterInQuery:
			query.Set(p.Name, value)
		case openapi3.ParameterInHeader:
			r.Header.Set(p.Name, value)
		}
	}
	r.Target = path
	if len(query) > 0 {
		r.Target += "?" + query.Encode()
	}
	return r, ""
}

// exampleOf finds a value for a parameter in the document.
func exampleOf(p openapi.Parameter) (string, bool) {
	if p.Example != nil {
		return fmt.Sprint(p.Example), true
	}
	if p.Schema != nil && p.Schema.Value != nil {
		s := p.Schema.Value
		switch {
		case s.Example != nil:
			return fmt.Sprint(s.Example), true
		case s.Default != nil:
			return fmt.Sprint(s.Default), true
		case len(s.Enum) > 0:
			return fmt.Sprint(s.Enum[0]), true
		}
	}
	return "", false
}

// valid asks what must be answered with success: without the optional parameters, and with each value of an enum.
func (d *deriver) valid() {
	d.add("plain", contract.ValidRequest, Reader, nil)
	for _, p := range d.queryParameters() {
		for _, value := range enumOf(p) {
			d.add(p.Name+"="+value, contract.ValidRequest, Reader, withQuery(p.Name+"="+url.QueryEscape(value)))
		}
	}
}

// invalidParameters breaks each constraint of a query parameter once.
func (d *deriver) invalidParameters() {
	kind := string(openapi.InvalidParameter)
	for _, p := range d.queryParameters() {
		name := url.QueryEscape(p.Name)
		values := enumOf(p)
		if len(values) == 0 {
			continue
		}
		d.add(p.Name+"-unknown", kind, Reader, withQuery(name+"="+url.QueryEscape(values[0]+"s")))
		d.add(p.Name+"-other-case", kind, Reader, withQuery(name+"="+url.QueryEscape(strings.ToUpper(values[0]))))
		d.add(p.Name+"-empty", kind, Reader, withQuery(name+"="))
		d.add(p.Name+"-doubled", kind, Reader, withQuery(name+"="+url.QueryEscape(values[0])+"&"+name+"="+url.QueryEscape(values[0])))
		d.add(p.Name+"-contradicted", kind, Reader, withQuery(name+"="+url.QueryEscape(values[0])+"&"+name+"="+url.QueryEscape(values[len(values)-1])))
		d.add(p.Name+"-bad-escape", kind, Reader, withQuery(name+"=%zz"))
	}
}

// credentials asks without any, and with some that nobody holds. No real credential is in them: a provider may lock it.
func (d *deriver) credentials() {
	if len(d.doc.T.Security) == 0 && (d.op.Spec.Security == nil || len(*d.op.Spec.Security) == 0) {
		return
	}
	d.add("no-credentials", string(openapi.NoCredentials), Nobody, nil)
	if header, ok := d.tokenHeader(); ok {
		d.add("malformed-credentials", string(openapi.MalformedCredentials), Nobody, func(r *contract.Request) {
			r.Header.Set(header, "{no token}")
		})
		d.add("unknown-credentials", string(openapi.UnknownCredentials), Nobody, func(r *contract.Request) {
			r.Header.Set(header, "quotaspec0probe0token0that0nobody0holds")
		})
	}
	d.add("expired-credentials", string(openapi.ExpiredCredentials), Expired, nil)
}

// tokenHeader is the first header in which the document takes a token as it is.
func (d *deriver) tokenHeader() (string, bool) {
	if d.doc.T.Components == nil {
		return "", false
	}
	for _, alternative := range d.doc.T.Security {
		for name := range alternative {
			if s := d.doc.T.Components.SecuritySchemes[name]; s != nil && s.Value.Type == "apiKey" && s.Value.In == "header" {
				return s.Value.Name, true
			}
		}
	}
	return "", false
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
	d.add("path-trailing-slash", kind, Reader, func(r *contract.Request) { r.Target += "/" })
	d.add("path-doubled-slash", kind, Reader, func(r *contract.Request) {
		i := strings.LastIndexByte(r.Target, '/')
		r.Target = r.Target[:i] + "/" + r.Target[i:]
	})
	d.add("path-longer", kind, Reader, func(r *contract.Request) { r.Target += "/more" })
	if strings.Contains(last, "{") {
		d.add("path-empty-segment", kind, Reader, func(r *contract.Request) { r.Target = r.Target[:strings.LastIndexByte(r.Target, '/')+1] })
	} else {
		d.add("path-other-name", kind, Reader, func(r *contract.Request) { r.Target += "s" })
	}
}

// repeat asks twice.
func (d *deriver) repeat() {
	if d.op.Method == http.MethodGet {
		d.add("repeatable", openapi.Repeat, Reader, nil)
	}
}

func (d *deriver) queryParameters() []openapi.Parameter {
	list := []openapi.Parameter{}
	for _, p := range d.op.Parameters {
		if p.In == openapi3.ParameterInQuery {
			list = append(list, p)
		}
	}
	return list
}

func enumOf(p openapi.Parameter) []string {
	values := []string{}
	if p.Schema != nil && p.Schema.Value != nil {
		for _, v := range p.Schema.Value.Enum {
			values = append(values, fmt.Sprint(v))
		}
	}
	return values
}

func withQuery(pair string) func(*contract.Request) {
	return func(r *contract.Request) {
		separator := "?"
		if strings.Contains(r.Target, "?") {
			separator = "&"
		}
		r.Target += separator + pair
	}
}
