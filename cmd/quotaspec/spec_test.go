package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/forms"
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

// TestSpecForms tests that spec prints each form in both formats, and that what a form leaves out is not in it.
func TestSpecForms(t *testing.T) {
	for _, form := range forms.All() {
		for _, format := range specFormats {
			args := []string{"spec", "iam", "--openapi", form.OpenAPI, "--format", format}
			if form.Plain {
				args = append(args, "--plain")
			}
			code, out, errs := quotaspec(t, args...)
			if code != exitPassed || errs != "" {
				t.Errorf("%v: got exit %d, %s", args, code, errs)
			}
			if is31 := !strings.Contains(out, "nullable"); is31 != (form.OpenAPI == "3.1") || is31 != strings.Contains(out, "3.1.0") {
				t.Errorf("%v: got OpenAPI 3.1: %t", args, is31)
			}
			if isPlain := !strings.Contains(out, "x-rules"); isPlain != form.Plain {
				t.Errorf("%v: got without extensions: %t", args, isPlain)
			}
			if isJSON := json.Valid([]byte(out)); isJSON != (format == "json") {
				t.Errorf("%v: got JSON: %t", args, isJSON)
			}
		}
	}
}
