package traffic

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// hiddenSecret contains every kind of character that some encoding escapes.
const hiddenSecret = `s3cr3t/+=&"\é <tail>~%41`

// encodings are ways to write a secret.
var encodings = map[string]func(string) string{
	"plain":              func(s string) string { return s },
	"query":              url.QueryEscape,
	"path":               url.PathEscape,
	"every byte escaped": func(s string) string { return everyByte(s, "%%%02x") },
	"escaped twice":      func(s string) string { return url.QueryEscape(url.PathEscape(s)) },
	"JSON":               inner,
	"JSON in JSON":       func(s string) string { return inner(inner(s)) },
	"JSON, all escaped": func(s string) string {
		out := ""
		for _, r := range s {
			out += fmt.Sprintf(`\u%04X`, r)
		}
		return out
	},
	"HTML":                   html.EscapeString,
	"base64":                 func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 for URLs":        func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"base64 after one byte":  func(s string) string { return base64.StdEncoding.EncodeToString([]byte("a" + s + "b")) },
	"base64 after two bytes": func(s string) string { return base64.URLEncoding.EncodeToString([]byte("ab" + s + "c")) },
	"base64 in a URL": func(s string) string {
		return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(s)))
	},
	"hex": func(s string) string { return hex.EncodeToString([]byte(s)) },
	"upper case": func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' {
				return r - 'a' + 'A'
			}
			return r
		}, s)
	},
	"upper hex": func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
}

func quote(plain string) string { return encode(plain) }

// inner returns a text as it stands inside a JSON string.
func inner(s string) string { return quote(s)[1 : len(quote(s))-1] }

func everyByte(s, format string) string {
	out := ""
	for _, b := range []byte(s) {
		out += fmt.Sprintf(format, b)
	}
	return out
}

// places are where a secret that was sent as a credential may be repeated.
var places = map[string]func(ex *contract.Exchange, text string){
	"path":           func(ex *contract.Exchange, text string) { ex.Request.Target = "/a/" + url.PathEscape(text) + "/b" },
	"query":          func(ex *contract.Exchange, text string) { ex.Request.Target = "/a?b=" + url.QueryEscape(text) + "&c=d" },
	"request header": func(ex *contract.Exchange, text string) { ex.Request.Header.Set("X-Debug", "got "+text+"!") },
	"referrer": func(ex *contract.Exchange, text string) {
		ex.Request.Header.Set("Referer", "https://h/?u="+url.QueryEscape(text))
	},
	"response header": func(ex *contract.Exchange, text string) {
		ex.Response.Header.Set("Location", "/?b="+url.QueryEscape(text))
	},
	"request body": func(ex *contract.Exchange, text string) {
		ex.Request.Body = []byte(`{"a":[1,` + quote("x "+text+" y") + `]}`)
	},
	"response body": func(ex *contract.Exchange, text string) {
		ex.Response.Body = []byte(`{"a":[1,` + quote("x "+text+" y") + `]}`)
	},
	"name of a member": func(ex *contract.Exchange, text string) { ex.Response.Body = []byte(`{` + quote(text) + `:1}`) },
	"text":             func(ex *contract.Exchange, text string) { ex.Response.Body = []byte("not found: " + text + ".") },
	"after the JSON":   func(ex *contract.Exchange, text string) { ex.Response.Body = []byte(`{"a":1} ` + text) },
	"half a JSON":      func(ex *contract.Exchange, text string) { ex.Response.Body = []byte(`{"a":"` + text) },
	"brackets in a text": func(ex *contract.Exchange, text string) {
		ex.Response.Body = []byte(`{"a":` + quote("[x] "+text) + `}`)
	},
	"bytes": func(ex *contract.Exchange, text string) { ex.Response.Body = []byte("\xff\xfa" + text + "\x80") },
	"packed": func(ex *contract.Exchange, text string) {
		ex.Response.Header.Set("Content-Encoding", "gzip")
		ex.Response.Body = packed(`{"a":` + quote(text) + `}`)
	},
	"packed twice": func(ex *contract.Exchange, text string) {
		ex.Response.Header.Set("Content-Encoding", "gzip, gzip")
		ex.Response.Body = packed(string(packed(`{"a":` + quote(text) + `}`)))
	},
	"packed by brotli": func(ex *contract.Exchange, text string) {
		var out bytes.Buffer
		w := brotli.NewWriter(&out)
		_, _ = w.Write([]byte(`{"a":` + quote(text) + `}`))
		w.Close()
		ex.Response.Header.Set("Content-Encoding", "br")
		ex.Response.Body = out.Bytes()
	},
	"packed unknown": func(ex *contract.Exchange, text string) {
		ex.Response.Header.Set("Content-Encoding", "zap")
		ex.Response.Body = []byte(text)
	},
	"UTF-16": func(ex *contract.Exchange, text string) {
		ex.Response.Body = []byte("\xff\xfe" + everyByte(text, "%c\x00"))
	},
	"multipart": func(ex *contract.Exchange, text string) {
		ex.Request.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		ex.Request.Body = []byte("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + text + "\r\n--x--")
	},
}

func packed(text string) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write([]byte(text))
	z.Close()
	return out.Bytes()
}

