package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestConfigValues reads every form of a value in a config.
func TestConfigValues(t *testing.T) {
	c, err := readConfig(written(t, `
values: {petId: 7, getOrder.orderId: abc}
headers: {X-Tenant: acme, X-Key: {env: QS_KEY}}
setup: [./seed --small, [./seed, two words]]
timeout: 30s
principals: {app: {token_command: ./get-token}}
`))
	if err != nil {
		t.Fatal(err)
	}
	if c.Values["petId"] != "7" || c.Values["getOrder.orderId"] != "abc" {
		t.Errorf("values: %v", c.Values)
	}
	if c.Headers["X-Tenant"].Text != "acme" || c.Headers["X-Key"].Env != "QS_KEY" {
		t.Errorf("headers: %v", c.Headers)
	}
	if len(c.Setup) != 2 || !slices.Equal(c.Setup[0], []string{"./seed", "--small"}) || c.Setup[1][1] != "two words" {
		t.Errorf("setup: %q", c.Setup)
	}
	if time.Duration(c.Timeout) != 30*time.Second {
		t.Errorf("timeout: %v", time.Duration(c.Timeout))
	}
}

// TestConfigValueErrors reads values of the wrong form: each error names the line and what is wanted.
func TestConfigValueErrors(t *testing.T) {
	for text, want := range map[string]string{
		"headers: {X-Key: {env: }}":           "line 1: want a text or {env: NAME}",
		"headers: {X-Key: [a]}":               "line 1: want a text or {env: NAME}",
		"headers: {X-Key: {env: A, file: b}}": "line 1: want a text or {env: NAME}",
		"setup: [{a: b}]":                     "line 1: want a command: a text or a list of texts",
		"setup: ['']":                         "line 1: the command is empty",
		"timeout: soon":                       `line 1: want a duration above 0, such as 30s, got "soon"`,
		"wait: 0s":                            `line 1: want a duration above 0, such as 30s, got "0s"`,
		"values: {petId: [1]}":                "line 1: want a text, got a list",
		"document: a.yaml\ntarget:":           "line 2: target has no value",
		"target: ''":                          "line 1: target has no value",
		"targets:":                            "line 1: targets has no value",
		"document: ~":                         "line 1: document has no value",
		"rate: fast":                          "line 1: want a number, got a text",
		"concurrency: many":                   "line 1: want a number, got a text",
		"setup: ./seed":                       "line 1: want a list, got a text",
		"allow: {statuses: 401}":              "line 1: want a list, got a number",
		"values: {petId: [":                   "line 2: the indentation or a bracket does not match the lines above",
		"\ntarget: a: b":                      "line 2: a colon starts a mapping where none is allowed: quote the text",
		"\ttarget: a":                         "line 1: a value starts with a tab",
		"allow: {status: [401]}":              `unknown key "status": want one of statuses, headers`,
	} {
		if _, err := readConfig(written(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// TestConfigDurations tests that durations in a config are those of flags: a number alone is in seconds.
func TestConfigDurations(t *testing.T) {
	for _, test := range []struct {
		text string
		want time.Duration // 0: an error
	}{
		{text: "3", want: 3 * time.Second}, {text: "0.5", want: 500 * time.Millisecond}, {text: "300", want: 5 * time.Minute},
		{text: "3s", want: 3 * time.Second}, {text: "1m30s", want: 90 * time.Second}, {text: "5m", want: 5 * time.Minute},
		{text: ""}, {text: "."}, {text: "1.2.3"}, {text: "3 "}, {text: "3n"}, {text: "1m30"}, {text: "s"}, {text: "soon"},
		{text: "1e3"}, {text: "NaN"}, {text: "99999999999"},
	} {
		t.Run(test.text, func(t *testing.T) {
			c, err := readConfig(written(t, "timeout: '"+test.text+"'"))
			if (err == nil) != (test.want > 0) || err == nil && time.Duration(c.Timeout) != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// written writes a config and returns the name of its file.
func written(t *testing.T, text string) string {
	file := filepath.Join(t.TempDir(), "quotaspec.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
