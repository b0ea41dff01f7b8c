package signature

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"
)

func hashOf(body string) [sha256.Size]byte { return sha256.Sum256([]byte(body)) }

// arrived returns a received request that has everything that can be signed.
func arrived(t testing.TB) *http.Request {
	t.Helper()
	r := newRequest(t, "PUT", "http://quotas.test/v1/a%2Fb/c?type=user&type=group&limit=1", "the body",
		"Accept: application/json", "X-Twice: 2", "X-Twice: 1", "X-Security-Token: t==", "X-Late: 1")
	if err := Sign(r, key, signed, "accept", "host", "x-twice"); err != nil {
		t.Fatal(err)
	}
	received, body := receive(t, r)
	if _, err := Verify(received, body, signed, secretOf(key)); err != nil || body != hashOf("the body") {
		t.Fatalf("as it came: %v", err)
	}
	return received
}

func TestProtected(t *testing.T) {
	set := func(name string, values ...string) func(r *http.Request) {
		return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = values }
	}
	target := func(target string) func(r *http.Request) {
		return func(r *http.Request) {
			r.RequestURI = target
			var err error
			if r.URL, err = url.ParseRequestURI(target); err != nil {
				panic(err)
			}
		}
	}
	tests := []struct {
		name   string
		change func(r *http.Request)
		want   error
	}{
		{name: "nothing", change: func(*http.Request) {}, want: nil},
		{name: "method", change: func(r *http.Request) { r.Method = "POST" }, want: ErrWrong},
		{name: "case of the method", change: func(r *http.Request) { r.Method = "put" }, want: ErrWrong},
		{name: "path", change: target("/v1/a%2Fb/d?type=user&type=group&limit=1"), want: ErrWrong},
		{name: "case of the path", change: target("/v1/a%2Fb/C?type=user&type=group&limit=1"), want: ErrWrong},
		{name: "an escaped slash", change: target("/v1/a/b/c?type=user&type=group&limit=1"), want: ErrWrong},
		{name: "another segment", change: target("/v1/a%2Fb/c/d?type=user&type=group&limit=1"), want: ErrWrong},
		{name: "two slashes at the end", change: target("/v1/a%2Fb/c//?type=user&type=group&limit=1"), want: ErrWrong},
		{name: "query", change: target("/v1/a%2Fb/c?type=user&type=group&limit=2"), want: ErrWrong},
		{name: "name in the query", change: target("/v1/a%2Fb/c?type=user&Type=group&limit=1"), want: ErrWrong},
		{name: "query removed", change: target("/v1/a%2Fb/c"), want: ErrWrong},
		{name: "a value removed", change: target("/v1/a%2Fb/c?type=user&limit=1"), want: ErrWrong},
		{name: "a value twice", change: target("/v1/a%2Fb/c?type=user&type=group&limit=1&limit=1"), want: ErrWrong},
		{
			name: "a value that cannot be read", change: target("/v1/a%2Fb/c?type=user&type=group&limit=1&x=%zz"),
			want: ErrWrong,
		},
		{name: "a semicolon", change: target("/v1/a%2Fb/c?type=user&type=group&limit=1&a;b"), want: ErrWrong},
		{name: "host", change: func(r *http.Request) { r.Host = "other.test" }, want: ErrWrong},
		{name: "port", change: func(r *http.Request) { r.Host = "quotas.test:80" }, want: ErrWrong},
		{name: "accept", change: set("Accept", "application/xml"), want: ErrWrong},
		{name: "accept removed", change: func(r *http.Request) { r.Header.Del("Accept") }, want: ErrWrong},
		{name: "accept twice", change: set("Accept", "application/json", "application/json"), want: ErrWrong},
		{name: "one of two", change: set("X-Twice", "1", "3"), want: ErrWrong},
		{name: "two in one", change: set("X-Twice", "1, 2"), want: ErrWrong},
		{name: "security token", change: set("X-Security-Token", "u=="), want: ErrWrong},
		{name: "date", change: set("X-Sdk-Date", "20240227T120001Z"), want: ErrWrong},
		{name: "a hash for the body", change: set("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD"), want: ErrWrong},

		{name: "unsigned header", change: set("X-Late", "2"), want: nil},
		{name: "new header", change: set("X-Project-Id", "fd73a4a14a4a4dfb9771a8475e5198ea"), want: nil},
		{name: "unsigned header removed", change: func(r *http.Request) { r.Header.Del("X-Late") }, want: nil},
		{name: "a slash at the end", change: target("/v1/a%2Fb/c/?type=user&type=group&limit=1"), want: nil},
		{name: "escapes of the path", change: target("/%761/%61%2fb/c?type=user&type=group&limit=1"), want: nil},
		{name: "order and escapes of the query", change: target("/v1/a%2Fb/c?limit=%31&t%79pe=group&type=user"), want: nil},
		{name: "order of two", change: set("X-Twice", "1", "2"), want: nil},
		{name: "the hash itself for the body", change: set("X-Sdk-Content-Sha256", hexOf(hashOf("the body"))), want: nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := arrived(t)
			test.change(r)
			if id, err := Verify(r, hashOf("the body"), signed, secretOf(key)); !errors.Is(err, test.want) || id != key.ID {
				t.Errorf("got %q, %v, want %v", id, err, test.want)
			}
		})
	}
	t.Run("body", func(t *testing.T) {
		for _, body := range []string{"", "the bodY", "the body\n"} {
			if _, err := Verify(arrived(t), hashOf(body), signed, secretOf(key)); !errors.Is(err, ErrWrong) {
				t.Errorf("%q: got %v", body, err)
			}
		}
	})
	t.Run("body that was not signed", func(t *testing.T) {
		r := newRequest(t, "PUT", "http://quotas.test/", "a", "X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD")
		if err := Sign(r, key, signed, "host"); err != nil {
			t.Fatal(err)
		}
		r, _ = receive(t, r)
		if _, err := Verify(r, hashOf("b"), signed, secretOf(key)); err != nil {
			t.Error(err)
		}
		r.Header.Del("X-Sdk-Content-Sha256")
		if _, err := Verify(r, hashOf("a"), signed, secretOf(key)); !errors.Is(err, ErrWrong) {
			t.Errorf("without its header: got %v", err)
		}
	})
}

