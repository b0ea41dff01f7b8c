package schema

import "testing"

// TestDynamicScope checks that a resource belongs to the dynamic scope even if its root has keywords for members
// only.
func TestDynamicScope(t *testing.T) {
	doc, s := suiteSchema31(t, []byte(`{
		"$id": "https://suite.example/outer",
		"properties": {"p": {"$id": "https://suite.example/inner", "$ref": "https://suite.example/target"}},
		"$defs": {
			"text": {"$dynamicAnchor": "node", "type": "string"},
			"target": {"$id": "https://suite.example/target", "$dynamicRef": "#node",
				"$defs": {"number": {"$dynamicAnchor": "node", "type": "integer"}}}
		}
	}`), nil)
	checker := New(doc).Checker(s)
	for text, want := range map[string]bool{`{"p":"a"}`: true, `{"p":1}`: false} {
		if got := checker.Valid(value(t, text), Options{}); got != want {
			t.Errorf("%s: valid is %t, want %t", text, got, want)
		}
	}
}
