package strictjson

import "testing"

func TestAt(t *testing.T) {
	v := mustParse(t, `{"a":[{"b":1},{"c~d/e":"found"}],"":{"":2},"0":3,"twice":1,"twice":2}`)
	for pointer, want := range map[string]string{
		"/a/0/b":        "1",
		"/a/1/c~0d~1e":  "found",
		"//":            "2",
		"/0":            "3",
		"/twice":        "2",
		"/a/2":          "",
		"/a/-":          "",
		"/a/00":         "",
		"/a/b":          "",
		"/none/further": "",
		"/a/0/b/0":      "",
	} {
		got := v.At(pointer)
		if got.Text() != want || got.Exists() != (want != "") {
			t.Errorf("%q: got %q, exists %t, want %q", pointer, got.Text(), got.Exists(), want)
		}
	}
	if got := v.At(""); got != v {
		t.Errorf("the empty pointer: got %v", got.Any())
	}
}

// TestPointerTo follows the pointer to each value of a text.
func TestPointerTo(t *testing.T) {
	root, _, _ := Parse([]byte(`{"a":[1,{"b/~":null},[[],2]],"c":{},"c":3,"":[0]}`))
	var each func(v Value)
	count := 0
	each = func(v Value) {
		count++
		if at := root.PointerTo(v); root.At(at) != v {
			t.Errorf("%s: got the pointer %q", v.Compact(), at)
		}
		for _, element := range v.Elements() {
			each(element)
		}
		for _, member := range v.Members() {
			each(member)
		}
	}
	each(root)
	if count != 11 {
		t.Errorf("got %d values", count)
	}
	if inner := root.Member("a"); inner.PointerTo(inner.At("/1/b~1~0")) != "/1/b~1~0" {
		t.Error("a pointer does not begin at its value")
	}
}