// TestContentHash checks that X-Sdk-Content-Sha256 does not let a caller without the key replace the body.
func TestContentHash(t *testing.T) {
	hash := func(body string) string { return hexOf(hashOf(body)) }
	for _, test := range []struct {
		name          string
		signed, added string // the header as it was signed, and as it was set afterwards; empty: not at all
		body          string // that came; "a" was signed
		want          error
	}{
		{name: "none", body: "a"},
		{name: "none, another body", body: "b", want: ErrWrong},
		{name: "the hash", signed: hash("a"), body: "a"},
		{name: "the hash, another body", signed: hash("a"), body: "b", want: ErrWrong},
		{name: "the hash of another body", signed: hash("b"), body: "a", want: ErrWrong},
		{name: "no hash", signed: "a", body: "a", want: ErrWrong},
		{name: "unsigned", signed: "UNSIGNED-PAYLOAD", body: "a"},
		{name: "unsigned, another body", signed: "UNSIGNED-PAYLOAD", body: "b"},
		{name: "the hash added", added: hash("a"), body: "a"},
		{name: "the hash added, another body", added: hash("a"), body: "b", want: ErrWrong},
		{name: "the hash of another body added", added: hash("b"), body: "b", want: ErrWrong},
		{name: "unsigned added", added: "UNSIGNED-PAYLOAD", body: "b", want: ErrWrong},
		{name: "unsigned instead of the hash", signed: hash("a"), added: "UNSIGNED-PAYLOAD", body: "b", want: ErrWrong},
	} {
		for _, names := range [][]string{nil, {"host"}} {
			r := newRequest(t, "PUT", "http://quotas.test/", "a")
			if test.signed != "" {
				r.Header.Set("X-Sdk-Content-Sha256", test.signed)
			}
			if err := Sign(r, key, signed, names...); err != nil {
				t.Fatal(err)
			}
			if test.added != "" {
				r.Header.Set("X-Sdk-Content-Sha256", test.added)
			}
			received, _ := receive(t, r)
			if _, err := Verify(received, hashOf(test.body), signed, secretOf(key)); !errors.Is(err, test.want) {
				t.Errorf("%s, signed with %s: got %v, want %v", test.name, received.Header.Get("Authorization"), err, test.want)
			}
		}
	}
}

