package main

import (
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract/report"
)

var soakTokens = flag.Duration("soak-tokens", 0, "how long to verify a provider whose tokens die after 2 s (make soak-tokens)")

// protectedAPI has operations that need a token, and one that needs a key, too.
const protectedAPI = `openapi: 3.0.3
info: {title: Items, version: '1'}
paths:
  /items:
    get:
      operationId: listItems
      security: [{Bearer: []}]
      parameters: [{name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}]
      responses: &answers
        '200': {description: Items., content: {application/json: {schema: {type: array, items: {type: integer}}}}}
        '401': {description: No valid token.}
        '400': {description: A wrong request.}
        '404': {description: Nothing there.}
        '405': {description: No such method.}
  /orders:
    get:
      operationId: listOrders
      security: [{Bearer: [], Key: []}]
      responses: *answers
  /status:
    get:
      operationId: showStatus
      responses: *answers
components:
  securitySchemes:
    Bearer: {type: http, scheme: bearer}
    Key: {type: apiKey, in: header, name: X-Seal}
`

// tokenAPI is a provider with its own token server. Its tokens begin with the planted secret, and it repeats all that it gets.
type tokenAPI struct {
	lifetime time.Duration
	grace    time.Duration // how much longer a token is valid than its lifetime says
	secret   string        // of the client
	inBody   bool          // the client must send its secret in the body
	refuses  bool          // it refuses valid tokens
	failing  func() string // body of an error of the token server, or ""

	mu      sync.Mutex
	tokens  map[string]time.Time // with their end
	expired int                  // requests with a token that was valid before
	seals   map[string]int       // values of X-Seal, X-Tenant and the cookie session
	sent    int
}

func (a *tokenAPI) issue() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	token := fmt.Sprintf("Zk7Leak-%d-of-the-principal", len(a.tokens)+1)
	a.tokens[token] = time.Now().Add(a.lifetime + a.grace)
	return token
}

func (a *tokenAPI) issued() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.tokens)
}

// requests is how many requests were sent with or without a token. The last may still be under way when a run ends.
func (a *tokenAPI) requests() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.sent
}

func (a *tokenAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/command":
		fmt.Fprint(w, a.issue())
		return
	case "/token":
		a.serveToken(w, r)
		return
	}
	token, isBearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	a.mu.Lock()
	a.sent++
	end, isIssued := a.tokens[token]
	isExpired := time.Now().After(end)
	if isBearer && isIssued && isExpired {
		a.expired++
	}
	a.seals[r.Header.Get("X-Seal")]++
	a.seals[r.Header.Get("X-Tenant")]++
	if cookie, err := r.Cookie("session"); err == nil {
		a.seals[cookie.Value]++
	}
	a.mu.Unlock()
	w.Header().Set("X-Echo", r.Header.Get("Authorization")+" "+r.Header.Get("X-Seal")+" "+r.Header.Get("X-Foo")+" "+r.Header.Get("Cookie"))
	echo := map[string]string{"echo": token + " " + r.Header.Get("X-Seal") + " " + r.Header.Get("X-Foo"), "message": harmless}
	isKnown := isIssued && !isExpired && !a.refuses
	status := http.StatusOK
	switch isSealed := r.Header.Get("X-Seal") == "Zk7Leak-the-seal"; {
	case r.URL.Path != "/items" && r.URL.Path != "/orders" && r.URL.Path != "/status":
		status = http.StatusNotFound
	case r.Method != http.MethodGet:
		status = http.StatusMethodNotAllowed
		w.Header().Set("Allow", http.MethodGet)
	case r.URL.Path == "/status":
	case !isKnown, r.URL.Path == "/orders" && !isSealed:
		status = http.StatusUnauthorized
	case !validLimits(r.URL.RawQuery):
		status = http.StatusBadRequest
	}
	w.WriteHeader(status)
	if status == http.StatusOK {
		_, _ = io.WriteString(w, "[1]")
		return
	}
	_ = json.NewEncoder(w).Encode(echo)
}

// validLimits reports whether a query has at most one limit, from 1 to 100.
func validLimits(query string) bool {
	values, err := url.ParseQuery(query)
	if limits := values["limit"]; err != nil || len(limits) != 1 {
		return err == nil && len(limits) == 0
	}
	n, err := strconv.Atoi(values.Get("limit"))
	return err == nil && n >= 1 && n <= 100
}

func (a *tokenAPI) serveToken(w http.ResponseWriter, r *http.Request) {
	id, secret, isBasic := r.BasicAuth()
	if a.inBody {
		id, secret, isBasic = r.PostFormValue("client_id"), r.PostFormValue("client_secret"), !isBasic
	}
	if body := a.failing(); body != "" {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, body)
		return
	}
	if !isBasic || id != "client" || secret != a.secret || r.PostFormValue("grant_type") != "client_credentials" ||
		r.PostFormValue("scope") != "items.read orders.read" {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(w, `{"error":"invalid_client","error_description":"not %s with %s"}`, id, secret)
		return
	}
	fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer","expires_in":%v}`, a.issue(), a.lifetime.Seconds())
}

