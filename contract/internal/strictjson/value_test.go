package strictjson

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// mustParse parses a text that must have a value.
func mustParse(t testing.TB, text string) Value {
	t.Helper()
	v, _, ok := Parse([]byte(text))
	if !ok {
		t.Fatalf("%s: no value", text)
	}
	return v
}

func TestKind(t *testing.T) {
	for _, test := range []struct {
		text string
		kind Kind
		name string
		want string // the text of the value
		size int
	}{
		{text: `null`, kind: Null, name: "null", want: "null", size: 0},
		{text: `false`, kind: Bool, name: "boolean", want: "false", size: 0},
		{text: `7.0e0`, kind: Number, name: "number", want: "7.0e0", size: 0},
		{text: `"a\u0062c"`, kind: String, name: "string", want: "abc", size: 0},
		{text: `"ä🚀"`, kind: String, name: "string", want: "ä🚀", size: 0},
		{text: `""`, kind: String, name: "string", want: "", size: 0},
		{text: `[1,[2,3],4]`, kind: Array, name: "array", want: "", size: 3},
		{text: `{"a":{"b":1},"c":2}`, kind: Object, name: "object", want: "", size: 2},
	} {
		v := mustParse(t, test.text)
		if v.Kind() != test.kind || v.Kind().String() != test.name || v.Text() != test.want || v.Len() != test.size {
			t.Errorf("%s: got kind %s, text %q, length %d; want %s, %q, %d", test.text, v.Kind(), v.Text(), v.Len(), test.name, test.want, test.size)
		}
	}
}

func TestNoValue(t *testing.T) {
	var v Value
	if v.Exists() || v.Kind() != Null || v.Text() != "" || v.Len() != 0 || v.Any() != nil || v.At("/a").Exists() {
		t.Errorf("the zero Value has something: %v", v)
	}
	for range v.Members() {
		t.Error("it has a member")
	}
	for range v.Elements() {
		t.Error("it has an element")
	}
	if !mustParse(t, "null").Exists() {
		t.Error("null does not exist")
	}
}

func members(v Value) (list []string) {
	for name, member := range v.Members() {
		list = append(list, name+"="+fmt.Sprint(member.Any()))
	}
	return list
}

func TestMembers(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       string
	}{
		{name: "in the order of the text", text: `{"z":1,"a":[1,{"q":2}],"m":null}`, want: "z=1 a=[1 map[q:2]] m=<nil>"},
		{name: "the last one of two", text: `{"a":1,"b":2,"a":3}`, want: "b=2 a=3"},
		{name: "the last one of many", text: `{"a":{"x":1},"a":[2],"\u0061":3}`, want: "a=3"},
		{name: "no object", text: `[1]`, want: ""},
	} {
		v := mustParse(t, test.text)
		got := members(v)
		if len(got) != v.Len() && v.Kind() == Object {
			t.Errorf("%s: got %d members, and the length %d", test.name, len(got), v.Len())
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: got %v, want %s", test.name, got, test.want)
		}
	}
	for name := range mustParse(t, `{"a":1,"b":2}`).Members() {
		if name != "a" {
			t.Errorf("after the end: %s", name)
		}
		break
	}
}

func TestMembersOfLargeObject(t *testing.T) {
	names := make([]string, 3*maxUnindexed)
	for i := range names {
		names[i] = fmt.Sprintf(`"m%d":0`, i)
	}
	all := strings.Join(names, ",")
	v := mustParse(t, "{"+all+`,"m7":1,`+all+`,"m8":2}`)
	got := members(v)
	if len(got) != len(names) || v.Len() != len(names) || got[0] != "m0=0" || got[len(got)-1] != "m8=2" || v.Member("m7").Text() != "0" {
		t.Errorf("got length %d, %v", v.Len(), got)
	}
}

func TestElements(t *testing.T) {
	var got []string
	for i, element := range mustParse(t, `[[1,2],"x",{"a":[]},3]`).Elements() {
		got = append(got, fmt.Sprint(i, " ", element.Any()))
	}
	if want := []string{"0 [1 2]", "1 x", "2 map[a:[]]", "3 3"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for i := range mustParse(t, `[1,2]`).Elements() {
		if i > 0 {
			t.Error("after the end")
		}
		break
	}
}
