package signature

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSignedNames(t *testing.T) {
	const date = "X-Sdk-Date: 20240227T120000Z"
	tests := []struct {
		name    string
		headers []string
		names   []string
		want    string
	}{
		{name: "none set", want: "x-sdk-date"},
		{name: "date set", headers: []string{date}, want: "x-sdk-date"},
		{name: "not named", headers: []string{"X-Other: o", "User-Agent: u"}, want: "x-sdk-date"},
		{
			name: "as the SDK with a temporary key", headers: []string{"X-Security-Token: t", "User-Agent: u"},
			names: []string{"user-agent"}, want: "user-agent;x-sdk-date;x-security-token",
		},
		{
			name: "a hash", headers: []string{"X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD"}, want: "x-sdk-content-sha256;x-sdk-date",
		},
		{
			name: "named", headers: []string{"User-Agent: u", "X-Other: o"}, names: []string{"x-other"},
			want: "x-other;x-sdk-date",
		},
		{
			name: "named in any order and case", headers: []string{"User-Agent: u"},
			names: []string{"X-Sdk-Date", "User-Agent", "Host"}, want: "host;user-agent;x-sdk-date",
		},
		{name: "named twice", names: []string{"host", "Host", "x-sdk-date"}, want: "host;x-sdk-date"},
		{
			name: "as the guide", headers: []string{"Content-Type: application/json"}, names: []string{"content-type", "host"},
			want: "content-type;host;x-sdk-date",
		},
		{
			name: "with a temporary key", headers: []string{"X-Security-Token: t"}, names: []string{"host"},
			want: "host;x-sdk-date;x-security-token",
		},
		{
			name: "named, with a hash", headers: []string{"X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD"}, names: []string{"host"},
			want: "host;x-sdk-content-sha256;x-sdk-date",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRequest(t, "GET", accountURL, "", test.headers...)
			if err := Sign(r, key, signed, test.names...); err != nil {
				t.Fatal(err)
			}
			a, err := parse(r.Header.Get("Authorization"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, strings.Join(a.names, ";")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := r.Header.Values("X-Sdk-Date"); !cmp.Equal(got, []string{"20240227T120000Z"}) {
				t.Errorf("X-Sdk-Date: got %q", got)
			}
			for _, header := range []string{"Connection", "Content-Length", "Te", "Trailer", "Transfer-Encoding", "Upgrade"} {
				r.Header.Del(header) // not to be sent in this way
			}
			received, body := receive(t, r)
			if id, err := Verify(received, body, signed, secretOf(key)); err != nil || id != key.ID {
				t.Errorf("got %q, %v", id, err)
			}
		})
	}
}

func TestRoundTrip(t *testing.T) {
	tests := []struct{ name, method, url, body string }{
		{name: "no path", method: "GET", url: "http://quotas.test"},
		{name: "no path, a query", method: "GET", url: "http://quotas.test?type=user"},
		{name: "a slash at the end", method: "GET", url: "http://quotas.test/a/"},
		{name: "slashes", method: "GET", url: "http://quotas.test//a//b"},
		{name: "an escaped slash", method: "GET", url: "http://quotas.test/a%2Fb"},
		{name: "an escaped slash that net/url normalizes", method: "GET", url: `http://quotas.test/a%2Fb"c`},
		{name: "escaped without need", method: "GET", url: "http://quotas.test/%61/%2e%2E?%74ype=%75ser"},
		{name: "dots", method: "GET", url: "http://quotas.test/a/../b"},
		{name: "not ASCII", method: "GET", url: "http://quotas.test/一?一=é"},
		{name: "bytes", method: "GET", url: "http://quotas.test/%00%ff?%00=%ff"},
		{name: "spaces", method: "GET", url: "http://quotas.test/a%20b+c?d=e+f%20g"},
		{name: "a query that cannot be read", method: "GET", url: "http://quotas.test/a?type=%zz&b;c&%"},
		{name: "an empty query", method: "GET", url: "http://quotas.test/a?"},
		{name: "names alone", method: "GET", url: "http://quotas.test/a?b&c=&=d&&"},
		{name: "a fragment stays here", method: "GET", url: "http://quotas.test/a?b#c"},
		{name: "a port", method: "GET", url: "http://[::1]:8080/a"},
		{name: "a body", method: "POST", url: "http://quotas.test/a", body: `{"a": 1}`},
		{name: "a long body", method: "PUT", url: "http://quotas.test/a", body: strings.Repeat("a", 1<<20)},
		{name: "another method", method: "PROPFIND", url: "http://quotas.test/a"},
	}
	for _, test := range tests {
		for _, names := range [][]string{nil, {"host"}} {
			t.Run(test.name, func(t *testing.T) {
				r := newRequest(t, test.method, test.url, test.body, "User-Agent: u")
				if err := Sign(r, key, signed, names...); err != nil {
					t.Fatal(err)
				}
				received, body := receive(t, r)
				if _, err := Verify(received, body, signed, secretOf(key)); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

func TestBodyStays(t *testing.T) {
	const text = "the body"
	closed := 0
	for name, prepare := range map[string]func(r *http.Request){
		"read again": func(*http.Request) {},
		"read once": func(r *http.Request) {
			r.GetBody, r.Body = nil, closer{strings.NewReader(text), &closed}
		},
		"hash given": func(r *http.Request) {
			r.GetBody, r.Body = nil, io.NopCloser(iotest.ErrReader(errors.New("it was read")))
			r.Header.Set("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRequest(t, "POST", "http://quotas.test/a", text)
			prepare(r)
			if err := Sign(r, key, signed); err != nil {
				t.Fatal(err)
			}
			if name == "hash given" {
				r.Body = io.NopCloser(strings.NewReader(text))
			}
			received, body := receive(t, r)
			if body != hashOf(text) {
				t.Error("another body was sent")
			}
			if _, err := Verify(received, body, signed, secretOf(key)); err != nil {
				t.Error(err)
			}
		})
	}
	if closed != 1 {
		t.Errorf("%d bodies were closed, want 1", closed)
	}
}

type closer struct {
	io.Reader
	closed *int
}

func (c closer) Close() error {
	*c.closed++
	return nil
}

type unclosable struct{ io.Reader }

func (unclosable) Close() error { return errors.New("cannot be closed") }

func TestSignAgain(t *testing.T) {
	r := newRequest(t, "GET", accountURL, "")
	if err := Sign(r, key, signed); err != nil {
		t.Fatal(err)
	}
	first := r.Header.Get("Authorization")
	if err := Sign(r, key, signed.Add(time.Hour)); err != nil || r.Header.Get("Authorization") != first {
		t.Errorf("the date stays, so does the signature: got %v, %s", err, r.Header.Get("Authorization"))
	}
	r.Header.Del("X-Sdk-Date")
	err := Sign(r, key, signed.Add(time.Hour).In(time.FixedZone("", 7200)))
	if err != nil || r.Header.Get("X-Sdk-Date") != "20240227T130000Z" {
		t.Errorf("got %v, %s, want 20240227T130000Z in UTC", err, r.Header.Get("X-Sdk-Date"))
	}
	r = &http.Request{URL: r.URL} // net/http sends it as a GET
	if err := Sign(r, key, signed); err != nil || r.Header.Get("Authorization") != first {
		t.Errorf("a request without anything: got %v, %s, want %s", err, r.Header.Get("Authorization"), first)
	}
	if err := Sign(r, key, signed, "host"); err != nil { // which is only in the URL
		t.Fatal(err)
	}
	received, body := receive(t, r)
	if _, err := Verify(received, body, signed, secretOf(key)); err != nil {
		t.Errorf("the host of the URL: %v", err)
	}
}

func TestCannotBeSigned(t *testing.T) {
	const secret = "a-secret"
	failing := errors.New("no more")
	tests := []struct {
		name   string
		key    Key
		change func(r *http.Request)
		names  []string
		want   string
	}{
		{
			name: "no key", key: Key{"", secret},
			want: "signing: want an access key ID of visible ASCII without a comma, and its secret",
		},
		{
			name: "no secret", key: Key{"k", ""},
			want: "signing: want an access key ID of visible ASCII without a comma, and its secret",
		},
		{
			name: "a key with a space", key: Key{"k k", secret},
			want: "signing: want an access key ID of visible ASCII without a comma, and its secret",
		},
		{
			name: "a key with a comma", key: Key{"k,k", secret},
			want: "signing: want an access key ID of visible ASCII without a comma, and its secret",
		},
		{
			name: "a key with a line feed", key: Key{"k\n", secret},
			want: "signing: want an access key ID of visible ASCII without a comma, and its secret",
		},
		{
			name: "opaque", key: Key{"k", secret}, change: func(r *http.Request) { r.URL.Opaque = "//a" },
			want: "signing: the URL has no path",
		},
		{
			name: "an invalid date", key: Key{"k", secret},
			change: func(r *http.Request) { r.Header.Set("X-Sdk-Date", "now") },
			want:   "signing: X-Sdk-Date: want one date such as 20240227T120000Z",
		},
		{name: "two dates", key: Key{"k", secret}, change: func(r *http.Request) {
			r.Header["X-Sdk-Date"] = []string{"20240227T120000Z", "20240227T120000Z"}
		}, names: nil, want: "signing: X-Sdk-Date: want one date such as 20240227T120000Z"},
		{
			name: "a name that is not set", key: Key{"k", secret}, names: []string{"host", "X-Other"},
			want: "signing: header x-other is not set",
		},
		{
			name: "its own header", key: Key{"k", secret}, change: func(r *http.Request) { r.Header.Set("Authorization", "x") },
			names: []string{"Authorization"}, want: "signing: header authorization is not set",
		},
		{name: "a body that ends too early", key: Key{"k", secret}, change: func(r *http.Request) {
			r.Body, r.GetBody = io.NopCloser(iotest.ErrReader(failing)), nil
		}, names: nil, want: "signing: reading the body: no more"},
		{name: "a body that cannot be closed", key: Key{"k", secret}, change: func(r *http.Request) {
			r.Body, r.GetBody = unclosable{strings.NewReader("a")}, nil
		}, names: nil, want: "signing: reading the body: cannot be closed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRequest(t, "POST", accountURL, "a")
			if test.change != nil {
				test.change(r)
			}
			err := Sign(r, test.key, signed, test.names...)
			if err == nil || err.Error() != test.want {
				t.Fatalf("got %v, want %s", err, test.want)
			}
			if strings.Contains(err.Error(), secret) {
				t.Error("the error shows the secret")
			}
		})
	}
}
