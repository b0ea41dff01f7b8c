package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestPrincipalRefused tests the only line of a run whose principal is refused from the first request on, or gets no token.
func TestPrincipalRefused(t *testing.T) {
	for _, test := range []struct {
		name      string
		principal string
		refuses   bool
		failing   string // body of the token server
		code      int
		want      string // in the error; %s is the URL
		sent      int    // requests at most; 0: any number
	}{
		{
			name: "a stale token", principal: "reader: {token_env: QS_STALE, headers: {X-Seal: {env: QS_SEAL}}}", code: exitNotJudged,
			want: "quotaspec: principal reader was refused by items: is QS_STALE still valid?\n", sent: 12,
		},
		{
			name: "another name", principal: "tester: {token_env: QS_STALE}", code: exitNotJudged,
			want: "quotaspec: principal tester was refused by items: is QS_STALE still valid?\n", sent: 12,
		},
		{
			name: "headers", principal: "reader: {headers: {Authorization: {env: QS_STALE}}}", code: exitNotJudged,
			want: "quotaspec: principal reader was refused by items: are its headers and cookies still valid?\n", sent: 12,
		},
		{
			name: "a command", principal: "reader: {token_command: [./get-token], headers: {X-Seal: {env: QS_SEAL}}}", refuses: true,
			code: exitNotJudged, want: "quotaspec: principal reader was refused by items: does it accept what ./get-token prints?\n", sent: 20,
		},
		{
			name: "oauth2", principal: oauth2Principal, refuses: true, code: exitNotJudged,
			want: "quotaspec: principal reader was refused by items: does it accept the tokens of %s/token?\n", sent: 20,
		},
		{
			name: "no token", principal: oauth2Principal, code: exitNotJudged,
			failing: `{"error":"invalid_scope","error_description":"no scope\nfor Zk7Leak-of-the-client"}`,
			want:    "quotaspec: no token: token_url %s/token: invalid_scope: no scope for REDACTED\n", sent: 8,
		},
		{
			name: "a token server without JSON", principal: oauth2Principal, code: exitNotJudged, failing: "<html>Bad Request</html>",
			want: "quotaspec: no token: token_url %s/token: status 400\n", sent: 8,
		},
		{
			name: "a wrong client", principal: strings.Replace(oauth2Principal, "QS_SECRET", "QS_STALE", 1), code: exitNotJudged,
			want: "quotaspec: no token: token_url %s/token: invalid_client: not client with REDACTED\n", sent: 8,
		},
		{
			name: "a command that fails", principal: "reader: {token_command: [sh, -c, 'echo Zk7Leak; echo $QS_SEAL Zk7Leak is gone >&2; exit 3']," +
				" headers: {X-Seal: {env: QS_SEAL}}}", code: exitNotJudged,
			want: "quotaspec: no token: token_command sh: exit status 3: REDACTED REDACTED is gone\n", sent: 8,
		},
		{
			name: "no command", principal: "reader: {token_command: ./none}", code: exitNotJudged,
			want: "quotaspec: no token: token_command ./none: fork/exec ./none: no such file or directory\n", sent: 8,
		},
		{
			name: "a silent command", principal: "reader: {token_command: 'true'}", code: exitNotJudged,
			want: "quotaspec: no token: token_command true: it printed nothing: want a token on stdout\n", sent: 8,
		},
		{
			name: "a talkative command", principal: "reader: {token_command: [printf, 'a\\nb\\n']}", code: exitNotJudged,
			want: "quotaspec: no token: token_command printf: it printed 2 lines: want a token only\n", sent: 8,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := &tokenAPI{lifetime: time.Hour, refuses: test.refuses, failing: func() string { return test.failing }}
			at := startTokenAPI(t, a)
			t.Setenv("QS_STALE", "Zk7Leak-stale")
			principal := strings.ReplaceAll(test.principal, "TARGET", at)
			config := fmt.Sprintf("document: items.yaml\ntarget: %s\nprincipals:\n  %s\n", at, principal)
			if err := os.WriteFile("quotaspec.yaml", []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
			code, out, errs := quotaspec(t, "verify", "--report", "json=r.json")
			want := strings.ReplaceAll(test.want, "%s", at)
			if code != test.code || errs != want || out != "" {
				t.Errorf("exit %d, %q, want %q\n%s", code, errs, want, out)
			}
			if sent := a.requests(); test.sent > 0 && sent > test.sent {
				t.Errorf("%d requests were sent, want at most %d", sent, test.sent)
			}
			written, err := os.ReadFile("r.json")
			if err != nil || !strings.Contains(string(written), strings.TrimSpace(strings.TrimPrefix(want, "quotaspec: "))) {
				t.Errorf("the report lacks the error: %v\n%.500s", err, written)
			}
			if found := leaked(out + errs + string(written)); found != "" {
				t.Errorf("a secret is shown: %s", found)
			}
		})
	}
}

