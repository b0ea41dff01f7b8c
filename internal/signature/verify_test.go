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

// arrived is a signed request that has come over the wire, with everything in it that can be signed.
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

func TestWhatIsProtected(t *testing.T) {
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
		{"nothing", func(*http.Request) {}, nil},
		{"method", func(r *http.Request) { r.Method = "POST" }, ErrWrong},
		{"case of the method", func(r *http.Request) { r.Method = "put" }, ErrWrong},
		{"path", target("/v1/a%2Fb/d?type=user&type=group&limit=1"), ErrWrong},
		{"case of the path", target("/v1/a%2Fb/C?type=user&type=group&limit=1"), ErrWrong},
		{"an escaped slash", target("/v1/a/b/c?type=user&type=group&limit=1"), ErrWrong},
		{"a segment more", target("/v1/a%2Fb/c/d?type=user&type=group&limit=1"), ErrWrong},
		{"two slashes at the end", target("/v1/a%2Fb/c//?type=user&type=group&limit=1"), ErrWrong},
		{"query", target("/v1/a%2Fb/c?type=user&type=group&limit=2"), ErrWrong},
		{"name in the query", target("/v1/a%2Fb/c?type=user&Type=group&limit=1"), ErrWrong},
		{"query gone", target("/v1/a%2Fb/c"), ErrWrong},
		{"a value less", target("/v1/a%2Fb/c?type=user&limit=1"), ErrWrong},
		{"a value twice", target("/v1/a%2Fb/c?type=user&type=group&limit=1&limit=1"), ErrWrong},
		{"a value that cannot be read", target("/v1/a%2Fb/c?type=user&type=group&limit=1&x=%zz"), ErrWrong},
		{"a semicolon", target("/v1/a%2Fb/c?type=user&type=group&limit=1&a;b"), ErrWrong},
		{"host", func(r *http.Request) { r.Host = "other.test" }, ErrWrong},
		{"port", func(r *http.Request) { r.Host = "quotas.test:80" }, ErrWrong},
		{"accept", set("Accept", "application/xml"), ErrWrong},
		{"accept gone", func(r *http.Request) { r.Header.Del("Accept") }, ErrWrong},
		{"accept twice", set("Accept", "application/json", "application/json"), ErrWrong},
		{"one of two", set("X-Twice", "1", "3"), ErrWrong},
		{"two in one", set("X-Twice", "1, 2"), ErrWrong},
		{"security token", set("X-Security-Token", "u=="), ErrWrong},
		{"date", set("X-Sdk-Date", "20240227T120001Z"), ErrWrong},
		{"a hash for the body", set("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD"), ErrWrong},

		{"what was not signed", set("X-Late", "2"), nil},
		{"what was not there", set("X-Project-Id", "fd73a4a14a4a4dfb9771a8475e5198ea"), nil},
		{"what was not signed is gone", func(r *http.Request) { r.Header.Del("X-Late") }, nil},
		{"a slash at the end", target("/v1/a%2Fb/c/?type=user&type=group&limit=1"), nil},
		{"escapes of the path", target("/%761/%61%2fb/c?type=user&type=group&limit=1"), nil},
		{"order and escapes of the query", target("/v1/a%2Fb/c?limit=%31&t%79pe=group&type=user"), nil},
		{"order of two", set("X-Twice", "1", "2"), nil},
		{"the hash itself for the body", set("X-Sdk-Content-Sha256", hexOf(hashOf("the body"))), nil},
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

// TestContentHash holds what X-Sdk-Content-Sha256 may say: nobody who has no key can exchange the body by it.
func TestContentHash(t *testing.T) {
	hash := func(body string) string { return hexOf(hashOf(body)) }
	for _, test := range []struct {
		name          string
		signed, added string // the header as it was signed, and as it was set afterwards; empty: not at all
		body          string // that came; "a" was signed
		want          error
	}{
		{"none", "", "", "a", nil},
		{"none, another body", "", "", "b", ErrWrong},
		{"the hash", hash("a"), "", "a", nil},
		{"the hash, another body", hash("a"), "", "b", ErrWrong},
		{"the hash of another body", hash("b"), "", "a", ErrWrong},
		{"no hash", "a", "", "a", ErrWrong},
		{"unsigned", "UNSIGNED-PAYLOAD", "", "a", nil},
		{"unsigned, another body", "UNSIGNED-PAYLOAD", "", "b", nil},
		{"the hash added", "", hash("a"), "a", nil},
		{"the hash added, another body", "", hash("a"), "b", ErrWrong},
		{"the hash of another body added", "", hash("b"), "b", ErrWrong},
		{"unsigned added", "", "UNSIGNED-PAYLOAD", "b", ErrWrong},
		{"unsigned instead of the hash", hash("a"), "UNSIGNED-PAYLOAD", "b", ErrWrong},
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
	for i := range text { // of all of it, each byte counts
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
		t.Errorf("a key that nobody holds: got %q, %v", id, err)
	}
}

func TestWindow(t *testing.T) {
	for _, test := range []struct {
		name string
		now  time.Duration
		want error
	}{
		{"at once", 0, nil},
		{"15:00 later", 15 * time.Minute, nil},
		{"15:00 earlier", -15 * time.Minute, nil},
		{"a little more", 15*time.Minute + time.Nanosecond, ErrExpired},
		{"15:01 later", 15*time.Minute + time.Second, ErrExpired},
		{"15:01 earlier", -15*time.Minute - time.Second, ErrExpired},
		{"a year later", 365 * 24 * time.Hour, ErrExpired},
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
		name   = "SignedHeaders names what is no header in lower case"
		sorted = "SignedHeaders is not sorted, or names a header twice"
	)
	tests := []struct {
		name    string
		headers []string
		want    string
	}{
		{"none", nil, "want one Authorization"},
		{"two", []string{good, good}, "want one Authorization"},
		{"empty", []string{""}, form},
		{"the algorithm alone", []string{"SDK-HMAC-SHA256"}, form},
		{"another scheme", []string{"Bearer x"}, form},
		{"no scheme", replace("SDK-HMAC-SHA256 ", ""), form},
		{"scheme of other case", replace("SDK-HMAC", "sdk-hmac"), form},
		{"SM3", replace("SDK-HMAC-SHA256", "SDK-HMAC-SM3"), form},
		{"ECDSA", replace("SDK-HMAC-SHA256", "SDK-ECDSA-P256-SHA256"), form},
		{"SM2", replace("SDK-HMAC-SHA256", "SDK-SM2-SM3"), form},
		{"derived", replace("SDK-HMAC-SHA256 Access="+key.ID, "V11-HMAC-SHA256 Credential="+key.ID+"/20240227/cn-north-4/iam"), form},
		{"derived under this name", replace("Access="+key.ID, "Credential="+key.ID+"/20240227///sdk_request"), form},
		{"a comma after the algorithm", replace("SHA256 ", "SHA256, "), form},
		{"two spaces", replace("SHA256 ", "SHA256  "), form},
		{"a tab", replace("SHA256 ", "SHA256\t"), form},
		{"no space after a comma", replace(", SignedHeaders", ",SignedHeaders"), form},
		{"a space before a comma", replace(", SignedHeaders", " , SignedHeaders"), keyID},
		{"another order", replace("Access="+key.ID+", SignedHeaders", "SignedHeaders=x-sdk-date, Access"), form},
		{"no names", replace(", SignedHeaders=accept;host;x-sdk-date;x-security-token;x-twice", ""), form},
		{"no signature", []string{good[:len(good)-len(", Signature=")-64]}, form},
		{"case of a field", replace("Access", "access"), form},
		{"no key", replace(key.ID, ""), keyID},
		{"a key with a space", replace(key.ID, "a b"), keyID},
		{"a key with a comma", replace(key.ID, "a,b"), keyID},
		{"a key that is not ASCII", replace(key.ID, "é"), keyID},
		{"a second key", replace("Access=", "Access=x, Access="), keyID},
		{"a short signature", []string{good[:len(good)-1]}, digits},
		{"a long signature", []string{good + "0"}, digits},
		{"no digits", []string{good[:len(good)-64]}, digits},
		{"upper case", []string{good[:len(good)-64] + strings.Repeat("A", 64)}, digits},
		{"no hexadecimal digits", []string{good[:len(good)-64] + strings.Repeat("g", 64)}, digits},
		{"a field more", []string{good + ", x=y"}, digits},
		{"no name", replace("accept;host;x-sdk-date;x-security-token;x-twice", ""), name},
		{"an empty name", replace("accept;", "accept;;"), name},
		{"a semicolon at the end", replace("x-twice", "x-twice;"), name},
		{"a name of upper case", replace("accept", "Accept"), name},
		{"a space in the list", replace("accept;", "accept; "), name},
		{"a colon in a name", replace("accept", "accept:x"), name},
		{"a line feed in a name", replace("accept", "accept\nhost"), name},
		{"a name twice", replace("accept", "accept;accept"), sorted},
		{"the date twice", replace("x-sdk-date", "x-sdk-date;x-sdk-date"), sorted},
		{"not sorted", replace("accept;host", "host;accept"), sorted},
		{"no date among them", replace("x-sdk-date;", ""), "SignedHeaders does not name x-sdk-date"},
		{"very long, of nothing", []string{strings.Repeat("x", 1<<20)}, form},
		{"a very long name", replace("accept", "a"+strings.Repeat("b", 1<<20)+",c"), name},
		{"a very long signature", []string{good + strings.Repeat("0", 1<<20)}, digits},
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

func TestMalformedBeside(t *testing.T) {
	for _, test := range []struct {
		name   string
		header string
		values []string
		want   string
	}{
		{"no date", "X-Sdk-Date", nil, "want one X-Sdk-Date"},
		{"two dates", "X-Sdk-Date", []string{"20240227T120000Z", "20240227T120000Z"}, "want one X-Sdk-Date"},
		{"empty date", "X-Sdk-Date", []string{""}, "X-Sdk-Date is no date such as 20240227T120000Z"},
		{"fractions", "X-Sdk-Date", []string{"20240227T120000.5Z"}, "X-Sdk-Date is no date such as 20240227T120000Z"},
		{"a zone", "X-Sdk-Date", []string{"20240227T120000+0000"}, "X-Sdk-Date is no date such as 20240227T120000Z"},
		{"other spelling", "X-Sdk-Date", []string{"2024-02-27T12:00:00Z"}, "X-Sdk-Date is no date such as 20240227T120000Z"},
		{"no day", "X-Sdk-Date", []string{"20240230T120000Z"}, "X-Sdk-Date is no date such as 20240227T120000Z"},
		{"two hashes", "X-Sdk-Content-Sha256", []string{"a", "b"}, "want one X-Sdk-Content-Sha256"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := arrived(t)
			r.Header[test.header] = test.values
			if _, err := Verify(r, hashOf("the body"), signed, secretOf(key)); !errors.Is(err, ErrMalformed) || err.Error() != "malformed signature: "+test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// Long but well formed, a header is an answer like any other.
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
		{"key", func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), key.ID, long, 1))
		}, ErrUnknownKey},
		{"name that is not there", func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "accept", long, 1))
		}, ErrWrong},
		{"many names that are out of order", func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "accept", strings.Join(names, ";"), 1))
		}, ErrMalformed},
		{"value of what is signed", func(r *http.Request) {
			r.Header.Set("Accept", long)
			if err := Sign(r, key, signed, "accept"); err != nil {
				t.Fatal(err)
			}
		}, nil},
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

func TestErrorsTellNoSecret(t *testing.T) {
	r := arrived(t)
	r.Header.Del("Accept")
	for _, secret := range []string{key.Secret, "another"} {
		_, err := Verify(r, hashOf("the body"), signed, secretOf(Key{key.ID, secret}))
		if err == nil || err.Error() != "signature does not match: there is no header accept" {
			t.Errorf("got %v", err)
		}
	}
}

// Whatever can be sent is verified as it was signed; and no other secret fits.
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

// Whatever stands in the header, it is the signature of this request or an error.
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
