package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi"
)

// TestSpec tests that spec prints the file of each document as it is, and the same content as indented JSON.
func TestSpec(t *testing.T) {
	for _, name := range openapi.Names() {
		t.Run(name, func(t *testing.T) {
			source, err := openapi.YAML(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{{"spec", name}, {"spec", name, "--format", "yaml"}} {
				code, out, errs := quotaspec(t, args...)
				if code != exitPassed || out != string(source) || errs != "" {
					t.Errorf("%v: got exit %d, %d bytes, %s; want %d bytes", args, code, len(out), errs, len(source))
				}
			}
			code, out, errs := quotaspec(t, "spec", name, "--format", "json")
			if code != exitPassed || errs != "" || !strings.HasPrefix(out, "{\n  \"") || !strings.HasSuffix(out, "\n}\n") ||
				!json.Valid([]byte(out)) {
				t.Errorf("got exit %d, %s, and %.100q", code, errs, out)
			}
		})
	}
}