const oauth2Principal = "reader: {oauth2: {token_url: TARGET/token, client_id_env: QS_CLIENT, client_secret_env: QS_SECRET, " +
	"scopes: [items.read, orders.read]}, headers: {X-Seal: {env: QS_SEAL}}}"

// TestFieldsAreSent tests which headers and cookies reach the provider, and what the report shows of them.
func TestFieldsAreSent(t *testing.T) {
	a := &tokenAPI{lifetime: time.Hour}
	at := startTokenAPI(t, a)
	t.Setenv("QS_TOKEN", a.issue())
	config := "document: items.yaml\ntarget: " + at + `
headers: {X-Tenant: acme}
cookies: {session: {env: QS_SEAL}}
principals:
  reader:   {token_env: QS_TOKEN, headers: {X-Seal: {env: QS_SEAL}, X-Foo: {env: QS_FOO}}}
  app:      {token_env: QS_TOKEN, headers: {X-Tenant: other}}
`
	if err := os.WriteFile("quotaspec.yaml", []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := quotaspec(t, "verify", "-v", "--only", "*/plain*", "--only", "*/no-credentials", "--fail-on", "undocumented")
	if code != exitFailed { // X-Echo is not documented
		t.Errorf("exit %d, %s\n%s", code, errs, out)
	}
	// The reader sends two plain requests that need credentials and one that does not, app two; two have no credentials.
	// What app lacks for listOrders is a reason to skip.
	want := map[string]int{"acme": 5, "other": 1, "Zk7Leak-the-seal": 3 + 6}
	for value, n := range want {
		if a.seals[value] != n {
			t.Errorf("%s was sent %d times, want %d", value, a.seals[value], n)
		}
	}
	for _, line := range []string{
		"it needs several credentials (Bearer and Key): give the principal headers or cookies for all but one",
		`curl -i -H "Cookie: session=$QS_SEAL" -H 'X-Tenant: acme' '` + at + `/orders'`,
	} {
		if !strings.Contains(out, line) {
			t.Errorf("the report lacks %q:\n%s", line, out)
		}
	}
	if found := leaked(out + errs); found != "" {
		t.Errorf("a secret is shown: %s", found)
	}
}

// TestConfigErrors tests the error of each new key of a config.
func TestConfigErrors(t *testing.T) {
	t.Setenv("QS_LINES", "a\nb")
	t.Setenv("QS_SEMICOLON", "a;b")
	t.Setenv("QS_ID", "id")
	inFolder(t, map[string]string{"items.yaml": protectedAPI, "not.pem": "no certificate"})
	const oauth2 = "principals: {reader: {oauth2: {token_url: '%s', client_id_env: QS_ID, client_secret_env: %s}}}"
	for _, test := range []struct{ name, config, want string }{
		{name: "target", config: "target: 127.0.0.1", want: `target: target "127.0.0.1": want a URL such as http://127.0.0.1:8080`},
		{name: "no status", config: "allow: {statuses: [404, 50]}", want: "allow: statuses: 50: want 100 to 599"},
		{name: "both", config: "{target: 'http://127.0.0.1', targets: {iam: 'http://127.0.0.1'}}", want: "want target or targets, not both"},
		{name: "rate", config: "rate: -1", want: "rate -1: want 0 to 1000000 requests per second"},
		{name: "concurrency", config: "concurrency: 5000", want: "concurrency 5000: want 1 to 1000"},
		{name: "ca", config: "ca: none.pem", want: "ca: open none.pem: no such file or directory"},
		{name: "ca without certificate", config: "ca: not.pem", want: "ca: not.pem: it has no certificate: want PEM"},
		{name: "header", config: "headers: {'X Y': a}", want: `headers: "X Y" is not a name of a header`},
		{name: "fixed", config: "headers: {host: a}", want: "headers: Host is always set by quotaspec"},
		{name: "Cookie", config: "headers: {cookie: a=b}", want: "headers: want cookies: {NAME: VALUE} instead of the header Cookie"},
		{name: "value", config: `headers: {X-A: "a\nb"}`, want: "headers: X-A: the value has a control character"},
		{name: "cookie", config: "cookies: {a: 'b c'}", want: "cookies: a: the value has a character that cookies may not have"},
		{name: "of all", config: "headers: {Authorization: a}", want: "Authorization is a credential of items: it belongs to a principal"},
		{name: "unset", config: "headers: {X-A: {env: QS_UNSET}}", want: "X-A: the environment variable QS_UNSET is empty"},
		{
			name: "a token for a name", config: "principals: {reader: {token_env: eyJhbGci.eyJzdWIi}}",
			want: "principal reader: want the name of an environment variable; what stands there may be a credential, and is not shown",
		},
		{
			name: "a key for a name", config: "headers: {X-A: {env: a-key}}",
			want: "X-A: want the name of an environment variable; what stands there may be a credential, and is not shown",
		},
		{
			name: "lines", config: "principals: {reader: {headers: {X-A: {env: QS_LINES}}}}",
			want: "principal reader: X-A: the environment variable QS_LINES: the value has a control character",
		},
		{
			name: "semicolon", config: "principals: {reader: {cookies: {a: {env: QS_SEMICOLON}}}}",
			want: "principal reader: a: the environment variable QS_SEMICOLON: the value has a character",
		},
		{
			name: "oauth2", config: "principals: {reader: {oauth2: {token_url: 'https://a'}}}",
			want: "principals: reader: oauth2: want token_url, client_id_env and client_secret_env",
		},
		{name: "token_url", config: fmt.Sprintf(oauth2, "login", "QS_ID"), want: `oauth2: token_url "login": want a URL such as`},
		{
			name: "plain token_url", config: fmt.Sprintf(oauth2, "http://login.example.com/token", "QS_ID"),
			want: "credentials are sent only over https or to loopback, unless quotaspec.yaml has allow_http: true",
		},
		{
			name: "no secret", config: fmt.Sprintf(oauth2, "https://login.example.com/token", "QS_UNSET"),
			want: "principal reader: the environment variable QS_UNSET is empty",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := os.WriteFile("c.yaml", []byte(test.config), 0o600); err != nil {
				t.Fatal(err)
			}
			code, out, errs := quotaspec(t, "verify", "--config", "c.yaml", "--document", "items.yaml", "http://127.0.0.1:1")
			isLine := strings.Count(errs, "\n") == 1 && out == ""
			if code != exitNotJudged || !isLine || !strings.Contains(errs, test.want) {
				t.Errorf("exit %d, %s%s; want %s", code, errs, out, test.want)
			}
		})
	}
}