func TestEveryByteOfTheSignature(t *testing.T) {
	r := arrived(t)
	text := r.Header.Get("Authorization")
	start := strings.Index(text, "Signature=") + len("Signature=")
	if len(text)-start != 64 {
		t.Fatalf("a signature of %d bytes", len(text)-start)
	}
	for i := start; i < len(text); i++ {
		for bit := range 8 {
			changed := []byte(text)
			changed[i] ^= 1 << bit
			r.Header.Set("Authorization", string(changed))
			if _, err := Verify(r, hashOf("the body"), signed, secretOf(key)); !errors.Is(err, ErrWrong) && !errors.Is(err, ErrMalformed) {
				t.Fatalf("byte %d, bit %d: got %v", i, bit, err)
			}
		}
	}
	for i := range text { // of the whole header
		changed := []byte(text)
		changed[i] ^= 1
		r.Header.Set("Authorization", string(changed))
		if _, err := Verify(r, hashOf("the body"), signed, secretOf(key)); err == nil {
			t.Fatalf("byte %d of the header is not verified", i)
		}
	}
}

func TestWrongSecret(t *testing.T) {
	for _, secret := range []string{"", "reader-secreT", "reader-secret ", "limited-secret"} {
		if id, err := Verify(arrived(t), hashOf("the body"), signed, secretOf(Key{key.ID, secret})); !errors.Is(err, ErrWrong) || id != key.ID {
			t.Errorf("%q: got %q, %v", secret, id, err)
		}
	}
	id, err := Verify(arrived(t), hashOf("the body"), signed, func(string) (string, bool) { return key.Secret, false })
	if !errors.Is(err, ErrUnknownKey) || id != key.ID {
		t.Errorf("an unknown key: got %q, %v", id, err)
	}
}

