package probe

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Thing is what a probe has created.
type Thing struct {
	Resource Resource
	ID       string

	path []string // the segments of its path: stores, 1, pets, 7
}

// Values are the values of the path parameters of an operation that name the thing and what it belongs to:
//
//	thing /stores/1/pets/7, operation /stores/{s}/pets/{p}/toys: s=1, p=7
func (t Thing) Values(op *spec.Operation) Values {
	values := Values{}
	for i, segment := range templateOf(op) {
		if i < len(t.path) && isSlot(segment) {
			values[strings.Trim(segment, "{}")] = t.path[i]
		}
	}
	return values
}

// Members are the names of members by which bodies name the thing, plain, with its id:
//
//	POST /flows 201 {"id": "f7"}    flowid: f7, flowuuid: f7, for flow_id, flowId and flowUuid
func (t Thing) Members() Values {
	s := newIDSearch(t.Resource.items[0].Path, t.Resource.id, nil)
	values := Values{}
	for _, resource := range []string{s.resource, singular(s.collection)} {
		if resource != "" {
			values[resource+"id"], values[resource+"uuid"] = t.ID, t.ID
		}
	}
	return values
}

// Is reports whether two things are the same one.
func (t Thing) Is(other Thing) bool { return slices.Equal(t.path, other.path) }

// IsAt reports whether the target of a request is the path of the thing.
func (t Thing) IsAt(target string) bool {
	return slices.Equal(t.path, pathIn(target))
}

// Has reports whether the target of a request is the path of the thing or one below it.
func (t Thing) Has(target string) bool {
	path := pathIn(target)
	return len(t.path) > 0 && len(path) >= len(t.path) && slices.Equal(t.path, path[:len(t.path)])
}

// pathIn lists the segments of the path in the target of a request.
func pathIn(target string) []string {
	path, _, _ := strings.Cut(target, "?")
	return decoded(segments(path))
}

// Created returns the thing that an exchange has created. The id is in the header Location (RFC 9110, 15.3.2) or in the body,
// where its name must leave no doubt. certain is false if the thing may have existed before: only 201 and 202 say that it is new.
// Any other success may be a search, or what was there already under that name, unless the response repeats the tag of the
// request, which nothing else has. ok is false if there is no id.
func (m Maker) Created(r Resource, ex contract.Exchange, tag string) (t Thing, certain, ok bool) {
	status := ex.Response.Status
	isSecret := redact.IsCredential(sample.PlainName(r.id.Name), nil) // POST /tokens for /tokens/{token}
	if status/100 != 2 || isSecret {
		return t, false, false
	}
	id, ok := m.idInLocation(r, ex.Response.Header.Get("Location"))
	if !ok {
		s := newIDSearch(r.items[0].Path, r.id, m.Judge.Accepts)
		s.asText = true
		found, isFound := s.find(decode(ex.Response.Body), 0)
		id, ok = found.value, isFound && found.sure
	}
	saysNew := status == http.StatusCreated || status == http.StatusAccepted
	repeatsTag := tag != "" && bytes.Contains(ex.Response.Body, []byte(tag))
	t = Thing{Resource: r, ID: sample.PlainText(id), path: append(pathIn(ex.Request.Target), sample.PlainText(id))}
	return t, ok && (saysNew || repeatsTag), ok
}

// idInLocation is the last segment of a URL whose path ends as the template of the resource.
func (m Maker) idInLocation(r Resource, location string) (id any, ok bool) {
	at, err := url.Parse(location)
	if err != nil || location == "" {
		return nil, false
	}
	path, template := segments(at.EscapedPath()), templateOf(r.items[0])
	if len(path) < len(template) {
		return nil, false
	}
	path = path[len(path)-len(template):]
	for i, segment := range template {
		if !isSlot(segment) && segment != path[i] {
			return nil, false
		}
	}
	s := newIDSearch(r.items[0].Path, r.id, m.Judge.Accepts)
	s.asText = true
	return s.usable(decoded(path)[len(path)-1])
}

// decoded are the segments of a path without escapes.
func decoded(path []string) []string {
	list := []string{}
	for _, segment := range path {
		if plain, err := url.PathUnescape(segment); err == nil {
			segment = plain
		}
		list = append(list, segment)
	}
	return list
}