// TestWriterHidesEverywhere puts one secret into every place in every encoding.
func TestWriterHidesEverywhere(t *testing.T) {
	for place, put := range places {
		for name, encoded := range encodings {
			ex := sample()
			ex.Request.Header.Set("X-Auth-Token", hiddenSecret)
			put(&ex, encoded(hiddenSecret))
			har := written(t, Entry{Exchange: ex, Origin: "http://h"})
			for half := range strings.FieldsSeq(hiddenSecret) {
				if how := shown(har, half); how != "" {
					t.Errorf("%s, %s: the secret stands there %s:\n%s", place, name, how, har)
				}
			}
			entries(t, har)
		}
	}
}

// TestWriterHidesCredentials puts a secret into every place whose name says that it is one.
func TestWriterHidesCredentials(t *testing.T) {
	const secret = "Zk7-wq.93xLmP0aa"
	requests := map[string]func(*contract.Exchange){}
	for _, name := range []string{"Authorization", "Proxy-Authorization", "Cookie", "X-Auth-Token", "X-Security-Token", "X-Subject-Token",
		"Api-Key", "X-My-SECRET", "My-Key"} {
		requests["header "+name] = func(ex *contract.Exchange) { ex.Request.Header.Add(name, secret) }
		requests["response header "+name] = func(ex *contract.Exchange) { ex.Response.Header.Add(name, secret) }
	}
	requests["doubled"] = func(ex *contract.Exchange) { ex.Request.Header["X-Auth-Token"] = []string{"other-token", secret} }
	requests["cookies"] = func(ex *contract.Exchange) { ex.Request.Header.Set("Cookie", "lang=de; sid="+secret) }
	requests["set cookie"] = func(ex *contract.Exchange) { ex.Response.Header.Add("Set-Cookie", "sid="+secret+"; Path=/; HttpOnly") }
	requests["bearer"] = func(ex *contract.Exchange) { ex.Request.Header.Set("Authorization", "Bearer "+secret) }
	requests["basic"] = func(ex *contract.Exchange) {
		ex.Request.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("me:"+secret)))
	}
	requests["signed"] = func(ex *contract.Exchange) {
		ex.Request.Header.Set("Authorization", "X-HMAC Access=AKID0001, SignedHeaders=host;x-date, Signature="+secret)
	}
	requests["signed with a scope"] = func(ex *contract.Exchange) {
		ex.Request.Header.Set("Authorization", "X4-HMAC Credential="+secret+"/20261120/x/y, SignedHeaders=host, Signature=0123456789abcdef")
	}
	requests["query"] = func(ex *contract.Exchange) { ex.Request.Target = "/a?b=c&Access_Token=" + secret + "&d=e" }
	requests["escaped query"] = func(ex *contract.Exchange) { ex.Request.Target = "/a?access_t%6Fken=" + secret }
	requests["URL in a query"] = func(ex *contract.Exchange) { ex.Request.Target = "/a?to=https%3A%2F%2Fh%2F%3Ftoken%3D" + secret }
	requests["own name in a query"] = func(ex *contract.Exchange) { ex.Request.Target = "/a?my-key=" + secret }
	requests["parameter of a path"] = func(ex *contract.Exchange) { ex.Request.Target = "/v1/sessions/" + secret + "?a=b" }
	requests["user in a path"] = func(ex *contract.Exchange) { ex.Request.Target = "/me:" + secret + "@h/a" }
	requests["referrer"] = func(ex *contract.Exchange) {
		ex.Request.Header.Set("Referer", "https://h/?x=y&X-Amz-Signature="+secret+"#z")
	}
	requests["location"] = func(ex *contract.Exchange) { ex.Response.Header.Set("Location", "/cb#id_token="+secret) }
	requests["header of JSON"] = func(ex *contract.Exchange) { ex.Response.Header.Set("X-Debug", `{"password":"`+secret+`"}`) }
	for name, body := range map[string]string{
		"member":          `{"password": "` + secret + `"}`,
		"escaped member":  `{"pass\u0077ord": "` + secret + `"}`,
		"object":          `{"credential":{"a":{"b":["` + secret + `"]}}}`,
		"list":            `{"tokens":["x","` + secret + `"],"c":[1]}`,
		"JSON in JSON":    `{"body":` + quote(`{"secret":"`+secret+`"}`) + `}`,
		"URL":             `{"next":"https://h/?page=2&token=` + secret + `"}`,
		"escaped URL":     `{"next":"https://h/?page=2\u0026token\u003d` + secret + `"}`,
		"malformed":       `{"password":"` + secret + `",}`,
		"unquoted":        `{password: ` + secret + `}`,
		"form":            `a=b&password=` + secret,
		"XML":             `<a><password>` + secret + `</password></a>`,
		"text":            "api-key: " + secret + "\n",
		"cut off":         `{"token":"` + secret,
		"two values":      `{} {"token":"` + secret + `"}`,
		"own name":        `{"my-key":"` + secret + `"}`,
		"by another name": `{"password":"` + secret + `","b":"` + secret + `"}`,
		"before its name": `{"b":"` + secret + `","password":"` + secret + `"}`,
	} {
		requests["request body, "+name] = func(ex *contract.Exchange) { ex.Request.Body = []byte(body) }
		requests["response body, "+name] = func(ex *contract.Exchange) { ex.Response.Body = []byte(body) }
	}
	for name, put := range requests {
		ex := sample()
		put(&ex)
		// It is hidden elsewhere too, in this exchange and the next.
		echo := sample()
		echo.Response.Body = []byte(`{"echo":"` + secret + `"}`)
		ex.Response.Header.Set("X-Echo", secret)
		har := written(t, Entry{Exchange: ex, Origin: "http://h"}, Entry{Exchange: echo, Origin: "http://h"})
		if how := shown(har, secret); how != "" {
			t.Errorf("%s: the secret stands there %s:\n%s", name, how, har)
		}
		if !strings.Contains(har, Redacted) || !strings.Contains(har, "max-age=7") {
			t.Errorf("%s: not replaced, or more than the secret:\n%s", name, har)
		}
	}
}