func TestWindow(t *testing.T) {
	for _, test := range []struct {
		name string
		now  time.Duration
		want error
	}{
		{name: "at once", now: 0, want: nil},
		{name: "15:00 later", now: 15 * time.Minute, want: nil},
		{name: "15:00 earlier", now: -15 * time.Minute, want: nil},
		{name: "a little more", now: 15*time.Minute + time.Nanosecond, want: ErrExpired},
		{name: "15:01 later", now: 15*time.Minute + time.Second, want: ErrExpired},
		{name: "15:01 earlier", now: -15*time.Minute - time.Second, want: ErrExpired},
		{name: "a year later", now: 365 * 24 * time.Hour, want: ErrExpired},
	} {
		t.Run(test.name, func(t *testing.T) {
			now := signed.Add(test.now).In(time.FixedZone("", 3600))
			if id, err := Verify(arrived(t), hashOf("the body"), now, secretOf(key)); !errors.Is(err, test.want) || id != key.ID {
				t.Errorf("got %q, %v, want %v", id, err, test.want)
			}
		})
	}
	t.Run("ages", func(t *testing.T) {
		if _, err := Verify(arrived(t), hashOf("the body"), time.Time{}, secretOf(key)); !errors.Is(err, ErrExpired) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("before the signature, after the key", func(t *testing.T) {
		late := signed.Add(time.Hour)
		if _, err := Verify(arrived(t), hashOf("another"), late, secretOf(key)); !errors.Is(err, ErrExpired) {
			t.Errorf("got %v", err)
		}
		if _, err := Verify(arrived(t), hashOf("the body"), late, secretOf(Key{"other", "x"})); !errors.Is(err, ErrUnknownKey) {
			t.Errorf("got %v", err)
		}
	})
}

func TestMalformed(t *testing.T) {
	good := arrived(t).Header.Get("Authorization")
	replace := func(from, to string) []string {
		if !strings.Contains(good, from) {
			t.Fatalf("%s: no %s in it", good, from)
		}
		return []string{strings.Replace(good, from, to, 1)}
	}
	const (
		form   = "want SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…"
		keyID  = "the key ID is not visible ASCII without a comma"
		digits = "the signature is not 64 hexadecimal digits in lower case"
		name   = "SignedHeaders has a name that is not a header name in lower case"
		sorted = "SignedHeaders is not sorted, or has a header twice"
	)
	tests := []struct {
		name    string
		headers []string
		want    string
	}{
		{name: "none", headers: nil, want: "want one Authorization"},
		{name: "two", headers: []string{good, good}, want: "want one Authorization"},
		{name: "empty", headers: []string{""}, want: form},
		{name: "the algorithm alone", headers: []string{"SDK-HMAC-SHA256"}, want: form},
		{name: "another scheme", headers: []string{"Bearer x"}, want: form},
		{name: "no scheme", headers: replace("SDK-HMAC-SHA256 ", ""), want: form},
		{name: "scheme of other case", headers: replace("SDK-HMAC", "sdk-hmac"), want: form},
		{name: "SM3", headers: replace("SDK-HMAC-SHA256", "SDK-HMAC-SM3"), want: form},
		{name: "ECDSA", headers: replace("SDK-HMAC-SHA256", "SDK-ECDSA-P256-SHA256"), want: form},
		{name: "SM2", headers: replace("SDK-HMAC-SHA256", "SDK-SM2-SM3"), want: form},
		{
			name:    "derived",
			headers: replace("SDK-HMAC-SHA256 Access="+key.ID, "V11-HMAC-SHA256 Credential="+key.ID+"/20240227/cn-north-4/iam"),
			want:    form,
		},
		{
			name: "derived under this name", headers: replace("Access="+key.ID, "Credential="+key.ID+"/20240227///sdk_request"),
			want: form,
		},
		{name: "a comma after the algorithm", headers: replace("SHA256 ", "SHA256, "), want: form},
		{name: "two spaces", headers: replace("SHA256 ", "SHA256  "), want: form},
		{name: "a tab", headers: replace("SHA256 ", "SHA256\t"), want: form},
		{name: "no space after a comma", headers: replace(", SignedHeaders", ",SignedHeaders"), want: form},
		{name: "a space before a comma", headers: replace(", SignedHeaders", " , SignedHeaders"), want: keyID},
		{
			name: "another order", headers: replace("Access="+key.ID+", SignedHeaders", "SignedHeaders=x-sdk-date, Access"),
			want: form,
		},
		{
			name: "no names", headers: replace(", SignedHeaders=accept;host;x-sdk-date;x-security-token;x-twice", ""),
			want: form,
		},
		{name: "no signature", headers: []string{good[:len(good)-len(", Signature=")-64]}, want: form},
		{name: "case of a field", headers: replace("Access", "access"), want: form},
		{name: "no key", headers: replace(key.ID, ""), want: keyID},
		{name: "a key with a space", headers: replace(key.ID, "a b"), want: keyID},
		{name: "a key with a comma", headers: replace(key.ID, "a,b"), want: keyID},
		{name: "a key that is not ASCII", headers: replace(key.ID, "é"), want: keyID},
		{name: "a second key", headers: replace("Access=", "Access=x, Access="), want: keyID},
		{name: "a short signature", headers: []string{good[:len(good)-1]}, want: digits},
		{name: "a long signature", headers: []string{good + "0"}, want: digits},
		{name: "no digits", headers: []string{good[:len(good)-64]}, want: digits},
		{name: "upper case", headers: []string{good[:len(good)-64] + strings.Repeat("A", 64)}, want: digits},
		{name: "no hexadecimal digits", headers: []string{good[:len(good)-64] + strings.Repeat("g", 64)}, want: digits},
		{name: "another field", headers: []string{good + ", x=y"}, want: digits},
		{name: "no name", headers: replace("accept;host;x-sdk-date;x-security-token;x-twice", ""), want: name},
		{name: "an empty name", headers: replace("accept;", "accept;;"), want: name},
		{name: "a semicolon at the end", headers: replace("x-twice", "x-twice;"), want: name},
		{name: "a name of upper case", headers: replace("accept", "Accept"), want: name},
		{name: "a space in the list", headers: replace("accept;", "accept; "), want: name},
		{name: "a colon in a name", headers: replace("accept", "accept:x"), want: name},
		{name: "a line feed in a name", headers: replace("accept", "accept\nhost"), want: name},
		{name: "a name twice", headers: replace("accept", "accept;accept"), want: sorted},
		{name: "the date twice", headers: replace("x-sdk-date", "x-sdk-date;x-sdk-date"), want: sorted},
		{name: "not sorted", headers: replace("accept;host", "host;accept"), want: sorted},
		{name: "no date among them", headers: replace("x-sdk-date;", ""), want: "SignedHeaders lacks x-sdk-date"},
		{name: "very long, of nothing", headers: []string{strings.Repeat("x", 1<<20)}, want: form},
		{name: "a very long name", headers: replace("accept", "a"+strings.Repeat("b", 1<<20)+",c"), want: name},
		{name: "a very long signature", headers: []string{good + strings.Repeat("0", 1<<20)}, want: digits},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := arrived(t)
			r.Header["Authorization"] = test.headers
			id, err := Verify(r, hashOf("the body"), signed, func(string) (string, bool) {
				t.Error("the key was looked up")
				return "", false
			})
			if !errors.Is(err, ErrMalformed) || err.Error() != "malformed signature: "+test.want || id != "" {
				t.Errorf("got %q, %.200v, want %s", id, err, test.want)
			}
		})
	}
}

