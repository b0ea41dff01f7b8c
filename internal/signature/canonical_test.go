package signature

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCanonicalPath(t *testing.T) {
	for _, test := range []struct{ raw, want string }{
		{raw: "", want: "/"},
		{raw: "/", want: "/"},
		{raw: "/a", want: "/a/"},
		{raw: "/a/", want: "/a/"},
		{raw: "//a//", want: "//a//"},
		{raw: "/%41%2d%7e", want: "/A-~/"},
		{raw: "/a%2fb", want: "/a%2Fb/"},
		{raw: "/a b", want: "/a%20b/"},
		{raw: "/a+b*c!d", want: "/a%2Bb%2Ac%21d/"},
		{raw: "/%2541", want: "/%2541/"},
		{raw: "/a/../b/.", want: "/a/../b/./"},
		{raw: "/é%c3%a9%ff", want: "/%C3%A9%C3%A9%FF/"},
		{raw: "/%zz/%41", want: "/%zz/A/"},
		{raw: "*", want: "%2A/"},
	} {
		if got := canonicalPath(test.raw); got != test.want {
			t.Errorf("%q: got %q, want %q", test.raw, got, test.want)
		}
	}
}

func TestCanonicalQuery(t *testing.T) {
	for _, test := range []struct{ name, raw, want string }{
		{name: "none", raw: "", want: ""},
		{name: "nothing in it", raw: "&&", want: ""},
		{name: "one", raw: "type=user", want: "type=user"},
		{name: "by name", raw: "b=1&a=2&a-b=3", want: "a=2&a-b=3&b=1"},
		{name: "by value", raw: "a=2&b=1&a=10&a=1", want: "a=1&a=10&a=2&b=1"},
		{name: "a duplicate", raw: "a=1&a=1", want: "a=1&a=1"},
		{name: "by decoded names", raw: "%e4%b8%80=1&~=2", want: "~=2&%E4%B8%80=1"},
		{name: "no value", raw: "b&a=", want: "a=&b="},
		{name: "no name", raw: "=1", want: "=1"},
		{name: "more than one sign", raw: "a=b=c", want: "a=b%3Dc"},
		{name: "escaped", raw: "%74ype=a+b%20c%2b%2F*~", want: "type=a%20b%20c%2B%2F%2A~"},
		{name: "names keep their case", raw: "Type=1&type=2", want: "Type=1&type=2"},
		{name: "not readable", raw: "type=%zz", want: "type=%zz"},
		{name: "not readable, in a name", raw: "%z=1", want: "%z=1"},
		{name: "an escaped percent sign", raw: "type=%25zz", want: "type=%25zz"},
		{name: "a semicolon", raw: "type=user;x", want: "type=user;x"},
		{name: "an escaped semicolon", raw: "type=user%3Bx", want: "type=user%3Bx"},
		{name: "among others", raw: "z=1&%=2&a=3", want: "%=2&a=3&z=1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := canonicalQuery(test.raw); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestCanonicalHeaders(t *testing.T) {
	r := newRequest(t, "", "https://quotas.test:8443/a?b", "", "X-B: 2", "X-B:  \t10 ", "X-B: 1  x", "X-Empty: ", "X-A: é")
	got, err := canonicalForm(r, []string{"host", "x-a", "x-b", "x-empty"}, "UNSIGNED-PAYLOAD")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"GET", "/a/", "b=",
		"host:quotas.test:8443", "x-a:é", "x-b:1  x", "x-b:10", "x-b:2", "x-empty:", "",
		"host;x-a;x-b;x-empty", "UNSIGNED-PAYLOAD",
	}, "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"2", " \t10 ", "1  x"}, r.Header.Values("X-B")); diff != "" {
		t.Errorf("the request was changed (-want +got):\n%s", diff)
	}
	if _, err := canonicalForm(r, []string{"x-c"}, ""); err == nil || err.Error() != "header x-c is not set" {
		t.Errorf("got %v", err)
	}
	if got := headerValues(&http.Request{URL: &url.URL{}}, "host"); len(got) != 0 {
		t.Errorf("no host: got %q", got)
	}
}

// TestRawPath checks that rawPath keeps the received path. net/url normalizes a path that it would write differently, and would
// lose an escaped slash.
func TestRawPath(t *testing.T) {
	r, _ := receive(t, newRequest(t, "GET", "http://quotas.test/a", ""))
	u, err := url.ParseRequestURI(`/a%2Fb"c`)
	if err != nil {
		t.Fatal(err)
	}
	r.URL = u
	if got := canonicalPath(rawPath(r)); got != "/a%2Fb%22c/" {
		t.Errorf("received: got %s", got)
	}
	r.RequestURI = ""
	if got := canonicalPath(rawPath(r)); got != "/a/b%22c/" {
		t.Errorf("to be sent: got %s", got)
	}
}
