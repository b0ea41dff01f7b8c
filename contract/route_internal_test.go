package contract

import (
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// paramsOf returns the parameters of a path, if it matches a template.
func paramsOf(template, path string) ([]parameter.Pair, bool) {
	routes := []*route{newRoute(template, nil)}
	m := (&site{routes: routes, tree: newTree(routes)}).match("GET", path, nil)
	if !m.known {
		return nil, false
	}
	return m.route.appendParams(nil, path), true
}

// TestParametersInSegments checks parameters that are a part of a segment.
func TestParametersInSegments(t *testing.T) {
	for path, want := range map[string]string{
		"/files/v7.json": "7", "/files/7.json": "", "/files/v7.xml": "", "/files/v.json": "", "/files/v7": "",
	} {
		got := ""
		params, ok := paramsOf("/files/v{number}.json", path)
		if ok {
			got = params[0].Value
		}
		if got != want {
			t.Errorf("%s: got %v, %t", path, params, ok)
		}
	}
}

// TestEncodedTemplates checks that a document may percent-encode its paths, and that clients may send them either way.
func TestEncodedTemplates(t *testing.T) {
	for _, test := range []struct {
		name, template, path string
		matches              bool
	}{
		{name: "both encoded", template: "/a/%40b", path: "/a/%40b", matches: true},
		{name: "only the template", template: "/a/%40b", path: "/a/@b", matches: true},
		{name: "only the path", template: "/a/@b", path: "/a/%40b", matches: true},
		{name: "encoded twice", template: "/a/%40b", path: "/a/%2540b"},
		{name: "beside a parameter", template: "/a/%40{x}", path: "/a/@b", matches: true},
		{name: "a percent sign", template: "/a/100%", path: "/a/100%25", matches: true},
		{name: "no UTF-8", template: "/a/%FF", path: "/a/%ff", matches: true},
		{name: "no UTF-8 beside a parameter", template: "/a/%FF{x}", path: "/a/%ffb", matches: true},
		{name: "no UTF-8 beside parameters", template: "/a/%FF{x}.{y}", path: "/a/%ffb.c", matches: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if params, ok := paramsOf(test.template, test.path); ok != test.matches {
				t.Errorf("got %v, %t", params, ok)
			}
		})
	}
}

// TestSentParameters checks that the parameters of a path are read as they were sent, whatever is around them, and then
// decoded.
func TestSentParameters(t *testing.T) {
	for _, test := range []struct{ name, template, path, sent, text string }{
		{name: "not encoded", template: "/a/{x}", path: "/a/b,c", sent: "b,c", text: "b,c"},
		{name: "a comma in an element", template: "/a/{x}", path: "/a/b%2Cc,d", sent: "b%2Cc,d", text: "b,c,d"},
		{name: "a slash", template: "/a/{x}", path: "/a/b%2fc", sent: "b%2fc", text: "b/c"},
		{name: "encoded twice", template: "/a/{x}", path: "/a/b%252Fc", sent: "b%252Fc", text: "b%2Fc"},
		{name: "encoded around it", template: "/a/v{x}:do", path: "/a/%76b%2C%3Ado", sent: "b%2C", text: "b,"},
		{name: "beside another", template: "/a/{w}.{x}", path: "/a/%41%C3%A9%2Eb%2Cc", sent: "b%2Cc", text: "b,c"},
	} {
		t.Run(test.name, func(t *testing.T) {
			params, ok := paramsOf(test.template, test.path)
			if !ok || params[len(params)-1].Value != test.sent {
				t.Errorf("got %q, %t, want %q", params, ok, test.sent)
			}
			s := subject{match: match{params: params}}
			if !s.inPath(strictjson.FromText(test.text)) {
				t.Errorf("decoded: got %v, want %q", params, test.text)
			}
		})
	}
}

// TestOriginForm checks the path and query of a target that has a scheme and a host.
func TestOriginForm(t *testing.T) {
	for target, want := range map[string]string{
		"/a?b":                "/a?b",
		"http://host/a?b":     "/a?b",
		"HTTPS://host:443/a":  "/a",
		"https://host":        "/",
		"http://host?b":       "/?b",
		"http:///a":           "/a",
		"ftp://host/a":        "ftp://host/a",
		"*":                   "*",
		"/a?b=http://host/c":  "/a?b=http://host/c",
		"http://host/a://b/c": "/a://b/c",
	} {
		if got := originForm(target); got != want {
			t.Errorf("%s: got %s, want %s", target, got, want)
		}
	}
}
