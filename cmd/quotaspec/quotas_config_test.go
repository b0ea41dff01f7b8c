package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/server"
)

// TestQuotasConfigErrors tests that a wrong config is one line that names the file and the place, and that no secret in it is
// repeated.
func TestQuotasConfigErrors(t *testing.T) {
	const secret = "planted-secret-8f3a"
	t.Setenv("QS_TOKEN", "t")
	t.Setenv("QS_NONE", "")
	account := "accounts: [{name: main, domain_id: d, token: {env: QS_TOKEN}%s}]\n%s"
	with := func(inside, after string) string { return fmt.Sprintf(account, inside, after) }
	for _, test := range []struct{ name, config, want string }{
		{name: "empty", config: "", want: "the file is empty"},
		{name: "no account", config: "warn: 80", want: "accounts: there is none"},
		{name: "a misspelt key", config: with("", "ignored: [idp]"), want: `line 2: unknown key "ignored": did you mean ignore?`},
		{name: "a misspelt key of an account", config: with(", region: [cn-north-4]", ""), want: `line 1: unknown key "region": did you mean regions?`},
		{
			name: "an unknown key", config: with("", "password: x"), want: `line 2: unknown key "password": want one of accounts, ` +
				"endpoints, warn, critical, thresholds, ignore, ca, allow_http",
		},
		{
			name: "a secret in the file", config: "accounts: [{domain_id: d, token: " + secret + "}]",
			want: "line 1: want {env: NAME}, {file: PATH} or {command: [PROGRAM, ARGUMENT]}; a secret itself does not belong in this file",
		},
		{
			name: "a secret as variable", config: "accounts: [{domain_id: d, token: {env: " + secret + "}}]", want: "accounts: d: token: " +
				"want the name of an environment variable; what stands there may be a credential, and is not shown",
		},
		{
			name: "two sources", config: "accounts: [{domain_id: d, token: {env: QS_TOKEN, file: f}}]",
			want: "line 1: want {env: NAME}, {file: PATH} or {command: [PROGRAM, ARGUMENT]}",
		},
		{
			name: "an empty variable", config: "accounts: [{domain_id: d, token: {env: QS_NONE}}]",
			want: "accounts: d: token: the environment variable QS_NONE is empty",
		},
		{
			name: "no credentials", config: "accounts: [{name: main, domain_id: d}]", want: "accounts: main: want one kind of credentials: " +
				"token, or iam_token and ims_token, or access_key and secret_key, or key",
		},
		{
			name: "two kinds", config: with(", key: {file: f}", ""), want: "accounts: main: want one kind of credentials: " +
				"token, or iam_token and ims_token, or access_key and secret_key, or key",
		},
		{
			name: "half a key", config: "accounts: [{domain_id: d, access_key: {env: QS_TOKEN}}]",
			want: "accounts: d: incomplete access key: want access_key and secret_key, and security_token only with them",
		},
		{
			name: "nothing to request", config: "accounts: [{token: {env: QS_TOKEN}}]", want: "accounts: number 1: nothing to request: give " +
				"domain_id for the quotas of the account, regions or projects for those of images; the console shows the account ID and the " +
				"project IDs under My Credentials",
		},
		{
			name: "projects of a token", config: with(", projects: {cn-north-4: [p]}", ""),
			want: "accounts: main: projects need an access key: a token belongs to one project; name its region in regions",
		},
		{
			name: "no token for IMS", config: "accounts: [{domain_id: d, iam_token: {env: QS_TOKEN}, regions: [cn-north-4]}]",
			want: "accounts: d: regions need ims_token: quotas of images are requested from IMS",
		},
		{
			name: "no token for IAM", config: "accounts: [{domain_id: d, ims_token: {env: QS_TOKEN}, regions: [cn-north-4]}]",
			want: "accounts: d: domain_id needs iam_token: quotas of an account are requested from IAM",
		},
		{
			name: "an unknown region", config: with(", regions: [cn-nroth-4]", ""),
			want: `accounts: main: unknown region "cn-nroth-4": the nearest are cn-north-4, cn-north-1, cn-north-2`,
		},
		{
			name: "an unknown service", config: with("", `endpoints: {imss: "https://ims.example.com"}`),
			want: `endpoints: unknown service "imss": want iam or ims`,
		},
		{
			name: "plain HTTP", config: with("", `endpoints: {iam: "http://192.0.2.1"}`),
			want: "endpoints: iam: http://192.0.2.1: credentials are sent only over https or to loopback, unless allow_http is true",
		},
		{
			name: "a wrong threshold", config: with(", thresholds: {user: 9/8}", ""),
			want: `accounts: main: threshold "user=9/8": the warning threshold 9 is above the critical threshold 8`,
		},
		{
			name: "an account twice", config: "accounts: [{domain_id: d, token: {env: QS_TOKEN}}, {domain_id: d, token: {env: QS_TOKEN}}]",
			want: "accounts: d: account d is asked twice, also by d: give each account a name of its own",
		},
		{
			name: "a name twice", config: "accounts: [{name: main, domain_id: d, token: {env: QS_TOKEN}}, {name: main, token: {env: QS_TOKEN}, " +
				"regions: [cn-north-4]}]", want: "accounts: two have the name main: --account and the label account need one each",
		},
		{
			name: "a project twice", config: "accounts: [{domain_id: d, access_key: {env: QS_TOKEN}, secret_key: {env: QS_TOKEN}, " +
				"projects: {cn-north-4: [p, p]}}]", want: "accounts: d: projects: cn-north-4: p is there twice",
		},
		{
			name: "a project without ID", config: "accounts: [{domain_id: d, access_key: {env: QS_TOKEN}, secret_key: {env: QS_TOKEN}, " +
				"projects: {cn-north-4: ['']}}]", want: "accounts: d: projects: cn-north-4: an ID is empty: the console shows the account ID and " +
				"the project IDs under My Credentials",
		},
		{
			name: "a region without name", config: with(", regions: ['']", ""),
			want: "accounts: main: regions: a name is empty: want one such as cn-north-4",
		},
		{
			name: "an account without ID", config: "accounts:\n  - domain_id:\n    token: {env: QS_TOKEN}\n    regions: [cn-north-4]",
			want: "line 2: domain_id has no value: give it one, or omit the key",
		},
		{name: "a key twice", config: with(", name: other", ""), want: `line 1: mapping key "name" already defined at line 1`},
		{
			name: "a second document", config: with("", "---\n") + with("", ""),
			want: "a second document begins with ---: want one, or its accounts would not be asked",
		},
		{
			name: "a name that is not UTF-8", config: "accounts: [{name: !!binary gIGC, domain_id: d, token: {env: QS_TOKEN}}]",
			want: `accounts: \x80\x81\x82: "account \x80\x81\x82 d": want text in UTF-8`,
		},
		{name: "a tag", config: with("", "ignore: !x planted-secret-8f3a"), want: "line 2: want a list, got x"},
		{name: "a missing file of authorities", config: with("", "ca: /missing.pem"), want: "ca: open /missing.pem: no such file or directory"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if strings.Contains(test.want, "no such file") && os.PathSeparator != '/' {
				t.Skip("the words of another system")
			}
			file := writeFile(t, "quotas.yaml", test.config)
			code, out, errs := quotaspec(t, "quotas", "--config", file)
			if want := "quotaspec: " + file + ": " + test.want + "\n"; code != exitUnknown || out != "" || errs != want {
				t.Errorf("got exit %d, %q, and\n%swant\n%s", code, out, errs, want)
			}
			if strings.Contains(errs, secret) {
				t.Error("the secret is shown")
			}
		})
	}
}