// TestWait tests that wait in a config lets a run begin when the provider responds, and that its end is an error.
func TestWait(t *testing.T) {
	a := &tokenAPI{lifetime: time.Hour}
	startTokenAPI(t, a)
	t.Setenv("QS_TOKEN", a.issue())
	const reader = "{token_env: QS_TOKEN, headers: {X-Seal: {env: QS_SEAL}}}"
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := listener.Addr().String()
	listener.Close()
	verify := func(wait string) (int, string, string) {
		config := fmt.Sprintf("{document: items.yaml, target: 'http://%s', wait: %s, principals: {reader: %s}}", at, wait, reader)
		if err := os.WriteFile("quotaspec.yaml", []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		return quotaspec(t, "verify", "--only", "listItems/plain")
	}
	waiting := "quotaspec: waiting up to 1s for http://" + at + "\n"
	code, _, errs := verify("1s")
	if want := waiting + "quotaspec: http://" + at + ": unreachable: connect: connection refused\n"; code != exitNotJudged || errs != want {
		t.Errorf("exit %d, got %q, want %q", code, errs, want)
	}
	begun := make(chan struct{})
	go func() {
		defer close(begun)
		time.Sleep(300 * time.Millisecond) // the first attempt has failed by then
		server := httptest.NewUnstartedServer(http.HandlerFunc(a.ServeHTTP))
		if server.Listener, err = net.Listen("tcp", at); err == nil {
			server.Start()
			t.Cleanup(server.Close)
		}
	}()
	code, out, errs := verify("1m")
	if <-begun; err != nil {
		t.Skip("another process took the port: ", err)
	}
	if code != exitPassed || !strings.HasPrefix(errs, "quotaspec: waiting up to 1m0s for ") {
		t.Errorf("exit %d, %q\n%s", code, errs, out)
	}
}

// TestManualConfigs reads each config in the manual and in the how-to pages.
func TestManualConfigs(t *testing.T) {
	guides, err := filepath.Glob("../../docs/how-to/*.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := []string{}
	for _, page := range append(guides, "../../docs/verify.md") {
		blocks = append(blocks, strings.Split(readPage(t, page), "```yaml\n")[1:]...)
	}
	read := 0
	for _, block := range blocks {
		text, _, _ := strings.Cut(block, "```")
		if !strings.Contains(text, "principals:") {
			continue
		}
		read++
		if _, err := readConfig(writeFile(t, "quotaspec.yaml", text)); err != nil {
			t.Errorf("%v:\n%s", err, text)
		}
	}
	if read < 6 {
		t.Errorf("the pages have %d configs", read)
	}
}
