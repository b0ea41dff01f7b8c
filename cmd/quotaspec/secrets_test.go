package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/server"
)

// planted is the secret in each exchange below. No other text has the same beginning.
const planted = "Zk7Leak/wq+93~xLmP0aa=="

// harmless is a text that must stay readable beside the secret.
const harmless = "no-secret-at-all"

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

func escaped(s, format string) string {
	out := ""
	for _, b := range []byte(s) {
		out += fmt.Sprintf(format, b)
	}
	return out
}

// spellings are the ways in which a provider may repeat the secret.
var spellings = map[string]string{
	"plain":               planted,
	"upper case":          strings.ToUpper(planted),
	"only its beginning":  planted[:18],
	"base64":              base64.StdEncoding.EncodeToString([]byte(planted)),
	"base64 of more":      base64.StdEncoding.EncodeToString([]byte("ab" + planted + "c")),
	"base64 for URLs":     base64.RawURLEncoding.EncodeToString([]byte(planted)),
	"hex":                 hex.EncodeToString([]byte(planted)),
	"hex in upper case":   strings.ToUpper(hex.EncodeToString([]byte(planted))),
	"URL":                 url.QueryEscape(planted),
	"URL, every byte":     escaped(planted, "%%%02x"),
	"URL, upper case hex": escaped(planted, "%%%02X"),
	"URL, twice":          url.QueryEscape(url.QueryEscape(planted)),
	"HTML":                strings.NewReplacer("/", "&#47;", "+", "&#x2B;", "=", "&equals;").Replace(planted),
	"HTML, by numbers":    escaped(planted, "&#%d;"),
	"JSON":                strings.ReplaceAll(planted, "/", `\/`),
	"JSON, by numbers":    escaped(planted, `\u%04x`),
	"in a query":          "https://h/a?b=c&sig=" + url.QueryEscape(planted),
	"between other words": "the token " + planted + " has expired",
	"JSON in a string":    `{"a":"` + planted + `"}`,
	"in a URL's user":     "https://" + planted + "@h/",
}

// secretPlaces are the places of an exchange that may have a secret. Each function puts it there.
var secretPlaces = map[string]func(e *secretExchange){
	"X-Auth-Token":          func(e *secretExchange) { e.request.Set("X-Auth-Token", planted) },
	"X-Security-Token":      func(e *secretExchange) { e.request.Set("X-Security-Token", planted) },
	"X-Api-Key":             func(e *secretExchange) { e.request.Set("X-Api-Key", planted) },
	"Authorization, bearer": func(e *secretExchange) { e.request.Set("Authorization", "Bearer "+planted) },
	"Authorization, signature": func(e *secretExchange) {
		e.request.Set("Authorization", "SDK-HMAC-SHA256 Access=AKID, Signature="+planted)
	},
	"Proxy-Authorization":      func(e *secretExchange) { e.request.Set("Proxy-Authorization", "Bearer "+planted) },
	"password of Basic":        func(e *secretExchange) { e.request.Set("Authorization", basic("me", planted)) },
	"user of Basic":            func(e *secretExchange) { e.request.Set("Authorization", basic(planted, "x")) },
	"Cookie":                   func(e *secretExchange) { e.request.Set("Cookie", "lang=de; sid="+planted) },
	"second value of a header": func(e *secretExchange) { e.request["X-Auth-Token"] = []string{"another-token", planted} },
	"Set-Cookie":               func(e *secretExchange) { e.response.Set("Set-Cookie", "sid="+planted+"; Path=/; HttpOnly") },
	"X-Subject-Token":          func(e *secretExchange) { e.response.Set("X-Subject-Token", planted) },
	"Location with userinfo":   func(e *secretExchange) { e.response.Set("Location", "https://me:"+planted+"@h/a") },
	"query":                    func(e *secretExchange) { e.query = "?access_token=" + url.QueryEscape(planted) },
	"query, its name escaped":  func(e *secretExchange) { e.query = "?access_t%6Fken=" + url.QueryEscape(planted) },
	"form":                     func(e *secretExchange) { e.post = "a=b&password=" + url.QueryEscape(planted) },
	"member of the request":    func(e *secretExchange) { e.post = `{"auth":{"password":"` + planted + `"}}` },
	"member":                   func(e *secretExchange) { e.member = `"password":"` + planted + `"` },
	"member, nested":           func(e *secretExchange) { e.member = `"a":[{"b":{"client_secret":"` + planted + `"}}]` },
	"array of secrets":         func(e *secretExchange) { e.member = `"tokens":["x","` + planted + `"]` },
	"object of secrets":        func(e *secretExchange) { e.member = `"credentials":{"a":{"b":["` + planted + `"]}}` },
	"member, its name escaped": func(e *secretExchange) { e.member = `"pass\u0077ord":"` + planted + `"` },
	"JSON in a member":         func(e *secretExchange) { e.member = `"a":` + quoted(`{"secret":"`+planted+`"}`) },
	"userinfo in a member":     func(e *secretExchange) { e.member = `"a":"https://me:` + url.PathEscape(planted) + `@h/"` },
	"query in a member":        func(e *secretExchange) { e.member = `"a":"/cb#id_token=` + url.QueryEscape(planted) + `"` },
}