// TestQuotasConfigFlags tests the flags that do not go together with a config.
func TestQuotasConfigFlags(t *testing.T) {
	t.Setenv("QS_TOKEN", "t")
	file := writeFile(t, "quotas.yaml", "accounts: [{name: main, domain_id: d, token: {env: QS_TOKEN}}]")
	for args, want := range map[string]string{
		"--config " + file + " --domain d":          "--domain and --config both say what to ask: want one of them",
		"--config " + file + " --region cn-north-4": "--region and --config both say what to ask: want one of them",
		"--config " + file + " --account man":       file + `: unknown account "man": did you mean main?`,
		"--account main":                            "--account chooses among the accounts of --config: name that file",
		"--config missing.yaml":                     "read the config: open missing.yaml: no such file or directory",
	} {
		if strings.Contains(want, "no such file") && os.PathSeparator != '/' {
			continue
		}
		code, _, errs := quotaspec(t, append([]string{"quotas"}, strings.Fields(args)...)...)
		if code != exitUnknown || errs != "quotaspec: "+want+"\n" {
			t.Errorf("%s: got exit %d, %s", args, code, errs)
		}
	}
}

// TestQuotasAccountChosen tests that an account which is not asked needs no environment variables.
func TestQuotasAccountChosen(t *testing.T) {
	service := newTokenService(t, map[string]string{"right": ""})
	t.Setenv("QS_RIGHT", "right")
	t.Setenv("QS_NONE", "")
	file := writeFile(t, "quotas.yaml", `accounts: [{name: a, domain_id: d, token: {env: QS_RIGHT}}, {name: b, domain_id: e, token: {env: QS_NONE}}]
endpoints: {iam: "`+service.url+`"}`)
	if code, out, errs := quotaspec(t, "quotas", "--config", file, "--account", "a"); code != exitOK || service.asked() != "iam right" {
		t.Errorf("a: got exit %d\n%s%s", code, out, errs)
	}
	want := "quotaspec: " + file + ": accounts: b: token: the environment variable QS_NONE is empty\n"
	if code, _, errs := quotaspec(t, "quotas", "--config", file); code != exitUnknown || errs != want || service.asked() != "" {
		t.Errorf("all: got exit %d, %s", code, errs)
	}
}