// TestWriterForgets tests how long a secret is remembered: for all later exchanges from 12 bytes on, else only for its own.
func TestWriterForgets(t *testing.T) {
	with, echo := sample(), sample()
	with.Request.Header["X-Auth-Token"] = []string{"abcdefghijk", "zyxwvutsrqpo"}
	with.Response.Body = []byte("abcdefghijk zyxwvutsrqpo")
	echo.Response.Body = with.Response.Body
	list := []string{}
	for _, e := range entries(t, written(t, Entry{Exchange: with, Origin: "http://h"}, Entry{Exchange: echo, Origin: "http://h"},
		Entry{Exchange: echo, Origin: "http://h"})) {
		list = append(list, string(e.Exchange.Response.Body))
	}
	if diff := cmp.Diff([]string{"REDACTED REDACTED", "abcdefghijk REDACTED", "abcdefghijk REDACTED"}, list); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func sample() contract.Exchange {
	return contract.Exchange{
		Request: contract.Request{Method: "GET", Target: "/a", Header: http.Header{"Accept": {"*/*"}}},
		Response: contract.Response{Status: 200, Header: http.Header{"Content-Type": {"application/json"}, "Cache-Control": {"max-age=7"}},
			Body: []byte(`{"a":1}`)},
	}
}

// written returns a HAR of the entries. The names of My-Key and of the token of a session are given as secret.
func written(t *testing.T, list ...Entry) string {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, "test", "1", "My-Key", "/sessions/{token}")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(out.Bytes()) {
		t.Fatalf("not JSON: %s", out.String())
	}
	return out.String()
}

