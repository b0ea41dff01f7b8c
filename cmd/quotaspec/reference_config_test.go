package main

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// configKey explains a key of quotaspec.yaml.
type configKey struct {
	of        any // the struct of the key
	key       string
	byDefault string
	says      string
	example   string
}

func (row configKey) isOf(of any, key string) bool {
	return reflect.TypeOf(row.of) == reflect.TypeOf(of) && row.key == key
}

// configKeys explains each key of quotaspec.yaml. A key without a row here is red, and so is an example that is not read.
// Examples of principals, oauth2 and allow are the mapping of these.
var configKeys = []configKey{
	{of: config{}, key: "document", says: "The OpenAPI document of another API: a file, or an http or https URL. `--document` wins. " +
		"Without it, the quota endpoints are judged.", example: "document: openapi.yaml"},
	{of: config{}, key: "target", says: "URL of the provider of `document`. The URL of the command line wins. Paths begin there.",
		example: `target: "http://127.0.0.1:9000/v1"`},
	{of: config{}, key: "targets", says: "URLs of the providers of the quota endpoints, by document. Not beside `target`.",
		example: `targets: {iam: "https://iam.example.com", ims: "https://ims.example.com"}`},
	{of: config{}, key: "principals", byDefault: "the sample credentials, on loopback", says: "Who sends the requests, by name. " +
		"`reader`, `limited`, `stranger` and `expired` [have a meaning](../verify.md#principals).",
		example: "principals: {reader: {token_env: QS_READER}}"},
	{of: config{}, key: "values", says: "[Values of parameters](../verify.md#values-of-parameters), for all principals: of a name, or of " +
		"OPERATION.NAME.", example: "values: {petId: 7, getOrder.orderId: abc}"},
	{of: config{}, key: "headers", says: "Headers of every request. With `{env: NAME}` the value is a secret.",
		example: "headers: {X-Tenant: acme, X-Api-Key: {env: QS_KEY}}"},
	{of: config{}, key: "cookies", says: "Cookies of every request.", example: "cookies: {session: {env: QS_SESSION}}"},
	{of: config{}, key: "allow", says: "What is no finding although the document does not have it.", example: "allow: {statuses: [429]}"},
	{of: config{}, key: "setup", says: "Commands [before the first request](../verify.md#prepare-the-provider); one that fails ends the run.",
		example: "setup: [./seed --small]"},
	{of: config{}, key: "teardown", says: "Commands after the last request, also after a failure.",
		example: `teardown: [[./clean, "two words"]]`},
	{of: config{}, key: "rate", byDefault: "no limit", says: "Requests per second at most. `--rate` wins.", example: "rate: 10"},
	{of: config{}, key: "concurrency", byDefault: flagDefault("concurrency"), says: "Requests at once at most. `--concurrency` wins.",
		example: "concurrency: 2"},
	{of: config{}, key: "timeout", byDefault: flagDefault("timeout"), says: "How long one request may take. `--timeout` wins.",
		example: "timeout: 30s"},
	{of: config{}, key: "wait", byDefault: "no wait", says: "How long to wait until the provider responds at all.", example: "wait: 60s"},
	{of: config{}, key: "ca", says: "PEM file with certificate authorities, besides those of the system.", example: "ca: ca.pem"},
	{of: config{}, key: "allow_http", byDefault: "false", says: "Send credentials over plain HTTP to any host.", example: "allow_http: true"},
	{of: config{}, key: "allow_changes", byDefault: "false", says: "[Send requests that may change data]" +
		"(../verify.md#probes-that-change-data), as `--allow-changes`.", example: "allow_changes: true"},

	{of: principalConf{}, key: "token_env", says: "The environment variable with the token, for both services or for another API.",
		example: "{token_env: QS_READER}"},
	{of: principalConf{}, key: "iam_token_env", says: "The variable with the token for IAM, which is valid for an account.",
		example: "{iam_token_env: QS_IAM, ims_token_env: QS_IMS}"},
	{of: principalConf{}, key: "ims_token_env", says: "The variable with the token for IMS, which is valid for a project.",
		example: "{ims_token_env: QS_IMS}"},
	{of: principalConf{}, key: "access_key_env", says: "The variable with the id of an access key. It signs every request.",
		example: "{access_key_env: QS_AK, secret_key_env: QS_SK}"},
	{of: principalConf{}, key: "secret_key_env", says: "The variable with its secret.",
		example: "{access_key_env: QS_AK, secret_key_env: QS_SK}"},
	{of: principalConf{}, key: "token_command", says: "A command that prints [a token](../verify.md#tokens-that-expire) and nothing else.",
		example: "{token_command: [./get-token, --scope, items.read]}"},
	{of: principalConf{}, key: "oauth2", says: "Tokens of a token server, by client credentials: [keys](#oauth2).",
		example: "{oauth2: {token_url: 'https://login.example.com/token', client_id_env: QS_ID, client_secret_env: QS_SECRET}}"},
	{of: principalConf{}, key: "headers", says: "Headers of its requests. They win over those for all.",
		example: "{headers: {X-Api-Key: {env: QS_KEY}}}"},
	{of: principalConf{}, key: "cookies", says: "Cookies of its requests.", example: "{cookies: {session: {env: QS_SESSION}}}"},
	{of: principalConf{}, key: "values", says: "Values of parameters, which win over those for all.",
		example: "{token_env: QS_READER, values: {accountId: a1}}"},
	{of: principalConf{}, key: "domain_id", says: "The account of the principal.",
		example: "{token_env: QS_READER, domain_id: d78cbac186b744899480f25bd022f468}"},
	{of: principalConf{}, key: "project_id", says: "The project of the principal.",
		example: "{token_env: QS_READER, project_id: fd73a4a14a4a4dfb9771a8475e5198ea}"},

	{of: oauth2Conf{}, key: "token_url", says: "URL of the token server (RFC 6749, 4.4).", example: oauth2Example},
	{of: oauth2Conf{}, key: "client_id_env", says: "The environment variable with the id of the client.", example: oauth2Example},
	{of: oauth2Conf{}, key: "client_secret_env", says: "The environment variable with its secret.", example: oauth2Example},
	{of: oauth2Conf{}, key: "scopes", byDefault: "those of the server", says: "Scopes of the token.", example: oauth2Example},

	{of: allowConf{}, key: "statuses", says: "Statuses that any operation may have.", example: "{statuses: [401, 429]}"},
	{of: allowConf{}, key: "headers", says: "Headers that any response may have.", example: "{headers: [X-Powered-By]}"},
}

