package breaking

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReductions lists the values that lack one part.
func TestReductions(t *testing.T) {
	value, ok := readJSON([]byte(`{"a": [1.0, 2], "b": {"c": null}}`))
	if !ok {
		t.Fatal("not read")
	}
	got := []string{}
	for _, smaller := range reductionsOf(value) {
		data, err := json.Marshal(smaller)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(data))
	}
	want := []string{
		`{"b":{"c":null}}`, `{"a":[1.0,2]}`, `{"a":[2],"b":{"c":null}}`, `{"a":[1.0],"b":{"c":null}}`, `{"a":[1.0,2],"b":{}}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	targets := shorterTargets("/pets?a=1&b=2")
	if want := []string{"/pets?b=2", "/pets?a=1"}; !slices.Equal(targets, want) {
		t.Errorf("got %s, want %s", targets, want)
	}
	if got := shorterTargets("/pets"); len(got) > 0 {
		t.Errorf("got %s, want none", got)
	}
}

// TestReplace replaces a leaf in a value.
func TestReplace(t *testing.T) {
	deep := []step{{kind: toMember, name: "list"}, {kind: toItem}, {kind: toBranch}, {kind: toMember, name: "kind"}}
	tests := []struct {
		name, value string
		path        []step
		leaf        any
		want        string // "": there is no such place
	}{
		{name: "in a list", value: `{"list": [{"kind": 1}, {"kind": 2}]}`, path: deep, leaf: "x", want: `{"list":[{"kind":"x"},{"kind":2}]}`},
		{name: "a member that is new", value: `{"list": [{}]}`, path: deep, leaf: "x", want: `{"list":[{"kind":"x"}]}`},
		{name: "a member that goes", value: `{"list": [{"kind": 1}]}`, path: deep, leaf: absent{}, want: `{"list":[{}]}`},
		{name: "an empty list", value: `{"list": []}`, path: deep, leaf: "x", want: ""},
		{name: "no list", value: `{"list": 7}`, path: deep, leaf: "x", want: ""},
		{name: "the whole", value: `7`, path: nil, leaf: "x", want: `"x"`},
		{name: "any member", value: `{"a": 1, "b": 2}`, path: []step{{kind: toAdditional}}, leaf: "x", want: `{"a":1,"b":"x"}`},
	}
	for _, test := range tests {
		value, ok := readJSON([]byte(test.value))
		if !ok {
			t.Fatal(test.value)
		}
		changed, ok := replaceAt(value, test.path, test.leaf)
		data, err := json.Marshal(changed)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(data); ok != (test.want != "") || ok && got != test.want {
			t.Errorf("%s: got %s %t, want %s", test.name, got, ok, test.want)
		}
	}
}
