package main

import (
	"os"
	"strings"
	"testing"
)

// TestRefusals compares the one line and the exit code of each wrong usage, whole.
func TestRefusals(t *testing.T) {
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
		kinds   = "want token_env, or iam_token_env and ims_token_env, or access_key_env and secret_key_env"
		closed  = "http://127.0.0.1:1: unreachable: connect: connection refused"
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
		{"a secret without its key", "verify --config secret-only.yaml", "", "secret-only.yaml: principals: reader: incomplete access key: set both access_key_env and secret_key_env"},
		{"two kinds of tokens", "verify --config two-tokens.yaml", "", "two-tokens.yaml: principals: reader: " + kinds},
		{"a fragment", "verify --config fragment.yaml", "", `fragment.yaml: targets: iam: target "http://127.0.0.1:8080/#x": ` + plain},
		{"a password", "verify --config user.yaml", "", `user.yaml: targets: iam: target "http://REDACTED@127.0.0.1:8080": ` + plain},
		{"a port alone", "verify --config no-host.yaml", "", `no-host.yaml: targets: iam: target "http://:8080": ` + noURL},
		{"another type", "verify --config type.yaml", "", "type.yaml: line 1: want true or false, got int 7"},
		{"no config", "verify --config none.yaml", "", "read the config: open none.yaml: no such file or directory"},
		{"a credential with a space", "verify http://127.0.0.1:1 --config blank.yaml", "", "principal reader: the environment variable QS_BLANK contains a space, a control character or a non-ASCII character"},
		{"a credential with a control character", "verify http://127.0.0.1:1 --config delete.yaml", "", "principal reader: the environment variable QS_DELETE contains a space, a control character or a non-ASCII character"},
		{"no provider", "verify http://127.0.0.1:1", "", closed},
		{"no provider by https", "verify https://127.0.0.1:1", "", strings.Replace(closed, "http:", "https:", 1)},
		{"credentials over https", "verify https://0.0.0.0:1 --config reader.yaml", "", "https://0.0.0.0:1: unreachable: connect: connection refused"},
		{"credentials over http", "verify http://0.0.0.0:1 --config reader.yaml", "", "target http://0.0.0.0:1: credentials are sent only over https or to loopback, unless quotaspec.yaml has allow_http: true"},
		{"no credentials for this service", "verify --config other.yaml", "", "http://0.0.0.0:1: unreachable: connect: connection refused"},
		{"samples over https", "verify https://0.0.0.0:1", "", `target "https://0.0.0.0:1" is not on loopback: name your own credentials in quotaspec.yaml, or send the sample credentials with --allow-sample-credentials`},
		{"an id twice", "verify --known-failing known.txt", "", "known.txt:2: a/b stands here twice"},
		{"no date", "verify --known-failing date.txt", "", "date.txt:3: until=2030-13-01: want YYYY-MM-DD"},
		{"a grade", "verify --fail-on sure", "", `unknown grade "sure": it is one of documented, recorded, inferred, undocumented`},
		{"no time", "verify --timeout 0s", "", "timeout 0s: want a duration above 0"},
		{"too fast", "verify --rate 1000001", "", "rate 1.000001e+06: want 0 to 1000000 requests per second"},
		{"backwards", "verify --rate -0.5", "", "rate -0.5: want 0 to 1000000 requests per second"},
		{"nobody asks", "verify --concurrency 0", "", "concurrency 0: want 1 to 1000"},
		{"too many at once", "verify --concurrency 1001", "", "concurrency 1001: want 1 to 1000"},
		{"a report without a file", "verify http://127.0.0.1:1 --report json=", "", `report "json=": want FORMAT=FILE`},
		{"a report without a format", "verify http://127.0.0.1:1 --report =x", "", `report "=x": unknown format "": it is one of text, json, junit, markdown, sarif, html`},
		{"a report to a folder", "verify http://127.0.0.1:1 --report json=folder", "", "write the report: folder: is a directory"},
		{"a report into no folder", "verify http://127.0.0.1:1 --report json=none/x", "", "write the report: none/x: no such file or directory"},
		{"a report twice", "verify http://127.0.0.1:1 --report json=new --report text=new", "", `report "text=new": new is already the file of another output`},
		{"a report twice, by two names", "verify http://127.0.0.1:1 --report json=report.json --report text=linked.json", "", `report "text=linked.json": linked.json is already the file of another output`},
		{"reports of one name in two folders", "verify http://127.0.0.1:1 --report json=new --report text=folder/new", "", closed},
		{"no upstream", "proxy", "", "want --upstream with the URL of the provider to forward traffic to"},
		{"an upstream with a password", "proxy --upstream http://me:hidden@127.0.0.1:1", "", `target "http://REDACTED@127.0.0.1:1": ` + plain},
		{"the grade of a proxy", "proxy --upstream http://127.0.0.1:1 --fail-on sure", "", `unknown grade "sure": it is one of documented, recorded, inferred, undocumented`},
		{"the document of a proxy", "proxy --upstream http://127.0.0.1:1 --document none.yaml", "", "read the document: open none.yaml: no such file or directory"},
		{"the server of a proxy", "proxy --upstream http://127.0.0.1:1 --server x", "", `--server: target "x": ` + noURL},
		{"a record in a report", "proxy --upstream http://127.0.0.1:1 --record report.json --report json=linked.json", "", `report "json=linked.json": linked.json is already the file of another output`},
		{"a record to a folder", "proxy --upstream http://127.0.0.1:1 --listen 127.0.0.1:0 --record folder", "", "write the traffic: open folder: is a directory"},
		{"recordings without a document", "mutate --recordings folder", "", "--recordings and --inventory need --document"},
		{"an inventory without a document", "mutate --inventory", "", "--recordings and --inventory need --document"},
		{"a document without recordings", "mutate --document items.yaml", "", "--document needs --recordings: the exchanges to judge by it"},
		{"no document to mutate", "mutate --document none.yaml --recordings folder", "", "read the document: open none.yaml: no such file or directory"},
		{"two documents", "spec iam ims", "", "want one document: iam or ims"},
		{"a format", "spec iam --format toml", "", `unknown format "toml": want yaml or json`},
		{"an address without a port", "serve --listen localhost", "", `listen address "localhost": want HOST:PORT`},
		{"an address of a network", "serve --listen 192.0.2.1:8080", "", `listen address "192.0.2.1:8080" is not on loopback: serve your own credentials with --data, or the public sample credentials with --allow-sample-credentials`},
		{"fewer than no requests", "serve --rate-limit -1", "", "--rate-limit -1: want requests per second, or 0 for no limit"},
		{"a log", "serve --log yaml", "", `unknown log format "yaml": want text, json or off`},
		{"data in a folder", "serve --data folder", "", "read the data: folder is not a regular file"},
		{"quotas of nothing", "quotas", "", "nothing to request: give --domain (or HUAWEICLOUD_SDK_DOMAIN_ID) for the quotas of an account, or --region, --project or --endpoint for image quotas"},
		{"quotas by nobody", "quotas --domain d", envToken + "=", "no credentials: set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or HUAWEICLOUD_SDK_AUTH_TOKEN"},
		{"an access key alone", "quotas --domain d", envToken + "=;" + envAccessKey + "=a", halfKey},
		{"a secret alone", "quotas --domain d", envToken + "=;" + envSecretKey + "=a", halfKey},
		{"a security token alone", "quotas --domain d", envToken + "=;" + envSecurityToken + "=a", halfKey},
		{"a security token beside a token", "quotas --domain d", envSecurityToken + "=x", "two kinds of credentials: set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or HUAWEICLOUD_SDK_AUTH_TOKEN, not both"},
		{"a secret beside a token", "quotas --domain d", envSecretKey + "=x", "two kinds of credentials: set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or HUAWEICLOUD_SDK_AUTH_TOKEN, not both"},
		{"a token that is none", "quotas --domain d", envToken + "=a b", "the token has white space or other characters that none has"},
		{"a project of a token", "quotas --project cn-north-4=p", "", "--project needs an access key: with a token, omit --project to use the project of the token"},
		{"a project in one of two regions", "quotas --region a --region b --region a --project p", envToken + "=;" + envAccessKey + "=a;" + envSecretKey + "=b", `project "p" may be in any of 2 regions: use --project REGION=ID`},
		{"another output", "quotas -o xml", "", `output "xml": want table, json or csv`},
		{"no time for quotas", "quotas --timeout 0s", "", "timeout 0s: want a duration above 0"},
		{"percent below the least", "quotas --warn 0.0009", "", `warn "0.0009": want a percentage from 0.001 to 1000, such as 80`},
		{"percent above the most", "quotas --critical 1000.1%", "", `critical "1000.1%": want a percentage from 0.001 to 1000, such as 80`},
		{"percent in the wrong order", "quotas --warn 95.001", "", "the warning threshold 95.001% is above the critical threshold 95%"},
		{"a threshold without a type", "quotas --threshold =1/2", "", `threshold "=1/2": want TYPE=W/C, such as user=45/48 or user=45%/48%`},
		{"a threshold of nothing", "quotas --threshold user=0/1", "", `threshold "user=0/1": "0": want a count above 0, such as 45, or a percentage, such as 45%`},
		{"a threshold beyond all counts", "quotas --threshold user=1/2147483648", "", `threshold "user=1/2147483648": "2147483648": want a count above 0, such as 45, or a percentage, such as 45%`},
		{"percent of a threshold", "quotas --threshold user=0%/5%", "", `threshold "user=0%/5%": "0%": want a percentage from 0.001 to 1000, such as 80`},
		{"a verb", "verfy", "", `unknown command "verfy" for "quotaspec"`},
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