// quotasKeys explain each key of the config of quotas and exporter.
var quotasKeys = []configKey{
	{of: quotasConfig{}, key: "accounts", says: "The accounts to ask: [keys](#accounts).",
		example: "accounts: [{name: main, domain_id: d78cbac186b744899480f25bd022f468, token: {env: PATH}}]"},
	{of: quotasConfig{}, key: "endpoints", says: "URLs of `iam` and `ims`, for clouds of your own. Those of an account win.",
		example: `endpoints: {iam: "https://iam.example.com", ims: "https://ims.example.com"}`},
	{of: quotasConfig{}, key: "warn", byDefault: defaultWarn, says: "Warning threshold in percent. `--warn` wins.", example: "warn: 75"},
	{of: quotasConfig{}, key: "critical", byDefault: defaultCritical, says: "Critical threshold in percent. `--critical` wins.",
		example: "critical: 90"},
	{of: quotasConfig{}, key: "thresholds", says: "Warning and critical threshold of types, in counts or percent. `--threshold` wins. " +
		"They are for `quotas` alone: the exporter leaves thresholds to alert rules.", example: "thresholds: {user: 45/48, image: 70%/90%}"},
	{of: quotasConfig{}, key: "ignore", says: "Types that `quotas` shows without comparing them, and that have no metrics in `exporter`.",
		example: "ignore: [idp]"},
	{of: quotasConfig{}, key: "ca", says: "PEM file with certificate authorities, besides those of the system.", example: "ca: ca.pem"},
	{of: quotasConfig{}, key: "allow_http", byDefault: "false", says: "Send credentials over plain HTTP to any host.", example: "allow_http: true"},

	{of: accountConf{}, key: "name", byDefault: "the account's ID", says: "Its name, which becomes the label `account`.", example: "{name: main, domain_id: d, token: {env: PATH}}"},
	{of: accountConf{}, key: "domain_id", says: "Its ID, as the console shows it under My Credentials. Without it, only image quotas are " +
		"requested.", example: "{domain_id: d78cbac186b744899480f25bd022f468, token: {env: PATH}}"},
	{of: accountConf{}, key: "token", says: "A token for both services.", example: "{domain_id: d, token: {file: /run/secrets/token}}"},
	{of: accountConf{}, key: "iam_token", says: "A token of the account, for IAM.", example: twoTokens},
	{of: accountConf{}, key: "ims_token", says: "A token of a project, for IMS.", example: twoTokens},
	{of: accountConf{}, key: "access_key", says: "The id of an access key, which signs each request.", example: temporaryParts},
	{of: accountConf{}, key: "secret_key", says: "Its secret.", example: temporaryParts},
	{of: accountConf{}, key: "security_token", says: "The security token of a temporary access key.", example: temporaryParts},
	{of: accountConf{}, key: "key", says: "A temporary access key whose parts belong together: JSON with `access`, `secret`, " +
		"`securitytoken` and `expires_at`, as IAM returns it.", example: "{domain_id: d, key: {command: [./temporary-key]}}"},
	{of: accountConf{}, key: "regions", says: "Regions whose image quotas are requested: those of the project that the credentials belong to.",
		example: "{token: {env: PATH}, regions: [cn-north-4]}"},
	{of: accountConf{}, key: "projects", says: "IDs of projects by region whose image quotas are requested. They need an access key.",
		example: "{access_key: {env: PATH}, secret_key: {env: PATH}, projects: {cn-north-4: [fd73a4a14a4a4dfb9771a8475e5198ea]}}"},
	{of: accountConf{}, key: "endpoints", says: "As for all accounts, for this one.",
		example: `{domain_id: d, token: {env: PATH}, endpoints: {iam: "https://iam.example.com"}}`},
	{of: accountConf{}, key: "thresholds", says: "As for all accounts, for this one; they win.",
		example: "{domain_id: d, token: {env: PATH}, thresholds: {user: 45/48}}"},
	{of: accountConf{}, key: "ignore", says: "As for all accounts, besides those.", example: "{domain_id: d, token: {env: PATH}, ignore: [idp]}"},

	{of: source{}, key: "env", says: "The name of an environment variable.", example: "{env: PATH}"},
	{of: source{}, key: "file", says: "A file, which is read for each request. White space around its text does not count.",
		example: "{file: /run/secrets/token}"},
	{of: source{}, key: "command", says: "A program that prints it. What it printed is kept for two thirds of its lifetime, if it says that " +
		"(`exp` of a JSON Web Token, `expires_at` of a temporary key), else until the service refuses it (401). " +
		"If it takes too long, it is killed, but not what it started: let a shell script end in `exec`.",
		example: "{command: [./get-token, --account, main]}"},
}

