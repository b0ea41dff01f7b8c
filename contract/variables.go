package contract

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// extent is how much there is for rules to look at.
type extent struct {
	values int
	bytes  int // of texts
}

// value turns decoded JSON into what CEL computes with, once and for all rules: integers into int64, other numbers into
// float64.
func (e *extent) value(v any) ref.Val {
	e.values++
	switch v := v.(type) {
	case json.Number:
		e.bytes += len(v)
		return types.DefaultTypeAdapter.NativeToValue(forRules(v))
	case string:
		e.bytes += len(v)
		return types.String(v)
	case []any:
		list := make([]ref.Val, len(v))
		for i, element := range v {
			list[i] = e.value(element)
		}
		return types.NewRefValList(types.DefaultTypeAdapter, list)
	case map[string]any:
		object := make(map[string]ref.Val, len(v))
		for name, member := range v {
			e.bytes += len(name)
			object[name] = e.value(member)
		}
		return types.NewMap(types.DefaultTypeAdapter, object)
	}
	return types.DefaultTypeAdapter.NativeToValue(v)
}

// lists are headers or a query: texts by name.
func (e *extent) lists(all map[string][]string, nameOf func(string) string) ref.Val {
	object := make(map[string]ref.Val, len(all))
	for name, texts := range all {
		e.values += 1 + len(texts)
		e.bytes += len(name)
		for _, text := range texts {
			e.bytes += len(text)
		}
		object[nameOf(name)] = types.NewStringList(types.DefaultTypeAdapter, texts)
	}
	return types.NewMap(types.DefaultTypeAdapter, object)
}

// forRules turns numbers into those that rules see, for people: integers into int64, others into float64.
func forRules(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return n
		}
		f, err := v.Float64()
		if err != nil {
			return math.Inf(1)
		}
		return f
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = forRules(e)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, e := range v {
			object[name] = forRules(e)
		}
		return object
	}
	return v
}

// variables are what docs/extensions.md promises to rules about exchanges.
type variables struct{ request, response, previous map[string]any }

// ResolveName gives a variable to CEL.
func (v *variables) ResolveName(name string) (any, bool) {
	switch name {
	case "request":
		return v.request, true
	case "response":
		return v.response, true
	case "previous":
		return v.previous, true
	}
	return nil, false
}

// Parent says that there are no other variables.
func (v *variables) Parent() cel.Activation { return nil }

// self is the variable of rules about schemas.
type self struct{ value ref.Val }

// ResolveName gives the variable to CEL.
func (s self) ResolveName(name string) (any, bool) { return s.value, name == "self" }

// Parent says that there are no other variables.
func (s self) Parent() cel.Activation { return nil }

func (c *hearing) variables() *variables {
	v := &variables{
		request: map[string]any{
			"method": c.ex.Request.Method, "path": c.path, "body": c.requestForRules(),
			"query": c.extent.lists(c.query.values, func(name string) string { return name }),
		},
		response: map[string]any{"status": c.ex.Response.Status, "body": c.responseForRules()},
		previous: map[string]any{},
	}
	c.extent.bytes += len(c.ex.Request.Method) + len(c.path)
	c.headersForRules(v.request, "request.headers", c.ex.Request.Header)
	c.headersForRules(v.response, "response.headers", c.ex.Response.Header)
	if p := c.ex.Previous; p != nil {
		first, _ := looseJSON(p.Header, p.Body)
		v.previous["status"], v.previous["body"] = p.Status, c.extent.value(first)
		c.headersForRules(v.previous, "previous.headers", p.Header)
	}
	return v
}

// headersForRules adds the headers of a message, with their names in lower case, if any rule speaks of them.
func (c *hearing) headersForRules(message map[string]any, part string, header http.Header) {
	if c.spoken[part] {
		message["headers"] = c.extent.lists(header, strings.ToLower)
	}
}

// requestForRules and responseForRules are the bodies as rules see them, turned once.
func (c *hearing) requestForRules() ref.Val {
	if c.requestValue == nil {
		c.requestValue = c.extent.value(c.requestBody)
	}
	return c.requestValue
}

func (c *hearing) responseForRules() ref.Val {
	if c.responseValue == nil {
		c.responseValue = c.extent.value(c.responseBody)
	}
	return c.responseValue
}
