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
		{"none set", nil, nil, "x-sdk-date"},
		{"date set", []string{date}, nil, "x-sdk-date"},
		{"what is not named", []string{"X-Other: o", "User-Agent: u"}, nil, "x-sdk-date"},
		{"as the SDK with a temporary key", []string{"X-Security-Token: t", "User-Agent: u"}, []string{"user-agent"}, "user-agent;x-sdk-date;x-security-token"},
		{"a hash", []string{"X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD"}, nil, "x-sdk-content-sha256;x-sdk-date"},
		{"named", []string{"User-Agent: u", "X-Other: o"}, []string{"x-other"}, "x-other;x-sdk-date"},
		{"named in any order and case", []string{"User-Agent: u"}, []string{"X-Sdk-Date", "User-Agent", "Host"}, "host;user-agent;x-sdk-date"},
		{"named twice", nil, []string{"host", "Host", "x-sdk-date"}, "host;x-sdk-date"},
		{"as the guide", []string{"Content-Type: application/json"}, []string{"content-type", "host"}, "content-type;host;x-sdk-date"},
		{"with a temporary key", []string{"X-Security-Token: t"}, []string{"host"}, "host;x-sdk-date;x-security-token"},
		{"named, with a hash", []string{"X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD"}, []string{"host"}, "host;x-sdk-content-sha256;x-sdk-date"},
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
		{"no path", "GET", "http://quotas.test", ""},
		{"no path, a query", "GET", "http://quotas.test?type=user", ""},
		{"a slash at the end", "GET", "http://quotas.test/a/", ""},
		{"slashes", "GET", "http://quotas.test//a//b", ""},
		{"an escaped slash", "GET", "http://quotas.test/a%2Fb", ""},
		{"an escaped slash that net/url tidies up", "GET", `http://quotas.test/a%2Fb"c`, ""},
		{"escaped without need", "GET", "http://quotas.test/%61/%2e%2E?%74ype=%75ser", ""},
		{"dots", "GET", "http://quotas.test/a/../b", ""},
		{"not ASCII", "GET", "http://quotas.test/一?一=é", ""},
		{"bytes", "GET", "http://quotas.test/%00%ff?%00=%ff", ""},
		{"spaces", "GET", "http://quotas.test/a%20b+c?d=e+f%20g", ""},
		{"a query that cannot be read", "GET", "http://quotas.test/a?type=%zz&b;c&%", ""},
		{"an empty query", "GET", "http://quotas.test/a?", ""},
		{"names alone", "GET", "http://quotas.test/a?b&c=&=d&&", ""},
		{"a fragment stays here", "GET", "http://quotas.test/a?b#c", ""},
		{"a port", "GET", "http://[::1]:8080/a", ""},
		{"a body", "POST", "http://quotas.test/a", `{"a": 1}`},
		{"a long body", "PUT", "http://quotas.test/a", strings.Repeat("a", 1<<20)},
		{"another method", "PROPFIND", "http://quotas.test/a", ""},
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
	if err := Sign(r, key, signed.Add(time.Hour).In(time.FixedZone("", 7200))); err != nil || r.Header.Get("X-Sdk-Date") != "20240227T130000Z" {
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
		{"no key", Key{"", secret}, nil, nil, "signing: want an access key ID of visible ASCII without a comma, and its secret"},
		{"no secret", Key{"k", ""}, nil, nil, "signing: want an access key ID of visible ASCII without a comma, and its secret"},
		{"a key with a space", Key{"k k", secret}, nil, nil, "signing: want an access key ID of visible ASCII without a comma, and its secret"},
		{"a key with a comma", Key{"k,k", secret}, nil, nil, "signing: want an access key ID of visible ASCII without a comma, and its secret"},
		{"a key with a line feed", Key{"k\n", secret}, nil, nil, "signing: want an access key ID of visible ASCII without a comma, and its secret"},
		{"opaque", Key{"k", secret}, func(r *http.Request) { r.URL.Opaque = "//a" }, nil, "signing: the URL has no path"},
		{"a date that is none", Key{"k", secret}, func(r *http.Request) { r.Header.Set("X-Sdk-Date", "now") }, nil, "signing: X-Sdk-Date: want one date such as 20240227T120000Z"},
		{"two dates", Key{"k", secret}, func(r *http.Request) {
			r.Header["X-Sdk-Date"] = []string{"20240227T120000Z", "20240227T120000Z"}
		}, nil, "signing: X-Sdk-Date: want one date such as 20240227T120000Z"},
		{"a name that is not set", Key{"k", secret}, nil, []string{"host", "X-Other"}, "signing: there is no header x-other"},
		{"its own header", Key{"k", secret}, func(r *http.Request) { r.Header.Set("Authorization", "x") }, []string{"Authorization"}, "signing: there is no header authorization"},
		{"a body that breaks off", Key{"k", secret}, func(r *http.Request) {
			r.Body, r.GetBody = io.NopCloser(iotest.ErrReader(failing)), nil
		}, nil, "signing: reading the body: no more"},
		{"a body that cannot be closed", Key{"k", secret}, func(r *http.Request) {
			r.Body, r.GetBody = unclosable{strings.NewReader("a")}, nil
		}, nil, "signing: reading the body: cannot be closed"},
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
				t.Error("the error tells the secret")
			}
		})
	}
}