// secretExchange is an exchange from which the tests make an entry of a HAR or a provider behind the proxy.
type secretExchange struct {
	request, response   http.Header
	query, post, member string
	echo                string
}

func newSecretExchange(plant func(*secretExchange), echo string) *secretExchange {
	e := &secretExchange{
		request:  http.Header{"X-Auth-Token": {"token-of-the-caller"}, "X-Domain-Id": {server.SampleDomainID}},
		response: http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {"1"}},
		member:   `"a":1`, echo: echo,
	}
	plant(e)
	e.response.Set("X-Echo", echo)
	return e
}

// body returns a body that breaks the contract, so that a finding quotes the secret and the harmless text.
func (e *secretExchange) body() string {
	return fmt.Sprintf(`{%s,"quotas":{"resources":[{"type":%s,%s:1,"used":"%s","quota":20.5,"min":1,"max":1000}]}}`, e.member,
		quoted(e.echo), quoted(e.echo), harmless)
}

func (e *secretExchange) har() string {
	pairs := func(h http.Header) []map[string]string {
		list := []map[string]string{}
		for name, values := range h {
			for _, value := range values {
				list = append(list, map[string]string{"name": name, "value": value})
			}
		}
		return list
	}
	request := map[string]any{"method": "GET", "url": "http://127.0.0.1/v1/cloudimages/quota" + e.query, "headers": pairs(e.request)}
	if e.post != "" {
		request["postData"] = map[string]any{"mimeType": "text/plain", "text": e.post}
	}
	text, _ := json.Marshal(map[string]any{"log": map[string]any{"version": "1.2", "entries": []any{map[string]any{
		"startedDateTime": "2026-01-01T00:00:00Z", "time": 1, "request": request,
		"response": map[string]any{"status": 200, "headers": pairs(e.response),
			"content": map[string]any{"size": len(e.body()), "mimeType": "application/json", "text": e.body()}},
	}}}})
	return string(text)
}

func quoted(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}