const (
	twoTokens      = "{domain_id: d, iam_token: {env: PATH}, ims_token: {env: PATH}, regions: [cn-north-4]}"
	temporaryParts = "{domain_id: d, access_key: {env: PATH}, secret_key: {file: /run/secrets/sk}, security_token: {file: /run/secrets/st}}"
)

const oauth2Example = "{token_url: 'https://login.example.com/token', client_id_env: QS_ID, client_secret_env: QS_SECRET, scopes: [read]}"

// configStruct is a mapping of a config, with the text around an example of it.
type configStruct struct {
	of           any
	title, intro string
	around       string
}

// configStructs are the mappings of quotaspec.yaml.
var configStructs = []configStruct{
	{of: config{}, title: "", around: "%s"},
	{of: principalConf{}, title: "principals", around: "principals: {reader: %s}", intro: "The keys of one principal. It has one kind of " +
		"credential: `token_env`; or `iam_token_env` and `ims_token_env`; or an access key; or `token_command`; or `oauth2`. " +
		"`headers` and `cookies` may stand beside it or alone. Credentials are never in the file: keys name environment variables."},
	{of: oauth2Conf{}, title: "oauth2", around: "principals: {reader: {oauth2: %s}}", intro: "The keys of `oauth2` of a principal."},
	{of: allowConf{}, title: "allow", around: "allow: %s", intro: "The keys of `allow`."},
}

// quotasStructs are those of the config of quotas and exporter.
var quotasStructs = []configStruct{
	{of: quotasConfig{}, around: "{accounts: [{domain_id: d, token: {env: PATH}}], %s}"},
	{of: accountConf{}, title: "accounts", around: "accounts: [%s]", intro: "The keys of one account. It has one kind of credentials: " +
		"`token`; or `iam_token` and `ims_token`; or `access_key` and `secret_key`; or `key`. It needs `domain_id`, or something whose " +
		"images are counted. An account is asked at the IAM of its first region."},
	{of: source{}, title: "Sources", around: "accounts: [{domain_id: d, token: %s}]", intro: "A credential is never in the file: a " +
		"mapping with one of these keys says where it is."},
}

// configTypes are the types of keys in words.
var configTypes = map[reflect.Type]string{
	reflect.TypeFor[string]():       "text",
	reflect.TypeFor[bool]():         "true or false",
	reflect.TypeFor[int]():          "number",
	reflect.TypeFor[float64]():      "number",
	reflect.TypeFor[duration]():     "duration",
	reflect.TypeFor[setting]():      "text or `{env: NAME}`",
	reflect.TypeFor[commandWords](): "command",
	reflect.TypeFor[*source]():      "[source](#sources)",
}