// TestQuotasCommandLogs tests that what a failing command logs shows no secret of the config: not its own, not a part of a key, and
// not that of another account.
func TestQuotasCommandLogs(t *testing.T) {
	service := newTokenService(t, map[string]string{})
	t.Setenv("QS_OTHER", "planted-in-variable")
	secret := writeFile(t, "secret", "planted-in-file\n")
	script := writeFile(t, "key.sh", `echo '{"access":"AK","secret":"planted-in-key","securitytoken":"planted-security-token"}'
echo "lost planted-in-key planted-security-token $QS_OTHER planted-in-file" >&2
exit 3
`)
	file := writeFile(t, "quotas.yaml", `accounts:
  - {name: a, domain_id: d, key: {command: [sh, '`+script+`']}}
  - {name: b, domain_id: e, access_key: {env: QS_OTHER}, secret_key: {file: '`+secret+`'}}
endpoints: {iam: "`+service.url+`"}`)
	_, out, errs := quotaspec(t, "quotas", "--config", file, "--account", "a", "--output", "json")
	if !strings.Contains(out, "exit status 3: lost REDACTED REDACTED REDACTED REDACTED") || strings.Contains(out+errs, "planted") {
		t.Errorf("got\n%s%s", out, errs)
	}
}

// tokenService is a provider of both services that accepts the tokens which a test sets, and keeps those that it got.
type tokenService struct {
	url string

	mu       sync.Mutex
	accepted map[string]string // token → service it is for; "" both
	got      []string
}

func newTokenService(t *testing.T, accepted map[string]string) *tokenService {
	t.Helper()
	s := &tokenService{accepted: accepted}
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		service := "ims"
		if strings.HasPrefix(r.URL.Path, "/v3.0/") {
			service = "iam"
		}
		token := r.Header.Get("X-Auth-Token")
		s.got = append(s.got, service+" "+token)
		w.Header().Set("Content-Type", "application/json")
		of, ok := s.accepted[token]
		if !ok || of != "" && of != service {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: ` + token + `"}`))
			return
		}
		_, _ = w.Write([]byte(`{"quotas":{"resources":[{"type":"user","quota":50,"used":10,"min":50,"max":1000}]}}`))
	}))
	t.Cleanup(provider.Close)
	s.url = provider.URL
	return s
}

func (s *tokenService) accept(tokens map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accepted, s.got = tokens, nil
}

// asked returns the requests since the last call, sorted by nothing: in their order.
func (s *tokenService) asked() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	got := strings.Join(s.got, ", ")
	s.got = nil
	return got
}

