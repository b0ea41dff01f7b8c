package signature

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPath(t *testing.T) {
	for _, test := range []struct{ raw, want string }{
		{"", "/"},
		{"/", "/"},
		{"/a", "/a/"},
		{"/a/", "/a/"},
		{"//a//", "//a//"},
		{"/%41%2d%7e", "/A-~/"},
		{"/a%2fb", "/a%2Fb/"},
		{"/a b", "/a%20b/"},
		{"/a+b*c!d", "/a%2Bb%2Ac%21d/"},
		{"/%2541", "/%2541/"},
		{"/a/../b/.", "/a/../b/./"},
		{"/é%c3%a9%ff", "/%C3%A9%C3%A9%FF/"},
		{"/%zz/%41", "/%zz/A/"},
		{"*", "%2A/"},
	} {
		if got := canonicalPath(test.raw); got != test.want {
			t.Errorf("%q: got %q, want %q", test.raw, got, test.want)
		}
	}
}

func TestCanonicalQuery(t *testing.T) {
	for _, test := range []struct{ name, raw, want string }{
		{"none", "", ""},
		{"nothing in it", "&&", ""},
		{"one", "type=user", "type=user"},
		{"by name", "b=1&a=2&a-b=3", "a=2&a-b=3&b=1"},
		{"by value", "a=2&b=1&a=10&a=1", "a=1&a=10&a=2&b=1"},
		{"the same twice", "a=1&a=1", "a=1&a=1"},
		{"by what is meant, not by how it is written", "%e4%b8%80=1&~=2", "~=2&%E4%B8%80=1"},
		{"no value", "b&a=", "a=&b="},
		{"no name", "=1", "=1"},
		{"more than one sign", "a=b=c", "a=b%3Dc"},
		{"escaped", "%74ype=a+b%20c%2b%2F*~", "type=a%20b%20c%2B%2F%2A~"},
		{"names keep their case", "Type=1&type=2", "Type=1&type=2"},
		{"not readable", "type=%zz", "type=%zz"},
		{"not readable, in a name", "%z=1", "%z=1"},
		{"what it is not", "type=%25zz", "type=%25zz"},
		{"a semicolon", "type=user;x", "type=user;x"},
		{"what it is not, either", "type=user%3Bx", "type=user%3Bx"},
		{"among others", "z=1&%=2&a=3", "%=2&a=3&z=1"},
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
	if _, err := canonicalForm(r, []string{"x-c"}, ""); err == nil || err.Error() != "there is no header x-c" {
		t.Errorf("got %v", err)
	}
	if got := headerValues(&http.Request{URL: &url.URL{}}, "host"); len(got) != 0 {
		t.Errorf("host of nowhere: got %q", got)
	}
}

// net/url tidies up a path that it would not write itself, and an escaped slash would be lost on the way.
func TestRawPathIsTheReceivedOne(t *testing.T) {
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
