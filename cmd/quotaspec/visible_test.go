package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/internal/text"
)

// TestOutputIsVisible puts control characters into every input and tests that the output contains none.
func TestOutputIsVisible(t *testing.T) {
	const evil = "\x1b[2J\x07\r\u0085\u009b1m\u202e\x7f\nquotaspec: kept"
	asJSON := func(value any) string {
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		return text.Visible(string(encoded)) // YAML takes it too
	}
	provider := startHandler(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Evil", "\u009b1m\u202e")
		_, _ = w.Write([]byte(asJSON(map[string]any{evil: evil, "error_msg": evil})))
	}), behaviour{})
	schema := map[string]any{"type": "object", "required": []string{"x" + evil}, "additionalProperties": false}
	document := func(change func(operation map[string]any)) string {
		operation := map[string]any{"operationId": "a" + evil, "responses": map[string]any{"200": map[string]any{
			"description": "ok", "content": map[string]any{"application/json": map[string]any{"schema": schema}},
		}}}
		change(operation)
		return writeFile(t, "d.yaml", asJSON(map[string]any{
			"openapi": "3.0.3", "info": map[string]any{"title": evil, "version": evil},
			"paths": map[string]any{"/a\u202e": map[string]any{"get": operation}},
		}))
	}
	har := asJSON(map[string]any{"log": map[string]any{"version": "1.2", "entries": []any{map[string]any{
		"startedDateTime": "2026-01-01T00:00:00Z", "time": 1,
		"request": map[string]any{"method": "GET", "url": "http://e" + evil + "vil/v1/cloudimages/quota", "headers": []any{}},
		"response": map[string]any{
			"status": 200, "headers": []any{map[string]any{"name": "X-" + evil, "value": evil}},
			"content": map[string]any{"size": 2, "text": `{"` + evil + `":1}`, "mimeType": evil},
		},
	}}}})
	t.Setenv("HUAWEICLOUD_SDK_AUTH_TOKEN", "token")
	for _, test := range []struct {
		name string
		args []string
	}{
		{name: "a document and a provider", args: []string{"verify", provider, "-v", "--document", document(func(map[string]any) {})}},
		{name: "a wrong document", args: []string{"verify", provider, "--document", document(func(o map[string]any) { o["x-rules"] = evil })}},
		{
			name: "a key of a document",
			args: []string{"verify", provider, "--document", document(func(o map[string]any) { o["x-rules"] = []any{map[string]any{evil: evil}} })},
		},
		{name: "traffic", args: []string{"verify", "-v", "--har", writeFile(t, "t.har", har)}},
		{
			name: "a config",
			args: []string{"verify", provider, "--config", writeFile(t, "quotaspec.yaml",
				asJSON(map[string]any{"targets": map[string]any{"iam": evil}}))},
		},
		{
			name: "a key of a config",
			args: []string{"verify", provider, "--config", writeFile(t, "quotaspec.yaml", asJSON(map[string]any{evil: evil}))},
		},
		{name: "known failures", args: []string{"verify", provider, "--known-failing", writeFile(t, "known.txt", "a"+evil)}},
		{name: "an argument", args: []string{"verify", evil}},
		{name: "a flag", args: []string{"verify", "--" + evil}},
		{name: "a report", args: []string{"verify", provider, "--report", evil + "=x"}},
		{name: "quotas", args: []string{"quotas", "--endpoint", provider, "--domain", "d"}},
		{name: "quotas as JSON", args: []string{"quotas", "--endpoint", provider, "--domain", "d", "--output", "json"}},
		{name: "quotas as CSV", args: []string{"quotas", "--endpoint", provider, "--domain", "d", "--output", "csv"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, out, errs := quotaspec(t, test.args...)
			if out+errs == "" {
				t.Error("nothing is printed")
			}
			for i, r := range out + errs {
				isVisible := r != utf8.RuneError && unicode.IsPrint(r)
				if r != '\n' && r != '\t' && !isVisible {
					t.Errorf("%U at %d of\n%q", r, i, out+errs)
					break
				}
			}
			for line := range strings.Lines(out + errs) {
				if strings.HasPrefix(line, "quotaspec: kept") {
					t.Errorf("a line that an input wrote:\n%s", out+errs)
				}
			}
		})
	}
}