// leaked returns a spelling of the secret in a text, also in its decoded JSON and HTML, or "".
func leaked(text string) string {
	for _, written := range []string{text, strings.ReplaceAll(text, `\\`, `\`),
		strings.NewReplacer("&amp;", "&", "&#43;", "+", "&#39;", "'").Replace(text)} {
		written = strings.ToLower(written)
		for how, form := range spellings {
			for _, needle := range []string{strings.ToLower(form), "zk7leak"} {
				if strings.Contains(written, needle) {
					return how + ": " + needle
				}
			}
		}
	}
	return ""
}

// TestNoSecretInReports tests that no report of verify shows the secret, in whatever place it is and however the provider
// repeats it, and that every report shows the harmless text.
func TestNoSecretInReports(t *testing.T) {
	for carrier, plant := range secretPlaces {
		for how, echo := range spellings {
			if carrier != "X-Auth-Token" && how != "plain" && how != "URL" {
				continue // each carrier in two spellings, and each spelling of one carrier
			}
			t.Run(carrier+"/"+how, func(t *testing.T) {
				dir := t.TempDir()
				file := filepath.Join(dir, "t.har")
				if err := os.WriteFile(file, []byte(newSecretExchange(plant, echo).har()), 0o600); err != nil {
					t.Fatal(err)
				}
				args := []string{"verify", "--har", file, "-v"}
				for _, format := range report.FormatNames() {
					args = append(args, "--report", format+"="+filepath.Join(dir, "r."+format))
				}
				var out, err bytes.Buffer
				if code := run(t.Context(), args, &out, &err); code != exitFailed {
					t.Fatalf("exit %d: %s%s", code, out.String(), err.String())
				}
				texts := map[string]string{"stdout": out.String(), "stderr": err.String()}
				for _, format := range report.FormatNames() {
					text, err := os.ReadFile(filepath.Join(dir, "r."+format))
					if err != nil {
						t.Fatal(err)
					}
					texts[format] = string(text)
				}
				for name, text := range texts {
					if found := leaked(text); found != "" {
						t.Errorf("%s shows the secret: %s", name, found)
					}
					showsHarmless := strings.Contains(text, harmless) && strings.Contains(text, "20.5")
					if name != "stderr" && !showsHarmless {
						t.Errorf("%s does not show the harmless text", name)
					}
				}
				if !strings.Contains(texts["json"], server.SampleDomainID) {
					t.Error("the excerpt does not show the domain")
				}
			})
		}
	}
}

// TestNoSecretInProxy tests the same for the log, the recording and the reports of the proxy.
func TestNoSecretInProxy(t *testing.T) {
	for carrier, plant := range secretPlaces {
		t.Run(carrier, func(t *testing.T) {
			e := newSecretExchange(plant, planted)
			provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for name, values := range e.response {
					w.Header()[name] = values
				}
				_, _ = io.WriteString(w, e.body())
			}))
			defer provider.Close()
			dir := t.TempDir()
			args := []string{"proxy", "--upstream", provider.URL, "--listen", "127.0.0.1:0", "--record", filepath.Join(dir, "record")}
			for _, format := range report.FormatNames() {
				args = append(args, "--report", format+"="+filepath.Join(dir, format))
			}
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			var out, log bytes.Buffer
			errs, in := io.Pipe()
			code := make(chan int, 1)
			go func() {
				code <- run(ctx, args, &out, in)
				in.Close()
			}()
			line := make([]byte, 500)
			n, err := errs.Read(line)
			if err != nil {
				t.Fatal(err)
			}
			copied := make(chan struct{})
			go func() {
				_, _ = io.Copy(&log, errs)
				close(copied)
			}()
			at := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(string(line[:n]))
			request, _ := http.NewRequestWithContext(ctx, http.MethodGet, at+"/v1/cloudimages/quota"+e.query, strings.NewReader(e.post))
			request.Header, request.Close = e.request, true
			response, err := http.DefaultTransport.RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, response.Body)
			response.Body.Close()
			stop()
			if got := <-code; got != exitFailed {
				t.Errorf("got exit %d", got)
			}
			<-copied
			texts := map[string]string{"stdout": out.String(), "stderr": log.String()}
			for _, name := range append(report.FormatNames(), "record") {
				text, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				if texts[name] = string(text); !strings.Contains(texts[name], harmless) {
					t.Errorf("%s does not show the harmless text", name)
				}
			}
			for name, text := range texts {
				if found := leaked(text); found != "" {
					t.Errorf("%s shows the secret: %s", name, found)
				}
			}
		})
	}
}

// TestNoSecretInErrors tests that no verb prints a password in its arguments.
func TestNoSecretInErrors(t *testing.T) {
	for _, at := range []string{
		"http://me:" + planted + "@127.0.0.1:1", "http://me:p@Zk7Leak@127.0.0.1:1/", "http://me:p/Zk7Leak@127.0.0.1",
		"http://127.0.0.1:1/?token=Zk7Leak", "://me:Zk7Leak@h",
	} {
		for _, args := range [][]string{{"verify", at}, {"proxy", "--upstream", at}, {"quotas", "--endpoint", at, "--region", "cn-north-4"},
			{"serve", "--data", at}} {
			t.Run(args[0]+" "+at, func(t *testing.T) {
				t.Setenv(envToken, "token-of-the-caller")
				t.Setenv(envProject, "p")
				var out bytes.Buffer
				if code := run(t.Context(), args, &out, &out); code < exitNotJudged {
					t.Errorf("exit %d", code)
				}
				if found := leaked(out.String()); found != "" || strings.Contains(out.String(), "token-of") {
					t.Errorf("%s in %s", found, out.String())
				}
				if !strings.Contains(out.String(), "REDACTED") {
					t.Errorf("the URL is missing: %s", out.String())
				}
			})
		}
	}
}

// TestNoSecretInQuotas tests that quotas prints no credential that a service repeats.
func TestNoSecretInQuotas(t *testing.T) {
	for how, echo := range spellings {
		t.Run(how, func(t *testing.T) {
			cloud := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("X-Request-Id", echo)
				w.WriteHeader(http.StatusForbidden)
				fmt.Fprintf(w, `{"error_code":"IAM.0002","error_msg":%s}`, quoted(harmless+" "+echo))
			}))
			defer cloud.Close()
			t.Setenv(envToken, planted)
			t.Setenv(envDomain, server.SampleDomainID)
			for _, format := range []string{"table", "json", "csv"} {
				var out bytes.Buffer
				if code := run(t.Context(), []string{"quotas", "--endpoint", cloud.URL, "--output", format}, &out, &out); code != exitUnknown {
					t.Errorf("exit %d", code)
				}
				if found := leaked(out.String()); found != "" {
					t.Errorf("%s shows the secret: %s: %s", format, found, out.String())
				}
				if !strings.Contains(out.String(), harmless) {
					t.Errorf("%s does not show the harmless text: %s", format, out.String())
				}
			}
		})
	}
}

// TestNoSecretInLog tests that the log of serve contains no credential.
func TestNoSecretInLog(t *testing.T) {
	out, in := io.Pipe()
	var log bytes.Buffer
	ctx, stop := context.WithCancel(t.Context())
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"serve", "--listen", "127.0.0.1:0"}, in, &log)
		in.Close()
	}()
	line := make([]byte, 4000)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	at := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	for at.FindString(string(line[:n])) == "" {
		more, err := out.Read(line[n:])
		if err != nil {
			t.Fatal(err)
		}
		n += more
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	for _, plant := range secretPlaces {
		e := newSecretExchange(plant, planted)
		e.request.Set("X-Request-Id", planted)
		for _, path := range []string{"/v1/cloudimages/quota", "/v3.0/OS-QUOTA/domains/" + url.PathEscape(planted), "/" +
			url.PathEscape(planted)} {
			request, _ := http.NewRequestWithContext(ctx, http.MethodGet, at.FindString(string(line[:n]))+path+e.query, strings.NewReader(e.post))
			request.Header = e.request
			response, err := http.DefaultTransport.RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
		}
	}
	stop()
	if got := <-code; got != exitPassed {
		t.Errorf("exit %d", got)
	}
	if found := leaked(log.String()); found != "" || !strings.Contains(log.String(), "status=401") {
		t.Errorf("the log shows %q, or nothing:\n%.2000s", found, log.String())
	}
}
