package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestUsageErrors compares the line and the exit code of each wrong usage.
func TestUsageErrors(t *testing.T) {
	inFolder(t, map[string]string{
		"secret-only.yaml": "principals: {reader: {secret_key_env: QS_SK}}",
		"two-tokens.yaml":  "principals: {reader: {token_env: QS_SK, ims_token_env: QS_SK}}",
		"fragment.yaml":    "targets: {iam: 'http://127.0.0.1:8080/#x'}",
		"user.yaml":        "targets: {iam: 'http://me:hidden@127.0.0.1:8080'}",
		"no-host.yaml":     "targets: {iam: 'http://:8080'}",
		"type.yaml":        "allow_http: 7",
		"blank.yaml":       "principals: {reader: {token_env: QS_BLANK}}",
		"delete.yaml":      "principals: {reader: {token_env: QS_DELETE}}",
		"known.txt":        "a/b # reason\na/b until=2030-01-01 # another\n",
		"date.txt":         "\n# comment\n  a/b until=2030-13-01 # reason\n",
		"reader.yaml":      "principals: {reader: {token_env: QS_SK}}",
		"other.yaml":       "{targets: {ims: 'http://0.0.0.0:1'}, principals: {reader: {iam_token_env: QS_SK}}}",
		"items.yaml":       itemsAPI,
		"report.json":      "old",
	})
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Link("report.json", "linked.json"); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"QS_SK": "sk", "QS_BLANK": "a b", "QS_DELETE": "a\x7fb",
		envToken: "token", envAccessKey: "", envSecretKey: "", envSecurityToken: "", envDomain: "", envProject: "",
	} {
		t.Setenv(name, value)
	}
	const (
		kinds = "want token_env, or iam_token_env and ims_token_env, or access_key_env and secret_key_env, " +
			"or token_command, or oauth2; headers and cookies may stand beside or alone"
		running = ": is the server running? If it is still starting, put wait: 30s into quotaspec.yaml"
		closed  = "http://127.0.0.1:1: unreachable: connect: connection refused" + running
		halfKey = "incomplete access key: set both HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK"
		plain   = "want only scheme, host and path"
		noURL   = "want a URL such as http://127.0.0.1:8080"
	)
	for _, test := range []struct {
		name string
		args string // separated by spaces
		env  string // NAME=value, separated by semicolons
		want string
	}{
		{
			name: "a secret without its key", args: "verify --config secret-only.yaml",
			want: "secret-only.yaml: principals: reader: incomplete access key: set both access_key_env and secret_key_env",
		},
		{name: "two kinds of tokens", args: "verify --config two-tokens.yaml", want: "two-tokens.yaml: principals: reader: " + kinds},
		{
			name: "a fragment", args: "verify --config fragment.yaml",
			want: `fragment.yaml: targets: iam: target "http://127.0.0.1:8080/": ` + plain,
		},
		{
			name: "a password", args: "verify --config user.yaml",
			want: `user.yaml: targets: iam: target "http://REDACTED@127.0.0.1:8080": ` + plain,
		},
		{name: "a port alone", args: "verify --config no-host.yaml", want: `no-host.yaml: targets: iam: target "http://:8080": ` + noURL},
		{name: "another type", args: "verify --config type.yaml", want: "type.yaml: line 1: want true or false, got a number"},
		{name: "no config", args: "verify --config none.yaml", want: "read the config: open none.yaml: no such file or directory"},
		{
			name: "a credential with a space", args: "verify http://127.0.0.1:1 --config blank.yaml",
			want: "principal reader: the environment variable QS_BLANK contains a character that is not visible ASCII, " +
				"such as a space or a line feed",
		},
		{
			name: "a credential with a control character", args: "verify http://127.0.0.1:1 --config delete.yaml",
			want: "principal reader: the environment variable QS_DELETE contains a character that is not visible ASCII, " +
				"such as a space or a line feed",
		},
		{name: "no provider", args: "verify http://127.0.0.1:1", want: closed},
		{name: "no provider by https", args: "verify https://127.0.0.1:1", want: strings.Replace(closed, "http:", "https:", 1)},
		{
			name: "credentials over https", args: "verify https://0.0.0.0:1 --config reader.yaml",
			want: "https://0.0.0.0:1: unreachable: connect: connection refused" + running,
		},
		{
			name: "credentials over http", args: "verify http://0.0.0.0:1 --config reader.yaml",
			want: "target http://0.0.0.0:1: credentials are sent only over https or to loopback, unless quotaspec.yaml has allow_http: true",
		},
		{
			name: "no credentials for this service", args: "verify --config other.yaml",
			want: "http://0.0.0.0:1: unreachable: connect: connection refused" + running,
		},
		{
			name: "samples over https", args: "verify https://0.0.0.0:1",
			want: `target "https://0.0.0.0:1" is not on loopback: name your own credentials in quotaspec.yaml, or send the sample credentials ` +
				`with --allow-sample-credentials`,
		},
		{name: "an id twice", args: "verify --known-failing known.txt", want: "known.txt:2: a/b is listed twice"},
		{name: "no date", args: "verify --known-failing date.txt", want: "date.txt:3: until=2030-13-01: want YYYY-MM-DD"},
		{name: "a grade", args: "verify --fail-on sure", want: `unknown grade "sure": want documented, recorded, inferred or undocumented`},
		{name: "no timeout", args: "verify --timeout 0s", want: "--timeout 0s: want a duration above 0"},
		{name: "too fast", args: "verify --rate 1000001", want: "--rate 1.000001e+06: want 0 to 1000000 requests per second"},
		{name: "a negative rate", args: "verify --rate -0.5", want: "--rate -0.5: want 0 to 1000000 requests per second"},
		{name: "no requests", args: "verify --concurrency 0", want: "--concurrency 0: want 1 to 1000"},
		{name: "too many at once", args: "verify --concurrency 1001", want: "--concurrency 1001: want 1 to 1000"},
		{name: "a report without a file", args: "verify http://127.0.0.1:1 --report json=", want: `report "json=": want FORMAT=FILE`},
		{
			name: "a report without a format", args: "verify http://127.0.0.1:1 --report =x",
			want: `report "=x": unknown format "": want text, json, junit, markdown, sarif or html`,
		},
		{name: "a report to a folder", args: "verify http://127.0.0.1:1 --report json=folder", want: "write the report: folder: is a directory"},
		{
			name: "a report into no folder", args: "verify http://127.0.0.1:1 --report json=none/x",
			want: "write the report: none/x: no such file or directory",
		},
		{
			name: "a report twice", args: "verify http://127.0.0.1:1 --report json=new --report text=new",
			want: `report "text=new": new is already the file of another output`,
		},
		{
			name: "a report twice, by two names", args: "verify http://127.0.0.1:1 --report json=report.json --report text=linked.json",
			want: `report "text=linked.json": linked.json is already the file of another output`,
		},
		{name: "reports of one name in two folders", args: "verify http://127.0.0.1:1 --report json=new --report text=folder/new", want: closed},
		{name: "no upstream", args: "proxy", want: "want --upstream with the URL of the provider to forward traffic to"},
		{
			name: "an upstream with a password", args: "proxy --upstream http://me:hidden@127.0.0.1:1",
			want: `target "http://REDACTED@127.0.0.1:1": ` + plain,
		},
		{
			name: "the grade of a proxy", args: "proxy --upstream http://127.0.0.1:1 --fail-on sure",
			want: `unknown grade "sure": want documented, recorded, inferred or undocumented`,
		},
		{
			name: "the document of a proxy", args: "proxy --upstream http://127.0.0.1:1 --document none.yaml",
			want: "read the document: open none.yaml: no such file or directory",
		},
		{
			name: "two documents", args: "proxy --upstream http://127.0.0.1:1 --document a.yaml --document b.yaml",
			want: "--document b.yaml: want it once, got a.yaml, too",
		},
		{name: "the server of a proxy", args: "proxy --upstream http://127.0.0.1:1 --server x", want: `--server: target "x": ` + noURL},
		{
			name: "a record in a report", args: "proxy --upstream http://127.0.0.1:1 --record report.json --report json=linked.json",
			want: `report "json=linked.json": linked.json is already the file of another output`,
		},
		{
			name: "a record into no folder", args: "proxy --upstream http://127.0.0.1:1 --listen 127.0.0.1:0 --record none/x",
			want: "write the traffic: open none/x: no such file or directory",
		},
		{
			name: "two documents to mutate", args: "mutate --document a.yaml --document b.yaml",
			want: "--document b.yaml: want it once, got a.yaml, too",
		},
		{name: "recordings without a document", args: "mutate --recordings folder", want: "--recordings, --har and --inventory need --document"},
		{name: "an inventory without a document", args: "mutate --inventory", want: "--recordings, --har and --inventory need --document"},
		{
			name: "a document without recordings", args: "mutate --document items.yaml",
			want: "--document needs --recordings or --har: the exchanges to judge by it",
		},
		{
			name: "no document to mutate", args: "mutate --document none.yaml --recordings folder",
			want: "read the document: open none.yaml: no such file or directory",
		},
		{name: "two documents", args: "spec iam ims", want: "want one document: iam or ims"},
		{name: "a format", args: "spec iam --format toml", want: `unknown format "toml": want yaml or json`},
		{name: "an address without a port", args: "serve --listen localhost", want: `listen address "localhost": want HOST:PORT`},
		{
			name: "an address of a network", args: "serve --listen 192.0.2.1:8080",
			want: `listen address "192.0.2.1:8080" is not on loopback: serve your own credentials with --data, or the public sample ` +
				`credentials with --allow-sample-credentials`,
		},
		{
			name: "fewer than no requests", args: "serve --rate-limit -1",
			want: "--rate-limit -1: want a number of requests per second, or 0 for no limit",
		},
		{name: "a log", args: "serve --log yaml", want: `unknown log format "yaml": want text, json or off`},
		{name: "data in a folder", args: "serve --data folder", want: "read the data: folder is not a regular file"},
		{
			name: "quotas of nothing", args: "quotas",
			want: "nothing to request: give --domain (or HUAWEICLOUD_SDK_DOMAIN_ID) for the quotas of an account, or --region, --project or " +
				"--endpoint for image quotas; the console shows the account ID and the project IDs under My Credentials",
		},
		{
			name: "quotas without credentials", args: "quotas --domain d", env: envToken + "=",
			want: "no credentials: set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or HUAWEICLOUD_SDK_AUTH_TOKEN",
		},
		{name: "an access key alone", args: "quotas --domain d", env: envToken + "=;" + envAccessKey + "=a", want: halfKey},
		{name: "a secret alone", args: "quotas --domain d", env: envToken + "=;" + envSecretKey + "=a", want: halfKey},
		{name: "a security token alone", args: "quotas --domain d", env: envToken + "=;" + envSecurityToken + "=a", want: halfKey},
		{
			name: "a security token and a token", args: "quotas --domain d", env: envSecurityToken + "=x",
			want: "two kinds of credentials: set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or HUAWEICLOUD_SDK_AUTH_TOKEN, not both",
		},
		{
			name: "a secret and a token", args: "quotas --domain d", env: envSecretKey + "=x",
			want: "two kinds of credentials: set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or HUAWEICLOUD_SDK_AUTH_TOKEN, not both",
		},
		{
			name: "an invalid token", args: "quotas --domain d", env: envToken + "=a b",
			want: "the token has white space or other characters that are not visible ASCII",
		},
		{
			name: "a project of a token", args: "quotas --project cn-north-4=p",
			want: "--project needs an access key: with a token, omit --project to use the project of the token",
		},
		{
			name: "a project in one of two regions", args: "quotas --region a --region b --region a --project p",
			env:  envToken + "=;" + envAccessKey + "=a;" + envSecretKey + "=b",
			want: `project "p" may be in any of 2 regions: use --project REGION=ID`,
		},
		{name: "another output", args: "quotas -o xml", want: `unknown output format "xml": want table, json, csv, nagios or prometheus`},
		{name: "no timeout of quotas", args: "quotas --timeout 0s", want: "timeout 0s: want a duration above 0"},
		{name: "percent below the least", args: "quotas --warn 0.0009", want: `warn "0.0009": want a percentage from 0.001 to 1000, such as 80`},
		{
			name: "percent above the most", args: "quotas --critical 1000.1%",
			want: `critical "1000.1%": want a percentage from 0.001 to 1000, such as 80`,
		},
		{
			name: "percent in the wrong order", args: "quotas --warn 95.001",
			want: "the warning threshold 95.001% is above the critical threshold 95%",
		},
		{
			name: "a threshold without a type", args: "quotas --threshold =1/2",
			want: `threshold "=1/2": want TYPE=W/C, such as user=45/48 or user=45%/48%`,
		},
		{
			name: "a threshold of nothing", args: "quotas --threshold user=0/1",
			want: `threshold "user=0/1": "0": want a count above 0, such as 45, or a percentage, such as 45%`,
		},
		{
			name: "a threshold beyond all counts", args: "quotas --threshold user=1/2147483648",
			want: `threshold "user=1/2147483648": "2147483648": want a count above 0, such as 45, or a percentage, such as 45%`,
		},
		{
			name: "percent of a threshold", args: "quotas --threshold user=0%/5%",
			want: `threshold "user=0%/5%": "0%": want a percentage from 0.001 to 1000, such as 80`,
		},
		{name: "a verb", args: "verfy", want: `unknown command "verfy": did you mean verify?`},
	} {
		t.Run(test.name, func(t *testing.T) {
			for pair := range strings.SplitSeq(test.env, ";") {
				if name, value, ok := strings.Cut(pair, "="); ok {
					t.Setenv(name, value)
				}
			}
			args := strings.Fields(test.args)
			code, out, errs := quotaspec(t, args...)
			wantCode := exitNotJudged
			if args[0] == quotasVerb {
				wantCode = exitUnknown
			}
			errs = seeHelpOf.ReplaceAllString(errs, "\n") // TestUsageErrorsNameHelp tests it
			if want := "quotaspec: " + test.want + "\n"; code != wantCode || errs != want || out != "" {
				t.Errorf("got exit %d, want %d, and\n%swant\n%s%s", code, wantCode, errs, want, out)
			}
		})
	}
	if text, err := os.ReadFile("report.json"); err != nil || string(text) != "old" {
		t.Errorf("an older report became %q, %v", text, err)
	}
	noTemporaries(t, ".")
}