// shown decodes everything that looks encoded, and returns how the secret can be read in the text; "" if it cannot.
func shown(text, secret string) string {
	visited := map[string]bool{}
	var look func(text, how string, depth int) string
	look = func(text, how string, depth int) string {
		if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
			return "readable" + how
		}
		if depth == 0 || visited[text] {
			return ""
		}
		visited[text] = true
		for name, decode := range decoders {
			for _, plain := range decode(text) {
				if found := look(plain, how+", "+name, depth-1); found != "" {
					return found
				}
			}
		}
		return ""
	}
	return look(text, "", 4)
}

// TestHideSecrets tests that a secret which the text names is replaced wherever it stands, and nothing else is.
func TestHideSecrets(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{name: "none", text: "read quotaspec.yaml: no such file", want: "read quotaspec.yaml: no such file"},
		{name: "empty"},
		{name: "a password in a URL", text: "http://me:open-sesame@h:1/a: refused", want: "http://REDACTED@h:1/a: refused"},
		{name: "once more without its URL", text: "http://me:open-sesame@h/a: dial open-sesame", want: "http://REDACTED@h/a: dial REDACTED"},
		{name: "a parameter", text: "http://h/a?token=abcdefgh&b=c", want: "http://h/a?token=REDACTED&b=c"},
		{
			name: "a parameter once more", text: `Get "http://h/a?b=c&token=abcdefgh": no abcdefgh`,
			want: `Get "http://h/a?b=c&token=REDACTED": no REDACTED`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := HideSecrets(test.text); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// FuzzWriter tests that no encoding of a secret survives, whatever stands around it, and that the HAR can be read.
func FuzzWriter(f *testing.F) {
	f.Add("12345678", `{"a":"`, `"}`)
	f.Add("abcdefgh", "?a=", "&b=c")
	f.Add(`a"b\c%25&amp;d`, `["`, ``)
	f.Fuzz(func(t *testing.T, secret, before, after string) {
		secret = strings.TrimSpace(secret)
		if len(secret) < 8 || !utf8.ValidString(secret) || strings.ContainsAny(secret, " \x00\n\r\t;,=") ||
			strings.ContainsRune(secret, utf8.RuneError) {
			t.Skip()
		}
		for name, encoded := range encodings {
			ex := sample()
			ex.Request.Header.Set("X-Auth-Token", secret)
			ex.Request.Target = "/" + strings.ReplaceAll(before+encoded(secret)+after, "#", "")
			ex.Response.Header.Set("X-Echo", before+encoded(secret)+after)
			ex.Request.Body = []byte(before + encoded(secret) + after)
			ex.Response.Body = []byte(`{"a":` + quote(before+encoded(secret)+after) + `}`)
			har := written(t, Entry{Exchange: ex, Origin: "http://h"})
			if strings.Contains(har, encoded(secret)) {
				t.Errorf("%s: %q stands in %s", name, encoded(secret), har)
			}
			entries(t, har)
		}
	})
}
