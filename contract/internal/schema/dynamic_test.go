package schema

import (
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// A resource is part of the dynamic scope also if its root has keywords for parts of a value only.
func TestDynamicScope(t *testing.T) {
	doc, s := suiteSchema31(t, []byte(`{
		"$id": "https://suite.example/outer",
		"properties": {"p": {"$id": "https://suite.example/inner", "$ref": "https://suite.example/target"}},
		"$defs": {
			"text": {"$dynamicAnchor": "node", "type": "string"},
			"target": {"$id": "https://suite.example/target", "$dynamicRef": "#node", "$defs": {"number": {"$dynamicAnchor": "node", "type": "integer"}}}
		}
	}`), nil)
	checker := New(doc).Checker(s)
	for text, want := range map[string]bool{`{"p":"a"}`: true, `{"p":1}`: false} {
		if got := checker.Valid(parsed(t, text), Options{}); got != want {
			t.Errorf("%s: valid is %t, want %t", text, got, want)
		}
	}
}

func parsed(t *testing.T, text string) strictjson.Value {
	t.Helper()
	v, faults, ok := strictjson.Parse([]byte(text))
	if !ok || len(faults) > 0 {
		t.Fatalf("%s: %v", text, faults)
	}
	return v
}