// seeHelpOf is the end of the error of a wrong flag or argument.
var seeHelpOf = regexp.MustCompile(`\.? See quotaspec( \w+)? --help\n$`)

// TestUsageErrorsNameHelp compares the line of each kind of mistake at the command line: it says what was meant, if that is
// clear, and names the help of the verb.
func TestUsageErrorsNameHelp(t *testing.T) {
	inFolder(t, map[string]string{"near.yaml": "target: 'http://127.0.0.1:1'\nprincipal: {}"})
	for args, want := range map[string]string{
		"verify --alow-changes":    "unknown flag --alow-changes: did you mean --allow-changes? See quotaspec verify --help",
		"verify --colour":          "unknown flag --colour. See quotaspec verify --help",
		"verify -x":                "unknown shorthand flag: 'x' in -x. See quotaspec verify --help",
		"verify --rate fast":       "--rate fast: want a number. See quotaspec verify --help",
		"verify --concurrency 1.5": "--concurrency 1.5: want a whole number. See quotaspec verify --help",
		"verify --timeout 30x":     "--timeout 30x: want a duration such as 30s or 2m. See quotaspec verify --help",
		"spec iam --format":        "--format needs a value: FORMAT. See quotaspec spec --help",
		"verify --side providr":    `unknown side "providr": did you mean provider? See quotaspec verify --help`,
		"verify --side it":         `unknown side "it": want provider, consumer or both. See quotaspec verify --help`,
		"proxy --upstream http://127.0.0.1:1 --fail-on recordet": `unknown grade "recordet": did you mean recorded? See quotaspec proxy --help`,
		"verify --report jsn=x":                                  `report "jsn=x": unknown format "jsn": did you mean json? See quotaspec verify --help`,
		"verify openapi.yaml":                                    `target "openapi.yaml": want a URL; is it a document? Give it with --document openapi.yaml. See quotaspec verify --help`,
		"verify localhost:8080/v1":                               `target "localhost:8080/v1": did you mean http://localhost:8080/v1? See quotaspec verify --help`,
		"verify nowhere":                                         `target "nowhere": want a URL such as http://127.0.0.1:8080. See quotaspec verify --help`,
		"verfy":                                                  "unknown command \"verfy\": did you mean verify? See quotaspec --help",
		"check openapi.yaml":                                     "unknown command \"check\": did you mean verify? See quotaspec --help",
		"diff a.yaml b.yaml":                                     "unknown command \"diff\": did you mean breaking? See quotaspec --help",
		"openapi.yaml http://127.0.0.1:1":                        `unknown command "openapi.yaml": did you mean quotaspec verify URL --document FILE? See quotaspec --help`,
		"http://127.0.0.1:1/v1":                                  `unknown command "http://127.0.0.1:1/v1": did you mean quotaspec verify URL --document FILE? See quotaspec --help`,
		"help frobnicate":                                        "unknown command \"frobnicate\". See quotaspec --help",
		"proxy http://127.0.0.1:1":                               `proxy takes no arguments, got "http://127.0.0.1:1": did you mean --upstream http://127.0.0.1:1? See quotaspec proxy --help`,
		"proxy --document openapi.yaml":                          "want --upstream with the URL of the provider to forward traffic to. See quotaspec proxy --help",
		"verify --document=":                                     "--document is empty: want FILE. See quotaspec verify --help",
		"breaking a b --har=x --known-failing=":                  "--known-failing is empty: want FILE. See quotaspec breaking --help",
		"proxy --upstream http://127.0.0.1:1 --listen 8081":      `listen address "8081": want HOST:PORT: did you mean 127.0.0.1:8081?`,
		"frobnicate":                                             "unknown command \"frobnicate\". See quotaspec --help",
		"serve openapi.yaml":                                     `serve takes no arguments, got "openapi.yaml": it serves the two quota endpoints, not other documents. See quotaspec serve --help`,
		"serve now":                                              `serve takes no arguments, got "now". See quotaspec serve --help`,
		"serve --variant slwo":                                   `unknown variant "slwo": did you mean slow? See quotaspec serve --help`,
		"serve --log jason":                                      `unknown log format "jason": did you mean json? See quotaspec serve --help`,
		"spec imss":                                              `unknown document "imss": want iam or ims. See quotaspec spec --help`,
		"quotas --output tabel":                                  `unknown output format "tabel": did you mean table? See quotaspec quotas --help`,
		"verify --config near.yaml":                              "near.yaml: line 2: unknown key \"principal\": did you mean principals?",
		"verify --server localhost:1":                            `--server: target "localhost:1": did you mean http://localhost:1? See quotaspec verify --help`,
	} {
		code, out, errs := quotaspec(t, strings.Fields(args)...)
		if code == exitPassed || code == exitFailed || out != "" || errs != "quotaspec: "+want+"\n" {
			t.Errorf("%s: got exit %d and\n%swant\nquotaspec: %s\n%s", args, code, errs, want, out)
		}
	}
}

// TestCompletion tests what a shell offers for the values of flags.
func TestCompletion(t *testing.T) {
	for args, want := range map[string]string{
		"verify --side ":     "provider\nconsumer\nboth\n:4\n",
		"proxy --fail-on ":   "documented\nrecorded\ninferred\nundocumented\n:4\n",
		"verify --document ": "yaml\nyml\njson\n:8\n",
		"verify --report ":   "text=\njson=\njunit=\nmarkdown=\nsarif=\nhtml=\n:6\n",
		"spec ":              "iam\nims\n:4\n",
		"quotas --output ":   "table\njson\ncsv\nnagios\nprometheus\n:4\n",
		"serve --log ":       "text\njson\noff\n:4\n",
	} {
		code, out, _ := quotaspec(t, append([]string{"__complete"}, strings.Split(args, " ")...)...)
		if code != exitPassed || out != want {
			t.Errorf("%s: got exit %d and %q, want %q", args, code, out, want)
		}
	}
}