func TestMalformedHeaders(t *testing.T) {
	for _, test := range []struct {
		name   string
		header string
		values []string
		want   string
	}{
		{name: "no date", header: "X-Sdk-Date", want: "want one X-Sdk-Date"},
		{
			name: "two dates", header: "X-Sdk-Date", values: []string{"20240227T120000Z", "20240227T120000Z"},
			want: "want one X-Sdk-Date",
		},
		{
			name: "empty date", header: "X-Sdk-Date", values: []string{""},
			want: "X-Sdk-Date is not a date such as 20240227T120000Z",
		},
		{
			name: "fractions", header: "X-Sdk-Date", values: []string{"20240227T120000.5Z"},
			want: "X-Sdk-Date is not a date such as 20240227T120000Z",
		},
		{
			name: "a zone", header: "X-Sdk-Date", values: []string{"20240227T120000+0000"},
			want: "X-Sdk-Date is not a date such as 20240227T120000Z",
		},
		{
			name: "other spelling", header: "X-Sdk-Date", values: []string{"2024-02-27T12:00:00Z"},
			want: "X-Sdk-Date is not a date such as 20240227T120000Z",
		},
		{
			name: "no day", header: "X-Sdk-Date", values: []string{"20240230T120000Z"},
			want: "X-Sdk-Date is not a date such as 20240227T120000Z",
		},
		{
			name: "two hashes", header: "X-Sdk-Content-Sha256", values: []string{"a", "b"},
			want: "want one X-Sdk-Content-Sha256",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := arrived(t)
			r.Header[test.header] = test.values
			_, err := Verify(r, hashOf("the body"), signed, secretOf(key))
			if !errors.Is(err, ErrMalformed) || err.Error() != "malformed signature: "+test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// TestLongHeaders checks that long headers get the same errors as short ones.
func TestLongHeaders(t *testing.T) {
	long := strings.Repeat("a", 1<<20)
	names := []string{}
	for i := range 20_000 {
		names = append(names, "a"+strings.Repeat("b", i%7)+string(rune('a'+i%26)))
	}
	for _, test := range []struct {
		name string
		sign func(r *http.Request)
		want error
	}{
		{name: "key", sign: func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), key.ID, long, 1))
		}, want: ErrUnknownKey},
		{name: "name that is not there", sign: func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "accept", long, 1))
		}, want: ErrWrong},
		{name: "many names that are out of order", sign: func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "accept", strings.Join(names, ";"), 1))
		}, want: ErrMalformed},
		{name: "value of a signed header", sign: func(r *http.Request) {
			r.Header.Set("Accept", long)
			if err := Sign(r, key, signed, "accept"); err != nil {
				t.Fatal(err)
			}
		}, want: nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := arrived(t)
			r.Body = http.NoBody
			test.sign(r)
			if _, err := Verify(r, hashOf(""), signed, secretOf(key)); !errors.Is(err, test.want) {
				t.Errorf("got %.100v, want %v", err, test.want)
			}
		})
	}
}