func typeInWords(t reflect.Type) string {
	if words := configTypes[t]; words != "" {
		return words
	}
	switch t.Kind() {
	case reflect.Map:
		if t.Elem().Kind() == reflect.Struct && configTypes[t.Elem()] == "" {
			return "mapping of mappings"
		}
		return "mapping of " + typeInWords(t.Elem())
	case reflect.Slice:
		return "list of " + strings.Replace(typeInWords(t.Elem()), "command", "commands", 1)
	}
	return "mapping"
}

func flagDefault(name string) string { return newVerify().Flags().Lookup(name).DefValue }

const paths = "An unknown key is an error that names the known ones. Paths of files and commands begin at the working directory.\n" +
	"A command is a text with words between spaces, or a list of words; no shell reads it."

func configPage() string {
	return "# quotaspec.yaml\n\n" + generated +
		"`verify` reads `quotaspec.yaml` in the current folder, or the file of `--config`.\n" + paths +
		" A duration is written `30s` or `2m`; a number alone is in seconds.\n" +
		"[Judging a provider](../verify.md) explains how the keys are used.\n" + keyTables(configStructs, configKeys)
}

func quotasConfigPage() string {
	return "# The config of quotas and exporter\n\n" + generated +
		"`quotas` and `exporter` read the file of `--config`, and no file without that flag.\n" + paths + "\n" +
		"[Which quota runs out?](../how-to/watch-quotas.md) explains how it is used.\n" + keyTables(quotasStructs, quotasKeys)
}

// keyTables returns a table of the keys of each mapping.
func keyTables(structs []configStruct, rows []configKey) (page string) {
	shown := ""
	for _, s := range structs {
		if s.title != "" {
			page += fmt.Sprintf("\n## %s\n\n%s\n", s.title, s.intro)
		}
		page += "\n| key | type | default | is | example |\n|---|---|---|---|---|\n"
		for _, field := range fieldsOf(s.of) {
			for _, row := range rows {
				if row.isOf(s.of, field.Tag.Get("yaml")) {
					example := "as above"
					if row.example != shown {
						shown, example = row.example, "`"+row.example+"`"
					}
					page += fmt.Sprintf("| `%s` | %s | %s | %s | %s |\n", row.key, typeInWords(field.Type), row.byDefault, row.says, example)
				}
			}
		}
	}
	return page
}

// fieldsOf lists the fields of a struct that have keys.
func fieldsOf(of any) []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(reflect.TypeOf(of)), func(f reflect.StructField) bool { return !f.IsExported() })
}

// TestConfigKeys holds that each key of a config has a row, and each row a key; that examples are read, and have their key.
func TestConfigKeys(t *testing.T) {
	for _, test := range []struct {
		name    string
		structs []configStruct
		rows    []configKey
		read    func(file string) error
	}{
		{name: "verify", structs: configStructs, rows: configKeys, read: func(file string) error { _, err := readConfig(file); return err }},
		{name: "quotas", structs: quotasStructs, rows: quotasKeys, read: func(file string) error { _, err := readQuotasConfig(file); return err }},
	} {
		t.Run(test.name, func(t *testing.T) { checkKeys(t, test.structs, test.rows, test.read) })
	}
}

func checkKeys(t *testing.T, structs []configStruct, rows []configKey, read func(file string) error) {
	t.Helper()
	found := 0
	for _, s := range structs {
		for _, field := range fieldsOf(s.of) {
			key := field.Tag.Get("yaml")
			at := slices.IndexFunc(rows, func(row configKey) bool { return row.isOf(s.of, key) })
			if at < 0 {
				t.Errorf("%T: the key %s has no row", s.of, key)
				continue
			}
			found++
			row := rows[at]
			around := s.around
			if strings.HasPrefix(row.example, "accounts:") {
				around = "%s"
			}
			if err := read(written(t, fmt.Sprintf(around, row.example))); err != nil {
				t.Errorf("%T %s: the example: %v", s.of, key, err)
			}
			if !regexp.MustCompile(`\b`+key+`:`).MatchString(row.example) || !strings.HasSuffix(row.says, ".") {
				t.Errorf("%T %s: want an example that has the key, and a sentence: %q, %q", s.of, key, row.example, row.says)
			}
		}
	}
	if found != len(rows) {
		t.Errorf("%d rows, and %d keys", len(rows), found)
	}
}
