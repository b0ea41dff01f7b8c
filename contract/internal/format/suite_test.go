package format

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSuite runs the optional tests of formats in the JSON-Schema-Test-Suite, without exceptions.
func TestSuite(t *testing.T) {
	files, _ := filepath.Glob("../../../../shared/conformance/json-schema/tests/draft2020-12/optional/format/*.json")
	if len(files) == 0 {
		t.Skip("the JSON-Schema-Test-Suite is not here")
	}
	judged := map[string]bool{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var groups []struct {
			Schema struct{ Format string }
			Tests  []struct {
				Description string
				Data        any
				Valid       bool
			}
		}
		if err := json.Unmarshal(data, &groups); err != nil {
			t.Fatal(file, err)
		}
		for _, group := range groups {
			name := group.Schema.Format
			valid := Validator(name)
			judged[name] = true
			for _, test := range group.Tests {
				text, ok := test.Data.(string)
				if !ok {
					continue
				}
				if got := valid == nil || valid(text); got != test.Valid {
					t.Errorf("%s %q (%s): got %v, want %v", name, text, test.Description, got, test.Valid)
				}
			}
		}
	}
	names := "date time date-time duration email idn-email hostname idn-hostname ipv4 ipv6 uri uri-reference iri iri-reference " +
		"uri-template uuid json-pointer relative-json-pointer regex"
	for _, name := range strings.Fields(names) {
		if !judged[name] {
			t.Errorf("the suite has no test of %s", name)
		}
	}
}