// startTokenAPI starts a provider, and changes to a folder with its document. The environment has its credentials.
func startTokenAPI(t *testing.T, a *tokenAPI) string {
	t.Helper()
	a.tokens, a.seals, a.secret = map[string]time.Time{}, map[string]int{}, "Zk7Leak-of-the-client"
	if a.failing == nil {
		a.failing = func() string { return "" }
	}
	provider := httptest.NewServer(a)
	t.Cleanup(provider.Close)
	inFolder(t, map[string]string{
		"items.yaml": protectedAPI,
		"get-token":  "#!/bin/sh\nexec curl -sS " + provider.URL + "/command\n",
		"get-jwt":    "#!/bin/sh\nnow=$(date +%s)\nprintf 'x.%s.y' \"$(printf '{\"exp\":%s}' $((now + 2)) | base64 | tr -d '=\\n')\"\n",
	})
	for _, script := range []string{"get-token", "get-jwt"} {
		if err := os.Chmod(script, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("QS_CLIENT", "client")
	t.Setenv("QS_SECRET", a.secret)
	t.Setenv("QS_SEAL", "Zk7Leak-the-seal")
	t.Setenv("QS_FOO", "Zk7Leak-in-a-header-of-any-name")
	return provider.URL
}

const oauth2Config = `document: items.yaml
target: %[1]s
rate: %[2]v
principals:
  app:
    oauth2: {token_url: "%[1]s/token", client_id_env: QS_CLIENT, client_secret_env: QS_SECRET, scopes: [items.read, orders.read]}
    headers: {X-Seal: {env: QS_SEAL}, X-Foo: {env: QS_FOO}}
`

const commandConfig = `document: items.yaml
target: %[1]s
rate: %[2]v
principals:
  reader: {token_command: ./get-token, headers: {X-Seal: {env: QS_SEAL}}}
`

// TestTokensThatExpire tests that a run outlives its tokens: those of OAuth2 are renewed before they expire, those of a command
// after a 401. Nothing that is written has a secret. The tokens of OAuth2 are valid for longer than they say: on a busy machine,
// one that is sent in time may arrive late.
func TestTokensThatExpire(t *testing.T) {
	for _, test := range []struct {
		name, config string
		inBody       bool
		expires      bool // requests with expired tokens are sent
	}{
		{name: "oauth2", config: oauth2Config},
		{name: "oauth2, the secret in the body", config: oauth2Config, inBody: true},
		{name: "command", config: commandConfig, expires: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := &tokenAPI{lifetime: 2 * time.Second, inBody: test.inBody}
			if !test.expires {
				a.grace = time.Hour
			}
			verifyTokens(t, fmt.Sprintf(test.config, startTokenAPI(t, a), 8))
			if a.issued() < 2 || (a.expired > 0) != test.expires {
				t.Errorf("%d tokens, %d requests with one that had expired", a.issued(), a.expired)
			}
		})
	}
}

// verifyTokens runs verify with a config and all outputs. It must pass, and no output may have a secret.
func verifyTokens(t *testing.T, config string) {
	t.Helper()
	if err := os.WriteFile("quotaspec.yaml", []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	args, files := []string{"verify", "-v", "--record", "all.har"}, []string{"all.har"}
	for _, format := range report.FormatNames() {
		args, files = append(args, "--report", format+"=r."+format), append(files, "r."+format)
	}
	code, out, errs := quotaspec(t, args...)
	if code != exitPassed || !strings.Contains(out, "warn   listOrders/plain (probes)") {
		t.Errorf("exit %d, %s\n%s", code, errs, out)
	}
	texts := map[string]string{"stdout": out, "stderr": errs}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = string(text)
	}
	for name, text := range texts {
		if found := leaked(text); found != "" {
			t.Errorf("%s shows a secret: %s", name, found)
		}
	}
	if !strings.Contains(texts["all.har"], harmless) {
		t.Error("the recording does not have the harmless text")
	}
}

// TestSoakTokens verifies a provider whose tokens die after 2 s again and again.
func TestSoakTokens(t *testing.T) {
	if *soakTokens == 0 {
		t.Skip("make soak-tokens runs this")
	}
	start, runs := time.Now(), 0
	a := &tokenAPI{lifetime: 2 * time.Second}
	at := startTokenAPI(t, a)
	for _, config := range []string{oauth2Config, commandConfig} {
		for end := time.Now().Add(*soakTokens / 2); time.Now().Before(end) && !t.Failed(); runs++ {
			verifyTokens(t, fmt.Sprintf(config, at, 5))
		}
	}
	t.Logf("%s: %d runs, %d requests, %d tokens, %d requests with an expired one",
		time.Since(start).Round(time.Second), runs, a.sent, a.issued(), a.expired)
}

// TestLifetimeOfJWT tests from which tokens a lifetime is read.
func TestLifetimeOfJWT(t *testing.T) {
	jwt := func(claims string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".sig"
	}
	in := func(d time.Duration) string { return fmt.Sprintf(`{"exp":%d}`, time.Now().Add(d).Unix()) }
	for _, test := range []struct {
		name, token string
		least, most time.Duration
	}{
		{name: "an hour", token: jwt(in(time.Hour)), least: 59 * time.Minute, most: time.Hour},
		{name: "over", token: jwt(in(-time.Hour))},
		{name: "none", token: jwt(`{"sub":"a"}`)},
		{name: "a text", token: jwt(`{"exp":"tomorrow"}`)},
		{name: "huge", token: jwt(`{"exp":1e300}`)},
		{name: "no JSON", token: "a.b.c"},
		{name: "no JWT", token: "abc"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := lifetimeOfJWT(test.token); got < test.least || got > test.most {
				t.Errorf("got %s", got)
			}
		})
	}
}
