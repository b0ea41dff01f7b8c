package openapi

import (
	"os"
	"strings"
	"testing"
)

// TestExtensionsManual checks that docs/extensions.md quotes our documents literally, and explains every key and every
// variable.
func TestExtensionsManual(t *testing.T) {
	data, err := os.ReadFile("../docs/extensions.md")
	if err != nil {
		t.Fatal(err)
	}
	manual, documents := string(data), ""
	for _, name := range Names() {
		source, err := YAML(name)
		if err != nil {
			t.Fatal(err)
		}
		documents += unindented(string(source))
	}
	blocks := strings.Split(manual, "```yaml\n")[1:]
	if len(blocks) != 6 {
		t.Errorf("the manual has %d examples, want one for each extension", len(blocks))
	}
	for _, block := range blocks {
		block, _, _ = strings.Cut(block, "```")
		if !strings.Contains(documents, "\n"+unindented(block)) {
			t.Errorf("no document has this example:\n%s", block)
		}
	}
	words := []string{
		"x-evidence", "x-sources", "x-rules", "x-authorization", "x-error-codes", "x-signing-headers",
		"title", "url", "edition", "name", "pattern", "id", "says", "rule", "probe", "action", "default",
		"iam-project", "enterprise-project", "at", "codes", "codes[].code", "codes[].message", "codes[].when", "self",
		"request.method", "request.path", "request.query", "request.headers", "request.body",
		"response.status", "response.headers", "response.body", "previous.status",
	}
	for _, word := range words {
		quoted := "`" + word + "`"
		explained := strings.Contains(manual, "\n| "+quoted) || strings.Contains(manual, "\n| ["+quoted+"]") ||
			strings.Contains(manual, quoted+": the value")
		if !explained {
			t.Errorf("the manual does not explain %s", word)
		}
	}
}

// unindented removes the indentation of each line.
func unindented(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "\n")
}