// TestQuotasTokensOfServices tests that each service gets its own token.
func TestQuotasTokensOfServices(t *testing.T) {
	service := newTokenService(t, map[string]string{"account-token": "iam", "project-token": "ims"})
	t.Setenv("QS_IAM", "account-token")
	t.Setenv("QS_IMS", "project-token")
	file := writeFile(t, "quotas.yaml", `accounts: [{domain_id: d, iam_token: {env: QS_IAM}, ims_token: {env: QS_IMS}}]
endpoints: {iam: "`+service.url+`", ims: "`+service.url+`"}`)
	code, out, errs := quotaspec(t, "quotas", "--config", file)
	if code != exitOK || strings.Contains(out, "failed") {
		t.Errorf("got exit %d\n%s%s", code, out, errs)
	}
}

// TestQuotasRotation tests, on one account that is asked again and again as the exporter does, that a new secret counts at once:
// a file is read for each request, and what a command printed is kept until the service refuses it.
func TestQuotasRotation(t *testing.T) {
	service := newTokenService(t, map[string]string{"first": ""})
	folder := t.TempDir()
	secret := filepath.Join(folder, "token")
	write := func(text string) {
		if err := os.WriteFile(secret, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config := func(source string) string {
		return writeFile(t, "quotas.yaml", `accounts: [{domain_id: d, token: `+source+`}]
endpoints: {iam: "`+service.url+`"}`)
	}
	for _, test := range []struct{ name, source, kept string }{
		{name: "file", source: "{file: '" + secret + "'}", kept: "iam second"},
		{name: "command", source: "{command: [cat, '" + secret + "']}", kept: "iam first"}, // still accepted, so not read anew
	} {
		t.Run(test.name, func(t *testing.T) {
			flags := accountFlags{config: config(test.source)}
			accounts, _, err := flags.accounts(environment{}, limitFlags{})
			if err != nil {
				t.Fatal(err)
			}
			ask := func(want string, works bool) {
				t.Helper()
				result := accounts[0].Ask(t.Context(), accounts[0].Places()[0])
				if got := service.asked(); got != want || (result.Failure == nil) != works {
					t.Errorf("asked %q, want %q; failure %v", got, want, result.Failure)
				}
				if result.Failure != nil && strings.Contains(result.Failure.Message, "first") {
					t.Errorf("the token is shown: %s", result.Failure.Message)
				}
			}
			write("first\n")
			service.accept(map[string]string{"first": "", "second": ""})
			ask("iam first", true)
			write("second\n")
			ask(test.kept, true)
			service.accept(map[string]string{"third": ""})
			write("third")
			switch test.name {
			case "file":
				ask("iam third", true)
			case "command":
				ask("iam first, iam third", true)
			}
			service.accept(map[string]string{})
			write("first")
			if test.name == "file" {
				ask("iam first", false) // nothing new to try
			} else {
				ask("iam third, iam first", false)
			}
			if err := os.Remove(secret); err != nil {
				t.Fatal(err)
			}
			service.accept(map[string]string{"first": ""})
			result := accounts[0].Ask(t.Context(), accounts[0].Places()[0])
			if isFile := test.name == "file"; (result.Failure != nil) != isFile {
				t.Errorf("without the file: got %v", result.Failure)
			}
		})
	}
}

// TestQuotasTemporaryKey tests that the parts of a temporary key are used together, and fetched anew before they expire.
func TestQuotasTemporaryKey(t *testing.T) {
	provider := startProvider(t, behaviour{})
	folder := t.TempDir()
	runs := filepath.Join(folder, "runs")
	keyOf := func(id, secret string, lifetime time.Duration) string {
		text, err := json.Marshal(map[string]any{"credential": map[string]any{"access": id, "secret": secret, "securitytoken": "",
			"expires_at": time.Now().Add(lifetime).UTC().Format("2006-01-02T15:04:05.000000Z")}})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, test := range []struct {
		name     string
		lifetime time.Duration
		runs     string // of the command, after two requests
	}{{name: "valid for an hour", lifetime: time.Hour, runs: "x"}, {name: "expired", lifetime: -time.Hour, runs: "x"}} {
		t.Run(test.name, func(t *testing.T) {
			_ = os.Remove(runs)
			script := writeFile(t, "key.sh", "printf x >> '"+runs+"'\ncat <<'END'\n"+keyOf(server.ReaderKeyID, server.ReaderSecret, test.lifetime)+"\nEND\n")
			file := writeFile(t, "quotas.yaml", `accounts: [{domain_id: `+server.SampleDomainID+`, key: {command: [sh, '`+script+`']}}]
endpoints: {iam: "`+provider+`", ims: "`+provider+`"}`)
			flags := accountFlags{config: file}
			accounts, _, err := flags.accounts(environment{}, limitFlags{})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range accounts[0].Places() {
				if result := accounts[0].Ask(t.Context(), p); result.Failure != nil || len(result.Quotas) == 0 {
					t.Errorf("%s: got %v", p.Title(), result.Failure)
				}
			}
			if got, err := os.ReadFile(runs); err != nil || string(got) != test.runs {
				t.Errorf("the command ran %q, %v; want %q", got, err, test.runs)
			}
		})
	}
	t.Run("no key", func(t *testing.T) {
		file := writeFile(t, "quotas.yaml", `accounts: [{domain_id: d, key: {command: [echo, planted-secret-8f3a]}}]
endpoints: {iam: "`+provider+`"}`)
		_, out, errs := quotaspec(t, "quotas", "--config", file, "--output", "json")
		if want := `key: want JSON of an access key: {\"access\": …`; !strings.Contains(out, want) || strings.Contains(out+errs, "planted") {
			t.Errorf("no %s in\n%s%s", want, out, errs)
		}
	})
}

// TestQuotasSourceFails tests that a source that fails is a failure of its account alone, and that no secret is shown.
func TestQuotasSourceFails(t *testing.T) {
	service := newTokenService(t, map[string]string{"right": ""})
	t.Setenv("QS_RIGHT", "right")
	script := writeFile(t, "token.sh", "echo planted-secret-8f3a\necho 'wrong password: planted-secret-8f3a' >&2\nexit 3\n")
	file := writeFile(t, "quotas.yaml", `accounts:
  - {name: right, domain_id: d, token: {env: QS_RIGHT}}
  - {name: wrong, domain_id: e, token: {command: [sh, '`+script+`']}}
  - {name: missing, domain_id: f, token: {file: /missing/token}}
endpoints: {iam: "`+service.url+`"}`)
	code, out, errs := quotaspec(t, "quotas", "--config", file, "--output", "csv")
	if code != exitUnknown || !strings.Contains(out, "user,10,50") || !strings.Contains(out, "token: command sh: exit status 3: wrong password:") ||
		!strings.Contains(out, "token: stat /missing/token:") || strings.Contains(out+errs, "planted") {
		t.Errorf("got exit %d\n%s%s", code, out, errs)
	}
	if want := "quotaspec: 2 of 3 requests failed\n"; errs != want {
		t.Errorf("got %q, want %q", errs, want)
	}
}

// TestQuotasSourceWithoutEnd tests that a source which never ends is a failure: it does not fill the memory, and blocks nobody.
func TestQuotasSourceWithoutEnd(t *testing.T) {
	if os.PathSeparator != '/' {
		t.Skip("needs a shell and devices")
	}
	for source, want := range map[string]string{
		"{command: [sh, -c, 'head -c 3000000 /dev/zero | tr \"\\0\" a']}": "token: command sh: it printed more than 1048576 bytes: want a token only",
		"{file: /dev/zero}":            "token: /dev/zero: want a regular file",
		"{file: " + os.TempDir() + "}": "token: " + os.TempDir() + ": want a regular file",
	} {
		file := writeFile(t, "quotas.yaml", "accounts: [{domain_id: d, token: "+source+"}]\nendpoints: {iam: \"http://127.0.0.1:1\"}")
		code, out, errs := quotaspec(t, "quotas", "--config", file, "--output", "csv")
		if code != exitUnknown || !strings.Contains(out, want) {
			t.Errorf("%s: got exit %d\n%s%swant %s", source, code, out, errs, want)
		}
	}
}