func TestErrorsWithoutSecret(t *testing.T) {
	r := arrived(t)
	r.Header.Del("Accept")
	for _, secret := range []string{key.Secret, "another"} {
		_, err := Verify(r, hashOf("the body"), signed, secretOf(Key{key.ID, secret}))
		if err == nil || err.Error() != "signature does not match: header accept is not set" {
			t.Errorf("got %v", err)
		}
	}
}

// FuzzRoundTrip signs and verifies any request that net/http can send, and checks that another secret does not match.
func FuzzRoundTrip(f *testing.F) {
	f.Add("GET", "/v3.0/OS-QUOTA/domains/d78c?type=a%20b%2Bc%2F%E4%B8%80~%2A", "u", "")
	f.Add("GET", "//a/..%2f\"é?a=b;c&%zz&=&~=1", " \t", "")
	f.Add("POST", "*?+", "a\u00a0", "body")
	f.Fuzz(func(t *testing.T, method, target, value, body string) {
		r, err := http.NewRequest(method, "http://quotas.test", strings.NewReader(body))
		if err != nil || strings.ContainsFunc(value, unicode.IsControl) { // a client of net/http would refuse to send it
			return
		}
		u, err := url.Parse("http://quotas.test/" + target)
		if err != nil {
			return
		}
		r.URL = u
		r.Header.Set("X-Value", value)
		r.Header.Add("X-Value", "b")
		if err := Sign(r, key, signed, "host", "x-value"); err != nil {
			t.Fatal(err)
		}
		var wire strings.Builder
		if r.Write(&wire) != nil {
			return
		}
		received, err := http.ReadRequest(bufio.NewReader(strings.NewReader(wire.String())))
		if err != nil {
			return
		}
		if _, err := Verify(received, hashOf(body), signed, secretOf(key)); err != nil {
			t.Errorf("%s: %v\n%s", target, err, wire.String())
		}
		if _, err := Verify(received, hashOf(body), signed, secretOf(Key{key.ID, "other"})); !errors.Is(err, ErrWrong) {
			t.Errorf("another secret: got %v", err)
		}
	})
}

// FuzzAuthorization checks that every header but the right one is an error.
func FuzzAuthorization(f *testing.F) {
	r := arrived(f)
	good := r.Header.Get("Authorization")
	f.Add(good)
	f.Add("SDK-HMAC-SHA256 Credential=a/20240227///sdk_request, SignedHeaders=x-sdk-date, Signature=" + strings.Repeat("0", 64))
	f.Fuzz(func(t *testing.T, text string) {
		r.Header.Set("Authorization", text)
		if _, err := Verify(r, hashOf("the body"), signed, secretOf(key)); (err == nil) != (text == good) {
			t.Errorf("%q: got %v", text, err)
		}
	})
}
